"""what became of the protection of evidence, and what waits to become public."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

LEVELS = "('public', 'partner', 'confidential', 'sealed')"


def upgrade() -> None:
    op.create_table(
        "evidence_protection_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.String(length=30), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("before", sa.String(length=12), nullable=False),
        sa.Column("after", sa.String(length=12), nullable=False),
        sa.Column("shared_with", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("proposed_by", sa.String(length=30), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(length=30), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "act IN ('raised', 'lowered', 'returned', 'retracted')",
            name=op.f("ck_evidence_protection_act_act"),
        ),
        sa.CheckConstraint(f"before IN {LEVELS}", name=op.f("ck_evidence_protection_act_before")),
        sa.CheckConstraint(f"after IN {LEVELS}", name=op.f("ck_evidence_protection_act_after")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_evidence_protection_act_reason")),
        sa.CheckConstraint(
            "(proposed_by IS NULL) = (act = 'raised') AND (proposed_at IS NULL) = (act = 'raised')"
            " AND (act NOT IN ('lowered', 'returned') OR proposed_by <> done_by)",
            name=op.f("ck_evidence_protection_act_two_people"),
        ),
        sa.ForeignKeyConstraint(["done_by"], ["person.id"], name=op.f("fk_evidence_protection_act_done_by")),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_protection_act_evidence_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_evidence_protection_act_proposed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_protection_act")),
    )
    op.create_index(
        op.f("ix_evidence_protection_act_evidence_id_id"),
        "evidence_protection_act",
        ["evidence_id", "id"],
        unique=False,
    )
    op.create_table(
        "evidence_release",
        sa.Column("evidence_id", sa.String(length=30), nullable=False),
        sa.Column("asked_by", sa.String(length=30), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refused", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_evidence_release_asked_by")),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_release_evidence_id")
        ),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_evidence_release")),
    )
    op.create_index(op.f("ix_evidence_release_not_before"), "evidence_release", ["not_before"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_evidence_release_not_before"), table_name="evidence_release")
    op.drop_table("evidence_release")
    op.drop_index(op.f("ix_evidence_protection_act_evidence_id_id"), table_name="evidence_protection_act")
    op.drop_table("evidence_protection_act")
