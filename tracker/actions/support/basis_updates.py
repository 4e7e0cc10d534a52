"""On what statuses stand: said anew, at once, when evidence rises or falls, or an edit changes what is demanded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tracker.actions.support import public_events, status_support
from tracker.actions.support.unit import Unit
from tracker.domain import publication
from tracker.public import current
from tracker.store import answers, statuses
from tracker.store.answers import Line
from tracker.store.statuses import StatusChange
from tracker.store.subject_rows import AnySubject
from tracker.store.subjects import Subject

#: Of how many lines is read at a time what decides on them.
_AT_ONCE: Final = 200


def update_bases_on_evidence(unit: Unit, evidence: str) -> None:
    """When an item rises or falls, every public status that cites it says at once on what it stands now (rule 4)."""
    lines = sorted(answers.list_lines_citing(unit.session, evidence))
    for first in range(0, len(lines), _AT_ONCE):
        _say_all(unit, lines[first : first + _AT_ONCE])


def _say_all(unit: Unit, lines: Sequence[Line]) -> None:
    """Say so of many lines, with what decides on all of them read at once."""
    found = status_support.list_subjects(unit.session, {line.subject for line in lines})
    subjects = {one.id: one for one in found}
    public = [line for line in lines if subjects[line.subject].publication == publication.PUBLISHED]
    rows = answers.list_approved_changes(unit.session, public)
    every = [row for line in public for row in rows[line]]
    cited = answers.list_citations(unit.session, every)
    items = {citation.evidence_id for found in cited.values() for citation in found}
    for today in {one.process.days.today(unit.now) for one in subjects.values()}:
        status_support.read_facts(unit.session, list(subjects.values()), items, today)
    said = current.read_bases(unit.connection, [row.id for row in every])
    for line in public:
        _publish_bases(unit, subjects[line.subject], rows[line], cited, said)


def update_bases_on_demands(unit: Unit, row: Any) -> None:
    """When an edit changes what a state demands, or who is independent of whom, statuses stand on something else."""
    subjects = [row] if isinstance(row, Subject) else public_events.list_published_in(unit, row)
    for subject in subjects:
        if subject.publication == publication.PUBLISHED:
            publish_bases(unit, subject, statuses.list_approved(unit.session, subject.id))


def publish_bases(unit: Unit, subject: AnySubject, line: Sequence[StatusChange]) -> None:
    """Say of a line of approved answers what has changed under them, if anything has."""
    said = current.read_bases(unit.connection, [change.id for change in line])
    _publish_bases(unit, subject, line, answers.list_citations(unit.session, line), said)


def _publish_bases(
    unit: Unit,
    subject: AnySubject,
    line: Sequence[Any],
    cited: Mapping[str, list[Any]],
    said: Mapping[str, str],
) -> None:
    found = status_support.of_line(unit.session, subject, line, cited, unit.now)
    moved = False
    for change in line:
        basis = found[change.id].public_basis()
        if basis != said[change.id]:
            moved = True
            body = {
                "subject_kind": subject.kind,
                "changed": change.id,
                "track": change.track,
                "assessor": change.assessor_id,
                "basis": basis,
                "was": said[change.id],
            }
            if change.replies_to_id is not None:
                body["replies_to"] = change.replies_to_id
            public_events.append_event(unit, subject, "basis.changed", body)
    if moved:
        public_events.refresh_documents(unit, subject, [subject.id])
