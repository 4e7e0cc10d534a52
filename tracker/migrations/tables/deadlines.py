"""Deadlines."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, ForeignKeyConstraint, String, Table, Text

from tracker.migrations.tables.columns import ID, JSON, PARTIAL_DAY, RECORD, id_kind, one_of

Table(
    "deadline",
    RECORD,
    Column("id", ID, ForeignKey("subject.id"), primary_key=True),
    Column("process_id", ID, nullable=False),
    Column("owner_id", ID, index=True, nullable=False),
    Column("type", String(40), nullable=False),
    Column("title", Text, nullable=False),
    Column("basis", String(20), nullable=False),
    Column("instrument", Text),
    Column("set_on", PARTIAL_DAY, nullable=False),
    Column("rule", Text),
    Column("due_on", Date),
    Column("starts_with_id", ID, index=True),
    Column("event_on", Date),
    Column("event_evidence_id", ID),
    Column("reckoning", JSON),
    Column("readings", JSON, nullable=False),
    Column("stays", JSON, nullable=False),
    Column("refused_extensions", JSON, nullable=False),
    Column("note", Text),
    Column("series", String(26)),
    Column("replaces_id", ID, index=True),
    id_kind("ddl"),
    one_of("basis", "decree law court_order recommendation self_imposed international"),
    one_of(
        "type",
        "interim_report_due final_report_due mandate_expiry testimony_call_closes publication_due"
        " government_response_due implementation_due follow_up_report_due hearing_scheduled"
        " review_date",
    ),
    ForeignKeyConstraint(["id", "process_id"], ["subject.id", "subject.process_id"]),
    ForeignKeyConstraint(["owner_id", "process_id"], ["subject.id", "subject.process_id"]),
    ForeignKeyConstraint(["replaces_id", "process_id"], ["subject.id", "subject.process_id"]),
    ForeignKeyConstraint(["starts_with_id", "process_id"], ["subject.id", "subject.process_id"]),
    ForeignKeyConstraint(["event_evidence_id", "process_id"], ["subject.id", "subject.process_id"]),
    CheckConstraint(
        "owner_id LIKE 'com\\_%' ESCAPE '\\' OR owner_id LIKE 'rec\\_%' ESCAPE '\\'",
        name="owner_id_kind",
    ),
    CheckConstraint("replaces_id <> id", name="not_itself"),
    CheckConstraint("replaces_id LIKE 'ddl\\_%' ESCAPE '\\'", name="replaces_id_kind"),
    CheckConstraint(
        "starts_with_id LIKE 'ddl\\_%' ESCAPE '\\' OR starts_with_id LIKE 'rec\\_%' ESCAPE '\\'"
        " OR starts_with_id LIKE 'rpt\\_%' ESCAPE '\\'",
        name="starts_with_id_kind",
    ),
    CheckConstraint("event_evidence_id LIKE 'evd\\_%' ESCAPE '\\'", name="event_evidence_id_kind"),
    CheckConstraint("set_on <= CAST(due_on AS VARCHAR(10))", name="due_after_set"),
)
