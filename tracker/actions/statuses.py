"""Status changes: one person proposes, another decides. One workflow for every track of every subject, replies too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tracker.actions import proposals, replies, responses, suspensions
from tracker.actions.publication import retire_thing
from tracker.actions.support import lookup, second_person, status_support
from tracker.actions.support.lookup import Versions, require_organization, require_process, require_version
from tracker.actions.support.public_acts import make_public, publish_status_change
from tracker.actions.support.unit import Unit
from tracker.domain import publication, tracks
from tracker.domain.deadlines import MISSED, REPLACED, SUSPENDED, name_replacement
from tracker.domain.errors import (
    AlreadyDecided,
    AlreadyDone,
    DemandsNotMet,
    FieldError,
    ForbiddenMove,
    InvalidInput,
    NotPermitted,
    OwnEvidence,
    Refusal,
    WrongAssessor,
)
from tracker.domain.partial_days import lies_before
from tracker.domain.plausible_days import STATES_IN_ORDER, require_ordered_states
from tracker.domain.states import Act, Track
from tracker.domain.work_queue import UNREVIEWED
from tracker.store import answers, statuses
from tracker.store.answers import Line
from tracker.store.deadlines import Deadline, find_replacement
from tracker.store.people import read_people
from tracker.store.statuses import ChangeRow, CitationRow
from tracker.store.subject_rows import SubjectRow
from tracker.store.watchdogs import find_registration


def propose_status_change(unit: Unit, data: Mapping[str, Any]) -> ChangeRow:
    """Propose an answer on a track.

    ``data`` has ``subject``, ``track``, ``state``, ``effective_on``, ``reason`` and may have ``assessor`` (the
    lead where left out, or the watchdog who speaks), ``addressee`` (whose answer it is, on a track where each has its
    own), ``not_before``, ``confirms``, ``corrects``, ``label`` and
    ``citations`` (``evidence``, ``stance``, ``locator``). A reply has ``replies_to``, the id of a verdict, and neither
    track nor state. Raises a `Refusal` that names what is wrong or missing.
    """
    unit.by.require("status.propose")
    subject = lookup.find_named_subject(unit.viewer, "/subject", data["subject"], *tracks.SUBJECTS)
    _require_open(subject)
    verdict = replies.find_verdict(unit, subject, data)
    code, state = (verdict.track, verdict.to_state) if verdict else (data["track"], data["state"])
    track = _at_pointer("/track", lambda: tracks.get_track(code, subject.kind))
    _at_pointer("/state", lambda: track.state(state))
    assessor = _find_assessor(unit, subject, track, data.get("assessor"))
    _require_other_than_submitter(unit, subject, track)
    _check_days(unit, subject, state, data)
    if verdict is not None:
        replies.check_reply(verdict, assessor, data["effective_on"])
    addressee = responses.find_addressee(unit, subject, track, data)
    answer = {"track": track.code, "to_state": state, "assessor_id": assessor, "addressee_id": addressee}
    change = _make_proposal(unit, subject, data, **answer)
    change.superseded_by_id = _find_successor(unit, subject, track.code, state, data)
    if track.holder == "desk":
        change.versions = {subject.id: subject.version}
    _require_correctable(unit, change)
    last, repeated = answers.read_before(unit.session, change)
    if change.act == "confirmation" and last is not None and change.superseded_by_id is None:
        change.superseded_by_id = last.superseded_by_id if last.to_state == state else None
    change.from_state = _find_state(change, last)
    _at_pointer("/state", lambda: _check_proposed_move(unit, track, change))
    _require_order(unit, change)
    _check_demands(unit, subject, change, repeated)
    statuses.write_proposal(unit.session, change)
    unit.wrote(change)
    unit.audit("status.propose", change.id, subject=subject.id, track=track.code)
    return change


def _check_proposed_move(unit: Unit, track: Track, change: ChangeRow) -> None:
    """A move that follows a proposal which waits too, as one life of a recommendation follows another, may be proposed
    with it. What stands then is read again when it is approved. Only what stands is confirmed."""
    try:
        tracks.check_move(track, change.from_state, change.to_state, change.act)
    except ForbiddenMove:
        waiting = answers.find_waiting_state(unit.session, change)
        if waiting is None or change.act == "confirmation":
            raise
        tracks.check_move(track, waiting, change.to_state, change.act)
        change.from_state = waiting


def _make_proposal(unit: Unit, subject: SubjectRow, data: Mapping[str, Any], **answer: Any) -> ChangeRow:
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
        citations=_make_citations(unit, subject, data.get("citations") or ()),
        act=_find_act(data),
        **answer,
    )


def approve_status_change(
    unit: Unit,
    change_id: str,
    note: str | None = None,
    expected: Versions = None,
    versions: Mapping[str, int] | None = None,
) -> ChangeRow:
    """Let a proposal stand. The status that it moves is read here, under the lock that orders all writers.

    A verification is of the item as it was proposed: `StaleProposal` where that has changed, unless ``versions`` names
    its present version.
    """
    unit.by.require("status.decide")
    change, subject = _get_undecided(unit, change_id, expected)
    second_person.require_another(unit, change.proposed_by)
    _require_open(subject)
    _require_registered(unit, change.assessor_id)
    track = tracks.get_track(change.track, subject.kind)
    _require_other_than_submitter(unit, subject, track)
    if change.versions is not None:
        proposals.require_current(change.versions, versions, {subject.id: subject.version})
    _require_correctable(unit, change)
    last, repeated = answers.read_before(unit.session, change)
    change.from_state = _find_state(change, last)
    tracks.check_move(track, change.from_state, change.to_state, change.act)
    _require_order(unit, change)
    found = _check_demands(unit, subject, change, repeated)
    change.number = statuses.take_next_number(unit.session)
    _record_decision(unit, change, "approved", note)
    _open_replacement(unit, change)
    publish_status_change(unit, subject, change, found)
    _keep_stays(unit, subject, change)
    return change


def _keep_stays(unit: Unit, subject: SubjectRow, change: ChangeRow) -> None:
    if change.track == "outcome" and (subject.stays or SUSPENDED in (change.from_state, change.to_state)):
        suspensions.keep_stays(unit, subject.id)


def reopen_review(unit: Unit, item: str, proposed_by: str, reason: str) -> None:
    """Put an item back under review, because what was reviewed has changed: by the two people who changed it. Nothing
    happens to an item that nobody has reviewed yet."""
    subject = status_support.read_subject(unit.session, item)
    line = Line(item, "verification", subject.process.lead_id)
    last = next(answers.iterate_answers(unit.session, line), None)
    if last is None or last.to_state in (*UNREVIEWED, "withdrawn"):
        return
    said = {"effective_on": subject.process.days.today(unit.now), "reason": reason}
    change = _make_proposal(
        unit,
        subject,
        said,
        track=line.track,
        to_state="in_review",
        assessor_id=line.assessor,
        addressee_id=None,
    )
    change.from_state = last.to_state
    change.versions = {subject.id: subject.version}
    _record_both(unit, subject, change, proposed_by, ())


def take_back_change(unit: Unit, id: str, proposed_by: str, reason: str) -> None:
    """Correct an approved answer to what stood before it: by the two people who take a batch back.

    Raises `AlreadyDone` where it was corrected already, and a `Refusal` where what stood before may not stand there.
    """
    wrong = statuses.read_change(unit.session, id)
    if wrong is None or wrong.act == "reply":
        raise AlreadyDone("a reply is not corrected; reply again")
    subject = status_support.read_subject(unit.session, wrong.subject_id)
    _require_open(subject)
    said = {
        "effective_on": wrong.effective_on,
        "not_before": wrong.not_before,
        "reason": reason,
        "corrects": wrong.id,
    }
    answer = {"assessor_id": wrong.assessor_id, "addressee_id": wrong.addressee_id}
    change = _make_proposal(unit, subject, said, track=wrong.track, to_state=wrong.to_state, **answer)
    _require_correctable(unit, change)
    change.to_state = _find_state(change, answers.read_before(unit.session, change)[0])
    last, repeated = answers.read_before(unit.session, change)
    change.from_state = change.to_state
    change.superseded_by_id = None if last is None else last.superseded_by_id
    _require_order(unit, change)
    _record_both(unit, subject, change, proposed_by, repeated)
    _keep_stays(unit, subject, change)


def _record_both(
    unit: Unit, subject: SubjectRow, change: ChangeRow, proposed_by: str, repeated: Sequence[Any]
) -> None:
    """Record a change that follows from what two people have decided: as proposed by the one and approved by the
    other."""
    change.proposed_by = proposed_by
    change.proposer = read_people(unit.session, [proposed_by]).get(proposed_by)
    found = _check_demands(unit, subject, change, repeated)
    statuses.write_proposal(unit.session, change)
    unit.audit("status.propose", change.id, subject=subject.id, track=change.track)
    change.number = statuses.take_next_number(unit.session)
    _record_decision(unit, change, "approved", None)
    publish_status_change(unit, subject, change, found)


def return_status_change(unit: Unit, change_id: str, note: str, expected: Versions = None) -> ChangeRow:
    """Return a proposal to whoever made it, with what is wrong with it."""
    unit.by.require("status.decide")
    change, _subject = _get_undecided(unit, change_id, expected)
    second_person.require_another(unit, change.proposed_by)
    _record_decision(unit, change, "returned", note)
    _drop_replacement(unit, change)
    return change


def retract_status_change(
    unit: Unit, change_id: str, note: str | None = None, expected: Versions = None
) -> ChangeRow:
    """Take one's own proposal back."""
    unit.by.require("status.propose")
    change, _subject = _get_undecided(unit, change_id, expected)
    if change.proposed_by != unit.by.id:
        raise NotPermitted("only whoever proposed it can retract it; return it instead")
    _record_decision(unit, change, "retracted", note)
    _drop_replacement(unit, change)
    return change


def _get_undecided(unit: Unit, change_id: str, expected: Versions) -> tuple[ChangeRow, SubjectRow]:
    change = lookup.get_undecided_change(unit.viewer, change_id)
    if change.decision != "proposed":
        raise AlreadyDecided(f"it was {change.decision} already")
    require_version(change, expected)
    return change, status_support.read_subject(unit.session, change.subject_id)


def _record_decision(unit: Unit, change: ChangeRow, decision: str, note: str | None) -> None:
    change.decision, change.decided_by, change.decided_at = decision, unit.by.id, unit.now
    change.decision_note = note
    statuses.write_decision(unit.session, change)
    unit.wrote(change)
    unit.audit(f"status.{decision}", change.id, subject=change.subject_id)


def _find_assessor(unit: Unit, subject: SubjectRow, track: Track, wanted: str | None) -> str:
    """Whose answer it is. The desk may record anybody's; a watchdog speaks for itself only."""
    lookup.require_speaking_for(unit, "/assessor", wanted)
    lead = subject.process.lead_id
    assessor = wanted or unit.by.organization or lead
    require_organization(unit.session, "/assessor", assessor)
    if unit.by.organization not in (None, lead, assessor):
        raise NotPermitted("you speak for your own organization only")
    if track.holder != "any" and assessor != lead:
        detail = f"{track.code} is held by the lead organization of the process, {lead}"
        if track.per_addressee:
            detail += "; say with addressee whose answer it records"
        raise WrongAssessor(detail, fields=[FieldError("/assessor", detail)])
    _require_registered(unit, assessor)
    if unit.by.organization == assessor != lead and find_registration(unit.session, assessor) is None:
        raise NotPermitted(
            "your organization is not registered as a watchdog; ask the desk to record what it says"
        )
    return str(assessor)


def _find_successor(
    unit: Unit, subject: SubjectRow, track: str, state: str, data: Mapping[str, Any]
) -> str | None:
    """The recommendation that took the place of this one."""
    wanted: str | None = data.get("superseded_by")
    if wanted is None:
        return None
    if (track, state) != ("closure", "superseded"):
        raise InvalidInput.at("/superseded_by", "goes with closure superseded only; leave it out")
    found = lookup.find_named_subject(unit.viewer, "/superseded_by", wanted, "recommendation")
    require_process("/superseded_by", found, subject.process_id)
    if found.id == subject.id:
        raise InvalidInput.at("/superseded_by", "must be another recommendation")
    return wanted


def _require_registered(unit: Unit, assessor: str) -> None:
    registration = find_registration(unit.session, assessor)
    if registration not in (None, "registered"):
        raise NotPermitted(f"the standing of this watchdog is {registration}; it holds no new verdicts")


def _require_open(subject: SubjectRow) -> None:
    if publication.WITHDRAWN in (subject.publication, subject.process.publication):
        raise AlreadyDone("the subject has been withdrawn; nothing more can be said of it")


def _require_other_than_submitter(unit: Unit, subject: Any, track: Track) -> None:
    if track.holder != "desk":  # its subject is evidence
        return
    if second_person.handed_in(unit.by, subject):
        raise OwnEvidence("you or your organization submitted this item; somebody else has to review it")
    if not unit.by.is_desk:
        raise WrongAssessor(f"{track.code} is answered by the desk alone")


def _check_days(unit: Unit, subject: SubjectRow, state: str, data: Mapping[str, Any]) -> None:
    """An answer is of a day that was, after what it is about began; and a day is not missed before it is over."""
    effective_on, not_before = data["effective_on"], data.get("not_before")
    today = subject.process.days.today(unit.now)
    if effective_on > today:
        raise InvalidInput.at(
            "/effective_on", f"must not lie in the future; today is {today} in this process"
        )
    if not_before is not None and not_before > effective_on:
        raise InvalidInput.at("/not_before", "must not lie after effective_on")
    if subject.begins is not None and lies_before(not_before or effective_on, subject.begins):
        pointer = "/not_before" if not_before else "/effective_on"
        raise InvalidInput.at(
            pointer, f"must not lie before {_BEGINS[subject.kind]}, which is {subject.begins}"
        )
    if state != MISSED or subject.kind != "deadline":
        return
    if (due_on := subject.due_day) is None:
        raise InvalidInput.at("/effective_on", "nothing is missed while the date waits for its event")
    if effective_on <= due_on:
        raise InvalidInput.at("/effective_on", f"nothing is missed before {due_on} is over")


#: kind of subject -> the day before which there is nothing to answer.
_BEGINS: Final = {"recommendation": "issued_on", "deadline": "set_on"}


def _find_act(data: Mapping[str, Any]) -> Act:
    if data.get("corrects") is not None:
        if data.get("confirms"):
            raise InvalidInput.at("/confirms", "a correction confirms nothing; leave one of the two out")
        return "correction"
    if data.get("replies_to") is not None:
        return "reply"
    return "confirmation" if data.get("confirms") else "move"


def _require_correctable(unit: Unit, change: ChangeRow) -> None:
    """A correction names an approved answer on the same line, which nobody has corrected yet."""
    if change.corrects_id is None:
        return
    found = statuses.read_change(unit.session, change.corrects_id)
    same = found is not None and Line.of(found) == Line.of(change)
    if found is None or not same or found.number is None or found.act == "reply":
        raise InvalidInput.at(
            "/corrects", "must name an approved change of the same assessor on the same track"
        )
    if answers.is_corrected(unit.session, found.id):
        raise AlreadyDone(f"{found.id} has been corrected already; correct its correction")


def _find_state(change: ChangeRow, last: Any) -> str:
    """What stands, on the day the change takes effect, without it and what it corrects: the ``last`` answer before it.
    A reply moves nothing."""
    if change.act == "reply":
        return str(change.to_state)
    return tracks.TRACKS[change.track].initial if last is None else str(last.to_state)


def _require_order(unit: Unit, change: ChangeRow) -> None:
    """Among all answers of its line the days of a change can be; what it corrects is none of them."""
    if change.track in STATES_IN_ORDER and change.act != "reply":
        line = answers.iterate_answers(unit.session, Line.of(change), without=change.corrects_id or "")
        require_ordered_states(change.track, [change, *line])


def _make_citations(unit: Unit, subject: SubjectRow, cited: Sequence[Mapping[str, Any]]) -> list[CitationRow]:
    rows: list[CitationRow] = []
    status_support.find_subjects(unit.session, [one["evidence"] for one in cited])  # all at once
    for place, one in enumerate(cited):
        pointer = f"/citations/{place}/evidence"
        item = lookup.find_named_subject(unit.viewer, pointer, one["evidence"], "evidence")
        require_process(pointer, item, subject.process_id)
        if item.id == subject.id:
            raise InvalidInput.at(pointer, "evidence cannot vouch for itself")
        if item.publication == publication.WITHDRAWN:
            raise InvalidInput.at(pointer, "this item has been withdrawn")
        if any(row.evidence_id == item.id for row in rows):
            raise InvalidInput.at(pointer, "this item is cited twice; cite it once")
        rows.append(CitationRow(item.id, one["stance"], one.get("locator")))
    return rows


def _check_demands(
    unit: Unit, subject: SubjectRow, change: ChangeRow, repeated: Sequence[Any]
) -> status_support.StatusSupport:
    """What the change rests on, with the answers that it repeats."""
    found = status_support.of_runs(unit.session, subject, [[change, *repeated]], unit.now)[change.id]
    lacking = found.missing()
    if lacking:
        raise DemandsNotMet(f"{change.track} {change.to_state!r} demands more evidence", missing=lacking)
    return found


def _open_replacement(unit: Unit, change: ChangeRow) -> None:
    """Another date closes the old one and is opened in the same act."""
    if change.track != "outcome" or change.to_state not in REPLACED:
        return
    new = find_replacement(unit.session, change.subject_id)
    if new is None:
        raise DemandsNotMet(
            "a deadline is replaced by its new date", missing=["the extension, with its new date"]
        )
    old = unit.session.get_one(Deadline, change.subject_id)
    due_on = old.find_due_day()
    if due_on is None or new.due_on is None:
        raise DemandsNotMet("a date that waits for its event is dated first", missing=["event_on"])
    if (outcome := name_replacement(due_on, new.due_on)) != change.to_state:
        raise DemandsNotMet(
            f"the date that is to take its place makes it {outcome!r}", missing=[f"state {outcome}"]
        )
    if old.publication == publication.PUBLISHED and new.publication == publication.DRAFT:
        make_public(unit, new)


def _drop_replacement(unit: Unit, change: ChangeRow) -> None:
    """The new date goes with the proposal that brought it, unless it was approved or proposed by another as well."""
    if change.track != "outcome" or change.to_state not in REPLACED:
        return
    new = find_replacement(unit.session, change.subject_id)
    if new is not None and not statuses.find_still_standing(unit.session, change):
        retire_thing(unit, new, "the extension was not approved")


def _at_pointer(pointer: str, check: Any) -> Any:
    """Run a check; where it refuses, say at which member."""
    try:
        return check()
    except Refusal as refusal:
        raise type(refusal)(refusal.detail, fields=[FieldError(pointer, refusal.detail)]) from None
