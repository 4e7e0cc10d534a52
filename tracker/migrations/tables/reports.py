"""Reports of committees and organizations."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    Table,
    Text,
)

from tracker.migrations.tables.columns import ID, JSON, PARTIAL_DAY, RECORD, id_kind, one_of

Table(
    "report",
    RECORD,
    Column("id", ID, ForeignKey("subject.id"), primary_key=True),
    Column("process_id", ID, nullable=False),
    Column("committee_id", ID, index=True),
    Column("issuer_id", ID, ForeignKey("organization.id"), index=True),
    Column("printed_number", String(80)),
    Column("type", String(10), nullable=False),
    Column("title", Text, nullable=False),
    Column("language", String(35)),
    Column("dated_on", PARTIAL_DAY),
    Column("recommendations_complete", Boolean, nullable=False),
    Column("recommendations_printed", Integer),
    Column("out_of_scope", JSON, nullable=False),
    Column("claims", JSON, nullable=False),
    Column("note", Text),
    id_kind("rpt"),
    one_of("type", "final interim other"),
    CheckConstraint("recommendations_printed >= 0", name="recommendations_printed"),
    ForeignKeyConstraint(["committee_id", "process_id"], ["subject.id", "subject.process_id"]),
    ForeignKeyConstraint(["id", "process_id"], ["subject.id", "subject.process_id"]),
    CheckConstraint("(committee_id IS NULL) <> (issuer_id IS NULL)", name="one_issuer"),
    CheckConstraint("committee_id LIKE 'com\\_%' ESCAPE '\\'", name="committee_id_kind"),
)
