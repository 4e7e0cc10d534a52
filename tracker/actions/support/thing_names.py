"""What the things are called that an answer names by their ids, as far as the reader may know of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Select, bindparam, null, select, union_all

from tracker.actions.support.lookup import MODELS
from tracker.actions.support.visibility import filter_known_evidence
from tracker.database.prepared import Prepared
from tracker.domain import ids, publication, suspensions
from tracker.store.database import core_connection
from tracker.store.deadlines import Deadline
from tracker.store.subjects import Subject
from tracker.store.viewer import Viewer

#: How many things are looked up at once. Fewer are filled up to this, so that what is hidden from somebody costs them
#: the same as what is not there.
_LEAST, _MOST = 64, 1_000
#: The kinds of thing whose short name is a slug.
_OF_SLUG: Final = ("process", "organization")
#: kind of thing -> the column that holds its name, where that is not `title`.
_NAME: Final = {"organization": "name", "committee": "name"}


def _select_names(kind: str) -> Select[Any]:
    own = MODELS[kind].__table__
    whole, short = (own, own.c.slug) if kind in _OF_SLUG else (_SUBJECT, _SUBJECT.c.reference)
    process: Any = {"process": own.c.id, "organization": null()}.get(kind, whole.c.get("process_id"))
    query = select(
        own.c.id,
        own.c[_NAME.get(kind, "title")].label("name"),
        short.label("short"),
        whole.c.publication,
        process.label("process_id"),
    )
    if whole is not own:
        query = query.join(whole, whole.c.id == own.c.id)
    return query.where(own.c.id.in_(bindparam("things", expanding=True)))


_SUBJECT: Final = Subject.__table__
_NAMES: Final = Prepared(union_all(*(_select_names(kind) for kind in MODELS)))
_DATES: Final = Prepared(
    select(Deadline.__table__.c.id, Deadline.__table__.c.due_on, Deadline.__table__.c.stays).where(
        Deadline.__table__.c.id.in_(bindparam("things", expanding=True))
    )
)


def find_names(viewer: Viewer, things: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What these things are called, by their ids: their name, short name and, of a deadline, the day it falls on. The
    desk knows of all but what is sealed, of the processes that it works on; everybody else of what is public, of
    their own evidence, and of the organization that they speak for."""
    wanted = sorted({id for id in things if ids.kind_of(id) in MODELS})
    named: dict[str, dict[str, Any]] = {}
    for first in range(0, max(1, len(wanted)), _MOST):
        some = wanted[first : first + _MOST]
        named.update(_read_names(viewer, [*some, *[""] * (_LEAST - len(some))]))
    return named


def list_names(viewer: Viewer, kind: str, process: str | None, most: int) -> list[tuple[str, str]]:
    """The short names and names of the things of a kind that somebody may read, by name; of a process, where they
    belong to one. What has no short name is left out."""
    model = MODELS[kind]
    short, name = (
        model.slug if kind in _OF_SLUG else model.reference,
        getattr(model, _NAME.get(kind, "title")),
    )
    query = viewer.narrow(select(short, name), model).where(model.publication != publication.WITHDRAWN)
    if kind not in _OF_SLUG:
        query = query.where(model.process_id == process, short.is_not(None))
    return [(row[0], row[1]) for row in viewer.session.execute(query.order_by(name).limit(most))]


def _read_names(viewer: Viewer, things: Sequence[str]) -> dict[str, dict[str, Any]]:
    connection = core_connection(viewer.session)
    seen = filter_known_evidence(viewer, things)
    dates = {row.id: row for row in _DATES.rows(connection, things=things)}

    def knows(row: Any) -> bool:
        if ids.kind_of(row.id) == "evidence":
            return row.id in seen
        if not viewer.by.works_on(row.process_id):
            return False
        return (
            viewer.by.is_desk or row.publication == publication.PUBLISHED or row.id == viewer.by.organization
        )

    return {
        row.id: {"name": row.name, "short": row.short, "due_on": _find_due_day(dates.get(row.id))}
        for row in _NAMES.rows(connection, things=things)
        if knows(row)
    }


def _find_due_day(row: Any) -> Any:
    return row and suspensions.find_due_day(row.due_on, row.stays or ())
