"""On what statuses stand: said again, at once, when evidence rises or falls, or an edit changes what is demanded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tracker.actions.support import public_events, status_support
from tracker.actions.support.unit import Unit
from tracker.domain import ids, publication
from tracker.public import current
from tracker.store import answers, citations
from tracker.store.answers import Line
from tracker.store.statuses import StatusChange
from tracker.store.subject_rows import AnySubject

#: Of how many lines is read at a time what decides on them.
_AT_ONCE: Final = 200


def update_bases_on_evidence(unit: Unit, evidence: str) -> None:
    """When an item rises or falls, every public status that cites it says at once on what it stands now (rule 4)."""
    lines = sorted(citations.list_lines_citing(unit.session, evidence))
    for first in range(0, len(lines), _AT_ONCE):
        _say_all(unit, lines[first : first + _AT_ONCE])


def _say_all(unit: Unit, lines: Sequence[Line]) -> None:
    """Say so of many lines, with what decides on all of them read at once."""
    listed = status_support.list_subjects(unit.session, {line.subject for line in lines})
    subjects = {one.id: one for one in listed}
    public = [line for line in lines if subjects[line.subject].publication == publication.PUBLISHED]
    rows = answers.list_approved_changes(unit.session, public)
    every = [row for line in public for row in rows[line]]
    cited = citations.list_citations(unit.session, every)
    items = {citation.evidence_id for found in cited.values() for citation in found}
    for today in {one.process.days.today(unit.now) for one in subjects.values()}:
        status_support.read_facts(unit.session, list(subjects.values()), items, today)
    bases = current.read_bases(unit.connection, [row.id for row in every])
    for line in public:
        _publish_bases(unit, subjects[line.subject], rows[line], cited, bases)


def list_supported(unit: Unit, thing: str, after: str, most: int | None) -> list[str]:
    """The public subjects whose statuses may stand on something else when an edit of a process changes what a state
    demands, one of an organization who is independent of whom, or one of a committee for whom it speaks."""
    process = None if ids.kind_of(thing) == "organization" else thing
    if ids.kind_of(thing) == "committee":
        process = status_support.read_subject(unit.session, thing).process_id
    return public_events.list_published_in(unit, process, after, most)


def update_bases_of(unit: Unit, _thing: str, subjects: Sequence[str]) -> None:
    """Say of all statuses of these subjects on what they stand now."""
    lines = sorted(answers.list_lines_of(unit.session, subjects))
    for first in range(0, len(lines), _AT_ONCE):
        _say_all(unit, lines[first : first + _AT_ONCE])


def publish_bases(unit: Unit, subject: AnySubject, line: Sequence[StatusChange]) -> None:
    """Say of a line of approved answers what has changed under them, if anything has."""
    bases = current.read_bases(unit.connection, [change.id for change in line])
    _publish_bases(unit, subject, line, citations.list_citations(unit.session, line), bases)


def _publish_bases(
    unit: Unit,
    subject: AnySubject,
    line: Sequence[Any],
    cited: Mapping[str, list[Any]],
    bases: Mapping[str, str],
) -> None:
    support = status_support.of_line(unit.session, subject, line, cited, unit.now)
    moved = False
    for change in line:
        basis = support[change.id].public_basis()
        if basis != bases[change.id]:
            moved = True
            body = {
                "subject_kind": subject.kind,
                "changed": change.id,
                "track": change.track,
                "assessor": change.assessor_id,
                "basis": basis,
                "was": bases[change.id],
            }
            if change.replies_to_id is not None:
                body["replies_to"] = change.replies_to_id
            public_events.append_event(unit, subject, "basis.changed", body)
    if moved:
        public_events.refresh_documents(unit, subject, [subject.id])
