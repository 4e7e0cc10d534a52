"""open work: the queue of what waits for somebody. `tracker public rebuild`, which follows an upgrade, fills it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_KINDS = "'proposal', 'returned', 'review', 'basis', 'overdue', 'lowering', 'redaction'"
_NAMED = {"process_id": "process", "subject_id": "subject", "assessor_id": "organization"}
_NAMED |= {"author_id": "person", "submitter_id": "person"}


def upgrade() -> None:
    op.create_table(
        "open_work",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("reader", sa.String(length=30), nullable=False),
        sa.Column("about", sa.String(length=30), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("process_id", sa.String(length=30), nullable=False),
        sa.Column("subject_id", sa.String(length=30), nullable=False),
        sa.Column("assessor_id", sa.String(length=30), nullable=True),
        sa.Column("track", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=True),
        sa.Column("basis", sa.String(length=12), nullable=True),
        sa.Column("items", _JSON, nullable=False),
        sa.Column("author_id", sa.String(length=30), nullable=True),
        sa.Column("submitter_id", sa.String(length=30), nullable=True),
        sa.CheckConstraint(f"kind IN ({_KINDS})", name=op.f("ck_open_work_kind")),
        *(
            sa.ForeignKeyConstraint([column], [f"{of}.id"], name=op.f(f"fk_open_work_{column}"))
            for column, of in _NAMED.items()
        ),
        sa.PrimaryKeyConstraint("kind", "reader", "about", name=op.f("pk_open_work")),
    )
    op.create_index(op.f("ix_open_work_subject_id"), "open_work", ["subject_id"])
    op.create_index("ix_open_work_queue", "open_work", ["kind", "reader", "since", "about"])
    op.create_index("ix_open_work_process", "open_work", ["kind", "reader", "process_id", "since", "about"])


def downgrade() -> None:
    op.drop_table("open_work")
