"""What those whom an item speaks of agreed to: recorded with it, and looked at whenever something is disclosed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tracker.actions.unit import Unit
from tracker.domain.publication import PublicationRefused
from tracker.store.evidence import Evidence
from tracker.store.protection import Consent

PUBLISHING: Final = ("publish_anonymised", "publish_attributed")
SHARING: Final = ("share_with_inquiry", "share_with_courts")


def keep(unit: Unit, item: Evidence, data: Mapping[str, Any]) -> None:
    """Record on what basis an item that is being submitted may be used, and for what."""
    unit.session.add(Consent(evidence_id=item.id, **data))
    unit.audit("evidence.consent", item.id)


def require(unit: Unit, item: Evidence, purposes: tuple[str, ...]) -> None:
    """`PublicationRefused` where people were asked, and agreed to none of these purposes or no longer agree."""
    found = unit.session.get(Consent, item.id)
    if found is None or found.basis != "informed_consent":
        return
    if found.withdrawn_on is not None:
        raise PublicationRefused("the consent that it rests on was withdrawn")
    if not set(purposes) & set(found.purposes):
        raise PublicationRefused(f"nobody agreed to it: the consent allows none of {', '.join(purposes)}")
