"""which bytes are the public copy of an item, known to the public side"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

#: What could be downloaded before can be downloaded after: of those that were approved, the last.
FILL = (
    "INSERT INTO public_file (evidence_id, key, sha256, size, media_type)"
    " SELECT one.evidence_id, one.key, one.sha256, one.size, one.detected_type FROM evidence_file AS one"
    " JOIN subject ON subject.id = one.evidence_id AND subject.publication = 'published'"
    " WHERE one.approved_at IS NOT NULL AND one.destroyed_at IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM evidence_file AS other WHERE other.evidence_id = one.evidence_id"
    " AND other.approved_at IS NOT NULL AND other.destroyed_at IS NULL"
    " AND (other.approved_at > one.approved_at OR (other.approved_at = one.approved_at AND other.id < one.id)))"
)


def upgrade() -> None:
    op.create_table(
        "public_file",
        sa.Column("evidence_id", sa.String(length=30), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=127), nullable=False),
        sa.PrimaryKeyConstraint("evidence_id"),
    )
    op.execute(FILL)


def downgrade() -> None:
    op.drop_table("public_file")
