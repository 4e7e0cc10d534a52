"""What those whom an item speaks of agreed to: recorded with it, and looked at whenever something is disclosed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.actions import proposals
from tracker.actions.support import lookup, second_person
from tracker.actions.support.unit import Unit
from tracker.domain import publication
from tracker.domain.consent import list_allowed
from tracker.domain.custody import COURT, INQUIRY
from tracker.domain.errors import AlreadyDone, NotAgreed
from tracker.domain.partial_days import parse_day
from tracker.domain.plausible_days import require_plausible_days
from tracker.domain.proposals import CONSENT
from tracker.domain.protection import LOWERING_RESTS
from tracker.domain.sentences import sentence
from tracker.store.consent import Consent
from tracker.store.evidence import Evidence
from tracker.store.organizations import Organization
from tracker.store.proposals import Proposal, find_waiting
from tracker.store.protection import Share
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
    require_plausible_days("consent", data, item.process.days.today(unit.now), "/consent")
    purposes = sorted(set(data.get("purposes") or ()))
    unit.session.add(Consent(evidence_id=item.id, **{**data, "purposes": purposes}))
    unit.audit("evidence.consent", item.id)


def describe_consent(session: Session, item: Evidence) -> dict[str, Any]:
    """What is recorded of an item, or that nothing is; and what waits to be decided."""
    consent = session.get(Consent, item.id)
    members = ("basis", "purposes", "obtained_on", "withdrawn_on")
    return {
        "evidence_id": item.id,
        **{name: getattr(consent, name, [] if name == "purposes" else None) for name in members},
        "proposed": find_waiting(session, CONSENT, item.id),
    }


def correct_consent(unit: Unit, id: str, data: Mapping[str, Any]) -> Evidence:
    """Correct what is recorded of a consent, or record one.

    ``data`` has ``basis``, ``purposes``, ``obtained_on`` and ``reason``. Less is allowed at once. More is proposed,
    and another person approves it a day later at the earliest: a wrong purpose exposes people as a lower protection
    does. `NotAgreed` where the item is public or shared for a purpose that it would lose:
    its protection is raised first.
    """
    unit.by.require("evidence.protect")
    item: Evidence = lookup.get(unit.viewer, id, "evidence")
    require_plausible_days("consent", data, item.process.days.today(unit.now))
    consent = unit.session.get(Consent, item.id)
    if consent is not None and consent.withdrawn_on is not None:
        raise AlreadyDone(
            sentence("the consent was withdrawn; what it allowed does not come back by a correction")
        )
    purposes = sorted(set(data.get("purposes") or ()))
    wanted = {"basis": data["basis"], "purposes": purposes, "obtained_on": data.get("obtained_on")}
    same = consent is not None and all(getattr(consent, name) == value for name, value in wanted.items())
    if same and find_waiting(unit.session, CONSENT, item.id) is None:
        raise AlreadyDone(sentence("the consent says so already"))
    proposals.withdraw_proposals(unit, CONSENT, item.id)
    before = list_allowed(None, ()) if consent is None else list_allowed(consent.basis, consent.purposes)
    after = list_allowed(wanted["basis"], purposes)
    if after <= before:
        _require_still_covered(unit, item, after)
        _write_consent(unit, item, wanted)
    else:
        if not before <= after:
            kept = {**wanted, "basis": "informed_consent", "purposes": sorted(before & after)}
            _require_still_covered(unit, item, before & after)
            _write_consent(unit, item, kept)
        day = wanted["obtained_on"]
        payload = {**wanted, "obtained_on": None if day is None else str(day)}
        item.touch()
        proposals.propose_act(unit, CONSENT, item.id, item, reason=data["reason"], payload=payload)
    unit.session.flush()
    return item


def _write_consent(unit: Unit, item: Evidence, wanted: Mapping[str, Any]) -> None:
    consent = unit.session.get(Consent, item.id)
    if consent is None:
        unit.session.add(Consent(evidence_id=item.id, **wanted))
    else:
        for name, value in wanted.items():
            setattr(consent, name, value)
    item.touch()
    unit.audit("evidence.consent_corrected", item.id, basis=wanted["basis"], purposes=wanted["purposes"])


def _require_still_covered(unit: Unit, item: Evidence, allowed: Collection[str]) -> None:
    """`NotAgreed` where an item is disclosed for a purpose that would be allowed no more."""
    if item.publication == publication.PUBLISHED and not set(PUBLISHING) & set(allowed):
        raise NotAgreed(
            sentence("the item is public, and this consent would not allow it: raise its protection first")
        )
    readers = select(Organization).join(Share, Share.organization_id == Organization.id)
    for reader in unit.session.scalars(readers.where(Share.evidence_id == item.id).order_by(Organization.id)):
        if not set(_COVERS.get(reader.type, PUBLISHING)) & set(allowed):
            raise NotAgreed(
                sentence(
                    "the item is shared with %(id)s, and this consent would not allow it: take it back first",
                    id=reader.id,
                )
            )


def _check_item(unit: Unit, proposal: Proposal) -> None:
    item = unit.session.get_one(Evidence, proposal.thing_id)
    if item.publication == publication.WITHDRAWN:
        raise AlreadyDone(sentence("the item has been withdrawn; its consent cannot be widened any more"))


def _widen_consent(unit: Unit, proposal: Proposal) -> None:
    day = proposal.payload["obtained_on"]
    wanted = {**proposal.payload, "obtained_on": None if day is None else parse_day(day)}
    _write_consent(unit, unit.session.get_one(Evidence, proposal.thing_id), wanted)


proposals.KINDS[CONSENT] = proposals.Kind(
    proposes="evidence.protect",
    decides="evidence.lower",
    versions=proposals.judge_on_item,
    check=_check_item,
    apply=_widen_consent,
    rests=LOWERING_RESTS,
    anyone_retracts=True,
)


def require_consent(session: Session, item: Evidence, purposes: tuple[str, ...]) -> None:
    """`NotAgreed` where people were asked, and agreed to none of these purposes or no longer agree."""
    consent = session.get(Consent, item.id)
    if consent is None or consent.basis != "informed_consent":
        return
    if consent.withdrawn_on is not None:
        raise NotAgreed(sentence("the consent that it rests on was withdrawn"))
    if not set(purposes) & set(consent.purposes):
        raise NotAgreed(
            sentence(
                "nobody agreed to it: the consent allows none of %(purposes)s", purposes=", ".join(purposes)
            )
        )


def require_sharing(session: Session, item: Evidence, organization_type: str) -> None:
    """The same for an item that is shared with an organization: the purpose has to cover organizations of its type."""
    require_consent(session, item, _COVERS.get(organization_type, PUBLISHING))


def require_consent_to_hand_over(unit: Unit, item: Evidence, recipient: str) -> None:
    """The same for a package. What is held leaves for a court whatever was agreed to, if somebody else placed the hold,
    of another organization: the court's order stands above the consent, and it takes two people to say that there is
    one."""
    hold = unit.session.get(Hold, item.id)
    if recipient != COURT or hold is None or second_person.is_own_side(unit, hold.placed_by):
        require_consent(unit.session, item, _TO[recipient])


def require_standing_consent(session: Session, item: Evidence) -> None:
    """The same for a package that was handed over a moment ago and is fetched now."""
    if session.get(Hold, item.id) is None:
        require_consent(session, item, SHARING)
