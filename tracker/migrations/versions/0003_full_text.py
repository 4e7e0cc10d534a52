"""full text, of the public side and of the record.

What was recorded before is found after `tracker public rebuild`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

#: On SQLite a virtual table, on PostgreSQL one with a GIN index; `tracker.database.full_text` says the same to the models.
SQLITE = (
    "CREATE VIRTUAL TABLE {name}_words USING fts5(names, body, filed, tokenize='ascii',"
    " detail='column', columnsize=0, prefix='1 2 3')",
)
POSTGRESQL = (
    "CREATE TABLE {name}_words (number BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
    "CREATE INDEX ix_{name}_words ON {name}_words USING gin (words)",
)


def upgrade() -> None:
    op.create_table(
        "public_search",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("process_id", sa.String(length=30), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("id"),
    )
    op.create_table(
        "record_search",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("process_id", sa.String(length=30), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_record_search")),
        sa.UniqueConstraint("id", name=op.f("uq_record_search_id")),
    )
    for name in ("public_search", "record_search"):
        for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
            op.execute(statement.format(name=name))


def downgrade() -> None:
    for name in ("record_search", "public_search"):
        op.execute(f"DROP TABLE {name}_words")
        op.drop_table(name)
