"""What those whom an item speaks of agreed to: recorded with it, and looked at whenever something is disclosed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from tracker.actions.support.unit import Unit
from tracker.domain.custody import COURT, INQUIRY
from tracker.domain.errors import NotAgreed
from tracker.store.consent import Consent
from tracker.store.evidence import Evidence
from tracker.store.redaction import Hold

INTERNAL: Final = ("internal_use",)
PUBLISHING: Final = ("publish_anonymised", "publish_attributed")
SHARING: Final = ("share_with_inquiry", "share_with_courts")
#: Whom each purpose covers, by the type of the organization. Any other organization may have what may be public.
_COVERS: Final = {
    "judiciary": ("share_with_courts",),
    **dict.fromkeys(("inquiry_body", "un_body", "regional_body", "nhri"), ("share_with_inquiry",)),
}
_TO: Final = {INQUIRY: ("share_with_inquiry",), COURT: ("share_with_courts",)}


def record_consent(unit: Unit, item: Evidence, data: Mapping[str, Any]) -> None:
    """Record on what basis an item that is being submitted may be used, and for what."""
    unit.session.add(Consent(evidence_id=item.id, **data))
    unit.audit("evidence.consent", item.id)


def require_consent(session: Session, item: Evidence, purposes: tuple[str, ...]) -> None:
    """`NotAgreed` where people were asked, and agreed to none of these purposes or no longer agree."""
    found = session.get(Consent, item.id)
    if found is None or found.basis != "informed_consent":
        return
    if found.withdrawn_on is not None:
        raise NotAgreed("the consent that it rests on was withdrawn")
    if not set(purposes) & set(found.purposes):
        raise NotAgreed(f"nobody agreed to it: the consent allows none of {', '.join(purposes)}")


def require_sharing(session: Session, item: Evidence, organization_type: str) -> None:
    """The same for an item that is shared with an organization: the purpose has to cover organizations of its type."""
    require_consent(session, item, _COVERS.get(organization_type, PUBLISHING))


def require_consent_to_hand_over(unit: Unit, item: Evidence, recipient: str) -> None:
    """The same for a package. What is held leaves for a court whatever was agreed to, if somebody else placed the hold:
    the court's order stands above the consent, and it takes two people to say that there is one."""
    found = unit.session.get(Hold, item.id)
    if recipient != COURT or found is None or found.placed_by == unit.by.id:
        require_consent(unit.session, item, _TO[recipient])


def require_standing_consent(session: Session, item: Evidence) -> None:
    """The same for a package that was handed over a moment ago and is fetched now."""
    if session.get(Hold, item.id) is None:
        require_consent(session, item, SHARING)
