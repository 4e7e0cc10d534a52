"""What somebody typed at the desk and has not sent yet, sealed. Its owner alone reads it."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    LargeBinary,
    String,
    Table,
    bindparam,
    delete,
    insert,
    select,
)
from sqlalchemy.orm import Session

from tracker.database.prepared import Prepared
from tracker.store.base import Base, UtcInstant, check_prefix
from tracker.store.database import core_connection

#: ``page`` is the address of its form, without the language; ``thing_id`` what it is about, where that is one thing.
KEPT_FORMS: Final = Table(
    "kept_form",
    Base.metadata,
    Column("id", String(30), primary_key=True),
    Column("person_id", String(30), ForeignKey("person.id"), nullable=False, index=True),
    Column("page", String(200), nullable=False),
    Column("thing_id", String(30), nullable=True, index=True),
    Column("wrapped", LargeBinary(), nullable=False),
    Column("content", LargeBinary(), nullable=False),
    Column("kept_until", UtcInstant(), nullable=False, index=True),
    CheckConstraint(check_prefix("id", "kept_form"), name="id_kind"),
)


class KeptFormRow(NamedTuple):
    """A kept form as a plain row."""

    id: str
    person_id: str
    page: str
    thing_id: str | None
    wrapped: bytes
    content: bytes
    kept_until: datetime


_COLUMNS: Final = tuple(KEPT_FORMS.c[name] for name in KeptFormRow._fields)
_OWN: Final = (KEPT_FORMS.c.id == bindparam("own")) & (KEPT_FORMS.c.person_id == bindparam("person"))
_FIND: Final = Prepared(select(*_COLUMNS).where(_OWN))
_LIST: Final = Prepared(
    select(*_COLUMNS)
    .where(KEPT_FORMS.c.person_id == bindparam("person"))
    .order_by(KEPT_FORMS.c.kept_until, KEPT_FORMS.c.id)
)
_ADD: Final = Prepared(insert(KEPT_FORMS))
_DROP: Final = Prepared(delete(KEPT_FORMS).where(_OWN))
_DROP_OF: Final = Prepared(delete(KEPT_FORMS).where(KEPT_FORMS.c.thing_id == bindparam("thing")))
_SWEEP: Final = Prepared(delete(KEPT_FORMS).where(KEPT_FORMS.c.kept_until <= bindparam("now")))


def find_form(session: Session, person: str, id: str) -> KeptFormRow | None:
    row = _FIND.first(core_connection(session), own=id, person=person)
    return None if row is None else KeptFormRow(*row)


def list_forms(session: Session, person: str) -> list[KeptFormRow]:
    """The kept forms of somebody, the oldest first."""
    return [KeptFormRow(*row) for row in _LIST.rows(core_connection(session), person=person)]


def add_form(session: Session, row: KeptFormRow) -> None:
    _ADD.run(core_connection(session), **row._asdict())


def drop_form(session: Session, person: str, id: str) -> bool:
    """Whether there was one."""
    return _DROP.run(core_connection(session), own=id, person=person) == 1


def drop_forms_about(session: Session, thing: str) -> None:
    """Delete what anybody typed about a thing."""
    _DROP_OF.run(core_connection(session), thing=thing)


def sweep_forms(session: Session, now: datetime) -> None:
    """Delete what is kept no longer."""
    _SWEEP.run(core_connection(session), now=now)
