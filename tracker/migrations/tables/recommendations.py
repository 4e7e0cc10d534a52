"""Recommendations, and those they are addressed to."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from tracker.migrations.tables.columns import ID, JSON, PARTIAL_DAY, RECORD, id_kind, one_of

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
    Column("recommendation_id", ID, ForeignKey("recommendation.id"), nullable=False),
    Column("organization_id", ID, ForeignKey("organization.id"), index=True, nullable=False),
    Column("role", String(10), nullable=False),
    one_of("role", "primary supporting oversight"),
    UniqueConstraint("recommendation_id", "organization_id"),
)
