"""two transparency logs: of public acts, and of the audit trail.

What was recorded before enters both logs, in its order, with the next act. The way back destroys both: who signed one
begins another afterwards, under another name.
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0007"
branch_labels = None
depends_on = None

LOGS = ("public_log", "internal_log")
#: The tables that are only ever added to: nothing in them is changed, but what a redaction takes away.
KEPT = {
    **{f"{name}_{part}": "" for name in LOGS for part in ("entry", "hash")},
    "public_log_checkpoint": "",
    "log_anchor": "",
    "public_log_cosignature": "",
    "public_log_name": "",
    # A redaction destroys the salt, and with it what the commitment in the log could be opened by.
    "public_event": (
        "NEW.salt IS NULL AND NEW.seq = OLD.seq AND NEW.id = OLD.id AND NEW.at = OLD.at AND NEW.kind = OLD.kind"
        " AND coalesce(NEW.process_id, '') = coalesce(OLD.process_id, '')"
        " AND coalesce(NEW.subject_id, '') = coalesce(OLD.subject_id, '')"
    ),
    "audit_entry": "",
}


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name in LOGS:
        _log(name, named=name == "internal_log")
    op.create_table(
        "public_log_checkpoint",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("size"),
    )
    op.create_table(
        "public_log_cosignature",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("size", "name"),
    )
    op.create_table(
        "public_log_name",
        sa.Column("database", sa.String(length=36), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("database"),
    )
    op.create_table(
        "log_anchor",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("checkpoint", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_log_anchor")),
    )
    with op.batch_alter_table("public_event") as batch:
        batch.add_column(sa.Column("salt", sa.LargeBinary(), nullable=True))
        batch.alter_column("subject_id", existing_type=sa.String(length=30), nullable=True)
    op.execute("UPDATE public_event SET subject_id = NULL WHERE subject_id = ''")
    op.add_column("audit_entry", sa.Column("salt", sa.LargeBinary(), nullable=True))
    _salt("public_event", "seq")
    _salt("audit_entry", "id")
    for statement in _keeping(sqlite=sqlite):
        op.execute(statement)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in KEPT:
        for verb in ("update", "delete", "truncate"):
            if sqlite and verb != "truncate":
                op.execute(f"DROP TRIGGER {table}_keeps_{verb}")
            elif not sqlite:
                op.execute(f"DROP TRIGGER {table}_keeps_{verb} ON {table}")
    if not sqlite:
        op.execute("DROP FUNCTION tracker_keeps()")
    op.drop_column("audit_entry", "salt")
    op.execute(
        "UPDATE public_event SET subject_id = '' WHERE subject_id IS NULL"
    )  # acts of the log keep their places
    with op.batch_alter_table("public_event") as batch:
        batch.alter_column("subject_id", existing_type=sa.String(length=30), nullable=False)
        batch.drop_column("salt")
    for table in ("log_anchor", "public_log_name", "public_log_cosignature", "public_log_checkpoint"):
        op.drop_table(table)
    for name in LOGS:
        for part in ("hash", "entry"):
            op.drop_table(f"{name}_{part}")


def _log(name: str, *, named: bool) -> None:
    """The tables of a log. The record names its constraints, the public side leaves that to the database."""

    def primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
        return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}") if named else None)

    op.create_table(
        f"{name}_entry",
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry", sa.LargeBinary(), nullable=False),
        primary(f"{name}_entry", "idx"),
    )
    op.create_table(
        f"{name}_hash",
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(hash) = 32", name=op.f(f"ck_{name}_hash_hash") if named else "hash"),
        primary(f"{name}_hash", "level", "n"),
    )


def _salt(table: str, key: str) -> None:
    """A salt for each row that was there before the log."""
    bind = op.get_bind()
    rows = sa.table(table, sa.column(key), sa.column("salt", sa.LargeBinary()))
    salted = rows.update().where(rows.c[key] == sa.bindparam("row"))
    for one in bind.execute(sa.select(rows.c[key])).scalars().all():
        bind.execute(salted, {"row": one, "salt": secrets.token_bytes(32)})


def _keeping(*, sqlite: bool) -> list[str]:
    said = "the history is only ever added to"
    if sqlite:
        return [
            f"CREATE TRIGGER {table}_keeps_{verb} BEFORE {verb.upper()} ON {table}"
            + (f" WHEN NOT ({but})" if but and verb == "update" else "")
            + f" BEGIN SELECT RAISE(ABORT, '{said}'); END"
            for table, but in KEPT.items()
            for verb in ("update", "delete")
        ]
    function = (
        "CREATE FUNCTION tracker_keeps() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN RAISE EXCEPTION '{said}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    rows = [
        f"CREATE TRIGGER {table}_keeps_{verb} BEFORE {verb.upper()} ON {table} FOR EACH ROW"
        + (f" WHEN (NOT ({but}))" if but and verb == "update" else "")
        + " EXECUTE FUNCTION tracker_keeps()"
        for table, but in KEPT.items()
        for verb in ("update", "delete")
    ]
    wholes = [
        f"CREATE TRIGGER {table}_keeps_truncate BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION tracker_keeps()"
        for table in KEPT
    ]
    return [function, *rows, *wholes]
