"""The record and the public side: every table, the moves between states, what a search finds by, and what refuses to
change the history."""

from alembic import op

from tracker.migrations.tables import PUBLIC, RECORD, indexes, transitions, triggers

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SEARCHES = ("public_search", "record_search")


def upgrade() -> None:
    bind = op.get_bind()
    for side in (RECORD, PUBLIC):
        side.create_all(bind, checkfirst=False)
    op.bulk_insert(RECORD.tables["transition"], list(transitions.list_transitions()))
    for name in SEARCHES:
        for statement in indexes.create_words(name, bind.dialect.name):
            op.execute(statement)
    for statement in triggers.create_statements(bind.dialect.name):
        op.execute(statement)


def downgrade() -> None:
    bind = op.get_bind()
    for name in SEARCHES:
        op.execute(f"DROP TABLE {name}_words")
    for side in (PUBLIC, RECORD):
        side.drop_all(bind, checkfirst=False)
    for statement in triggers.drop_statements(bind.dialect.name):
        op.execute(statement)
