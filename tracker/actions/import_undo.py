"""Taking an approved batch of an import back: one person proposes it with a reason, another decides.

What the batch made is withdrawn, or thrown away where it is a draft still. Its status changes are corrected to what
stood before them, and its revisions give back what they took. Nothing is deleted: each is a new act, in the names of
the two. What others have built on since is left as it is; the proposal names it, with the reason (``left``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.actions import following_changes, proposals, publication, revisions, statuses
from tracker.actions.batch_acts import act_of
from tracker.actions.import_batches import find_decided
from tracker.actions.support import pending_updates
from tracker.actions.support.lookup import get_unfiltered
from tracker.actions.support.public_references import require_public_references
from tracker.actions.support.unit import Unit, open_part
from tracker.domain.deadlines import REPLACED
from tracker.domain.errors import AlreadyDone, Refusal, WrongKind
from tracker.domain.proposals import APPROVED, CALLED, IMPORT, PROPOSED, UNDO
from tracker.domain.publication import WITHDRAWN
from tracker.domain.sentences import sentence
from tracker.public import current, events
from tracker.store.change_rows import read_change
from tracker.store.deadlines import find_replacement
from tracker.store.import_batches import (
    count_refused,
    find_among,
    list_acts,
    list_refused,
    list_versions,
    note_refusal,
)
from tracker.store.pending_updates import list_pending
from tracker.store.processes import Process
from tracker.store.proposals import Proposal, find_approved, find_waiting
from tracker.store.statuses import StatusChange
from tracker.store.subjects import Subject

#: How many acts one transaction takes back.
_AT_ONCE: Final = 25
#: What is left, and why: beside the codes of refusals.
CHANGED: Final = "changed-since"
NAMED: Final = "named-by-others"
_NOT_APPROVED: Final = "The batch of the import was taken back."


def propose_undo(unit: Unit, batch: str, reason: str) -> Proposal:
    """Ask another person to take an approved batch back.

    Raises `WrongKind` for a proposal of another kind, `AlreadyDone` for one that was not approved, that is being
    carried out, or that was taken back or is proposed to be.
    """
    unit.by.require("record.write")
    done = proposals.get_proposal(unit.viewer, batch)
    if done.kind != IMPORT:
        raise WrongKind(
            sentence(
                "%(batch)s is a proposal of the kind %(kind)s; only a batch of an import is taken back",
                batch=batch,
                kind=repr(done.kind),
            )
        )
    if done.decision != APPROVED:
        raise AlreadyDone(
            sentence(
                "the batch is %(decision)s, so nothing of it stands that could be taken back",
                decision=CALLED[done.decision],
            )
        )
    if any(one.thing == batch for one in list_pending(unit.session)):
        raise AlreadyDone(sentence("the batch is being carried out; take it back when that is done"))
    if find_waiting(unit.session, UNDO, batch) or find_approved(unit.session, UNDO, batch):
        raise AlreadyDone(sentence("the batch was taken back already, or that waits to be decided"))
    publication.require_no_redaction(reason)
    thing = get_unfiltered(unit.session, done.thing_id)
    require_public_references(unit, thing, reason)
    undo = proposals.propose_act(unit, UNDO, batch, thing, reason=reason, payload={"batch": batch})
    undo.process_id = done.process_id
    return undo


def _begin_undo(unit: Unit, undo: Proposal) -> None:
    pending_updates.begin_update(unit, "undo", undo.id)


def _list_done(unit: Unit, undo: str, after: str, most: int | None) -> list[str]:
    return list_acts(unit.session, unit.session.get_one(Proposal, undo).target_id, after, most)


def _undo_acts(unit: Unit, undo: str, acts: Sequence[str]) -> None:
    decided, theirs = find_decided(unit, undo)
    for id in acts:
        try:
            with open_part(theirs):
                left = _UNDO.get(act_of(id).model, _undo_thing)(theirs, decided, id)
        except Refusal as refusal:
            left = refusal.code
        note_refusal(unit.session, decided.target_id, id, left)


def _undo_thing(unit: Unit, undo: Proposal, id: str) -> str | None:
    """Withdraw what a batch made public, or throw its draft away. Returns why it is left."""
    row = unit.session.get_one(act_of(id).model, id)
    if row.publication == WITHDRAWN:
        return None
    left = _find_others(unit, undo.target_id, row)
    if left is None:
        _retire_thing(unit, undo, row)
    return left


def _retire_thing(unit: Unit, undo: Proposal, row: Any) -> None:
    unit.audit("withdraw", row.id, batch=undo.target_id)
    publication.retire_thing(unit, row, undo.reason or _NOT_APPROVED)


def _find_others(unit: Unit, batch: str, row: Any) -> str | None:
    """What others have done with a thing since a batch made it: they changed it, or named it in public."""
    connection, session = unit.connection, unit.session
    [version] = list_versions(session, batch, row.id)
    facts = current.facts_of(connection, [row.id])
    if facts[0].revised_at if facts else row.version != version:
        return CHANGED
    answered = select(StatusChange.id).where(
        StatusChange.subject_id == row.id, StatusChange.number.is_not(None)
    )
    if _is_beyond(session, batch, session.scalars(answered).all()):
        return CHANGED
    within = select(Subject.id).where(Subject.process_id == row.id, Subject.publication != WITHDRAWN)
    naming = events.list_naming(connection, row.id)
    if isinstance(row, Process):
        naming = [*session.scalars(within)]
    return NAMED if _is_beyond(session, batch, naming) else None


def _is_beyond(session: Session, batch: str, ids: Sequence[str]) -> bool:
    """Whether one of these is no act of a batch."""
    return bool(set(ids) - find_among(session, batch, ids))


def _undo_change(unit: Unit, undo: Proposal, id: str) -> str | None:
    """Correct a status change, unless its subject goes. Returns why it is left."""
    change = read_change(unit.session, id)
    if change is None or change.decision not in (PROPOSED, APPROVED):
        return None
    if change.decision == PROPOSED:
        statuses.return_status_change(unit, id, _NOT_APPROVED)
        return None
    subject = unit.session.get_one(Subject, change.subject_id)
    own = find_among(unit.session, undo.target_id, [subject.id])
    if subject.publication == WITHDRAWN or (own and _find_others(unit, undo.target_id, subject) is None):
        return None
    if _is_answered_since(unit.session, undo.target_id, change):
        return CHANGED
    following_changes.take_back_change(unit, id, undo.proposed_by, undo.reason or _NOT_APPROVED)
    extended = change.track == "outcome" and change.to_state in REPLACED
    if extended and (new := find_replacement(unit.session, change.subject_id)) is not None:
        _retire_thing(unit, undo, new)
    return None


def _is_answered_since(session: Session, batch: str, change: Any) -> bool:
    """Whether somebody has answered later on the line of a change, by what is no act of its batch and corrects none."""
    line = ("subject_id", "track", "assessor_id", "addressee_id")
    query = select(StatusChange.id, StatusChange.corrects_id).where(
        *(getattr(StatusChange, name).is_not_distinct_from(getattr(change, name)) for name in line),
        StatusChange.number > change.number,
        StatusChange.act != "reply",
    )
    return _is_beyond(session, batch, [row.corrects_id or row.id for row in session.execute(query)])


def _undo_revision(unit: Unit, undo: Proposal, id: str) -> str | None:
    """Give back what a revision took. Returns why some of it is left."""
    revision = unit.session.get_one(Proposal, id)
    if revision.decision == PROPOSED:
        proposals.give_back(unit, revision, _NOT_APPROVED)
    if revision.decision != APPROVED:
        return None
    whole = revisions.revert_revision(unit, revision, undo.reason or _NOT_APPROVED, undo.proposed_by)
    return None if whole else CHANGED


def _describe_undo(session: Session, undo: Proposal) -> dict[str, Any]:
    if undo.decision != APPROVED:
        return {}
    left = list_refused(session, undo.target_id, proposals.SHOWN)
    return {
        "left": [{"act": act, "problem": code} for act, code in left],
        "left_count": count_refused(session, undo.target_id),
    }


_UNDO: Final[dict[type[Any], Any]] = {StatusChange: _undo_change, Proposal: _undo_revision}
proposals.KINDS[UNDO] = proposals.Kind(
    proposes="record.write",
    decides="record.publish",
    versions=proposals.judge_on_nothing,  # what has changed since is left
    apply=_begin_undo,
    check=lambda unit, _undo: unit.by.require("status.decide"),
    describe=_describe_undo,
)
pending_updates.WORK["undo"] = pending_updates.Work(_list_done, _undo_acts, at_once=_AT_ONCE)
