"""Notes of the desk about a thing: for itself, as well protected as the thing, gone with it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from tracker.actions.support import holds, lookup
from tracker.actions.support.unit import Unit
from tracker.domain.errors import AlreadyDone, NotFound, NotPermitted
from tracker.domain.sentences import sentence
from tracker.domain.tracks import SUBJECTS
from tracker.store.notes import Note
from tracker.store.subjects import Subject
from tracker.store.viewer import Viewer


def write_note(unit: Unit, subject: str, text: str) -> Note:
    """Write something down about a subject that one reads."""
    unit.by.require("work.handle")
    lookup.get(unit.viewer, subject, *SUBJECTS)
    note = Note(
        id=unit.new_id("note"), subject_id=subject, text=text, written_at=unit.now, written_by=unit.by.id
    )
    unit.session.add(note)
    unit.audit("note.write", subject, note=note.id)
    unit.session.flush()
    return note


def retract_note(unit: Unit, id: str) -> Note:
    """Take back what one wrote oneself: its text is gone."""
    unit.by.require("work.handle")
    note = get_note(unit.viewer, id)
    if note.written_by != unit.by.id:
        raise NotPermitted(sentence("only the author of a note takes it back"))
    if note.retracted_at is not None:
        raise AlreadyDone(sentence("it was taken back already"))
    holds.require_not_held(unit, note.subject_id)
    note.text, note.retracted_at = None, unit.now
    unit.audit("note.retract", note.subject_id, note=id)
    unit.session.flush()
    return note


def get_note(viewer: Viewer, id: str) -> Note:
    """A note about a subject that somebody reads."""
    note = viewer.session.get(Note, id)
    if note is None:
        raise NotFound(sentence("there is no note %(id)s", id=repr(id[:64])))
    try:
        lookup.get(viewer, note.subject_id, *SUBJECTS)
    except NotFound:
        raise NotFound(sentence("there is no note %(id)s", id=repr(id[:64]))) from None
    return note


def select_notes(viewer: Viewer, subject: str) -> Select[Any]:
    """The notes about a subject that somebody reads, without those that were taken back."""
    row: Subject = lookup.get(viewer, subject, *SUBJECTS)
    return select(Note).where(Note.subject_id == row.id, Note.retracted_at.is_(None))


def describe_note(note: Note) -> dict[str, Any]:
    """A note as the desk is told of it, with its author as far as they are named."""
    members = ("id", "subject_id", "text", "written_at", "retracted_at")
    return {**{name: getattr(note, name) for name in members}, "by": note.person.known_as}
