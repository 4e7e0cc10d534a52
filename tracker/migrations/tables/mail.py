"""Letters that wait for the mail server, where people of the desk are told that something waits for them,
and who follows what is public without an account."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, String, Table, UniqueConstraint

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
    Column("due_at", INSTANT, index=True),
    Column("tried_at", INSTANT),
    Column("failures", Integer, nullable=False),
    Column("fault", String(12)),
    Column("given_up_at", INSTANT),
    one_of("purpose", "confirmation digest link news"),
    one_of("fault", "later login recipient refused sealed timeout tls unreachable unsure"),
)

Table(
    "mailbox",
    RECORD,
    Column("person_id", ID, ForeignKey("person.id"), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("language", String(8), nullable=False),
    Column("period", String(8), nullable=False),
    Column("proof", LargeBinary(32)),
    Column("proof_until", INSTANT),
    Column("asks", Integer, nullable=False),
    Column("asked_at", INSTANT, nullable=False),
    Column("confirmed_at", INSTANT),
    Column("told_at", INSTANT),
    Column("next_at", INSTANT),
    Column("ending", LargeBinary(32), nullable=False, unique=True),
    one_of("period", "off at_once daily weekly"),
)

Table(
    "follower",
    RECORD,
    Column("id", ID, primary_key=True),
    Column("address", LargeBinary(32), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("what", String(200), nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("language", String(8), nullable=False),
    Column("page", String(1600), nullable=False),
    Column("proof", LargeBinary(32), unique=True),
    Column("ending", LargeBinary(32), nullable=False, unique=True),
    Column("asked_at", INSTANT, nullable=False, index=True),
    Column("confirmed_at", INSTANT),
    Column("place", BigInteger, nullable=False),
    Column("next_at", INSTANT, nullable=False),
    UniqueConstraint("address", "kind", "what"),
    one_of("kind", "process recommendation search"),
)
