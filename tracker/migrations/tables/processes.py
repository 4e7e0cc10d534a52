"""Processes and their subjects: committees, resources, deadlines, recommendations."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from tracker.migrations.tables.columns import ID, INSTANT, JSON, RECORD, id_kind, one_of, publication_dated

Table(
    "process",
    RECORD,
    Column("id", ID, primary_key=True),
    Column("slug", String(80), unique=True, nullable=False),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("country", String(2)),
    Column("place", Text),
    Column("happened_from", Date),
    Column("happened_to", Date),
    Column("lead_id", ID, ForeignKey("organization.id"), index=True, nullable=False),
    Column("calendar", JSON, nullable=False),
    Column("calendar_since", INSTANT, nullable=False),
    Column("evidence_policy", JSON, nullable=False),
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
    CheckConstraint("happened_from <= happened_to", name="happened_from_order"),
    CheckConstraint("stale_after_days BETWEEN 1 AND 3650", name="stale_after_days"),
    publication_dated(),
)

Table(
    "subject",
    RECORD,
    Column("id", ID, primary_key=True),
    Column("process_id", ID, ForeignKey("process.id"), index=True, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("reference", String(40)),
    Column("created_by", ID, ForeignKey("person.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("publication", String(10), nullable=False),
    Column("published_at", INSTANT),
    Column("withdrawn_at", INSTANT),
    Column("withdrawn_because", Text),
    one_of("kind", "committee resource deadline recommendation evidence"),
    one_of("publication", "draft published withdrawn"),
    UniqueConstraint("id", "kind"),
    UniqueConstraint("id", "process_id"),
    UniqueConstraint("process_id", "kind", "reference"),
    CheckConstraint(
        "kind = 'committee' AND id LIKE 'com\\_%' ESCAPE '\\' OR kind = 'resource' AND id LIKE"
        " 'res\\_%' ESCAPE '\\' OR kind = 'deadline' AND id LIKE 'ddl\\_%' ESCAPE '\\' OR kind ="
        " 'recommendation' AND id LIKE 'rec\\_%' ESCAPE '\\' OR kind = 'evidence' AND id LIKE"
        " 'evd\\_%' ESCAPE '\\'",
        name="id_kind",
    ),
    publication_dated(),
)

Table(
    "committee",
    RECORD,
    Column("id", ID, ForeignKey("subject.id"), primary_key=True),
    Column("process_id", ID, nullable=False),
    Column("body_type", String(40), nullable=False),
    Column("name", Text, nullable=False),
    Column("names", JSON, nullable=False),
    Column("instrument", Text),
    Column("appointed_by_id", ID, ForeignKey("organization.id"), index=True),
    Column("reports_to_id", ID, ForeignKey("organization.id"), index=True),
    Column("established_on", Date),
    Column("note", Text),
    id_kind("com"),
    one_of(
        "body_type",
        "national_commission_of_inquiry presidential_committee parliamentary_inquiry"
        " judicial_inquiry truth_commission international_commission_of_inquiry"
        " fact_finding_mission investigative_mechanism hybrid_mechanism nhri_inquiry"
        " prosecutorial_investigation internal_disciplinary_board vetting_body"
        " civil_society_inquiry",
    ),
    ForeignKeyConstraint(["id", "process_id"], ["subject.id", "subject.process_id"]),
)

Table(
    "committee_member",
    RECORD,
    Column("id", Integer, primary_key=True),
    Column("committee_id", ID, ForeignKey("committee.id"), index=True, nullable=False),
    Column("name", Text, nullable=False),
    Column("aliases", JSON, nullable=False),
    Column("role", Text),
    Column("profession", Text),
    Column("from_on", Date),
    Column("to_on", Date),
    UniqueConstraint("committee_id", "name", "from_on"),
    CheckConstraint("from_on <= to_on", name="from_on_order"),
)

Table(
    "committee_report",
    RECORD,
    Column("id", Integer, primary_key=True),
    Column("committee_id", ID, ForeignKey("committee.id"), index=True, nullable=False),
    Column("type", String(10), nullable=False),
    Column("title", Text, nullable=False),
    Column("delivered_on", Date),
    Column("announced_on", Date),
    Column("presented_on", Date),
    Column("published_on", Date),
    Column("recommendations_complete", Boolean, nullable=False),
    Column("claims", JSON, nullable=False),
    Column("note", Text),
    UniqueConstraint("committee_id", "title"),
    one_of("type", "final interim other"),
    CheckConstraint("delivered_on <= published_on", name="delivered_on_order"),
)

Table(
    "mandate",
    RECORD,
    Column("id", ID, primary_key=True),
    Column("committee_id", ID, ForeignKey("committee.id"), index=True, nullable=False),
    Column("number", Integer, nullable=False),
    Column("instrument", Text, nullable=False),
    Column("adopted_on", Date, nullable=False),
    Column("in_force_from", Date),
    Column("in_force_to", Date),
    Column("scope", JSON, nullable=False),
    Column("tasks", JSON, nullable=False),
    Column("powers", JSON, nullable=False),
    Column("reports_to", Text),
    Column("duty_to_publish", String(12), nullable=False),
    Column("note", Text),
    id_kind("mnd"),
    one_of("duty_to_publish", "yes no not_stated"),
    UniqueConstraint("committee_id", "number"),
    CheckConstraint("in_force_from <= in_force_to", name="in_force_from_order"),
    CheckConstraint("number >= 1", name="number"),
)

Table(
    "resource",
    RECORD,
    Column("id", ID, ForeignKey("subject.id"), primary_key=True),
    Column("process_id", ID, nullable=False),
    Column("committee_id", ID, index=True, nullable=False),
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
    ForeignKeyConstraint(["committee_id", "process_id"], ["subject.id", "subject.process_id"]),
    ForeignKeyConstraint(["id", "process_id"], ["subject.id", "subject.process_id"]),
    CheckConstraint("committee_id LIKE 'com\\_%' ESCAPE '\\'", name="committee_id_kind"),
)

Table(
    "resource_figure",
    RECORD,
    Column("id", Integer, primary_key=True),
    Column("resource_id", ID, ForeignKey("resource.id"), index=True, nullable=False),
    Column("figure", String(10), nullable=False),
    Column("amount", Numeric(18, 2)),
    Column("as_of", Date, nullable=False),
    Column("source", Text, nullable=False),
    one_of("figure", "needed pledged delivered"),
    CheckConstraint("amount >= 0", name="amount"),
)

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
    Column("set_on", Date, nullable=False),
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
        "starts_with_id LIKE 'ddl\\_%' ESCAPE '\\' OR starts_with_id LIKE 'rec\\_%' ESCAPE '\\'",
        name="starts_with_id_kind",
    ),
    CheckConstraint("event_evidence_id LIKE 'evd\\_%' ESCAPE '\\'", name="event_evidence_id_kind"),
    CheckConstraint("set_on <= due_on", name="due_after_set"),
)

Table(
    "recommendation",
    RECORD,
    Column("id", ID, ForeignKey("subject.id"), primary_key=True),
    Column("process_id", ID, nullable=False),
    Column("committee_id", ID, index=True),
    Column("issuer_id", ID, ForeignKey("organization.id"), index=True),
    Column("printed_number", String(80)),
    Column("report", Text),
    Column("issued_on", Date, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("language", String(35), nullable=False),
    Column("type", String(40), nullable=False),
    Column("parent_id", ID, index=True),
    Column("tags", JSON, nullable=False),
    Column("note", Text),
    id_kind("rec"),
    one_of(
        "type",
        "vetting suspension_from_duty criminal_investigation prosecution disciplinary_action"
        " command_responsibility_review reparation guarantees_of_non_repetition"
        " legislative_reform institutional_reform security_sector_reform oversight_mechanism"
        " disarmament_disbandment exhumation_identification dignified_burial search_for_missing"
        " truth_seeking witness_protection access_for_monitors inquiry_conditions"
        " publication_of_report archives_preservation memorialization public_apology"
        " protection_of_minorities humanitarian_assistance return_of_displaced services"
        " language_and_culture funding training data_collection ratification other",
    ),
    ForeignKeyConstraint(["committee_id", "process_id"], ["subject.id", "subject.process_id"]),
    ForeignKeyConstraint(["id", "process_id"], ["subject.id", "subject.process_id"]),
    ForeignKeyConstraint(["parent_id", "process_id"], ["subject.id", "subject.process_id"]),
    CheckConstraint("(committee_id IS NULL) <> (issuer_id IS NULL)", name="one_issuer"),
    CheckConstraint("committee_id LIKE 'com\\_%' ESCAPE '\\'", name="committee_id_kind"),
    CheckConstraint("parent_id <> id", name="not_itself"),
    CheckConstraint("parent_id LIKE 'rec\\_%' ESCAPE '\\'", name="parent_id_kind"),
)

Table(
    "recommendation_addressee",
    RECORD,
    Column("id", Integer, primary_key=True),
    Column("recommendation_id", ID, ForeignKey("recommendation.id"), index=True, nullable=False),
    Column("organization_id", ID, ForeignKey("organization.id"), index=True, nullable=False),
    Column("role", String(10), nullable=False),
    one_of("role", "primary supporting oversight"),
    UniqueConstraint("recommendation_id", "organization_id"),
)
