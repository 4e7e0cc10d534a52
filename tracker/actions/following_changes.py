"""Status changes that follow from what two people have decided on something else: an item is reviewed again, a batch
is taken back. They are recorded as proposed by the one and approved by the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracker.actions.statuses import keep_stays, make_proposal, record_decision
from tracker.actions.support import status_support
from tracker.actions.support.public_acts import publish_status_change
from tracker.actions.support.status_checks import (
    check_demands,
    find_state,
    require_correctable,
    require_open,
    require_order,
)
from tracker.actions.support.unit import Unit
from tracker.domain.errors import AlreadyDone
from tracker.domain.sentences import sentence
from tracker.domain.work_queue import UNREVIEWED
from tracker.store import answers, change_rows
from tracker.store.answers import Line
from tracker.store.change_rows import ChangeRow
from tracker.store.people import read_people
from tracker.store.subject_rows import SubjectRow


def reopen_review(unit: Unit, item: str, proposed_by: str, reason: str) -> None:
    """Put an item back under review, because what was reviewed has changed: by the two people who changed it. Nothing
    happens to an item that nobody has reviewed yet."""
    subject = status_support.read_subject(unit.session, item)
    line = Line(item, "verification", subject.process.lead_id)
    last = next(answers.iterate_answers(unit.session, line), None)
    if last is None or last.to_state in (*UNREVIEWED, "withdrawn"):
        return
    reopening = {"effective_on": subject.process.days.today(unit.now), "reason": reason}
    change = make_proposal(
        unit,
        subject,
        reopening,
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
    wrong = change_rows.read_change(unit.session, id)
    if wrong is None or wrong.act == "reply":
        raise AlreadyDone(sentence("a reply is not corrected; reply again"))
    subject = status_support.read_subject(unit.session, wrong.subject_id)
    require_open(subject)
    taking_back = {
        "effective_on": wrong.effective_on,
        "not_before": wrong.not_before,
        "reason": reason,
        "corrects": wrong.id,
    }
    answer = {"assessor_id": wrong.assessor_id, "addressee_id": wrong.addressee_id}
    change = make_proposal(unit, subject, taking_back, track=wrong.track, to_state=wrong.to_state, **answer)
    require_correctable(unit, change)
    change.to_state = find_state(change, answers.read_before(unit.session, change)[0])
    last, repeated = answers.read_before(unit.session, change)
    change.from_state = change.to_state
    change.superseded_by_id = None if last is None else last.superseded_by_id
    require_order(unit, change)
    _record_both(unit, subject, change, proposed_by, repeated)
    keep_stays(unit, subject, change)


def _record_both(
    unit: Unit, subject: SubjectRow, change: ChangeRow, proposed_by: str, repeated: Sequence[Any]
) -> None:
    """Record a change that follows from what two people have decided: as proposed by the one and approved by the
    other."""
    change.proposed_by = proposed_by
    change.proposer = read_people(unit.session, [proposed_by]).get(proposed_by)
    support = check_demands(unit, subject, change, repeated)
    change_rows.write_proposal(unit.session, change)
    unit.audit("status.propose", change.id, subject=subject.id, track=change.track)
    change.number = change_rows.take_next_number(unit.session)
    record_decision(unit, change, "approved", None)
    publish_status_change(unit, subject, change, support)
