"""Evidence: its files and their custody, what protects it, and what keeps it."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
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
)

Table(
    "evidence",
    RECORD,
    Column("id", ID, ForeignKey("subject.id"), primary_key=True),
    Column("process_id", ID, nullable=False),
    Column("title", Text, nullable=False),
    Column("type", String(40), nullable=False),
    Column("description", Text),
    Column("language", String(35)),
    Column("source_url", Text),
    Column("archived_url", Text),
    Column("published_on", PARTIAL_DAY),
    Column("captured_on", PARTIAL_DAY),
    Column("capture_method", String(20)),
    Column("occurred_from", PARTIAL_DAY),
    Column("occurred_to", PARTIAL_DAY),
    Column("precision", String(12)),
    Column("country", String(2)),
    Column("area", Text),
    Column("publisher_id", ID, ForeignKey("organization.id"), index=True),
    Column("watchdog_id", ID, ForeignKey("organization.id"), index=True, nullable=False),
    Column("owner_id", ID, ForeignKey("organization.id"), index=True),
    Column("acquired_from", String(20), nullable=False),
    Column("generation", String(12), nullable=False),
    Column("derived_from_id", ID, index=True),
    Column("edited", String(8), nullable=False),
    Column("content_warnings", JSON, nullable=False),
    Column("rights", Text),
    Column("licence", String(80)),
    Column("protection", String(12), nullable=False),
    Column("source_analysis", String(12), nullable=False),
    Column("technical_analysis", String(12), nullable=False),
    Column("content_analysis", String(12), nullable=False),
    Column("source_reliability", String(1)),
    Column("content_credibility", String(1)),
    id_kind("evd"),
    one_of("acquired_from", "own_staff partner public_source confidential_source official"),
    one_of("capture_method", "submitted_file web_archive screenshot api interview other"),
    one_of("content_analysis", "not_done passed failed inconclusive"),
    one_of("edited", "yes no unknown"),
    one_of("generation", "original copy derivative"),
    one_of("precision", "day month year approximate"),
    one_of("protection", "public partner confidential sealed"),
    one_of("source_reliability", "A B C D E F"),
    one_of("content_credibility", "1 2 3 4 5 6"),
    one_of("source_analysis", "not_done passed failed inconclusive"),
    one_of("technical_analysis", "not_done passed failed inconclusive"),
    one_of(
        "type",
        "document official_document media_report photo video audio testimony_summary"
        " satellite_imagery dataset web_capture physical_object_record statement legal_record"
        " forensic_report",
    ),
    ForeignKeyConstraint(["derived_from_id", "process_id"], ["subject.id", "subject.process_id"]),
    ForeignKeyConstraint(["id", "process_id"], ["subject.id", "subject.process_id"]),
    CheckConstraint("derived_from_id LIKE 'evd\\_%' ESCAPE '\\'", name="derived_from_id_kind"),
    CheckConstraint("derived_from_id <> id", name="not_itself"),
    partial_order("occurred_from", "occurred_to"),
)

Table(
    "evidence_box",
    RECORD,
    Column("evidence_id", ID, ForeignKey("evidence.id"), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

Table(
    "evidence_consent",
    RECORD,
    Column("evidence_id", ID, ForeignKey("evidence.id"), primary_key=True),
    Column("basis", String(32), nullable=False),
    Column("purposes", JSON, nullable=False),
    Column("obtained_on", PARTIAL_DAY),
    Column("withdrawn_on", Date),
    one_of("basis", "informed_consent public_interest_open_source official_publication"),
)

Table(
    "evidence_share",
    RECORD,
    Column("evidence_id", ID, ForeignKey("evidence.id"), primary_key=True),
    Column("organization_id", ID, ForeignKey("organization.id"), primary_key=True, index=True),
)

Table(
    "evidence_protection_act",
    RECORD,
    Column("id", Integer, primary_key=True),
    Column("evidence_id", ID, ForeignKey("evidence.id"), nullable=False),
    Column("act", String(12), nullable=False),
    Column("before", String(12), nullable=False),
    Column("after", String(12), nullable=False),
    Column("shared_with", JSON, nullable=False),
    Column("reason", Text),
    Column("proposed_by", ID, ForeignKey("person.id")),
    Column("proposed_at", INSTANT),
    Column("done_by", ID, ForeignKey("person.id"), nullable=False),
    Column("done_at", INSTANT, nullable=False),
    one_of("act", "raised lowered returned retracted"),
    one_of("after", "public partner confidential sealed"),
    one_of("before", "public partner confidential sealed"),
    CheckConstraint(
        "(proposed_by IS NULL) = (act = 'raised') AND (proposed_at IS NULL) = (act = 'raised')"
        " AND (act NOT IN ('lowered', 'returned') OR proposed_by <> done_by)",
        name="two_people",
    ),
    CheckConstraint("reason <> ''", name="reason"),
    Index("ix_evidence_protection_act_evidence_id_id", "evidence_id", "id"),
)

Table(
    "evidence_question",
    RECORD,
    Column("id", ID, primary_key=True),
    Column("evidence_id", ID, ForeignKey("evidence.id"), nullable=False),
    Column("by_owner", Boolean, nullable=False),
    Column("text", Text, nullable=False),
    Column("asked_at", INSTANT, nullable=False),
    Column("asked_by", ID, ForeignKey("person.id"), nullable=False),
    Column("answer", Text),
    Column("answered_at", INSTANT),
    Column("answered_by", ID, ForeignKey("person.id")),
    Column("retracted_at", INSTANT),
    id_kind("qst"),
    CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name="answered"),
    CheckConstraint("answered_at IS NULL OR retracted_at IS NULL", name="ended_once"),
    Index("ix_evidence_question_evidence_id", "evidence_id", "asked_at", "id"),
)

Table(
    "publication_release",
    RECORD,
    Column("thing_id", ID, primary_key=True),
    Column("asked_by", ID, ForeignKey("person.id"), nullable=False),
    Column("asked_at", INSTANT, nullable=False),
    Column("not_before", INSTANT, index=True, nullable=False),
    Column("by_lot", Boolean, nullable=False),
    Column("refused", String(40)),
)

Table(
    "evidence_file",
    RECORD,
    Column("id", ID, primary_key=True),
    Column("evidence_id", ID, ForeignKey("evidence.id"), index=True, nullable=False),
    Column("key", String(32), unique=True, nullable=False),
    Column("role", String(20), nullable=False),
    Column("sha256", String(64), index=True, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("declared_type", String(127)),
    Column("detected_type", String(127), nullable=False),
    Column("name_key", LargeBinary),
    Column("name_box", LargeBinary),
    Column("added_at", INSTANT, nullable=False),
    Column("added_by", ID, nullable=False),
    Column("approved_at", INSTANT),
    Column("approved_by", ID),
    Column("checked_at", INSTANT, index=True),
    Column("destroyed_at", INSTANT),
    id_kind("fil"),
    one_of("role", "evidentiary_copy working_copy public_derivative capture_package"),
    CheckConstraint(
        "(approved_at IS NULL) = (approved_by IS NULL) AND (approved_at IS NULL OR (role ="
        " 'public_derivative' AND approved_by <> added_by))",
        name="approved_by_another",
    ),
    CheckConstraint("(name_key IS NULL) = (name_box IS NULL)", name="name"),
    CheckConstraint("size >= 0", name="size"),
)

Table(
    "custody_event",
    RECORD,
    Column("id", Integer, primary_key=True),
    Column("evidence_id", ID, ForeignKey("evidence.id"), nullable=False),
    Column("file_id", ID, ForeignKey("evidence_file.id"), index=True),
    Column("number", Integer, nullable=False),
    Column("type", String(40), nullable=False),
    Column("at", INSTANT, nullable=False),
    Column("agent", String(64), nullable=False),
    Column("outcome", String(8), nullable=False),
    Column("digest_before", String(64)),
    Column("digest_after", String(64)),
    Column("detail", JSON, nullable=False),
    Column("prev", String(64)),
    Column("digest", String(64), nullable=False),
    one_of("outcome", "success failure"),
    CheckConstraint(
        "type IN ('accession', 'message digest calculation', 'format identification', 'metadata"
        " extraction', 'fixity check', 'access', 'transfer', 'dissemination', 'redaction')",
        name="type",
    ),
    UniqueConstraint("evidence_id", "number"),
    CheckConstraint("(number = 1) = (prev IS NULL)", name="line"),
)

Table(
    "legal_hold",
    RECORD,
    Column("subject_id", ID, ForeignKey("subject.id"), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("placed_by", ID, ForeignKey("person.id"), nullable=False),
    Column("placed_at", INSTANT, nullable=False),
    CheckConstraint("reason <> ''", name="reason"),
)

Table(
    "legal_hold_act",
    RECORD,
    Column("id", Integer, primary_key=True),
    Column("subject_id", ID, ForeignKey("subject.id"), index=True, nullable=False),
    Column("held", Boolean, nullable=False),
    Column("reason", Text),
    Column("at", INSTANT, nullable=False),
    Column("by", ID, ForeignKey("person.id"), nullable=False),
    CheckConstraint("reason <> ''", name="reason"),
)
