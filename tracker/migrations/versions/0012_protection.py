"""what protects evidence: shares, lowerings, sealed boxes, consent, redaction, holds; what a kept answer is about."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SEAL = (
    "UPDATE record_facet SET kind = 'sealed'"
    " WHERE id IN (SELECT id FROM evidence WHERE protection = 'sealed')"
)
UNSEAL = "UPDATE record_facet SET kind = 'evidence' WHERE kind = 'sealed'"


def upgrade() -> None:
    op.create_table(
        "evidence_box",
        sa.Column("evidence_id", sa.String(length=30), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_box_evidence_id")),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_evidence_box")),
    )
    op.create_table(
        "evidence_consent",
        sa.Column("evidence_id", sa.String(length=30), nullable=False),
        sa.Column("basis", sa.String(length=32), nullable=False),
        sa.Column("purposes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("obtained_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "basis IN ('informed_consent', 'public_interest_open_source', 'official_publication')",
            name=op.f("ck_evidence_consent_basis"),
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_consent_evidence_id")
        ),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_evidence_consent")),
    )
    op.create_table(
        "evidence_hold",
        sa.Column("evidence_id", sa.String(length=30), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_by", sa.String(length=30), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_evidence_hold_reason")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_hold_evidence_id")),
        sa.ForeignKeyConstraint(["placed_by"], ["person.id"], name=op.f("fk_evidence_hold_placed_by")),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_evidence_hold")),
    )
    op.create_table(
        "evidence_lowering",
        sa.Column("evidence_id", sa.String(length=30), nullable=False),
        sa.Column("protection", sa.String(length=12), nullable=False),
        sa.Column("shared_with", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.String(length=30), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "protection IN ('public', 'partner', 'confidential', 'sealed')",
            name=op.f("ck_evidence_lowering_protection"),
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_evidence_lowering_reason")),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_lowering_evidence_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_evidence_lowering_proposed_by")
        ),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_evidence_lowering")),
    )
    op.create_table(
        "evidence_redaction",
        sa.Column("evidence_id", sa.String(length=30), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("ordered_by", sa.String(length=30), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_by", sa.String(length=30), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "reason IN ('witness_safety', 'court_order', 'data_subject_request', 'consent_withdrawn', 'minor', 'third_party_privacy', 'legal_hold', 'error', 'spam')",
            name=op.f("ck_evidence_redaction_reason"),
        ),
        sa.CheckConstraint(
            "(done_by IS NULL) = (done_at IS NULL) AND done_by <> ordered_by",
            name=op.f("ck_evidence_redaction_two_people"),
        ),
        sa.ForeignKeyConstraint(["done_by"], ["person.id"], name=op.f("fk_evidence_redaction_done_by")),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_redaction_evidence_id")
        ),
        sa.ForeignKeyConstraint(["ordered_by"], ["person.id"], name=op.f("fk_evidence_redaction_ordered_by")),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_evidence_redaction")),
    )
    op.create_table(
        "evidence_share",
        sa.Column("evidence_id", sa.String(length=30), nullable=False),
        sa.Column("organization_id", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_share_evidence_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_evidence_share_organization_id")
        ),
        sa.PrimaryKeyConstraint("evidence_id", "organization_id", name=op.f("pk_evidence_share")),
    )
    op.create_index(
        op.f("ix_evidence_share_organization_id"), "evidence_share", ["organization_id"], unique=False
    )
    op.add_column("idempotency", sa.Column("thing_id", sa.String(length=30), nullable=True))
    op.create_index(op.f("ix_idempotency_thing_id"), "idempotency", ["thing_id"], unique=False)
    # Sealed items leave the drawer that everybody's lists open, from this moment and not from the next rebuild.
    op.execute(SEAL)


def downgrade() -> None:
    op.execute(UNSEAL)
    op.drop_index(op.f("ix_idempotency_thing_id"), table_name="idempotency")
    op.drop_column("idempotency", "thing_id")
    op.drop_index(op.f("ix_evidence_share_organization_id"), table_name="evidence_share")
    op.drop_table("evidence_share")
    op.drop_table("evidence_redaction")
    op.drop_table("evidence_lowering")
    op.drop_table("evidence_hold")
    op.drop_table("evidence_consent")
    op.drop_table("evidence_box")
