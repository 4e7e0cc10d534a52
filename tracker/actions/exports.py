"""The working record as lines, one thing on each, read in batches as it stood at one moment.

However much there is, no more than a batch of it is in memory. The last line counts the others, so that a file that
was cut off can be told from a whole one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from marshmallow import Schema
from sqlalchemy import ColumnElement, Select, inspect, select
from sqlalchemy.orm import Session

from tracker.actions.questions import describe_question
from tracker.actions.support.lookup import MODELS
from tracker.actions.support.registry import KINDS
from tracker.actions.support.visibility import show_changes
from tracker.database.list_index import Span
from tracker.domain.canonical import encode_json
from tracker.domain.errors import InvalidInput
from tracker.domain.sentences import sentence
from tracker.public import filters
from tracker.schemas.questions import QuestionOut
from tracker.schemas.statuses import StatusChangeOut
from tracker.schemas.watchdogs import WatchdogOut
from tracker.store.base import may_lie_in
from tracker.store.deadlines import Deadline
from tracker.store.evidence import Evidence
from tracker.store.processes import Process
from tracker.store.questions import Question
from tracker.store.statuses import StatusChange
from tracker.store.viewer import Viewer
from tracker.store.watchdogs import Watchdog

BATCH: Final = 200
#: kind -> its table and the shape that its own endpoint answers, in the order of the lines.
EXPORTED: Final[Mapping[str, tuple[type[Any], type[Schema]]]] = {
    **{name: (MODELS[name], kind.kept) for name, kind in KINDS.items()},
    "watchdog": (Watchdog, WatchdogOut),
    "change": (StatusChange, StatusChangeOut),
    "question": (Question, QuestionOut),
}

#: kind -> the member by whose days its lines are narrowed.
DAYS: Final[Mapping[str, str]] = {**filters.DAYS, "change": "effective_on"}


def find_process(viewer: Viewer, named: str) -> str:
    """The id of a process that somebody reads, by its id or slug."""
    query = select(Process.id).where((Process.id == named) | (Process.slug == named))
    id: str | None = viewer.session.scalar(viewer.narrow(query, Process))
    if id is None:
        raise InvalidInput.at("process", sentence("there is no process %(named)s", named=repr(named[:80])))
    return id


def export_lines(
    viewer: Viewer,
    process: str | None = None,
    kinds: Collection[str] = (),
    spans: Mapping[str, Span] = MappingProxyType({}),
) -> Iterator[bytes]:
    """Batches of lines. Its session reads one state of the record; see `tracker.store.database.open_snapshot`. Of a
    kind that ``spans`` names, what may lie in that span of days; of the others everything.

    Organizations belong to no process, so all of them come with each. So do watchdogs, for those who may read them.
    """
    viewer.by.require("record.read")
    if "watchdog" in kinds:
        viewer.by.require("watchdogs.read")
    session = viewer.session
    count = 0
    for kind, (model, shape) in EXPORTED.items():
        if kind not in (kinds or EXPORTED) or (model is Watchdog and not viewer.by.may("watchdogs.read")):
            continue
        out = shape()
        query = _select_visible(viewer, model)
        if kind in spans and model is not Deadline:
            query = query.where(_lies_in(model, DAYS[kind], spans[kind]))
        for batch in _read_batches(session, query, model, process):
            rows = _keep_due(batch, spans[kind]) if kind in spans and model is Deadline else batch
            count += len(rows)
            shown = _show_rows(viewer, model, rows)
            yield b"".join(encode_json({"kind": kind, **out.dump(row)}) + b"\n" for row in shown)
            session.expunge_all()
    yield encode_json({"kind": "end", "count": count}) + b"\n"


def _select_visible(viewer: Viewer, model: type[Any]) -> Select[Any]:
    """What the reader may see: of questions those about an item that they read."""
    if model is Question:
        return viewer.narrow(select(Question).join(Question.item), Evidence)
    return viewer.select(model)


def _show_rows(viewer: Viewer, model: type[Any], rows: list[Any]) -> list[Any]:
    if model is StatusChange:
        return show_changes(viewer, rows)
    return [describe_question(row) for row in rows] if model is Question else rows


def _lies_in(model: Any, member: str, span: Span) -> ColumnElement[bool]:
    return may_lie_in(getattr(model, member), *span, begun=getattr(model, "not_before", None))


def _keep_due(deadlines: list[Any], span: Span) -> list[Any]:
    """Those that are due in a span by the date as it stands, as lists find them. What waits for its event is due on no
    day."""
    days = ((row, row.find_due_day()) for row in deadlines)
    return [row for row, day in days if day is not None and span[0] <= day.isoformat() <= span[1]]


def _read_batches(
    session: Session, query: Select[Any], model: type[Any], process: str | None
) -> Iterator[list[Any]]:
    """The rows that the lists of this kind would show, in the order of their ids."""
    key = inspect(model).primary_key[0]
    query = query.order_by(key).limit(BATCH)
    if process is not None and model is Process:
        query = query.where(model.id == process)
    elif process is not None and hasattr(owner := Evidence if model is Question else model, "process_id"):
        # An expression, so that no index of processes is taken: each batch would sort the whole process again. In the
        # order of the ids a whole export reads a table once.
        query = query.where(owner.process_id.concat("") == process)
    after = ""
    while rows := list(session.scalars(query.where(key > after)).unique()):
        after = inspect(rows[-1]).identity[0]
        yield rows
