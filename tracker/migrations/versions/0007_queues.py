"""queues: status changes by track, and what of a process waits, each in the order in which they were proposed."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_status_change_track_created_at": ["track", "created_at", "id"],
    "ix_status_change_queue": ["process_id", "decision", "created_at", "id"],
}


def upgrade() -> None:
    for name, columns in _INDEXES.items():
        op.create_index(name, "status_change", columns)


def downgrade() -> None:
    for name in reversed(_INDEXES):
        op.drop_index(name, table_name="status_change")
