"""Saying in public what an act changed: the public side keeps in step with the record.

What the world may see is written by the same transaction as the act that changed it: first the public act
(an event), then the documents that it touches.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from tracker.actions.support import basis_updates, pending_updates, public_events, status_support, withdrawals
from tracker.actions.support.public_references import require_public_references
from tracker.actions.support.unit import Unit
from tracker.domain import deadlines, publication, suspensions
from tracker.domain.canonical import encode_json
from tracker.domain.partial_days import find_earliest
from tracker.public import current, events, feed_state, public_files
from tracker.public.content import allow_list
from tracker.store import answers, custody, statuses
from tracker.store.change_rows import ChangeRow
from tracker.store.deadlines import Deadline, find_chain, list_replacing
from tracker.store.evidence import Evidence
from tracker.store.processes import Process
from tracker.store.statuses import StatusChange
from tracker.store.subject_rows import AnySubject
from tracker.store.subjects import Subject

#: How many entries one act of redaction names: an entry of the log has a size.
_NAMED_AT_ONCE: Final = 200
#: What of a process decides which day it is in it.
_OF_DAYS: Final = ("calendar",)
#: What of a thing stands in documents of others; of a process also what decides on all that is in it.
_SHOWN_BY_OTHERS: Final = (
    "title",
    "name",
    "slug",
    "reference",
    "lead",
    "stale_after_days",
    "reminders",
    "successor_of",
)


def dump_public_content(unit: Unit, row: Any) -> dict[str, Any]:
    """What may be said of a thing. A deadline also says how far it has moved from the first date that was set,
    an item of evidence which copy of it is public. `InvalidInput` where that is too much."""
    content = allow_list.dump_content(public_events.kind_of(row), row)
    if isinstance(row, Deadline):
        line = find_chain(unit.session, row)
        first, before = line[0].due_on, line[-2] if len(line) > 1 else None
        content |= {
            "baseline_due_on": first and first.isoformat(),
            "slip_days": deadlines.count_slip_days(first, row.due_on) if first and row.due_on else 0,
            "granted_days_late": suspensions.count_days_granted_late(
                before.due_on, before.stays, find_earliest(row.set_on)
            )
            if before is not None and before.due_on is not None
            else 0,
        }
    if isinstance(row, Evidence) and (copy := custody.find_public_copy(unit.session, row.id)) is not None:
        content["file"] = allow_list.dump_file(copy)
    publication.check_size(len(encode_json(content)))
    return content


def list_public_statements(
    unit: Unit, row: Any
) -> tuple[dict[str, Any], list[tuple[StatusChange, dict[str, Any]]]]:
    """All that is said of a draft when it becomes public: its content, and its approved status changes with what is
    said of each. `NotPublished` where that names what is not public."""
    content = dump_public_content(unit, row)
    changes = statuses.list_approved(unit.session, row.id)
    supports = status_support.find_support(unit.session, row, changes, changes, unit.now) if changes else {}
    statements = [_dump_change(change, supports[change.id]) for change in changes]
    require_public_references(unit, row, [content, *statements])
    return content, list(zip(changes, statements, strict=True))


def make_public(unit: Unit, row: Any) -> None:
    """The act itself. The caller has checked that it may be done."""
    content, changes = list_public_statements(unit, row)
    row.publication, row.published_at = publication.PUBLISHED, unit.now
    row.touch()
    if isinstance(row, Process):
        feed_state.open_process(unit.connection, row.id, row.slug, content)
    public_events.append_event(
        unit, row, "subject.published", {"subject_kind": public_events.kind_of(row), "content": content}
    )
    for change, described in changes:
        _publish_change(unit, row, change, described)
    public_events.refresh_documents(unit, row, [row.id])
    if content.get("successor_of"):  # what concerned those is found by this one, too
        pending_updates.begin_update(unit, "documents", row.id)
    if isinstance(row, Evidence):
        keep_public_file(unit, row)
        basis_updates.update_bases_on_evidence(unit, row.id)


def find_public_file(unit: Unit, item: Evidence) -> public_files.PublicFile | None:
    """The copy of an item that anybody may have: while it is public, the last that was approved."""
    if item.publication != publication.PUBLISHED:
        return None
    copy = custody.find_public_copy(unit.session, item.id)
    return None if copy is None else public_files.PublicFile.of(copy)


def keep_public_file(unit: Unit, item: Evidence) -> None:
    """Let the public side know which bytes are that copy."""
    public_files.keep_public_file(unit.connection, item.id, find_public_file(unit, item))


def publish_redaction(
    unit: Unit, row: Any, reason: str, emptied: Sequence[int], touched: Iterable[str] = (), **more: str
) -> None:
    """Say in public that the content of a thing was destroyed, and why, in place of why it had been withdrawn; or, with
    ``event`` said as well, the words of that act alone.

    ``emptied`` are the entries of the log that nothing opens any more: the log names each, so that none is emptied
    without a redaction that says so.
    """
    if isinstance(row, Subject) and row.id in withdrawals.list_unsaid(unit, row.process_id, "", None):
        withdrawals.say_withdrawn(unit, row.process_id, [row.id])
    for first in range(0, len(emptied), _NAMED_AT_ONCE):
        refs = list(emptied[first : first + _NAMED_AT_ONCE])
        body = {"subject_kind": public_events.kind_of(row), "reason": reason, "refs": refs, **more}
        public_events.append_event(unit, row, "record.redacted", body)
    current.renew_rows(unit.connection, row.id, public_events.day_of(unit, row))
    if isinstance(row, Process):
        feed_state.renew_head(unit.connection, row.id)
    public_events.refresh_documents(
        unit, row, [row.id, *touched, *public_events.list_things_showing(unit, row)]
    )


def publish_revision(unit: Unit, row: Any, grounds: Mapping[str, Any] | None = None) -> None:
    """Say in public what an edit changed, if it changed anything that is public; of a revision also its ``grounds``:
    which members, why, and whether that was wrong or the world changed. What took the place of a date says how far that
    has moved, and how late."""
    _say_revised(unit, row, grounds)
    if isinstance(row, Deadline):
        for later in list_replacing(unit.session, row.id):
            _say_revised(unit, later)


def _say_revised(unit: Unit, row: Any, grounds: Mapping[str, Any] | None = None) -> None:
    if row.publication != publication.PUBLISHED:
        return
    if isinstance(row, Evidence):
        keep_public_file(unit, row)  # another copy may have the same digest, and lie elsewhere
    content = dump_public_content(unit, row)
    [facts] = current.facts_of(unit.connection, [row.id])
    before = facts.content
    if content == before:
        return
    require_public_references(unit, row, [content, (grounds or {}).get("reason") or ""])
    body = {"subject_kind": public_events.kind_of(row), "content": content, **(grounds or {})}
    public_events.append_event(unit, row, "subject.revised", body)
    if isinstance(row, Process):
        feed_state.revise_process(unit.connection, row.id)
    public_events.refresh_documents(unit, row, [row.id])
    if before is None or any(before.get(name) != content.get(name) for name in _OF_DAYS):
        pending_updates.begin_update(unit, "days", row.id)  # it may be another day there
    elif any(before.get(name) != content.get(name) for name in _SHOWN_BY_OTHERS):
        pending_updates.begin_update(unit, "documents", row.id)


def publish_status_change(
    unit: Unit, subject: AnySubject, change: ChangeRow, support: status_support.StatusSupport
) -> None:
    """Say in public that a status changed, where its subject is public; and what else that changes.

    A correction, or a day in the past, takes from later answers what they repeat, or gives it to them.
    """
    if subject.publication == publication.PUBLISHED:
        content = _dump_change(change, support)
        require_public_references(unit, subject, content, known=subject.process.lead_id)
        _publish_change(unit, subject, change, content)
        public_events.refresh_documents(unit, subject, [subject.id])
        if change.act == "correction" or answers.is_answered_later(unit.session, change):
            line = statuses.list_approved(unit.session, subject.id, change.track, change.assessor_id)
            basis_updates.publish_bases(unit, subject, line)
    if subject.kind == "evidence":
        basis_updates.update_bases_on_evidence(unit, subject.id)


def _dump_change(change: StatusChange | ChangeRow, support: status_support.StatusSupport) -> dict[str, Any]:
    """What is said in public of a status change, with those of its citations that are public."""
    public = [citation for citation in change.citations if citation.evidence_id in support.shown]
    return {
        **allow_list.dump_change(change, public),
        "basis": support.public_basis(),
        "rests_on_undisclosed": any(
            one.stance == "supports" and one not in public for one in change.citations
        ),
    }


def _publish_change(
    unit: Unit, subject: AnySubject, change: StatusChange | ChangeRow, content: dict[str, Any]
) -> None:
    cited = [citation["evidence"] for citation in content["citations"]]
    body = {"subject_kind": subject.kind, "change": content}
    public_events.append_event(unit, subject, events.OF_ACT[change.act], body, cites=cited)
