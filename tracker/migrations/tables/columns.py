"""What the tables of migration 0001 are written with: both sides of the database, types, and rules of one column."""

from typing import Any

from sqlalchemy import JSON as PLAIN_JSON
from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, Integer, MetaData, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB

#: The record names its constraints, so that a later migration can name what it changes on both databases.
RECORD = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
#: The public side leaves that to the database. No foreign key leads out of it.
PUBLIC = MetaData()

ID = String(30)
INSTANT = DateTime(timezone=True)
JSON = PLAIN_JSON().with_variant(JSONB(), "postgresql")
#: Text that PostgreSQL compares byte by byte, as SQLite does.
SORTED = Text().with_variant(Text(collation="C"), "postgresql")
#: A number that is the only key of a table: SQLite keeps its rows in that order if it is called INTEGER.
PLACE = BigInteger().with_variant(Integer(), "sqlite")
#: For tables that are little more than their key.
KEY_ONLY: dict[str, Any] = {"sqlite_with_rowid": False}

#: A year, a month or a day as text, compared byte by byte too.
PARTIAL_DAY = String(10).with_variant(String(10, collation="C"), "postgresql")


def one_of(column: str, codes: str) -> CheckConstraint:
    """A CHECK that a column holds one of these codes, which are separated by spaces."""
    return CheckConstraint(f"{column} IN ({quote_codes(codes)})", name=column)


def partial_order(first: str, last: str) -> CheckConstraint:
    """A CHECK that a range of partial days is not upside down."""
    return CheckConstraint(f"substr({first}, 1, length({last})) <= {last}", name=f"{first}_order")


def quote_codes(codes: str) -> str:
    return ", ".join(f"'{code}'" for code in codes.split())


def id_kind(prefix: str) -> CheckConstraint:
    """A CHECK that ids carry the prefix of their kind."""
    return CheckConstraint(f"id LIKE '{prefix}\\_%' ESCAPE '\\'", name="id_kind")


def publication_dated() -> CheckConstraint:
    """A CHECK that what is published has its instant, and what is withdrawn its instant and reason."""
    return CheckConstraint(
        "(publication <> 'published' OR published_at IS NOT NULL) AND "
        "(publication <> 'withdrawn' OR (withdrawn_at IS NOT NULL AND withdrawn_because IS NOT NULL))",
        name="publication_dated",
    )


def partial(name: str, *columns: str, where: str, **options: Any) -> Index:
    """An index of those rows alone for which a condition holds."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where), **options)
