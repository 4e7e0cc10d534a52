"""Publishing, withdrawing, and keeping the public side in step with the record.

What the world may see is written by the same transaction as the act that changed it: first the public act
(an event), then the documents that it touches.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import select

from tracker.actions import grounds, own, publishable, waiting
from tracker.actions.discretion import require_public
from tracker.actions.unit import Unit
from tracker.domain import deadlines, ids, publication
from tracker.public import documents, events, files, heads, shapes
from tracker.public.fold import fold
from tracker.store import custody, statuses
from tracker.store.deadlines import Deadline, chain
from tracker.store.evidence import Evidence
from tracker.store.organizations import Organization
from tracker.store.processes import Process
from tracker.store.statuses import StatusChange
from tracker.store.subjects import Subject
from tracker.tlog.commitment import SALT_SIZE

#: How many entries one act of redaction names: an entry of the log has a size.
_NAMED_AT_ONCE: Final = 200


def kind_of(row: Any) -> str:
    return ids.kind_of(row.id) or ""


def process_of(row: Any) -> str | None:
    return row.id if isinstance(row, Process) else getattr(row, "process_id", None)


def content_of(unit: Unit, row: Any) -> dict[str, Any]:
    """What may be said of a thing. A deadline also says how far it has moved from the first date that was set,
    an item of evidence which copy of it is public."""
    content = shapes.content(kind_of(row), row)
    if isinstance(row, Deadline):
        line = chain(unit.session, row)
        before = line[-2].due_on if len(line) > 1 else row.due_on
        content |= {
            "baseline_due_on": line[0].due_on.isoformat(),
            "slip_days": deadlines.slip(line[0].due_on, row.due_on),
            "granted_days_late": deadlines.granted_late(before, row.set_on) if len(line) > 1 else 0,
        }
    if isinstance(row, Evidence) and (copy := custody.public_copy(unit.session, row.id)) is not None:
        content["file"] = shapes.file(copy)
    return content


def publish(unit: Unit, id: str) -> Any:
    """Make a thing public, with the status changes that were approved before.

    Evidence with a source is not public at once: it waits to be released (`tracker.actions.waiting`).

    Raises `NotPublished` naming what it names that is not public, `SelfApproval` for evidence published by
    whoever submitted it, `NotAgreed` for what nobody agreed to, `PublicationRefused` for what is confidential or
    withdrawn.
    """
    unit.by.require("record.publish")
    row = own.thing(unit.session, unit.by, id)
    publication.check(row.publication, publication.PUBLISHED)
    publishable.require(unit, row)
    if isinstance(row, Evidence) and waiting.needed(unit, row):
        words(unit, row)
        waiting.begin(unit, row)
    else:
        unit.audit("publish", row.id)
        make_public(unit, row)
    return row


def words(unit: Unit, row: Any) -> tuple[dict[str, Any], list[tuple[StatusChange, dict[str, Any]]]]:
    """All that is said of a draft when it becomes public: its content, and its approved status changes with what is
    said of each. `NotPublished` where that names what is not public."""
    content = content_of(unit, row)
    changes = statuses.approved(unit.session, row.id)
    found = grounds.grounds(unit.session, row, changes, changes, unit.now) if changes else {}
    said = [_said(change, found[change.id]) for change in changes]
    require_public(unit, row, [content, *said])
    return content, list(zip(changes, said, strict=True))


def make_public(unit: Unit, row: Any) -> None:
    """The act itself, for whoever has checked that it may be done."""
    content, changes = words(unit, row)
    row.publication, row.published_at = publication.PUBLISHED, unit.now
    row.touch()
    if isinstance(row, Process):
        heads.open_process(unit.connection, row.id, row.slug, content)
    _append(unit, row, "subject.published", {"subject_kind": kind_of(row), "content": content})
    for change, one in changes:
        _say_change(unit, row, change, one)
    _refresh(unit, row, [row.id])
    if isinstance(row, Evidence):
        keep_file(unit, row)
        basis_moved(unit, row.id)


def public_file(unit: Unit, item: Evidence) -> files.PublicFile | None:
    """The copy of an item that anybody may have: while it is public, the last that was approved."""
    if item.publication != publication.PUBLISHED:
        return None
    found = custody.public_copy(unit.session, item.id)
    return None if found is None else files.PublicFile.of(found)


def keep_file(unit: Unit, item: Evidence) -> None:
    """Let the public side know which bytes are that copy."""
    files.keep(unit.connection, item.id, public_file(unit, item))


def withdraw(unit: Unit, id: str, reason: str) -> Any:
    """Take a thing back; a tombstone with the reason stays. A draft that was never public just ends.

    Raises `NotPublished` where the reason names what is not public.
    """
    unit.by.require("record.publish")
    row = own.thing(unit.session, unit.by, id)
    publication.check(row.publication, publication.WITHDRAWN)
    if row.publication == publication.PUBLISHED:
        require_public(unit, row, reason)
    unit.audit("withdraw", row.id)
    retire(unit, row, reason)
    return row


def retire(unit: Unit, row: Any, reason: str) -> None:
    """The same, for whoever has checked that it may be done. What is in a process is withdrawn with it."""
    was_public = row.publication == publication.PUBLISHED
    row.publication, row.withdrawn_at, row.withdrawn_because = publication.WITHDRAWN, unit.now, reason
    row.touch()
    if isinstance(row, Evidence):
        waiting.end(unit, row)
    if was_public:
        if isinstance(row, Process):
            heads.close_process(unit.connection, row.id, reason)
        _append(unit, row, "subject.withdrawn", {"subject_kind": kind_of(row), "reason": reason})
        _refresh(unit, row, [row.id, *_showing(unit, row)])
    if isinstance(row, Process):
        waiting.end_all(unit, row.id)
        for subject in _published_in(unit, row):
            retire(unit, subject, reason)
    if isinstance(row, Evidence):
        keep_file(unit, row)
        basis_moved(unit, row.id)


def redacted(
    unit: Unit, row: Any, said: str, emptied: Sequence[int], touched: Iterable[str] = (), **more: str
) -> None:
    """Say in public that the content of a thing was destroyed, and why, in place of why it had been withdrawn; or, with
    ``event`` said as well, the words of that act alone.

    ``emptied`` are the entries of the log that nothing opens any more: the log names each, so that none is emptied
    without a redaction that says so.
    """
    for first in range(0, len(emptied), _NAMED_AT_ONCE):
        refs = list(emptied[first : first + _NAMED_AT_ONCE])
        body = {"subject_kind": kind_of(row), "reason": said, "refs": refs, **more}
        _append(unit, row, "record.redacted", body)
    if isinstance(row, Process):
        heads.renew(unit.connection, row.id)
    _refresh(unit, row, [row.id, *touched, *_showing(unit, row)])


def revised(unit: Unit, row: Any) -> None:
    """Say in public what an edit changed, if it changed anything that is public."""
    if row.publication != publication.PUBLISHED:
        return
    if isinstance(row, Evidence):
        keep_file(unit, row)  # another copy may have the same digest, and lie elsewhere
    content = content_of(unit, row)
    before = fold(row.id, events.about(unit.connection, row.id)).content
    if content == before:
        return
    require_public(unit, row, [content])
    if isinstance(row, Process):
        heads.revise_process(unit.connection, row.id, content)
    _append(unit, row, "subject.revised", {"subject_kind": kind_of(row), "content": content})
    named_anew = isinstance(row, Process) or before is None or _name(before) != _name(content)
    _refresh(unit, row, [row.id, *(_showing(unit, row) if named_anew else ())])


def change_approved(
    unit: Unit, subject: Subject, change: StatusChange, line: Sequence[StatusChange], found: grounds.Grounds
) -> None:
    """Say in public that a status changed, where its subject is public; and what else that changes.

    ``line`` is what was approved before it. A correction, or a day in the past, takes from later answers what they
    repeat, or gives it to them.
    """
    if subject.publication == publication.PUBLISHED:
        said = _said(change, found)
        require_public(unit, subject, said, known=subject.process.lead_id)
        _say_change(unit, subject, change, said)
        _refresh(unit, subject, [subject.id])
        if change.act == "correction" or any(row.effective_on > change.effective_on for row in line):
            _say_bases(unit, subject, [*line, change])
    if isinstance(subject, Evidence):
        basis_moved(unit, subject.id)


def basis_moved(unit: Unit, evidence: str) -> None:
    """When an item rises or falls, every public status that cites it says at once on what it stands now (rule 4)."""
    lines = {
        (change.subject_id, change.track, change.assessor_id)
        for change in statuses.citing(unit.session, evidence)
    }
    for subject_id, track, assessor in sorted(lines):
        subject = unit.session.get_one(Subject, subject_id)
        if subject.publication == publication.PUBLISHED:
            _say_bases(unit, subject, statuses.approved(unit.session, subject_id, track, assessor))


def demands_moved(unit: Unit, row: Any) -> None:
    """When an edit changes what a state demands, or who is independent of whom, statuses stand on something else."""
    subjects = [row] if isinstance(row, Subject) else _published_in(unit, row)
    for subject in subjects:
        if subject.publication == publication.PUBLISHED:
            _say_bases(unit, subject, statuses.approved(unit.session, subject.id))


def _say_bases(unit: Unit, subject: Subject, line: Sequence[StatusChange]) -> None:
    before = fold(subject.id, events.about(unit.connection, subject.id)).changes
    said = {change["id"]: change["basis"] for change in before}
    found = grounds.grounds(unit.session, subject, line, line, unit.now)
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
            _append(unit, subject, "basis.changed", body)
    if moved:
        _refresh(unit, subject, [subject.id])


def _said(change: StatusChange, found: grounds.Grounds) -> dict[str, Any]:
    """What is said in public of a status change, with those of its citations that are public."""
    public = [citation for citation in change.citations if citation.evidence_id in found.shown]
    return {**shapes.change(change, public), "basis": found.public_basis()}


def _say_change(unit: Unit, subject: Subject, change: StatusChange, said: dict[str, Any]) -> None:
    cited = [citation["evidence"] for citation in said["citations"]]
    body = {"subject_kind": subject.kind, "change": said}
    _append(unit, subject, events.OF_ACT[change.act], body, cites=cited)


def _published_in(unit: Unit, row: Any) -> list[Subject]:
    """Every public subject of a process, evidence last; of all processes for what is in none."""
    query = select(Subject).where(Subject.publication == publication.PUBLISHED)
    if isinstance(row, Process):
        query = query.where(Subject.process_id == row.id)
    return list(unit.session.scalars(query.order_by(Subject.kind == "evidence", Subject.id)))


def _showing(unit: Unit, row: Any) -> list[str]:
    """The things whose documents show the name of this one. That of a lead stands in all of its process."""
    things = events.naming(unit.connection, row.id)
    processes = (
        [row.id] if isinstance(row, Process) else [one for one in things if ids.kind_of(one) == "process"]
    )
    return things + [one for process in processes for one in documents.of_process(unit.connection, process)]


def _append(unit: Unit, row: Any, kind: events.Kind, said: dict[str, Any], cites: Iterable[str] = ()) -> None:
    process = process_of(row)
    seq = events.append(
        unit.connection,
        id=unit.new_id("event"),
        kind=kind,
        now=unit.now,
        process=process,
        subject=row.id,
        said=said,
        salt=unit.entropy(SALT_SIZE),
        cites=cites,
    )
    heads.move(unit.connection, process, seq)


def _refresh(unit: Unit, row: Any, things: Iterable[str]) -> None:
    """Write the documents anew. What an organization's name stands in may belong to several processes."""
    touched = list(dict.fromkeys(things))
    documents.refresh(unit.connection, touched, unit.now)
    if isinstance(row, Organization):
        heads.move_all(unit.connection, touched)


def _name(content: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(content.get(name) for name in ("title", "name", "slug", "reference"))
