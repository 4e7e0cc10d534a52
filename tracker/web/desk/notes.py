"""Notes of the desk about a thing, on its page: written by readers of the desk, taken back by the author."""

from __future__ import annotations

from typing import Final

from tracker.actions import notes
from tracker.actions.support import lookup
from tracker.domain import ids
from tracker.domain.tracks import SUBJECTS
from tracker.languages.i18n import mark
from tracker.schemas.notes import NoteIn, NoteRetractionIn
from tracker.store.notes import Note
from tracker.web.desk.handlings import name_colleague
from tracker.web.desk.names import name_row
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.forms import Field, Form

#: How many are shown, the newest.
MOST_SHOWN: Final = 50
WRITING = Form(
    NoteIn,
    Field(
        "text",
        mark("Your note"),
        hint=mark("Name no source here: that belongs into the sealed fields of the item."),
    ),
    button=mark("Keep the note"),
)
RETRACTING = Form(NoteRetractionIn, button=mark("Take the note back"))


@view("/subjects/{id}/note", permission="work.handle", template="form", names={"id": tuple(SUBJECTS)})
def show_note(desk: Visit, id: str) -> Shown:
    row = lookup.get(desk.viewer, id, *SUBJECTS)
    return {
        "title": desk.language.say("Note about: %(name)s", name=name_row(row)),
        "lead": desk.language.say(
            "Everybody of the desk who reads the thing reads it, and nobody else ever."
        ),
    }


@act(show_note, WRITING, done=mark("The note is kept."), then="/things/{id}")
def write_note(_desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    notes.write_note(unit, id, data["text"])


@view("/notes/{id}", permission="work.handle", template="form", names={"id": ("note",)})
def show_retracted_note(desk: Visit, id: str) -> Shown:
    return {"title": desk.language.say("Take a note back"), "lead": notes.get_note(desk.viewer, id).text}


def go_to_subject(desk: Visit, _made: str | None, id: str) -> str:
    """Back to the thing that it was about."""
    return desk.link(f"/things/{notes.get_note(desk.viewer, id).subject_id}", done="retracted_note")


@act(show_retracted_note, RETRACTING, done=mark("The note is gone."), then=go_to_subject)
def retract_note(_desk: Visit, unit: Unit, _data: Shown, id: str) -> None:
    notes.retract_note(unit, id)


def list_notes(desk: Visit, thing: str) -> list[Shown] | None:
    """The newest notes about a thing, oldest first; None where nobody keeps any, or for people who do not read them."""
    if ids.kind_of(thing) not in SUBJECTS or not desk.by.may("work.handle"):
        return None
    newest = notes.select_notes(desk.viewer, thing).order_by(Note.written_at.desc(), Note.id.desc())
    rows = list(desk.session.scalars(newest.limit(MOST_SHOWN)))
    return [
        {
            "text": one.text,
            "day": one.written_at.date(),
            "who": desk.name if one.written_by == desk.by.id else name_colleague(desk, one.person.known_as),
            "back": desk.link(f"/notes/{one.id}") if one.written_by == desk.by.id else None,
        }
        for one in reversed(rows)
    ]
