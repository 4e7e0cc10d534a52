"""The two transparency logs: of public acts, and of the audit trail. And the jobs that come round by themselves."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
)

from tracker.migrations.tables.columns import INSTANT, KEY_ONLY, PLACE, PUBLIC, RECORD, one_of

Table(
    "public_log_entry",
    PUBLIC,
    Column("idx", PLACE, primary_key=True, autoincrement=False),
    Column("entry", LargeBinary, nullable=False),
)

Table(
    "public_log_hash",
    PUBLIC,
    Column("level", SmallInteger, primary_key=True, autoincrement=False),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
    CheckConstraint("length(hash) = 32", name="hash"),
    **KEY_ONLY,
)

Table(
    "public_log_checkpoint",
    PUBLIC,
    Column("size", PLACE, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
)

Table(
    "public_log_cosignature",
    PUBLIC,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(255), primary_key=True),
    Column("line", Text, nullable=False),
)

Table(
    "public_log_name",
    PUBLIC,
    Column("database", String(36), primary_key=True),
    Column("origin", Text, nullable=False),
)

Table(
    "public_log_succession",
    PUBLIC,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("origin", Text, nullable=False, unique=True),
    Column("kept", BigInteger, nullable=False),
    Column("statement", Text, nullable=False),
)

Table(
    "internal_log_entry",
    RECORD,
    Column("idx", PLACE, primary_key=True, autoincrement=False),
    Column("entry", LargeBinary, nullable=False),
)

Table(
    "internal_log_hash",
    RECORD,
    Column("level", SmallInteger, primary_key=True, autoincrement=False),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
    CheckConstraint("length(hash) = 32", name="hash"),
    **KEY_ONLY,
)

Table(
    "log_anchor",
    RECORD,
    Column("seq", PLACE, primary_key=True, autoincrement=False),
    Column("salt", LargeBinary, nullable=False),
    Column("checkpoint", Text, nullable=False),
)

Table(
    "job",
    RECORD,
    Column("name", String(16), primary_key=True),
    Column("due_at", INSTANT, nullable=False),
    Column("began_at", INSTANT),
    Column("ended_at", INSTANT),
    Column("outcome", String(6)),
    Column("detail", String(300)),
    Column("done_at", INSTANT),
    one_of("outcome", "done wrong failed"),
)
