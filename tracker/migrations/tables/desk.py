"""Sessions of the desk, what somebody shows beside a password, and what was typed and not sent yet."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from tracker.migrations.tables.columns import ID, INSTANT, RECORD, id_kind, one_of

Table(
    "session",
    RECORD,
    Column("id", ID, primary_key=True),
    Column("digest", LargeBinary(32), nullable=False, unique=True),
    Column("person_id", ID, ForeignKey("person.id"), nullable=False, index=True),
    Column("label", String(60)),
    Column("opened_by", String(16), nullable=False),
    Column("opened_at", INSTANT, nullable=False, index=True),
    Column("confirmed_at", INSTANT, nullable=False),
    Column("used_at", INSTANT, nullable=False, index=True),
    id_kind("ses"),
    one_of("opened_by", "code recovery_code link passkey provider"),
)

Table(
    "login_try",
    RECORD,
    Column("pair", LargeBinary(32), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", INSTANT, nullable=False, index=True),
)

Table(
    "second_factor",
    RECORD,
    Column("person_id", ID, ForeignKey("person.id"), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("used_step", Integer),
    Column("set_at", INSTANT, nullable=False),
)

Table(
    "recovery_code",
    RECORD,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("person_id", ID, ForeignKey("person.id"), nullable=False, index=True),
)

Table(
    "passkey",
    RECORD,
    Column("id", ID, primary_key=True),
    Column("person_id", ID, ForeignKey("person.id"), nullable=False, index=True),
    Column("credential", LargeBinary(1023), nullable=False, unique=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("label", String(60), nullable=False),
    Column("added_at", INSTANT, nullable=False),
    Column("last_used_on", Date),
    id_kind("psk"),
)

Table(
    "identity",
    RECORD,
    Column("id", ID, primary_key=True),
    Column("person_id", ID, ForeignKey("person.id"), nullable=False),
    Column("issuer", String(500), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("linked_at", INSTANT, nullable=False),
    Column("last_used_on", Date),
    id_kind("idn"),
    UniqueConstraint("issuer", "subject"),
    UniqueConstraint("person_id", "issuer"),
)

Table(
    "spent_challenge",
    RECORD,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("over_at", INSTANT, nullable=False, index=True),
)

Table(
    "entry_link",
    RECORD,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("person_id", ID, ForeignKey("person.id"), nullable=False, index=True),
    Column("purpose", String(12), nullable=False),
    Column("active_at", INSTANT),
    Column("expires_at", INSTANT, nullable=False),
    one_of("purpose", "invitation reset"),
)

Table(
    "kept_form",
    RECORD,
    Column("id", ID, primary_key=True),
    Column("person_id", ID, ForeignKey("person.id"), nullable=False, index=True),
    Column("page", String(200), nullable=False),
    Column("thing_id", ID, index=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("kept_until", INSTANT, nullable=False, index=True),
    id_kind("kpt"),
)

Table(
    "desk_note",
    RECORD,
    Column("id", ID, primary_key=True),
    Column("subject_id", ID, ForeignKey("subject.id"), nullable=False),
    Column("text", Text),
    Column("written_at", INSTANT, nullable=False),
    Column("written_by", ID, ForeignKey("person.id"), nullable=False),
    Column("retracted_at", INSTANT),
    id_kind("nte"),
    CheckConstraint("(text IS NULL) = (retracted_at IS NOT NULL)", name="retracted"),
    Index("ix_desk_note_subject_id", "subject_id", "written_at", "id"),
)

Table(
    "saved_filter",
    RECORD,
    Column("id", ID, primary_key=True),
    Column("person_id", ID, ForeignKey("person.id"), nullable=False),
    Column("name", String(80), nullable=False),
    Column("page", String(200), nullable=False),
    Column("query", String(2000), nullable=False),
    Column("process_id", ID, ForeignKey("process.id")),
    Column("shared", Boolean, nullable=False),
    Column("saved_at", INSTANT, nullable=False),
    id_kind("flt"),
    CheckConstraint("name <> ''", name="named"),
    Index("ix_saved_filter_person_id", "person_id", "name"),
    Index("ix_saved_filter_shared", "shared", "name"),
)
