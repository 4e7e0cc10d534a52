"""What must hold before a status change is proposed or approved: who says it, of which day, on what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from tracker.actions.support import lookup, second_person, status_support
from tracker.actions.support.circles import require_no_circle
from tracker.actions.support.lookup import require_organization, require_process
from tracker.actions.support.unit import Unit
from tracker.domain import publication, tracks
from tracker.domain.deadlines import MISSED
from tracker.domain.errors import (
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
from tracker.domain.partial_days import find_earliest, lies_before
from tracker.domain.plausible_days import STATES_IN_ORDER, require_ordered_states
from tracker.domain.sentences import Label, sentence
from tracker.domain.states import Act, Track
from tracker.store import answers, change_rows
from tracker.store.answers import Line
from tracker.store.change_rows import ChangeRow, CitationRow
from tracker.store.subject_rows import SubjectRow
from tracker.store.watchdogs import find_registration


def find_assessor(unit: Unit, subject: SubjectRow, track: Track, wanted: str | None) -> str:
    """Whose answer it is. The desk may record anybody's; a watchdog speaks for itself only."""
    lookup.require_speaking_for(unit, "/assessor", wanted)
    lead = subject.process.lead_id
    assessor = wanted or unit.by.organization or lead
    require_organization(unit.session, "/assessor", assessor)
    if unit.by.organization not in (None, lead, assessor):
        raise NotPermitted(sentence("you speak for your own organization only"))
    if track.holder != "any" and assessor != lead:
        detail = sentence(
            "%(code)s is held by the lead organization of the process, %(lead)s", code=track.code, lead=lead
        )
        if track.per_addressee:
            detail = sentence("%(detail)s; say with addressee whose answer it records", detail=detail)
        raise WrongAssessor(detail, fields=[FieldError("/assessor", detail)])
    require_registered(unit, assessor)
    answers = unit.by.may("answers.give")  # an authority replies, and holds no verdicts
    own = unit.by.organization == assessor != lead and not answers
    if own and find_registration(unit.session, assessor) is None:
        raise NotPermitted(
            sentence("your organization is not registered as a watchdog; ask the desk to record what it says")
        )
    return str(assessor)


def find_successor(
    unit: Unit, subject: SubjectRow, track: str, state: str, data: Mapping[str, Any]
) -> str | None:
    """The recommendation that took the place of this one."""
    wanted: str | None = data.get("superseded_by")
    if wanted is None:
        return None
    if (track, state) != ("closure", "superseded"):
        raise InvalidInput.at("/superseded_by", sentence("goes with closure superseded only; leave it out"))
    successor = lookup.find_named_subject(unit.viewer, "/superseded_by", wanted, "recommendation")
    require_process("/superseded_by", successor, subject.process_id)
    require_other_successor(unit, subject, wanted)
    return wanted


def require_other_successor(unit: Unit, subject: SubjectRow, successor: str) -> None:
    """Refuse that a recommendation takes the place of one that took its place itself, by the present word of the
    lead."""

    def list_next(recommendation: str) -> list[str]:
        line = Line(recommendation, "closure", subject.process.lead_id)
        last = next(answers.iterate_answers(unit.session, line), None)
        return [] if last is None else [*filter(None, [last.superseded_by_id])]

    detail = sentence("must be another recommendation, and none whose place this one took")
    require_no_circle(subject.id, "/superseded_by", [successor], list_next, detail)


def require_registered(unit: Unit, assessor: str) -> None:
    registration = find_registration(unit.session, assessor)
    if registration not in (None, "registered"):
        raise NotPermitted(
            sentence(
                "the standing of this watchdog is %(registration)s; it holds no new verdicts",
                registration=registration,
            )
        )


def require_open(subject: SubjectRow) -> None:
    if publication.WITHDRAWN in (subject.publication, subject.process.publication):
        raise AlreadyDone(sentence("the subject has been withdrawn; nothing more can be said of it"))


def require_other_than_submitter(unit: Unit, subject: Any, track: Track) -> None:
    if track.holder != "desk":  # its subject is evidence
        return
    if second_person.handed_in(unit.by, subject):
        raise OwnEvidence(
            sentence("you or your organization submitted this item; somebody else has to review it")
        )
    if not unit.by.is_desk:
        raise WrongAssessor(sentence("%(code)s is answered by the desk alone", code=track.code))


def clip_period(subject: SubjectRow, state: str, data: Mapping[str, Any], today: date) -> Mapping[str, Any]:
    """Of a month or a year the days that have been, and on which the subject was there."""
    period = data.get("period")
    if period is None:
        return data
    first, last = data["not_before"], period.latest
    begins = None if state == _FORETOLD else subject.begins
    if begins is not None and first == period.earliest < find_earliest(begins) <= last:
        first = find_earliest(begins)
    if first <= today < last:
        last = today
    return {**data, "not_before": first if first < last else None, "effective_on": last}


def check_days(unit: Unit, subject: SubjectRow, state: str, data: Mapping[str, Any]) -> None:
    """An answer is of a day that was, after what it is about began; and a day is not missed before it is over."""
    effective_on, not_before = data["effective_on"], data.get("not_before")
    today = subject.process.days.today(unit.now)
    if effective_on > today:
        raise InvalidInput.at(
            "/effective_on",
            sentence("must not lie in the future; today is %(today)s in this process", today=today),
        )
    if not_before is not None and not_before > effective_on:
        raise InvalidInput.at(
            "/not_before",
            sentence("must not lie after effective_on, which is %(day)s", day=effective_on),
        )
    begins = None if state == _FORETOLD else subject.begins
    if begins is not None and lies_before(not_before or effective_on, begins):
        pointer = "/not_before" if not_before else "/effective_on"
        raise InvalidInput.at(
            pointer,
            sentence(
                "must not lie before %(member)s, which is %(begins)s",
                member=_BEGINS[subject.kind],
                begins=begins,
            ),
        )
    if state != MISSED or subject.kind != "deadline":
        return
    if (due_on := subject.due_day) is None:
        raise InvalidInput.at(
            "/effective_on", sentence("nothing is missed while the date waits for its event")
        )
    if effective_on <= due_on:
        raise InvalidInput.at(
            "/effective_on", sentence("nothing is missed before %(due_on)s is over", due_on=due_on)
        )


#: kind of subject -> the day before which there is nothing to answer.
_BEGINS: Final = {
    **{"recommendation": "issued_on", "deadline": "set_on", "committee": "established_on"},
    "report": "established_on of its committee",
}
#: Somebody says that a committee will be set up: that is so before it is.
_FORETOLD: Final = tracks.TRACKS["stage"].initial


def find_act(data: Mapping[str, Any]) -> Act:
    if data.get("corrects") is not None:
        if data.get("confirms"):
            raise InvalidInput.at(
                "/confirms", sentence("a correction confirms nothing; leave one of the two out")
            )
        return "correction"
    if data.get("replies_to") is not None:
        return "reply"
    return "confirmation" if data.get("confirms") else "move"


def require_correctable(unit: Unit, change: ChangeRow) -> None:
    """A correction names an approved answer on the same line, which nobody has corrected yet."""
    if change.corrects_id is None:
        return
    corrected = change_rows.read_change(unit.session, change.corrects_id)
    same = corrected is not None and Line.of(corrected) == Line.of(change)
    if corrected is None or not same or corrected.number is None or corrected.act == "reply":
        raise InvalidInput.at(
            "/corrects", sentence("must name an approved change of the same assessor on the same track")
        )
    if answers.is_corrected(unit.session, corrected.id):
        raise AlreadyDone(
            sentence("%(id)s has been corrected already; correct its correction", id=corrected.id)
        )


def find_state(change: ChangeRow, last: Any) -> str:
    """What stands, on the day the change takes effect, without it and what it corrects: the ``last`` answer before it.
    A reply moves nothing."""
    if change.act == "reply":
        return str(change.to_state)
    return tracks.TRACKS[change.track].initial if last is None else str(last.to_state)


def check_proposed_move(unit: Unit, track: Track, change: ChangeRow) -> None:
    """A move that follows a proposal which waits too, as one life of a recommendation follows another, may be proposed
    with it. What stands then is read again when it is approved. Only what stands is confirmed."""
    try:
        tracks.check_move(track, change.from_state, change.to_state, change.act)
    except ForbiddenMove:
        waiting = answers.find_waiting_state(unit.session, change)
        if waiting is None or change.act == "confirmation":
            _say_what_came_later(unit, change)
            raise
        tracks.check_move(track, waiting, change.to_state, change.act)
        change.from_state = waiting


def _say_what_came_later(unit: Unit, change: ChangeRow) -> None:
    """`ForbiddenMove` that says so where a move is of a day before another answer, which nobody looking sees."""
    newest = next(answers.iterate_answers(unit.session, Line.of(change)), None)
    if change.act == "move" and newest is not None and newest.effective_on > change.effective_on:
        raise ForbiddenMove(
            sentence(
                "%(track)s stood at '%(before)s' on %(day)s, and stands at '%(after)s' since %(since)s; to change"
                " that, send this day or a later one as `effective_on`",
                track=change.track,
                before=_label(change.track, change.from_state),
                day=change.effective_on,
                after=_label(change.track, newest.to_state),
                since=newest.effective_on,
            )
        )


def require_able_to_follow(track: Track, change: ChangeRow, following: Any | None) -> None:
    """`ForbiddenMove` where a move of an earlier day leaves the answer after it one that cannot follow it. A correction
    passes: what was wrong is mended first, and what was built on it then."""
    if change.act != "move" or following is None or following.to_state == change.to_state:
        return
    if not track.allows(change.to_state, following.to_state):
        raise ForbiddenMove(
            sentence(
                "'%(after)s' of %(day)s would follow it, and cannot follow '%(state)s'; correct that answer first",
                after=_label(track.code, following.to_state),
                day=following.effective_on,
                state=_label(track.code, change.to_state),
            )
        )


def require_order(unit: Unit, change: ChangeRow) -> None:
    """Among all answers of its line the days of a change can be; what it corrects is none of them."""
    if change.track in STATES_IN_ORDER and change.act != "reply":
        line = answers.iterate_answers(unit.session, Line.of(change), without=change.corrects_id or "")
        require_ordered_states(change.track, [change, *line])


def make_citations(unit: Unit, subject: SubjectRow, cited: Sequence[Mapping[str, Any]]) -> list[CitationRow]:
    rows: list[CitationRow] = []
    status_support.find_subjects(unit.session, [one["evidence"] for one in cited])  # all at once
    for place, citation in enumerate(cited):
        pointer = f"/citations/{place}/evidence"
        item = lookup.find_named_subject(unit.viewer, pointer, citation["evidence"], "evidence")
        require_process(pointer, item, subject.process_id)
        if item.id == subject.id:
            raise InvalidInput.at(pointer, sentence("evidence cannot vouch for itself"))
        if item.publication == publication.WITHDRAWN:
            raise InvalidInput.at(pointer, sentence("this item has been withdrawn"))
        if any(row.evidence_id == item.id for row in rows):
            raise InvalidInput.at(pointer, sentence("this item is cited twice; cite it once"))
        rows.append(CitationRow(item.id, citation["stance"], citation.get("locator")))
    return rows


def check_demands(
    unit: Unit, subject: SubjectRow, change: ChangeRow, repeated: Sequence[Any]
) -> status_support.StatusSupport:
    """What the change rests on, with the answers that it repeats."""
    support = status_support.of_runs(unit.session, subject, [[change, *repeated]], unit.now)[change.id]
    lacking = support.missing()
    if lacking:
        detail = sentence(
            "%(track)s '%(state)s' demands more evidence",
            track=change.track, state=_label(change.track, change.to_state),
        )  # fmt: skip
        raise DemandsNotMet(detail, missing=lacking, demands=support.demands())
    return support


def _label(track: str, state: str) -> Label:
    return Label(track.partition(".")[0], state)


def at_pointer(pointer: str, check: Any) -> Any:
    """Run a check; where it refuses, say at which member."""
    try:
        return check()
    except Refusal as refusal:
        raise type(refusal)(refusal.detail, fields=[FieldError(pointer, refusal.detail)]) from None
