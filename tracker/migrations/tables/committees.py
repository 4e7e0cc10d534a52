"""Committees, with their members and mandates."""

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

from tracker.migrations.tables.columns import ID, JSON, PARTIAL_DAY, RECORD, id_kind, one_of, partial_order

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
    Column("committee_id", ID, ForeignKey("committee.id"), nullable=False),
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
    Column("committee_id", ID, ForeignKey("committee.id"), nullable=False),
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
