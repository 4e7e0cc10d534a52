"""The means of committees and recommendations."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, ForeignKeyConstraint, String, Table, Text

from tracker.migrations.tables.columns import ID, RECORD, id_kind, one_of

Table(
    "resource",
    RECORD,
    Column("id", ID, ForeignKey("subject.id"), primary_key=True),
    Column("process_id", ID, nullable=False),
    Column("committee_id", ID, index=True),
    Column("recommendation_id", ID, index=True),
    Column("type", String(40), nullable=False),
    Column("title", Text, nullable=False),
    Column("unit", String(40)),
    Column("note", Text),
    id_kind("res"),
    one_of(
        "type",
        "budget staff_investigators staff_legal staff_forensic staff_psychosocial interpreters"
        " witness_protection_capacity security premises_and_transport secure_it"
        " forensic_laboratory international_expertise access",
    ),
    ForeignKeyConstraint(["recommendation_id", "process_id"], ["subject.id", "subject.process_id"]),
    CheckConstraint("recommendation_id LIKE 'rec\\_%' ESCAPE '\\'", name="recommendation_id_kind"),
    CheckConstraint("(committee_id IS NULL) <> (recommendation_id IS NULL)", name="one_owner"),
    ForeignKeyConstraint(["committee_id", "process_id"], ["subject.id", "subject.process_id"]),
    ForeignKeyConstraint(["id", "process_id"], ["subject.id", "subject.process_id"]),
    CheckConstraint("committee_id LIKE 'com\\_%' ESCAPE '\\'", name="committee_id_kind"),
)
