"""What lists are narrowed by and what a search finds, of the record and of the public side."""

from sqlalchemy import Column, Index, String, Table, Text, text

from tracker.migrations.tables.columns import ID, KEY_ONLY, PLACE, PUBLIC, RECORD, SORTED

_SORTS = {"sort_key": SORTED, "moment": String(27)}
for side, metadata, order, other, wide in (
    ("record", RECORD, "moment", "sort_key", "facet IN ('all', 'owner', 'process')"),
    ("public", PUBLIC, "sort_key", "moment", "facet IN ('all', 'process')"),
):
    Table(
        f"{side}_facet",
        metadata,
        Column("kind", String(16), primary_key=True),
        Column("facet", String(32), primary_key=True),
        Column("value", String(128), primary_key=True),
        Column(order, _SORTS[order], primary_key=True),
        Column("id", ID, primary_key=True),
        Column(other, _SORTS[other]),
        Column("first_on", SORTED, nullable=False),
        Column("last_on", SORTED, nullable=False),
        Index(
            f"ix_{side}_facet_first_on",
            *("kind", "facet", "value", "first_on", "id", "last_on"),
            sqlite_where=text(wide),
            postgresql_where=text(wide),
        ),
        Index(
            f"ix_{side}_facet_{other}",
            *("kind", "facet", "value", other, "id"),
            sqlite_where=text(wide),
            postgresql_where=text(wide),
        ),
        **KEY_ONLY,
    )
    Table(
        f"{side}_filing",
        metadata,
        Column("id", ID, primary_key=True),
        Column("kind", String(16), nullable=False),
        Column("sort_key", SORTED, nullable=False),
        Column("moment", String(27), nullable=False),
        Column("first_on", SORTED, nullable=False),
        Column("last_on", SORTED, nullable=False),
        Column("under", Text, nullable=False),
    )

Table(
    "record_search",
    RECORD,
    Column("number", PLACE, primary_key=True, autoincrement=False),
    Column("id", ID, index=True, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("process_id", ID),
    Column("title", Text, nullable=False),
    Column("names", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("from_on", SORTED, nullable=False),
    Column("until_on", SORTED, nullable=False),
)

Table(
    "public_search",
    PUBLIC,
    Column("number", PLACE, primary_key=True, autoincrement=False),
    Column("id", ID, index=True, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("process_id", ID),
    Column("title", Text, nullable=False),
    Column("names", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("from_on", SORTED, nullable=False),
    Column("until_on", SORTED, nullable=False),
)


def create_words(name: str, dialect: str) -> tuple[str, ...]:
    """What a search finds its entries by: a virtual table on SQLite, one with a GIN index on PostgreSQL."""
    if dialect == "sqlite":
        return (
            f"CREATE VIRTUAL TABLE {name}_words USING fts5(names, body, filed, tokenize='ascii',"
            " detail='column', columnsize=0, prefix='1 2 3')",
        )
    return (
        f"CREATE TABLE {name}_words (number BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
        f"CREATE INDEX ix_{name}_words ON {name}_words USING gin (words)",
    )
