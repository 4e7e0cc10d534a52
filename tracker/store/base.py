"""What every table of the record shares: types, naming, versions, publication."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    DateTime,
    Dialect,
    MetaData,
    String,
    Text,
    TypeDecorator,
    and_,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, registry
from sqlalchemy.types import TypeEngine

from tracker.domain import publication
from tracker.domain.ids import PREFIXES
from tracker.domain.partial_days import PartialDay, parse_day

#: Names for every constraint, so that migrations can name what they change on both databases.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcInstant(TypeDecorator[datetime]):
    """An aware UTC instant. A naive one is refused: it would mean another moment on another machine."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        instant: datetime = value
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


class PartialDayText(TypeDecorator[PartialDay]):
    """A year, a month or a day as the text that was given, compared byte by byte: in the order of its earliest day."""

    impl = String(10)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String(10, collation="C" if dialect.name == "postgresql" else None))

    def process_bind_param(self, value: PartialDay | date | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> PartialDay | None:  # noqa: ARG002
        return None if value is None else parse_day(value)


Json = JSON().with_variant(JSONB(), "postgresql")
#: The same, where None is no value at all and not the value `null`.
JsonOrNothing = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Base(DeclarativeBase):
    """The declarative base of the record."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: UtcInstant(),
            PartialDay: PartialDayText(),
            str: Text(),
            dict[str, Any]: Json,
            list[Any]: Json,
        },
    )


def quote_list(codes: Iterable[str]) -> str:
    """Codes as an SQL list. They are our own, never input."""
    return ", ".join(f"'{code}'" for code in codes)


def check_one_of(column: str, codes: Iterable[str]) -> CheckConstraint:
    """A CHECK that a column holds one of these codes."""
    return CheckConstraint(f"{column} IN ({quote_list(codes)})", name=column)


def check_in_order(first: str, last: str) -> CheckConstraint:
    """A CHECK that a range of dates is not upside down."""
    return CheckConstraint(f"{first} <= {last}", name=f"{first}_order")


def check_partial_in_order(first: str, last: str) -> CheckConstraint:
    """The same of partial days: what was first lies, as far as the last says it, not after it."""
    return CheckConstraint(f"substr({first}, 1, length({last})) <= {last}", name=f"{first}_order")


def may_lie_in(day: Any, since: str, until: str, begun: Any = None) -> ColumnElement[bool]:
    """SQL: a day of the record, exact or partial, may lie in a span; with ``begun`` it is the last of an interval."""
    if isinstance(day.type, PartialDayText):
        return and_(day >= func.substr(since, 1, func.length(day)), day <= until)
    first = day if begun is None else func.coalesce(begun, day)
    return and_(day >= date.fromisoformat(since), first <= date.fromisoformat(until))


def check_prefix(column: str, kind: str) -> str:
    """SQL: the id in this column carries the prefix of this kind."""
    return f"{column} LIKE '{PREFIXES[kind]}\\_%' ESCAPE '\\'"


class Identified:
    """An opaque random id, given when the thing is made."""

    id: Mapped[str] = mapped_column(String(30), primary_key=True)

    @staticmethod
    def shaped(kind: str) -> CheckConstraint:
        """A CHECK that ids of a table carry the prefix of their kind."""
        return CheckConstraint(check_prefix("id", kind), name="id_kind")


class Versioned:
    """A row that two people may edit: ``version`` grows by one with every edit and stands in the UPDATE itself."""

    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version, "version_id_generator": False}

    def touch(self) -> None:
        self.version += 1


class Published:
    """Draft, published or withdrawn; see `tracker.domain.publication`."""

    publication: Mapped[str] = mapped_column(String(10), default=publication.DRAFT)
    published_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_because: Mapped[str | None]


PUBLICATION_CHECKS = (
    check_one_of("publication", publication.STATES),
    CheckConstraint(
        "(publication <> 'published' OR published_at IS NOT NULL) AND "
        "(publication <> 'withdrawn' OR (withdrawn_at IS NOT NULL AND withdrawn_because IS NOT NULL))",
        name="publication_dated",
    ),
)


def check_copies(*constraints: CheckConstraint) -> tuple[CheckConstraint, ...]:
    """A constraint object belongs to one table; give each table its own."""
    return tuple(CheckConstraint(one.sqltext, name=one.name) for one in constraints)
