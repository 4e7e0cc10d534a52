"""Letters that wait for the mail server."""

from sqlalchemy import Column, Integer, LargeBinary, String, Table

from tracker.migrations.tables.columns import ID, INSTANT, RECORD, one_of

Table(
    "letter",
    RECORD,
    Column("id", ID, primary_key=True),
    Column("purpose", String(12), nullable=False),
    Column("about", ID, index=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("made_at", INSTANT, nullable=False),
    Column("due_at", INSTANT, nullable=False, index=True),
    Column("tried_at", INSTANT),
    Column("failures", Integer, nullable=False),
    Column("fault", String(12)),
    Column("given_up_at", INSTANT),
    one_of("purpose", "confirmation digest link"),
    one_of("fault", "later login recipient refused timeout tls unreachable unsure"),
)
