"""Organizations, the people in them, their keys, and what they did."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from tracker.migrations.tables.columns import (
    ID,
    INSTANT,
    JSON,
    PARTIAL_DAY,
    RECORD,
    id_kind,
    one_of,
    partial_order,
    publication_dated,
)

Table(
    "organization",
    RECORD,
    Column("id", ID, primary_key=True),
    Column("slug", String(80), unique=True, nullable=False),
    Column("former_slug", String(80), index=True),
    Column("name", Text, nullable=False),
    Column("type", String(40), nullable=False),
    Column("website", Text),
    Column("contact", Text),
    Column("part_of_id", ID, ForeignKey("organization.id"), index=True),
    Column("founded_on", PARTIAL_DAY),
    Column("ended_on", PARTIAL_DAY),
    Column("former_names", JSON, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("publication", String(10), nullable=False),
    Column("published_at", INSTANT),
    Column("withdrawn_at", INSTANT),
    Column("withdrawn_because", Text),
    id_kind("org"),
    one_of("publication", "draft published withdrawn"),
    one_of(
        "type",
        "authority security_force parliament judiciary inquiry_body watchdog coalition un_body"
        " regional_body nhri media religious_body education civil_society company other",
    ),
    CheckConstraint("part_of_id <> id", name="not_itself"),
    partial_order("founded_on", "ended_on"),
    publication_dated(),
)

Table(
    "organization_predecessor",
    RECORD,
    Column("id", Integer, primary_key=True),
    Column("organization_id", ID, ForeignKey("organization.id"), nullable=False),
    Column("predecessor_id", ID, ForeignKey("organization.id"), index=True, nullable=False),
    UniqueConstraint("organization_id", "predecessor_id"),
    CheckConstraint("predecessor_id <> organization_id", name="not_itself"),
)

Table(
    "organization_membership",
    RECORD,
    Column("id", Integer, primary_key=True),
    Column("member_id", ID, ForeignKey("organization.id"), index=True, nullable=False),
    Column("organization_id", ID, ForeignKey("organization.id"), index=True, nullable=False),
    Column("from_on", PARTIAL_DAY),
    Column("to_on", PARTIAL_DAY),
    CheckConstraint("organization_id <> member_id", name="not_itself"),
    partial_order("from_on", "to_on"),
)

Table(
    "organization_alias",
    RECORD,
    Column("id", Integer, primary_key=True),
    Column("organization_id", ID, ForeignKey("organization.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("language", String(35)),
    Column("note", Text),
    UniqueConstraint("organization_id", "name"),
)

Table(
    "watchdog",
    RECORD,
    Column("organization_id", ID, ForeignKey("organization.id"), primary_key=True),
    Column("standing", String(12), nullable=False),
    Column("conflicts", Text),
    Column("since", PARTIAL_DAY, nullable=False),
    one_of("standing", "registered suspended withdrawn"),
)

Table(
    "watchdog_act",
    RECORD,
    Column("id", Integer, primary_key=True),
    Column("organization_id", ID, ForeignKey("watchdog.organization_id"), index=True, nullable=False),
    Column("standing", String(12), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", INSTANT, nullable=False),
    Column("by", ID, ForeignKey("person.id"), nullable=False),
    one_of("standing", "registered suspended withdrawn"),
    CheckConstraint("reason <> ''", name="reason"),
)

Table(
    "person",
    RECORD,
    Column("id", ID, primary_key=True),
    Column("name", String(80), unique=True, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("organization_id", ID, ForeignKey("organization.id"), index=True),
    Column("suspended_at", INSTANT),
    Column("ended_at", INSTANT),
    Column("version", Integer, server_default=text("1"), nullable=False),
    Column("unnamed", Boolean, server_default=false(), nullable=False),
    Column("processes", JSON),
    Column("origin_id", ID, index=True),
    Column("created_at", INSTANT, nullable=False),
    id_kind("per"),
    CheckConstraint("ended_at IS NULL OR suspended_at IS NOT NULL AND unnamed", name="ended"),
)

Table(
    "credential",
    RECORD,
    Column("person_id", ID, ForeignKey("person.id"), primary_key=True),
    Column("hash", String(200), nullable=False),
    Column("changed_at", INSTANT, nullable=False),
    CheckConstraint("hash LIKE '$argon2id$%'", name="hashed"),
)

Table(
    "key",
    RECORD,
    Column("id", ID, primary_key=True),
    Column("person_id", ID, ForeignKey("person.id"), index=True, nullable=False),
    Column("digest", LargeBinary(32), unique=True, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("active_at", INSTANT),
    Column("expires_at", INSTANT, nullable=False),
    Column("revoked_at", INSTANT),
    Column("scope", JSON),
    Column("last_used_on", Date),
    id_kind("key"),
)

Table(
    "key_origin",
    RECORD,
    Column("key_id", ID, ForeignKey("key.id"), primary_key=True),
    Column("parent_id", ID, ForeignKey("key.id"), index=True, nullable=False),
    CheckConstraint("key_id <> parent_id", name="not_itself"),
)

Table(
    "audit_entry",
    RECORD,
    Column("id", Integer, primary_key=True),
    Column("at", INSTANT, nullable=False),
    Column("person_id", ID, nullable=False),
    Column("verb", String(40), nullable=False),
    Column("target_id", ID, nullable=False),
    Column("detail", JSON, nullable=False),
    Column("salt", LargeBinary),
    Index("ix_audit_entry_at_id", "at", "id"),
    Index("ix_audit_entry_person_id_id", "person_id", "id"),
    Index("ix_audit_entry_target_id_id", "target_id", "id"),
    Index("ix_audit_entry_verb_id", "verb", "id"),
)

Table(
    "idempotency",
    RECORD,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("fingerprint", LargeBinary(32), nullable=False),
    Column("claim", LargeBinary(16), nullable=False),
    Column("began_at", INSTANT, index=True, nullable=False),
    Column("status", SmallInteger),
    Column("made", ID),
)
