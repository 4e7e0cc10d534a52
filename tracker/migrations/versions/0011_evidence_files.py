"""Files of evidence, and their custody: a line that only grows."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ROLES = "'evidentiary_copy', 'working_copy', 'public_derivative', 'capture_package'"
EVENTS = (
    "'accession', 'message digest calculation', 'format identification', 'metadata extraction', 'fixity check',"
    " 'access', 'transfer', 'dissemination', 'redaction'"
)
ANOTHER = (
    "(approved_at IS NULL) = (approved_by IS NULL) AND "
    "(approved_at IS NULL OR (role = 'public_derivative' AND approved_by <> added_by))"
)
GUARDS = {
    "sqlite": (
        "CREATE TRIGGER custody_event_update BEFORE UPDATE ON custody_event"
        " BEGIN SELECT RAISE(ABORT, 'custody_event only grows'); END",
        "CREATE TRIGGER custody_event_delete BEFORE DELETE ON custody_event"
        " BEGIN SELECT RAISE(ABORT, 'custody_event only grows'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION custody_event_grows() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN RAISE EXCEPTION ''custody_event only grows'' USING ERRCODE = ''23000''; END'",
        "CREATE TRIGGER custody_event_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON custody_event"
        " FOR EACH STATEMENT EXECUTE FUNCTION custody_event_grows()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "evidence_file",
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("evidence_id", sa.String(length=30), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("declared_type", sa.String(length=127), nullable=True),
        sa.Column("detected_type", sa.String(length=127), nullable=False),
        sa.Column("name_key", sa.LargeBinary(), nullable=True),
        sa.Column("name_box", sa.LargeBinary(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(length=30), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.String(length=30), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id LIKE 'fil\\_%' ESCAPE '\\'", name=op.f("ck_evidence_file_id_kind")),
        sa.CheckConstraint(f"role IN ({ROLES})", name=op.f("ck_evidence_file_role")),
        sa.CheckConstraint("size >= 0", name=op.f("ck_evidence_file_size")),
        sa.CheckConstraint("(name_key IS NULL) = (name_box IS NULL)", name=op.f("ck_evidence_file_name")),
        sa.CheckConstraint(ANOTHER, name=op.f("ck_evidence_file_approved_by_another")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_file_evidence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_file")),
        sa.UniqueConstraint("key", name=op.f("uq_evidence_file_key")),
    )
    for column in ("evidence_id", "sha256", "checked_at"):
        op.create_index(op.f(f"ix_evidence_file_{column}"), "evidence_file", [column])
    op.create_table(
        "custody_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.String(length=30), nullable=False),
        sa.Column("file_id", sa.String(length=30), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agent", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("digest_before", sa.String(length=64), nullable=True),
        sa.Column("digest_after", sa.String(length=64), nullable=True),
        sa.Column("detail", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint(f"type IN ({EVENTS})", name=op.f("ck_custody_event_type")),
        sa.CheckConstraint("outcome IN ('success', 'failure')", name=op.f("ck_custody_event_outcome")),
        sa.CheckConstraint("(number = 1) = (prev IS NULL)", name=op.f("ck_custody_event_line")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_custody_event_evidence_id")),
        sa.ForeignKeyConstraint(["file_id"], ["evidence_file.id"], name=op.f("fk_custody_event_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custody_event")),
        sa.UniqueConstraint("evidence_id", "number", name=op.f("uq_custody_event_evidence_id_number")),
    )
    op.create_index(op.f("ix_custody_event_file_id"), "custody_event", ["file_id"])
    for guard in GUARDS[op.get_bind().dialect.name]:
        op.execute(guard)


def downgrade() -> None:
    op.drop_table("custody_event")
    op.drop_table("evidence_file")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION custody_event_grows()")
