"""What status changes cite, and how the items that they cite stand: plain rows, read from an index."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, Final

from sqlalchemy import Date, Select, bindparam, select
from sqlalchemy.orm import Session

from tracker.database.prepared import Prepared
from tracker.domain import tracks
from tracker.store.answers import ADDRESSEE, BATCH, NEWEST, WHOLE, Line, counted_conditions
from tracker.store.database import core_connection
from tracker.store.statuses import Citation, StatusChange
from tracker.store.subjects import Subject

_CHANGE: Final = StatusChange.__table__
_CITATION: Final = Citation.__table__

_CITATIONS: Final = Prepared(
    select(_CITATION)
    .where(_CITATION.c.change_id.in_(bindparam("changes", expanding=True)))
    .order_by(_CITATION.c.id)
)


def list_citations(session: Session, changes: Iterable[Any]) -> dict[str, list[Any]]:
    """What these changes cite, by their ids, as plain rows; of those that hold them, what they hold."""
    cited: dict[str, list[Any]] = {}
    for change in changes:
        cited[change.id] = list(change.citations) if isinstance(change, WHOLE) else []
    plain = [change.id for change in changes if not isinstance(change, WHOLE)]
    for first in range(0, len(plain), BATCH):
        for row in _CITATIONS.rows(core_connection(session), changes=plain[first : first + BATCH]):
            cited[row.change_id].append(row)
    return cited


def select_citing(evidence: Collection[str]) -> Select[Any]:
    """The changes that cite one of these items, by their ids."""
    return select(Citation.change_id).where(Citation.evidence_id.in_(evidence))


def _verification_statement() -> Select[Any]:
    """For each item its last verification that counts. It is the desk's, whichever organization led then."""
    item = Subject.__table__
    last = (
        select(_CHANGE.c.to_state)
        .where(
            _CHANGE.c.subject_id == item.c.id,
            _CHANGE.c.track == "verification",
            _CHANGE.c.effective_on <= bindparam("day", type_=Date()),
            *counted_conditions(_CHANGE, ""),
        )
        .order_by(*NEWEST)
        .limit(1)
        .scalar_subquery()
    )
    return select(item.c.id, last.label("state")).where(item.c.id.in_(bindparam("evidence", expanding=True)))


_VERIFIED: Final = Prepared(_verification_statement())


def find_verification(session: Session, evidence: Collection[str], as_of: date) -> dict[str, str]:
    """How each item stands on its verification, by the desk."""
    rows = _VERIFIED.rows(core_connection(session), evidence=evidence, day=as_of)
    states = {id: state for id, state in rows if state is not None}
    return {item: states.get(item, tracks.TRACKS["verification"].initial) for item in evidence}


_LINES_CITING: Final = Prepared(
    select(_CHANGE.c.subject_id, _CHANGE.c.track, _CHANGE.c.assessor_id, ADDRESSEE)
    .join(_CITATION, _CITATION.c.change_id == _CHANGE.c.id)
    .where(_CITATION.c.evidence_id == bindparam("evidence"), _CHANGE.c.number.is_not(None))
    .distinct()
)


def list_lines_citing(session: Session, evidence: str) -> list[Line]:
    """The lines with an approved change that cites an item."""
    return [Line(*row) for row in _LINES_CITING.rows(core_connection(session), evidence=evidence)]
