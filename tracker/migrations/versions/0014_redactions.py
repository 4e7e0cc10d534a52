"""redactions of every kind of thing and of single acts, holds of every subject; an index of public redactions."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

REASONS = (
    "reason IN ('witness_safety', 'court_order', 'data_subject_request', 'consent_withdrawn', 'minor',"
    " 'third_party_privacy', 'legal_hold', 'error', 'spam')"
)
TWO = "(done_by IS NULL) = (done_at IS NULL) AND done_by <> ordered_by"
TARGETS = " OR ".join(
    f"target_id LIKE '{prefix}\\_%' ESCAPE '\\'"
    for prefix in ("prc", "org", "com", "res", "ddl", "rec", "evd", "evt")
)
REDACTED = "kind = 'record.redacted'"
REDACTION = ("reason", "ordered_by", "ordered_at", "done_by", "done_at")
HOLD = ("reason", "placed_by", "placed_at")


def upgrade() -> None:
    of = sa.CheckConstraint(TARGETS, name=op.f("ck_redaction_target_id_kind"))
    _redactions("redaction", "target_id", of, sa.Column("thing_id", sa.String(length=30), nullable=False))
    op.create_index(op.f("ix_redaction_thing_id"), "redaction", ["thing_id"])
    _holds("legal_hold", "subject_id", "subject")
    _copy("evidence_redaction", "evidence_id", "redaction", ("target_id", "thing_id"), REDACTION)
    _copy("evidence_hold", "evidence_id", "legal_hold", ("subject_id",), HOLD)
    op.drop_table("evidence_redaction")
    op.drop_table("evidence_hold")
    op.create_index(
        "ix_public_event_redacted",
        "public_event",
        ["seq"],
        sqlite_where=sa.text(REDACTED),
        postgresql_where=sa.text(REDACTED),
    )


def downgrade() -> None:
    op.drop_index("ix_public_event_redacted", table_name="public_event")
    foreign = sa.ForeignKeyConstraint(
        ["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_redaction_evidence_id")
    )
    _redactions("evidence_redaction", "evidence_id", foreign)
    _holds("evidence_hold", "evidence_id", "evidence")
    # What is of another kind than evidence has no place in the older tables.
    _copy("redaction", "target_id", "evidence_redaction", ("evidence_id",), REDACTION)
    _copy("legal_hold", "subject_id", "evidence_hold", ("evidence_id",), HOLD)
    op.drop_table("legal_hold")
    op.drop_table("redaction")


def _copy(of: str, key: str, to: str, keys: tuple[str, ...], columns: tuple[str, ...]) -> None:
    """The rows about evidence, from one table into the other, where each of these members is the key."""
    source = sa.table(of, *map(sa.column, (key, *columns)))
    target = sa.table(to, *map(sa.column, (*keys, *columns)))
    found = [*(source.c[key].label(name) for name in keys), *(source.c[name] for name in columns)]
    rows = sa.select(*found).where(source.c[key].like("evd\\_%", escape="\\"))
    op.execute(target.insert().from_select([*keys, *columns], rows))


def _redactions(table: str, key: str, of: sa.Constraint, *more: sa.Column[str]) -> None:
    op.create_table(
        table,
        sa.Column(key, sa.String(length=30), nullable=False),
        *more,
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("ordered_by", sa.String(length=30), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_by", sa.String(length=30), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(REASONS, name=op.f(f"ck_{table}_reason")),
        sa.CheckConstraint(TWO, name=op.f(f"ck_{table}_two_people")),
        of,
        sa.ForeignKeyConstraint(["done_by"], ["person.id"], name=op.f(f"fk_{table}_done_by")),
        sa.ForeignKeyConstraint(["ordered_by"], ["person.id"], name=op.f(f"fk_{table}_ordered_by")),
        sa.PrimaryKeyConstraint(key, name=op.f(f"pk_{table}")),
    )


def _holds(table: str, key: str, of: str) -> None:
    op.create_table(
        table,
        sa.Column(key, sa.String(length=30), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_by", sa.String(length=30), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f(f"ck_{table}_reason")),
        sa.ForeignKeyConstraint([key], [f"{of}.id"], name=op.f(f"fk_{table}_{key}")),
        sa.ForeignKeyConstraint(["placed_by"], ["person.id"], name=op.f(f"fk_{table}_placed_by")),
        sa.PrimaryKeyConstraint(key, name=op.f(f"pk_{table}")),
    )
