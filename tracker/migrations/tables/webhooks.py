"""Who is told of public acts, which of them wait for whom, and what became of each attempt."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
)

from tracker.migrations.tables.columns import ID, INSTANT, JSON, RECORD, id_kind, one_of

Table(
    "webhook",
    RECORD,
    Column("id", ID, primary_key=True),
    Column("url", String(500), nullable=False),
    Column("process_id", ID, ForeignKey("process.id")),
    Column("kinds", JSON, nullable=False),
    Column("tracks", JSON, nullable=False),
    Column("state", String(8), nullable=False),
    Column("place", BigInteger, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("old_until", INSTANT),
    Column("created_at", INSTANT, nullable=False),
    Column("tested_at", INSTANT),
    Column("failing_since", INSTANT),
    id_kind("whk"),
    one_of("state", "new active stopped ended"),
)

Table(
    "webhook_message",
    RECORD,
    Column("webhook_id", ID, ForeignKey("webhook.id"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("failures", Integer, nullable=False),
    Column("due_at", INSTANT, nullable=False),
    Column("parked_at", INSTANT),
    Index("ix_webhook_message_due", "webhook_id", "parked_at", "seq"),
)

Table(
    "webhook_delivery",
    RECORD,
    Column("id", Integer, primary_key=True),
    Column("webhook_id", ID, ForeignKey("webhook.id"), nullable=False),
    Column("seq", BigInteger),
    Column("event_id", ID),
    Column("at", INSTANT, nullable=False),
    Column("status", SmallInteger),
    Column("fault", String(12)),
    Column("took_ms", Integer, nullable=False),
    Index("ix_webhook_delivery_webhook", "webhook_id", "id"),
    Index("ix_webhook_delivery_at", "at"),
    one_of("fault", "address page status timeout tls unreachable withheld"),
)
