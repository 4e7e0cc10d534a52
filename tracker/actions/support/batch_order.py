"""In which order the acts of a batch are done, so that nobody reads half of what it says of a thing.

A large batch becomes public in parts. What is answered of a draft is approved before the draft is published, and comes
with it. Evidence is there before what cites it. Everything else stays in the order of the rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain import ids
from tracker.store.statuses import StatusChange

#: What others name, first; all the rest in the order of the rows.
_FIRST: Final = {"organization": 0, "process": 0, "evidence": 1}
#: How many ids one statement takes.
_IDS: Final = 500


def order_acts(session: Session, acts: Sequence[str]) -> list[str]:
    """These acts in the order in which they are done."""
    answers: dict[str, list[str]] = {id: [] for id in acts if ids.kind_of(id) not in ("change", "proposal")}
    rows = [row for row in _read_changes(session, acts) if row.subject_id in answers]
    apart = {row.subject_id for row in rows if _comes_after(row)}
    placed = {row.id: row.subject_id for row in rows if row.subject_id not in apart}
    for id in acts:
        if id in placed:
            answers[placed[id]].append(id)
    first = sorted(acts, key=lambda id: _FIRST.get(ids.kind_of(id) or "", len(_FIRST)))
    return [one for id in first if id not in placed for one in (*answers.get(id, ()), id)]


def _comes_after(row: Any) -> bool:
    """Whether a change needs its subject to be public: it names another that may come later, or puts off a date, which
    publishes the new one."""
    return row.superseded_by_id is not None or row.subject_kind == "deadline"


def _read_changes(session: Session, acts: Sequence[str]) -> Iterator[Any]:
    changes = [id for id in acts if ids.kind_of(id) == "change"]
    table = StatusChange.__table__.c
    columns = (table.id, table.subject_id, table.subject_kind, table.superseded_by_id)
    for start in range(0, len(changes), _IDS):
        yield from session.execute(select(*columns).where(table.id.in_(changes[start : start + _IDS])))
