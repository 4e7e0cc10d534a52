"""What the things are called that an answer names by their ids, as far as whoever reads it may know of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final

from sqlalchemy import null, select

from tracker.actions.support.lookup import MODELS
from tracker.actions.support.visibility import filter_known_evidence
from tracker.domain import ids, publication, suspensions
from tracker.store.viewer import Viewer

#: kind of thing -> the members that hold its name and its short name, where those are not `title` and `reference`.
_NAME: Final = {"organization": "name", "committee": "name"}
_SHORT: Final = {"organization": "slug", "process": "slug"}


def find_names(viewer: Viewer, things: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What these things are called, by their ids: their name, short name and, of a deadline, the day it falls on. The
    desk knows of all but what is sealed; everybody else of what is public, and of their own evidence."""
    of_kind: dict[str, set[str]] = {}
    for id in things:
        of_kind.setdefault(ids.kind_of(id) or "", set()).add(id)
    named = {}
    for kind in sorted(of_kind.keys() & MODELS.keys()):
        known = _list_known(viewer, kind, of_kind[kind])
        named.update(
            {row.id: _describe(row) for row in _read_rows(viewer, kind, of_kind[kind]) if known(row)}
        )
    return named


def _list_known(viewer: Viewer, kind: str, things: Collection[str]) -> Any:
    """What tells of each row whether its name may be told."""
    if kind == "evidence":
        seen = filter_known_evidence(viewer, things)
        return lambda row: row.id in seen
    return lambda row: viewer.by.is_desk or row.publication == publication.PUBLISHED


def _read_rows(viewer: Viewer, kind: str, things: Collection[str]) -> Any:
    model, deadline = MODELS[kind], kind == "deadline"
    columns = (
        model.id,
        model.publication,
        getattr(model, _NAME.get(kind, "title")).label("name"),
        getattr(model, _SHORT.get(kind, "reference")).label("short"),
        (model.due_on if deadline else null()).label("due_on"),
        (model.stays if deadline else null()).label("stays"),
    )
    return viewer.session.execute(select(*columns).where(model.id.in_(sorted(things))))


def _describe(row: Any) -> dict[str, Any]:
    due_on = None if row.due_on is None else suspensions.find_due_day(row.due_on, row.stays or ())
    return {"name": row.name, "short": row.short, "due_on": due_on}
