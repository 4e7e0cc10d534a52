"""requests that are acted on once, with what was answered, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "idempotency",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=32), nullable=False),
        sa.Column("claim", sa.LargeBinary(length=16), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_idempotency")),
    )
    op.create_index(op.f("ix_idempotency_began_at"), "idempotency", ["began_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_idempotency_began_at"), "idempotency")
    op.drop_table("idempotency")
