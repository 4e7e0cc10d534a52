"""Notes of the desk about a thing, which nobody else reads."""

from __future__ import annotations

from typing import Any

from tracker.actions import notes
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.paging import PageQuery, make_page_schema, read_page
from tracker.domain import errors
from tracker.schemas.notes import NoteIn, NoteOut, NoteRetractionIn
from tracker.store.notes import Note


@endpoint(
    "GET",
    "/v1/subjects/{id}/notes",
    permission="work.handle",
    tag="work",
    summary="List the notes of the desk about a subject, oldest first",
    query=PageQuery,
    answer=make_page_schema(NoteOut, "NotePage"),
    names={"id": "subject"},
)
def list_notes(call: Call, id: str) -> Any:
    """The desk reads them, nobody else. A redaction of the subject destroys them."""
    page = read_page(call, notes.select_notes(call.viewer, id), Note.written_at, Note.id)
    return {**page, "items": [notes.describe_note(one) for one in page["items"]]}


def _get_note(call: Call, _subject: str, id: str) -> Any:
    return notes.describe_note(notes.get_note(call.viewer, id))


@endpoint(
    "POST",
    "/v1/subjects/{id}/notes",
    permission="work.handle",
    tag="work",
    summary="Write a note of the desk about a subject",
    body=NoteIn,
    answer=NoteOut,
    again=_get_note,
    status=201,
    names={"id": "subject"},
)
def write_note(call: Call, id: str) -> Any:
    """Everybody of the desk who reads the subject reads it, and nobody else ever. Name no source in it."""
    note = notes.write_note(call.unit, id, call.body["text"])
    return notes.describe_note(note)


def _get_retracted(call: Call, id: str) -> Any:
    return notes.describe_note(notes.get_note(call.viewer, id))


@endpoint(
    "POST",
    "/v1/notes/{id}/retraction",
    permission="work.handle",
    tag="work",
    summary="Take back a note that you wrote",
    body=NoteRetractionIn,
    answer=NoteOut,
    again=_get_retracted,
    refusals=(errors.AlreadyDone, errors.LegallyHeld),
    names={"id": "note"},
)
def retract_note(call: Call, id: str) -> Any:
    """Its text is gone at once. Only its author takes it back."""
    return notes.describe_note(notes.retract_note(call.unit, id))
