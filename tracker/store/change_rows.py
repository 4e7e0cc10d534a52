"""Status changes as plain values, read and written past the mapped objects."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Final, NamedTuple

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from tracker.database.prepared import Prepared
from tracker.domain.errors import StaleEdit
from tracker.domain.sentences import sentence
from tracker.store.base import JsonOrNothing
from tracker.store.database import core_connection
from tracker.store.evidence import Evidence
from tracker.store.statuses import Citation, StatusChange


class ChangeRow(SimpleNamespace):
    """A status change as plain values, under the names of its columns, with its ``citations`` and the ``verdict`` that
    it replies to; ``protection`` is that of the item that it is about. `write_proposal` and `write_decision`
    write it."""


class CitationRow(NamedTuple):
    """A citation of a change that is proposed."""

    evidence_id: str
    stance: str
    locator: str | None


_CHANGES: Final = StatusChange.__table__
_CITATIONS: Final = Citation.__table__
_CHANGE: Final = Prepared(
    select(_CHANGES, Evidence.__table__.c.protection)
    .outerjoin(Evidence.__table__, Evidence.__table__.c.id == _CHANGES.c.subject_id)
    .where(_CHANGES.c.id == bindparam("change"))
)
_CITED: Final = Prepared(
    select(_CITATIONS).where(_CITATIONS.c.change_id == bindparam("change")).order_by(_CITATIONS.c.id)
)
_DECIDED: Final = (
    *("from_state", "decision", "decided_by", "decided_at", "decision_note", "number", "version"),
)
_DECIDE: Final = Prepared(
    update(_CHANGES)  # type: ignore[arg-type]  # a Table it is
    .where(_CHANGES.c.id == bindparam("change"), _CHANGES.c.version == bindparam("read"))
    .values({name: bindparam(name) for name in _DECIDED})
)


def read_change(session: Session, id: str) -> ChangeRow | None:
    """A status change as plain values."""
    connection = core_connection(session)
    row = _CHANGE.first(connection, change=id)
    if row is None:
        return None
    verdict = row.replies_to_id and _CHANGE.first(connection, change=row.replies_to_id)
    return ChangeRow(**row._asdict(), citations=_CITED.rows(connection, change=id), verdict=verdict)


_PROPOSE: Final = Prepared(
    insert(_CHANGES).values(  # type: ignore[arg-type]  # a Table it is
        {column.name: bindparam(column.name) for column in _CHANGES.c}
        | {"versions": bindparam("versions", type_=JsonOrNothing)}
    )
)
_CITE: Final = Prepared(
    insert(_CITATIONS)  # type: ignore[arg-type]  # as above
    .inline()
    .values({column.name: bindparam(column.name) for column in _CITATIONS.c if column.name != "id"})
)


def write_proposal(session: Session, change: ChangeRow) -> None:
    """Record what is proposed, with what it cites."""
    connection = core_connection(session)
    _PROPOSE.run(connection, **{column.name: getattr(change, column.name) for column in _CHANGES.c})
    of = {"change_id": change.id, "process_id": change.process_id}
    if change.citations:
        _CITE.run_all(connection, [{**one._asdict(), **of} for one in change.citations])


def write_decision(session: Session, change: ChangeRow) -> None:
    """Record what was decided. `StaleEdit` where somebody else has written since it was read."""
    read, change.version = change.version, change.version + 1
    values = {name: getattr(change, name) for name in _DECIDED}
    if _DECIDE.run(core_connection(session), change=change.id, read=read, **values) != 1:
        raise StaleEdit(sentence("it was changed by somebody else in the meantime"))
    loaded = session.identity_map.get(identity_key(StatusChange, change.id))
    if loaded is not None:  # as a mapped object, too: that is read again
        session.expire(loaded)


_LAST = Prepared(select(func.max(StatusChange.number)))


def take_next_number(session: Session) -> int:
    """The place of the next approved change. Only ever called by a holder of the right to write."""
    return int(_LAST.value(core_connection(session)) or 0) + 1


def find_still_standing(session: Session, change: ChangeRow) -> bool:
    """Whether another change, approved or waiting, gives the same answer on the same track of the same subject."""
    query = select(StatusChange.id).where(
        StatusChange.subject_id == change.subject_id,
        StatusChange.track == change.track,
        StatusChange.to_state == change.to_state,
        StatusChange.decision.in_(("proposed", "approved")),
        StatusChange.id != change.id,
    )
    return session.scalar(query.limit(1)) is not None
