"""Tips of people without an account, and the boxes that take them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
)

from tracker.migrations.tables.columns import ID, INSTANT, JSON, RECORD, id_kind, one_of

Table(
    "tip_box",
    RECORD,
    Column("process_id", ID, ForeignKey("process.id"), primary_key=True),
    Column("words", JSON, nullable=False),
    Column("kept_days", Integer, nullable=False),
    Column("opened_at", INSTANT, nullable=False),
    Column("closed_at", INSTANT),
    CheckConstraint("kept_days BETWEEN 7 AND 365", name="kept_days"),
)

Table(
    "tip",
    RECORD,
    Column("id", ID, primary_key=True),
    Column("process_id", ID, ForeignKey("process.id"), nullable=False),
    Column("digest", LargeBinary(32), nullable=False, unique=True),
    Column("state", String(12), nullable=False),
    Column("language", String(8), nullable=False),
    Column("came_at", INSTANT, nullable=False),
    Column("kept_until", INSTANT, nullable=False, index=True),
    Column("unread", Boolean, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("set_aside_by", ID, ForeignKey("person.id")),
    Column("evidence_id", ID, ForeignKey("evidence.id"), index=True),
    id_kind("tip"),
    one_of("state", "received looked_at used not_used taken_back"),
    CheckConstraint("state <> 'used' OR evidence_id IS NOT NULL", name="used"),
    CheckConstraint("(state = 'not_used') = (set_aside_by IS NOT NULL)", name="set_aside"),
    Index("ix_tip_process_id", "process_id", "came_at", "id"),
)

Table(
    "tip_message",
    RECORD,
    Column("tip_id", ID, ForeignKey("tip.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("by_desk", Boolean, nullable=False),
    Column("came_at", INSTANT, nullable=False),
    Column("once", LargeBinary(32), unique=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

Table(
    "tip_file",
    RECORD,
    Column("id", ID, primary_key=True),
    Column("tip_id", ID, ForeignKey("tip.id"), nullable=False, index=True),
    Column("key", String(32), nullable=False, unique=True),
    Column("sha256", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("declared_type", String(127)),
    Column("detected_type", String(127), nullable=False),
    Column("name_key", LargeBinary),
    Column("name_box", LargeBinary),
    id_kind("fil"),
    CheckConstraint("size >= 0", name="size"),
    CheckConstraint("(name_key IS NULL) = (name_box IS NULL)", name="name"),
)
