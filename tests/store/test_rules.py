"""What a database refuses by itself is compared with what the migrations make: nobody drops a trigger in silence."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from tracker import migrations
from tracker.store.database import db

#: What was done -> the statements for SQLite and for PostgreSQL, and what is named.
DONE = {
    "a trigger was dropped": (
        ["DROP TRIGGER public_event_keeps_update"],
        ["DROP TRIGGER public_event_keeps_update ON public_event"],
        ["trigger public_event_keeps_update: it was dropped"],
    ),
    "a trigger was altered": (
        [
            "DROP TRIGGER audit_entry_keeps_delete",
            "CREATE TRIGGER audit_entry_keeps_delete BEFORE DELETE ON audit_entry BEGIN SELECT 1; END",
        ],
        ["ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_keeps_delete"],
        ["trigger audit_entry_keeps_delete: it was changed"],
    ),
    "a trigger was added": (
        ["CREATE TRIGGER copying AFTER INSERT ON person BEGIN SELECT 1; END"],
        [
            "CREATE TRIGGER copying BEFORE INSERT ON person FOR EACH ROW"
            " EXECUTE FUNCTION suppress_redundant_updates_trigger()"
        ],
        ["trigger copying: no migration makes it"],
    ),
    "a move was added": (
        *(["INSERT INTO transition VALUES ('committee', 'stage', 'move', 'lapsed', 'lapsed')"],) * 2,
        ["transition move of committee on stage from lapsed to lapsed: no migration makes it"],
    ),
    "a move was taken away": (
        *(["DELETE FROM transition WHERE track = 'closure' AND act = 'move' AND to_state = 'superseded'"],)
        * 2,
        ["transition move of recommendation on closure from open to superseded: it was dropped"],
    ),
    "a constraint was dropped": (
        [
            "PRAGMA writable_schema = ON",
            "UPDATE sqlite_master SET sql = replace(sql, 'CONSTRAINT ck_citation_stance CHECK', 'CHECK')"
            " WHERE name = 'citation'",
            "PRAGMA writable_schema = RESET",
        ],
        ["ALTER TABLE citation DROP CONSTRAINT ck_citation_stance"],
        ["check ck_citation_stance of citation: it was dropped"],
    ),
}


@pytest.mark.parametrize("done", DONE)
def test_a_rule_that_was_dropped_or_changed_is_named(stored: Flask, done: str) -> None:
    sqlite, postgres, named = DONE[done]
    with db.engine.connect() as connection:
        dialect = connection.dialect.name
        for statement in sqlite if dialect == "sqlite" else postgres:
            connection.execute(text(statement))
        connection.commit()
    found = migrations.rule_differences(db.engine)
    for one in named:
        kind, _, what = one.partition(": ")
        assert [finding for finding in found if finding.startswith(kind) and finding.endswith(what)], found


def test_a_database_at_head_has_the_rules_of_its_migrations(stored: Flask) -> None:
    assert migrations.rule_differences(db.engine) == []
