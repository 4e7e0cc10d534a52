"""Processes, and what every subject of one has."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

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
    "process",
    RECORD,
    Column("id", ID, primary_key=True),
    Column("slug", String(80), unique=True, nullable=False),
    Column("former_slug", String(80), index=True),
    Column("title", Text, nullable=False),
    Column("former_names", JSON, nullable=False),
    Column("summary", Text, nullable=False),
    Column("translations", JSON, nullable=False),
    Column("country", String(2)),
    Column("place", Text),
    Column("happened_from", PARTIAL_DAY),
    Column("happened_to", PARTIAL_DAY),
    Column("lead_id", ID, ForeignKey("organization.id"), index=True, nullable=False),
    Column("calendar", JSON, nullable=False),
    Column("calendar_since", INSTANT, nullable=False),
    Column("evidence_policy", JSON, nullable=False),
    Column("revisions", JSON, nullable=False),
    Column("reminders", JSON, nullable=False),
    Column("languages", JSON, nullable=False),
    Column("stale_after_days", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("publication", String(10), nullable=False),
    Column("published_at", INSTANT),
    Column("withdrawn_at", INSTANT),
    Column("withdrawn_because", Text),
    id_kind("prc"),
    one_of("publication", "draft published withdrawn"),
    partial_order("happened_from", "happened_to"),
    CheckConstraint("stale_after_days BETWEEN 1 AND 3650", name="stale_after_days"),
    publication_dated(),
)

Table(
    "subject",
    RECORD,
    Column("id", ID, primary_key=True),
    Column("process_id", ID, ForeignKey("process.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("reference", String(40)),
    Column("former_reference", String(40), index=True),
    Column("created_by", ID, ForeignKey("person.id"), nullable=False),
    Column("translations", JSON, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("publication", String(10), nullable=False),
    Column("published_at", INSTANT),
    Column("withdrawn_at", INSTANT),
    Column("withdrawn_because", Text),
    one_of("kind", "committee report resource deadline recommendation indicator evidence"),
    one_of("publication", "draft published withdrawn"),
    UniqueConstraint("id", "kind"),
    UniqueConstraint("id", "process_id"),
    UniqueConstraint("process_id", "kind", "reference"),
    CheckConstraint(
        "kind = 'committee' AND id LIKE 'com\\_%' ESCAPE '\\' OR kind = 'report' AND id LIKE"
        " 'rpt\\_%' ESCAPE '\\' OR kind = 'resource' AND id LIKE"
        " 'res\\_%' ESCAPE '\\' OR kind = 'deadline' AND id LIKE 'ddl\\_%' ESCAPE '\\' OR kind ="
        " 'recommendation' AND id LIKE 'rec\\_%' ESCAPE '\\' OR kind = 'indicator' AND id LIKE"
        " 'ind\\_%' ESCAPE '\\' OR kind = 'evidence' AND id LIKE"
        " 'evd\\_%' ESCAPE '\\'",
        name="id_kind",
    ),
    publication_dated(),
)
