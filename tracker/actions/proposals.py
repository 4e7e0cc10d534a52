"""Acts that take two people. One person proposes, another decides: one row, one decision, whatever is proposed.

A kind of proposal is one entry of the registry: who may propose and decide, how long it rests, on what it is judged,
what is checked, and what happens when it is approved. The module whose act it is registers it. A decision is made on
what the proposal was judged on: where one of these things has changed since, an approval is refused until it names the
present versions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from math import ceil
from typing import Any, Final

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from tracker.actions.support import second_person
from tracker.actions.support.unit import Unit
from tracker.domain import ids, proposals
from tracker.domain.errors import AlreadyDecided, FieldError, NotFound, NotPermitted, StaleProposal, TooEarly
from tracker.domain.sentences import sentence
from tracker.store.evidence import Evidence
from tracker.store.people import Person
from tracker.store.proposals import Proposal, find_waiting
from tracker.store.viewer import Viewer, find_process

Versions = dict[str, int]


def _no_check(_unit: Unit, _proposal: Proposal) -> None:
    return


def _no_more(_session: Session, _proposal: Proposal) -> dict[str, Any]:
    return {}


def judge_on_item(session: Session, proposal: Proposal) -> Versions:
    """What is proposed is judged on the item that it is about."""
    item = session.get_one(Evidence, proposal.thing_id)
    return {item.id: item.version}


def judge_on_nothing(_session: Session, _proposal: Proposal) -> Versions:
    return {}


def name_versions(changed: Versions) -> list[FieldError]:
    """What has changed, by its present version."""
    return [
        FieldError(
            f"/versions/{thing}",
            sentence("%(thing)s is at version %(version)s now", thing=thing, version=version),
        )
        for thing, version in changed.items()
    ]


def _name_all(_session: Session, _proposal: Proposal, changed: Versions) -> list[FieldError]:
    return name_versions(changed)


@dataclass(frozen=True, slots=True)
class Kind:
    """What one kind of proposal is.

    ``check`` refuses who may not decide, or what can no longer be approved; ``apply`` does what was approved, ``end``
    what follows a return or a retraction. ``versions`` reads the present versions of all that the proposal was judged
    on; ``name_changes`` says, of those that differ, what has changed that matters. ``anyone_retracts``: all who may
    propose this may also take back what another proposed. ``describe`` reads what is told beside the payload.
    """

    proposes: str
    decides: str
    versions: Callable[[Session, Proposal], Versions]
    apply: Callable[[Unit, Proposal], None]
    name_changes: Callable[[Session, Proposal, Versions], list[FieldError]] = _name_all
    check: Callable[[Unit, Proposal], None] = _no_check
    end: Callable[[Unit, Proposal], None] = _no_check
    rests: timedelta | None = None
    anyone_retracts: bool = False
    describe: Callable[[Session, Proposal], dict[str, Any]] = _no_more


_TOLD: Final = (
    *("id", "kind", "target_id", "thing_id", "process_id", "reason", "payload"),
    *("proposed_at", "rests_until", "decision", "decided_at", "note"),
)
#: How many of a long list are told: versions, the acts of a batch.
SHOWN: Final = 100
#: Every kind of proposal, entered by the module whose act it is.
KINDS: Final[dict[str, Kind]] = {}


def propose_act(
    unit: Unit,
    kind: str,
    target: str,
    thing: Any,
    *,
    reason: str | None = None,
    payload: Mapping[str, Any] | None = None,
    author: str | None = None,
) -> Proposal:
    """Record a proposal about a thing. The permission was checked by the act that proposes. ``author`` is whose
    proposal it is, where the actor carries out what somebody else recorded."""
    rests = KINDS[kind].rests
    proposal = Proposal(
        id=unit.new_id("proposal"),
        kind=kind,
        target_id=target,
        thing_id=thing.id,
        process_id=find_process(thing),
        reason=reason,
        payload=dict(payload or {}),
        proposed_by=author or unit.by.id,
        key_id=unit.by.key,
        proposed_at=unit.now,
        rests_until=None if rests is None else unit.now + rests,
        decision=proposals.PROPOSED,
    )
    proposal.versions = KINDS[kind].versions(unit.session, proposal)
    unit.session.add(proposal)
    named = {} if author is None else {"author": author}
    unit.audit(f"{kind}.proposed", thing.id, proposal=proposal.id, **named)
    unit.session.flush()
    return proposal


def decide_proposal(
    unit: Unit, id: str, decision: str, note: str | None = None, versions: Mapping[str, int] | None = None
) -> Proposal:
    """Approve, return or retract a proposal that one may see."""
    proposal = get_proposal(unit.viewer, id)
    if decision == "approve":
        return approve_proposal(unit, proposal, note, versions)
    return give_back(unit, proposal, note) if decision == "return" else retract_proposal(unit, proposal, note)


def approve_proposal(
    unit: Unit, proposal: Proposal, note: str | None = None, versions: Mapping[str, int] | None = None
) -> Proposal:
    """Do what was proposed.

    Raises `SelfApproval` for the proposer and for people of the proposer's organization, `TooEarly` while it
    rests, `StaleProposal` where something changed on which it was judged. ``versions`` are those that the decider has
    read; without them the versions of the proposal hold.
    """
    kind = KINDS[proposal.kind]
    _require_decider(unit, proposal, kind)
    kind.check(unit, proposal)
    _require_rested(unit, proposal)
    name_changes = partial(kind.name_changes, unit.session, proposal)
    require_current(proposal.versions, versions, kind.versions(unit.session, proposal), name_changes)
    settle_proposals(unit, proposal, proposals.APPROVED, note)
    kind.apply(unit, proposal)
    unit.session.flush()
    return proposal


def give_back(unit: Unit, proposal: Proposal, note: str | None = None) -> Proposal:
    """Return a proposal to its author, at any time."""
    _require_decider(unit, proposal, KINDS[proposal.kind])
    return end_proposal(unit, proposal, proposals.RETURNED, note)


def retract_proposal(unit: Unit, proposal: Proposal, note: str | None = None) -> Proposal:
    """Take a proposal back: one's own, or another's where the kind lets everybody who may propose it."""
    kind = KINDS[proposal.kind]
    unit.by.require(kind.proposes)
    if not kind.anyone_retracts and proposal.proposed_by != unit.by.id:
        raise NotPermitted(sentence("only its author retracts this proposal; return it instead"))
    return end_proposal(unit, proposal, proposals.RETRACTED, note)


def withdraw_proposals(unit: Unit, kind: str, target: str) -> None:
    """End what waits because another act took its reason away. That act checked who acts."""
    proposal = find_waiting(unit.session, kind, target)
    if proposal is not None:
        end_proposal(unit, proposal, proposals.RETRACTED)


def settle_proposals(unit: Unit, proposal: Proposal, decision: str, note: str | None) -> None:
    """Write down what became of a proposal."""
    if proposal.decision != proposals.PROPOSED:
        raise AlreadyDecided(
            sentence("it was %(decision)s already", decision=proposals.CALLED[proposal.decision])
        )
    proposal.decision, proposal.decided_by, proposal.decided_at = decision, unit.by.id, unit.now
    proposal.note = note
    unit.audit(f"{proposal.kind}.{decision}", proposal.thing_id, proposal=proposal.id)


def get_proposal(viewer: Viewer, id: str) -> Proposal:
    """A proposal that somebody may see. What they may not see is answered as what is not there."""
    proposal = viewer.session.scalars(select_visible(viewer).where(Proposal.id == id)).first()
    if proposal is None:
        raise NotFound(sentence("there is no proposal %(id)s", id=repr(id[:64])))
    return proposal


def select_visible(viewer: Viewer) -> Select[Proposal]:
    """The proposals of the kinds that somebody may propose or decide, about things that they may know of."""
    kinds = [
        name for name, kind in KINDS.items() if viewer.by.may(kind.proposes) or viewer.by.may(kind.decides)
    ]
    known = viewer.narrow(select(Evidence.id), Evidence)
    about_known = or_(Proposal.thing_id.not_like("evd\\_%", escape="\\"), Proposal.thing_id.in_(known))
    query = select(Proposal).where(Proposal.kind.in_(kinds), about_known)
    if viewer.by.processes is None:
        return query
    # What belongs to no process is about an organization, or a batch of several processes.
    common = Proposal.process_id.is_(None) & Proposal.thing_id.startswith("org_", autoescape=True)
    return query.where(Proposal.process_id.in_(viewer.by.processes) | common)


def describe_proposal(session: Session, proposal: Proposal) -> dict[str, Any]:
    """A proposal as it is told. Who decides knows whose proposal it is, except where that may be the submitter of an
    item of evidence, who stays unnamed."""
    author, kind = None, KINDS[proposal.kind]
    if ids.kind_of(proposal.thing_id) != "evidence":
        author = session.get_one(Person, proposal.proposed_by).known_as
    described = {name: getattr(proposal, name) for name in _TOLD}
    versions = [{"id": id, "version": version} for id, version in sorted(proposal.versions.items())][:SHOWN]
    described["payload"] = {**proposal.payload, **kind.describe(session, proposal)}
    return {**described, "proposed_by": author, "versions": versions}


def end_proposal(unit: Unit, proposal: Proposal, decision: str, note: str | None = None) -> Proposal:
    """End a proposal of which nothing is carried out. The act that ends it checked who acts."""
    settle_proposals(unit, proposal, decision, note)
    KINDS[proposal.kind].end(unit, proposal)
    unit.session.flush()
    return proposal


def _require_decider(unit: Unit, proposal: Proposal, kind: Kind) -> None:
    unit.by.require(kind.decides)
    if proposal.decision != proposals.PROPOSED:
        raise AlreadyDecided(
            sentence("it was %(decision)s already", decision=proposals.CALLED[proposal.decision])
        )
    second_person.require_another(unit, proposal.proposed_by)


def _require_rested(unit: Unit, proposal: Proposal) -> None:
    if proposal.rests_until is None or proposal.rests_until <= unit.now:
        return
    left = proposal.rests_until - unit.now
    hours = (proposal.rests_until - proposal.proposed_at) // timedelta(hours=1)
    raise TooEarly(
        sentence("it rests for %(hours)s hours before it may be approved", hours=hours),
        wait=ceil(left.total_seconds()),
        not_before=proposal.rests_until,
    )


def find_overtaken(session: Session, proposal: Proposal) -> tuple[Versions, list[FieldError]]:
    """What has changed since a proposal was made, by its present version, and what of it matters; nothing where none of
    it does."""
    kind = KINDS[proposal.kind]
    changed = list_changed(proposal.versions, kind.versions(session, proposal))
    named = kind.name_changes(session, proposal, changed) if changed else []
    return (changed, named) if named else ({}, [])


def list_changed(known: Mapping[str, int], current: Versions) -> Versions:
    """What has another version now than is known, by its present one."""
    return {thing: current[thing] for thing in sorted(current) if known.get(thing) != current[thing]}


def require_current(
    judged: Versions,
    read: Mapping[str, int] | None,
    current: Versions,
    name_changes: Callable[[Versions], list[FieldError]] = name_versions,
) -> None:
    """`StaleProposal` where something has another version than it was judged on, or than the decider has read, and
    ``name_changes`` says what of it matters."""
    changed = list_changed({**judged, **(read or {})}, current)
    if changed and (fields := name_changes(changed)):
        raise StaleProposal(
            sentence(
                "something has changed on which it was proposed: read it again, and decide with its present"
                " version"
            ),
            fields=fields,
        )
