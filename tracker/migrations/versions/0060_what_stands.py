"""what stands of public things at present. `tracker public rebuild`, which follows an upgrade, fills it."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0040"
branch_labels = None
depends_on = None

PRESENT = "part IS NOT NULL"


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "public_thing",
        _text("id", 30),
        _text("process_id", 30, nullable=True),
        sa.Column("content_seq", sa.BigInteger(), nullable=False),
        _text("published_at", 27),
        _text("revised_at", 27, nullable=True),
        _text("changed_at", 27),
        _text("last_act", 30),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "public_change",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        _text("id", 30),
        _text("subject_id", 30),
        _text("track", 40),
        _text("assessor", 30),
        _text("act", 12),
        _text("state", 32),
        _text("effective_on", 10),
        _text("not_before", 10, nullable=True),
        _text("corrects", 30, nullable=True),
        _text("replies_to", 30, nullable=True),
        _text("at", 27),
        _text("basis", 12),
        _text("part", 9, nullable=True),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("ix_public_change_subject_id_seq", "public_change", ["subject_id", "seq"])
    op.create_index(
        "ix_public_change_present",
        "public_change",
        ["subject_id", "part"],
        sqlite_where=sa.text(PRESENT),
        postgresql_where=sa.text(PRESENT),
    )


def downgrade() -> None:
    op.drop_table("public_change")
    op.drop_table("public_thing")
