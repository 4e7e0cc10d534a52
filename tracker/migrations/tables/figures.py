"""Figures: how many, and of what. Indicators, which count over time."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    String,
    Table,
    Text,
)

from tracker.migrations.tables.columns import ID, JSON, PARTIAL_DAY, RECORD, id_kind, one_of

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
