"""Processes and their subjects: committees, reports, resources, deadlines, recommendations."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
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
    "process",
    RECORD,
    Column("id", ID, primary_key=True),
    Column("slug", String(80), unique=True, nullable=False),
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
    Column("process_id", ID, ForeignKey("process.id"), index=True, nullable=False),
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

Table(
    "committee",
    RECORD,
    Column("id", ID, ForeignKey("subject.id"), primary_key=True),
    Column("process_id", ID, nullable=False),
    Column("body_type", String(40), nullable=False),
    Column("name", Text, nullable=False),
    Column("former_names", JSON, nullable=False),
    Column("names", JSON, nullable=False),
    Column("instrument", Text),
    Column("appointed_by_id", ID, ForeignKey("organization.id"), index=True),
    Column("reports_to_id", ID, ForeignKey("organization.id"), index=True),
    Column("established_on", PARTIAL_DAY),
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
    Column("from_on", PARTIAL_DAY),
    Column("to_on", PARTIAL_DAY),
    Column("left_because", String(14)),
    Column("left_note", Text),
    Column("succeeded_by", Text),
    Column("conflicts", Text),
    one_of("left_because", "resigned removed recused term_ended moved_on incapacitated died other"),
    UniqueConstraint("committee_id", "name", "from_on"),
    partial_order("from_on", "to_on"),
)

Table(
    "mandate",
    RECORD,
    Column("id", ID, primary_key=True),
    Column("committee_id", ID, ForeignKey("committee.id"), index=True, nullable=False),
    Column("number", Integer, nullable=False),
    Column("instrument", Text, nullable=False),
    Column("adopted_on", PARTIAL_DAY, nullable=False),
    Column("in_force_from", PARTIAL_DAY),
    Column("in_force_to", PARTIAL_DAY),
    Column("scope", JSON, nullable=False),
    Column("tasks", JSON, nullable=False),
    Column("powers", JSON, nullable=False),
    Column("reports_to", Text),
    Column("duty_to_publish", String(12), nullable=False),
    Column("note", Text),
    id_kind("mnd"),
    one_of("duty_to_publish", "yes no not_stated"),
    UniqueConstraint("committee_id", "number"),
    partial_order("in_force_from", "in_force_to"),
    CheckConstraint("number >= 1", name="number"),
)

Table(
    "report",
    RECORD,
    Column("id", ID, ForeignKey("subject.id"), primary_key=True),
    Column("process_id", ID, nullable=False),
    Column("committee_id", ID, index=True),
    Column("issuer_id", ID, ForeignKey("organization.id"), index=True),
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

Table(
    "figure",
    RECORD,
    Column("id", Integer, primary_key=True),
    Column("subject_id", ID, ForeignKey("subject.id")),
    Column("process_id", ID, ForeignKey("process.id")),
    Column("figure", String(10), nullable=False),
    Column("of", Text),
    Column("stage", String(20)),
    Column("amount", Numeric(18, 2)),
    Column("about", Numeric(18, 2)),
    Column("at_least", Numeric(18, 2)),
    Column("at_most", Numeric(18, 2)),
    Column("unit", String(40)),
    Column("as_of", PARTIAL_DAY, nullable=False),
    Column("organization_id", ID, ForeignKey("organization.id"), index=True),
    Column("source", Text, nullable=False),
    Column("evidence", JSON, nullable=False),
    Index("ix_figure_subject_id", "subject_id", "as_of", "id"),
    Index("ix_figure_process_id", "process_id", "as_of", "id"),
    CheckConstraint("(subject_id IS NULL) <> (process_id IS NULL)", name="one_owner"),
    one_of("figure", "needed pledged delivered counted"),
    one_of(
        "stage",
        "in_scope screened cleared suspended removed appealed found exhumed identified returned reburied"
        " opened charged tried convicted acquitted",
    ),
    CheckConstraint("amount >= 0", name="amount"),
    CheckConstraint("about >= 0", name="about"),
    CheckConstraint("at_least >= 0", name="at_least"),
    CheckConstraint("at_most >= 0", name="at_most"),
    CheckConstraint(
        "amount IS NULL AND about IS NULL OR at_least IS NULL AND at_most IS NULL"
        " AND (amount IS NULL OR about IS NULL)",
        name="one_quantity",
    ),
    CheckConstraint("at_least < at_most", name="range"),
    CheckConstraint("figure <> 'counted' OR of IS NOT NULL OR stage IS NOT NULL", name="counts"),
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
        "starts_with_id LIKE 'ddl\\_%' ESCAPE '\\' OR starts_with_id LIKE 'rec\\_%' ESCAPE '\\'"
        " OR starts_with_id LIKE 'rpt\\_%' ESCAPE '\\'",
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
    Column("co_issuers", JSON, nullable=False),
    Column("printed_number", String(80)),
    Column("former_numbers", JSON, nullable=False),
    Column("report_id", ID, index=True),
    Column("issued_on", PARTIAL_DAY, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("language", String(35), nullable=False),
    Column("type", String(40), nullable=False),
    Column("parent_id", ID, index=True),
    Column("repeats", JSON, nullable=False),
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
    ForeignKeyConstraint(["report_id", "process_id"], ["subject.id", "subject.process_id"]),
    CheckConstraint("(committee_id IS NULL) <> (issuer_id IS NULL)", name="one_issuer"),
    CheckConstraint("committee_id LIKE 'com\\_%' ESCAPE '\\'", name="committee_id_kind"),
    CheckConstraint("report_id LIKE 'rpt\\_%' ESCAPE '\\'", name="report_id_kind"),
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

Table(
    "indicator",
    RECORD,
    Column("id", ID, ForeignKey("subject.id"), primary_key=True),
    Column("process_id", ID, nullable=False),
    Column("type", String(20), nullable=False),
    Column("title", Text, nullable=False),
    Column("concerns_id", ID, ForeignKey("organization.id"), index=True),
    Column("body_id", ID, ForeignKey("organization.id"), index=True),
    Column("scope", Text),
    Column("criteria", Text),
    Column("recommendations", JSON, nullable=False),
    Column("note", Text),
    id_kind("ind"),
    one_of("type", "vetting remains prosecutions"),
    ForeignKeyConstraint(["id", "process_id"], ["subject.id", "subject.process_id"]),
)
