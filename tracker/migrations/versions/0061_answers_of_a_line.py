"""status changes: an index of the answers that say where things stand, and one of those that may wait."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

ANSWERS = sa.text("decision = 'approved' AND act <> 'reply'")
UNSETTLED = sa.text("decision IN ('proposed', 'returned')")


def upgrade() -> None:
    op.create_index(
        "ix_status_change_answers",
        "status_change",
        ["subject_id", "track", "assessor_id", "effective_on", "number"],
        sqlite_where=ANSWERS,
        postgresql_where=ANSWERS,
    )
    op.create_index(
        "ix_status_change_waiting",
        "status_change",
        ["subject_id", "decision"],
        sqlite_where=UNSETTLED,
        postgresql_where=UNSETTLED,
    )


def downgrade() -> None:
    op.drop_index("ix_status_change_waiting", table_name="status_change")
    op.drop_index("ix_status_change_answers", table_name="status_change")
