"""lists: more to narrow them by, a second order, and until when what they find things by holds.

What was public before is found by the new filters after `tracker public rebuild`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _sorted() -> sa.types.TypeEngine[str]:
    """Text that PostgreSQL compares byte by byte, as SQLite does."""
    return sa.Text(collation="C") if op.get_bind().dialect.name == "postgresql" else sa.Text()


def upgrade() -> None:
    op.rename_table("public_facet", "public_facet_before")
    op.drop_index("ix_public_facet_id", table_name="public_facet_before")
    if op.get_bind().dialect.name == "postgresql":  # it keeps the name of its table
        op.execute("ALTER INDEX public_facet_pkey RENAME TO public_facet_before_pkey")
    _facets("public_facet")
    op.execute(
        "INSERT INTO public_facet (kind, facet, value, sort_key, id, moment)"
        " SELECT kind, facet, value, sort_key, id,"
        " (SELECT max(e.at) FROM public_event e WHERE e.subject_id = b.id) FROM public_facet_before b"
    )
    op.execute(
        "INSERT INTO public_facet (kind, facet, value, sort_key, id, moment)"
        " SELECT kind, 'all', '', sort_key, id,"
        " (SELECT max(e.at) FROM public_event e WHERE e.subject_id = d.id)"
        " FROM public_document d WHERE withdrawn IS NULL"
    )
    op.drop_table("public_facet_before")
    _facets("record_facet", op.f("pk_record_facet"))
    _file_the_record()
    _order_status_changes()
    op.add_column("public_document", sa.Column("filed_until", sa.String(length=27), nullable=True))
    op.create_index("ix_public_document_filed_until", "public_document", ["kind", "filed_until"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute('ALTER TABLE public_document ALTER COLUMN sort_key TYPE TEXT COLLATE "C"')


def _facets(name: str, key: str | None = None) -> None:
    op.create_table(
        name,
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("facet", sa.String(length=32), nullable=False),
        sa.Column("value", sa.String(length=128), nullable=False),
        sa.Column("sort_key", _sorted(), nullable=False),
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("moment", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("kind", "facet", "value", "sort_key", "id", name=key),
    )
    op.create_index(f"ix_{name}_moment", name, ["kind", "facet", "value", "moment", "id"])
    op.create_index(f"ix_{name}_id", name, ["id"])


#: Enough for every list of the record to be whole; `tracker public rebuild` files the rest.
_FILE = (
    "SELECT 'process', 'all', '', slug, id, INSTANT FROM process",
    "SELECT 'organization', 'all', '', slug, id, INSTANT FROM organization",
    "SELECT kind, 'all', '', coalesce(lower(reference), ''), id, INSTANT FROM subject",
    "SELECT kind, 'process', process_id, coalesce(lower(reference), ''), id, INSTANT FROM subject",
    "SELECT kind, 'watchdog', watchdog_id, coalesce(lower(reference), ''), subject.id, INSTANT"
    " FROM subject JOIN evidence ON evidence.id = subject.id",
)


def _file_the_record() -> None:
    instant = "replace(created_at, ' ', 'T') || 'Z'"
    if op.get_bind().dialect.name == "postgresql":
        instant = r"""to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24\:MI\:SS.US"Z"')"""
    for chosen in _FILE:
        told = chosen.replace("INSTANT", instant)
        op.execute("INSERT INTO record_facet (kind, facet, value, sort_key, id, moment) " + told)


#: What status changes are narrowed by, each in the order in which they were proposed.
_BY = ("process_id", "subject_id", "assessor_id", "decision", "proposed_by")


def _order_status_changes() -> None:
    op.create_index("ix_status_change_created_at", "status_change", ["created_at", "id"])
    for column in _BY:
        op.create_index(
            f"ix_status_change_{column}_created_at", "status_change", [column, "created_at", "id"]
        )


def downgrade() -> None:
    for column in reversed(_BY):
        op.drop_index(f"ix_status_change_{column}_created_at", table_name="status_change")
    op.drop_index("ix_status_change_created_at", table_name="status_change")
    op.drop_table("record_facet")
    postgresql = op.get_bind().dialect.name == "postgresql"
    if postgresql:
        op.execute('ALTER TABLE public_document ALTER COLUMN sort_key TYPE TEXT COLLATE "default"')
    op.drop_index("ix_public_document_filed_until", table_name="public_document")
    op.drop_column("public_document", "filed_until")
    op.rename_table("public_facet", "public_facet_after")
    op.drop_index("ix_public_facet_id", table_name="public_facet_after")
    op.drop_index("ix_public_facet_moment", table_name="public_facet_after")
    if postgresql:
        op.execute("ALTER INDEX public_facet_pkey RENAME TO public_facet_after_pkey")
    op.create_table(
        "public_facet",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("facet", sa.String(length=32), nullable=False),
        sa.Column("value", sa.String(length=80), nullable=False),
        sa.Column("sort_key", sa.Text(), nullable=False),
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.PrimaryKeyConstraint("kind", "facet", "value", "sort_key", "id"),
    )
    op.create_index("ix_public_facet_id", "public_facet", ["id"], unique=False)
    op.execute(
        "INSERT INTO public_facet (kind, facet, value, sort_key, id)"
        " SELECT kind, facet, value, sort_key, id FROM public_facet_after"
        " WHERE facet NOT IN ('all', 'assessor', 'overdue', 'due_soon', 'silent', 'stale', 'tag')"
        " AND value NOT LIKE '%@%' AND NOT (facet = 'basis' AND value = 'supported')"
    )
    op.drop_table("public_facet_after")
