"""Status changes: one person proposes, another decides. One workflow for every track of every subject, replies too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from tracker.actions import proposals, replies, responses, suspensions
from tracker.actions.publication import retire_thing
from tracker.actions.support import lookup, second_person, status_support
from tracker.actions.support.editable_things import Versions, require_version
from tracker.actions.support.public_acts import make_public, publish_status_change
from tracker.actions.support.reminders import require_step
from tracker.actions.support.status_checks import (
    at_pointer,
    check_days,
    check_demands,
    check_proposed_move,
    clip_period,
    find_act,
    find_assessor,
    find_state,
    find_successor,
    make_citations,
    require_able_to_follow,
    require_correctable,
    require_open,
    require_order,
    require_other_successor,
    require_other_than_submitter,
    require_registered,
)
from tracker.actions.support.unit import Unit
from tracker.domain import publication, tracks
from tracker.domain.deadlines import REPLACED, SUSPENDED, name_replacement
from tracker.domain.errors import AlreadyDecided, DemandsNotMet, NotPermitted
from tracker.domain.proposals import CALLED
from tracker.domain.revisions import BY_ONE
from tracker.domain.sentences import sentence
from tracker.store import answers, change_rows
from tracker.store.audit import list_revised
from tracker.store.change_rows import ChangeRow
from tracker.store.deadlines import Deadline, find_replacement
from tracker.store.people import read_people
from tracker.store.subject_rows import SubjectRow


def propose_status_change(unit: Unit, data: Mapping[str, Any]) -> ChangeRow:
    """Propose an answer on a track.

    ``data`` has ``subject``, ``track``, ``state``, ``effective_on``, ``reason`` and may have ``assessor`` (the
    lead where left out, or the watchdog who speaks), ``addressee`` (whose answer it is, on a track where each has its
    own), ``not_before``, ``confirms``, ``corrects``, ``label`` and
    ``citations`` (``evidence``, ``stance``, ``locator``). A reply has ``replies_to``, the id of a verdict, and neither
    track nor state. Raises a `Refusal` that names what is wrong or missing.
    """
    unit.by.require("status.propose")
    return record_proposal(unit, data)


def record_proposal(unit: Unit, data: Mapping[str, Any]) -> ChangeRow:
    """The same of those who may say this one, whatever else they may do."""
    subject = lookup.find_named_subject(unit.viewer, "/subject", data["subject"], *tracks.SUBJECTS)
    require_open(subject)
    verdict = replies.find_verdict(unit, subject, data)
    code, state = (verdict.track, verdict.to_state) if verdict else (data["track"], data["state"])
    track = at_pointer("/track", lambda: tracks.get_track(code, subject.kind))
    at_pointer("/state", lambda: track.state(state))
    assessor = find_assessor(unit, subject, track, data.get("assessor"))
    require_other_than_submitter(unit, subject, track)
    data = clip_period(subject, state, data, subject.process.days.today(unit.now))
    check_days(unit, subject, state, data)
    if verdict is not None:
        replies.check_reply(verdict, assessor, data["effective_on"])
    addressee = responses.find_addressee(unit, subject, track, data)
    answer = {"track": track.code, "to_state": state, "assessor_id": assessor, "addressee_id": addressee}
    change = make_proposal(unit, subject, data, **answer)
    change.superseded_by_id = find_successor(unit, subject, track.code, state, data)
    change.versions = {subject.id: subject.version}
    require_correctable(unit, change)
    following, last, repeated = answers.read_around(unit.session, change)
    if change.act == "confirmation" and last is not None and change.superseded_by_id is None:
        change.superseded_by_id = last.superseded_by_id if last.to_state == state else None
    change.from_state = find_state(change, last)
    at_pointer("/state", lambda: check_proposed_move(unit, track, change))
    require_order(unit, change)
    at_pointer("/effective_on", lambda: require_able_to_follow(track, change, following))
    at_pointer("/effective_on", lambda: require_step(unit.session, subject, change, proposed=True))
    check_demands(unit, subject, change, repeated)
    change_rows.write_proposal(unit.session, change)
    unit.wrote(change)
    unit.audit("status.propose", change.id, subject=subject.id, track=track.code)
    return change


def make_proposal(unit: Unit, subject: SubjectRow, data: Mapping[str, Any], **answer: Any) -> ChangeRow:
    """What somebody says, whatever it is an answer to."""
    return ChangeRow(
        id=unit.new_id("change"),
        process_id=subject.process_id,
        subject_id=subject.id,
        subject_kind=subject.kind,
        effective_on=data["effective_on"],
        not_before=data.get("not_before"),
        reason=data["reason"],
        label=data.get("label"),
        corrects_id=data.get("corrects"),
        superseded_by_id=None,
        replies_to_id=data.get("replies_to"),
        proposed_by=unit.by.id,
        created_at=unit.now,
        version=1,
        versions=None,
        decision="proposed",
        decided_by=None,
        decided_at=None,
        decision_note=None,
        number=None,
        proposer=read_people(unit.session, [unit.by.id]).get(unit.by.id),
        decider=None,
        citations=make_citations(unit, subject, data.get("citations") or ()),
        act=find_act(data),
        **answer,
    )


def decide_status_change(
    unit: Unit,
    change_id: str,
    decision: str,
    note: str | None = None,
    expected: Versions = None,
    versions: Mapping[str, int] | None = None,
) -> ChangeRow:
    """Approve a proposal, return it with a note, or retract one's own."""
    if decision == "approve":
        return approve_status_change(unit, change_id, note, expected, versions)
    if decision == "retract":
        return retract_status_change(unit, change_id, note, expected)
    return return_status_change(unit, change_id, note, expected)


def approve_status_change(
    unit: Unit,
    change_id: str,
    note: str | None = None,
    expected: Versions = None,
    versions: Mapping[str, int] | None = None,
    *,
    batch: bool = False,
) -> ChangeRow:
    """Let a proposal stand. The status that it moves is read here, under the lock that orders all writers.

    An answer is about the thing as it was when it was proposed: `StaleProposal` where that has changed, unless
    ``versions`` names its present version. With ``batch`` it was decided on the versions of a whole batch.
    """
    unit.by.require("status.decide")
    change, subject = _get_undecided(unit, change_id, expected)
    second_person.require_another(unit, change.proposed_by)
    require_open(subject)
    require_registered(unit, change.assessor_id)
    track = tracks.get_track(change.track, subject.kind)
    require_other_than_submitter(unit, subject, track)
    if change.superseded_by_id is not None:
        require_other_successor(unit, subject, change.superseded_by_id)
    if not batch:
        _require_current(unit, change, subject, versions)
    require_correctable(unit, change)
    following, last, repeated = answers.read_around(unit.session, change)
    change.from_state = find_state(change, last)
    tracks.check_move(track, change.from_state, change.to_state, change.act)
    require_order(unit, change)
    require_able_to_follow(track, change, following)
    require_step(unit.session, subject, change)
    support = check_demands(unit, subject, change, repeated)
    change.number = change_rows.take_next_number(unit.session)
    record_decision(unit, change, "approved", note)
    _open_replacement(unit, change)
    publish_status_change(unit, subject, change, support)
    keep_stays(unit, subject, change)
    return change


def _require_current(
    unit: Unit, change: ChangeRow, subject: SubjectRow, versions: Mapping[str, int] | None
) -> None:
    if change.versions is not None and (versions or find_changed(unit.session, change, subject)):
        proposals.require_current(change.versions, versions, {subject.id: subject.version})


def find_changed(session: Session, change: Any, subject: Any) -> dict[str, int]:
    """The subject by its present version, where it has changed since an answer about it was proposed. A verification is
    of all that an item says; another answer not of what helps to find or to explain a thing, nor of its publication."""
    judged = change.versions or {}
    if judged.get(subject.id, subject.version) == subject.version:
        return {}
    revised = list_revised(session, subject.id, change.created_at) - BY_ONE.get(subject.kind, frozenset())
    desk = tracks.get_track(change.track, subject.kind).holder == "desk"
    return {subject.id: subject.version} if revised or desk else {}


def keep_stays(unit: Unit, subject: SubjectRow, change: ChangeRow) -> None:
    if change.track == "outcome" and (subject.stays or SUSPENDED in (change.from_state, change.to_state)):
        suspensions.keep_stays(unit, subject.id)


def return_status_change(
    unit: Unit, change_id: str, note: str | None, expected: Versions = None
) -> ChangeRow:
    """Return a proposal to its author, with what is wrong with it."""
    unit.by.require("status.decide")
    change, _subject = _get_undecided(unit, change_id, expected)
    second_person.require_another(unit, change.proposed_by)
    record_decision(unit, change, "returned", note)
    _drop_replacement(unit, change)
    return change


def retract_status_change(
    unit: Unit, change_id: str, note: str | None = None, expected: Versions = None
) -> ChangeRow:
    """Take one's own proposal back."""
    unit.by.require("status.propose")
    change, _subject = _get_undecided(unit, change_id, expected)
    if change.proposed_by != unit.by.id:
        raise NotPermitted(sentence("only the person who proposed it can retract it; return it instead"))
    record_decision(unit, change, "retracted", note)
    _drop_replacement(unit, change)
    return change


def _get_undecided(unit: Unit, change_id: str, expected: Versions) -> tuple[ChangeRow, SubjectRow]:
    change = lookup.get_undecided_change(unit.viewer, change_id)
    if change.decision != "proposed":
        raise AlreadyDecided(sentence("it was %(decision)s already", decision=CALLED[change.decision]))
    require_version(change, expected)
    return change, status_support.read_subject(unit.session, change.subject_id)


def record_decision(unit: Unit, change: ChangeRow, decision: str, note: str | None) -> None:
    change.decision, change.decided_by, change.decided_at = decision, unit.by.id, unit.now
    change.decision_note = note
    change_rows.write_decision(unit.session, change)
    unit.wrote(change)
    unit.audit(f"status.{decision}", change.id, subject=change.subject_id)


def _open_replacement(unit: Unit, change: ChangeRow) -> None:
    """Another date closes the old one and is opened in the same act."""
    if change.track != "outcome" or change.to_state not in REPLACED:
        return
    new = find_replacement(unit.session, change.subject_id)
    if new is None:
        raise DemandsNotMet(
            sentence("a deadline is replaced by its new date"), missing=["the extension, with its new date"]
        )
    old = unit.session.get_one(Deadline, change.subject_id)
    due_on = old.find_due_day()
    if due_on is None or new.due_on is None:
        raise DemandsNotMet(sentence("a date that waits for its event is dated first"), missing=["event_on"])
    if (outcome := name_replacement(due_on, new.due_on)) != change.to_state:
        raise DemandsNotMet(
            sentence("the date that is to take its place makes it %(outcome)s", outcome=repr(outcome)),
            missing=[f"state {outcome}"],
        )
    if old.publication == publication.PUBLISHED and new.publication == publication.DRAFT:
        make_public(unit, new)


def _drop_replacement(unit: Unit, change: ChangeRow) -> None:
    """The new date goes with the proposal that brought it, unless it was approved or proposed by another as well."""
    if change.track != "outcome" or change.to_state not in REPLACED:
        return
    new = find_replacement(unit.session, change.subject_id)
    if new is not None and not change_rows.find_still_standing(unit.session, change):
        retire_thing(unit, new, "the extension was not approved")
