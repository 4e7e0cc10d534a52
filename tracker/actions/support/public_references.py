"""Nothing that is said in public names what is not public, be it in a reason in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tracker.actions.support.lookup import MODELS, list_published
from tracker.actions.support.unit import Unit
from tracker.domain import ids
from tracker.domain.canonical import encode_json
from tracker.domain.errors import NotPublished
from tracker.domain.sentences import sentence
from tracker.public import events


def require_public_references(unit: Unit, row: Any, content: Any, known: str | None = None) -> None:
    """Refuse to say of ``row`` what names something secret: `NotPublished` lists it.

    A thing has to be public now. Whatever else has an id (a status change, a mandate) must have stood in a public
    act; people and keys never do. ``known`` is a lead: it is as public as its process, and so is what is said in it.
    """
    written = events.find_ids(encode_json(content).decode()) - {row.id, *_list_brought(content)}
    if known is not None and not written - {known}:
        return
    process = getattr(row, "process_id", None)
    things = {id for id in written if ids.kind_of(id) in MODELS} | ({process} if process else set())
    others = {id for id in written - things if ids.kind_of(id) is not None}
    hidden = (things - list_published(unit.session, things)) | (
        others - events.was_published(unit.connection, others)
    )
    if hidden:
        raise NotPublished(sentence("it names things that are not public"), missing=sorted(hidden))


def _list_brought(content: Any) -> Iterator[str]:
    """What this very text makes public: the status changes and mandates that it tells of."""
    if isinstance(content, list):
        for value in content:
            yield from _list_brought(value)
    if isinstance(content, dict):
        if "id" in content:
            yield content["id"]
        for value in content.values():
            yield from _list_brought(value)
