"""An audit names whatever is broken and dies of none of it: one broken row must not hide what was done to others."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from tests.actions.test_signing import Desk
from tests.public.assertions import unguard
from tests.world import World
from tracker.actions.operations import auditing, rebuild, signing
from tracker.public import log
from tracker.store.database import db

BROKEN = "UPDATE public_event SET {} WHERE seq = 5"
#: What was done -> the statement, and what one of the findings names.
DONE = {
    "nothing is left of the text": (BROKEN.format("body = ''"), "public act 5"),
    "the text is an empty object without a salt": (BROKEN.format("body = '{}', salt = NULL"), "public act 5"),
    "the text is not UTF-8": (BROKEN.format("body = X'ff'"), "public act 5"),
    "the text is a list": (BROKEN.format("body = '[]'"), "public act 5"),
    "the text is null": (BROKEN.format("body = 'null'"), "public act 5"),
    "the text is a number": (BROKEN.format("body = '7'"), "public act 5"),
    "the text is nested without an end": (
        BROKEN.format("body = replace(hex(zeroblob(15000)), '0', '[')"),
        "public act 5",
    ),
    "the text has another kind and nothing else": (
        BROKEN.format("""body = '{"kind":"x"}'"""),
        "public act 5",
    ),
    "a change is none": (BROKEN.format("""body = '{"kind":"status.changed","change":7}'"""), "public act 5"),
    "the salt is short": (BROKEN.format("salt = X'00'"), "public act 5"),
    "the salt is a text": (BROKEN.format("salt = 'x'"), "public act 5"),
    "the kind is unknown": (BROKEN.format("kind = 'zzz'"), "not what it is found by"),
    "the subject is no id": (BROKEN.format("subject_id = 'rec_x'"), "not what it is found by"),
    "the subject is gone": (BROKEN.format("subject_id = NULL"), "not what it is found by"),
    "the time is no time": (BROKEN.format("at = 'soon'"), "not what it is found by"),
    "a redaction names no entries": (
        BROKEN.format("""kind = 'record.redacted', body = '{"kind":"record.redacted"}'"""),
        "public act 5",
    ),
    "a key is none": (
        BROKEN.format("""kind = 'key.rotated', body = '{"kind":"key.rotated","vkey":"x"}'"""),
        "public act 5",
    ),
    "an anchor promises nothing": (
        BROKEN.format("""kind = 'internal.anchor', body = '{"kind":"internal.anchor"}', salt = NULL"""),
        "public act 5",
    ),
    "a head is no object": ("UPDATE public_head SET content = X'00'", "head"),
    "a document is no document": (
        "UPDATE public_document SET brief = X'00' WHERE kind = 'process'",
        "document",
    ),
    "an entry is no entry": ("UPDATE public_log_entry SET entry = X'ff' WHERE idx = 4", "entries 4 to 4"),
    "a hash is a text": ("UPDATE public_log_hash SET hash = 'x' WHERE n = 4 AND level = 0", "entries 4 to 4"),
    "a note is no text": ("UPDATE public_log_checkpoint SET note = X'ff00'", "the checkpoint of"),
    "a root is null and void": ("UPDATE public_log_checkpoint SET root = ''", "the checkpoint of"),
    "a row of the trail has no salt to speak of": (
        "UPDATE audit_entry SET salt = 'x' WHERE id = 3",
        "row 3 of the trail",
    ),
    "an anchor is no checkpoint": ("UPDATE log_anchor SET checkpoint = X'ff'", "anchor"),
    "the log has another name": (
        "UPDATE public_log_name SET origin = 'other.example/log'",
        "is called other.example/log",
    ),
    "the database has another name": (
        "UPDATE public_log_name SET database = 'other'",
        "one of them was changed",
    ),
    "the log has no name": ("DELETE FROM public_log_name", "its name is gone"),
}


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    made = Desk(world, tmp_path / "log.key")
    with made.act() as act:
        signing.anchor_internal_log(act)
    made.sign()
    return made


def findings(desk: Desk) -> list[str]:
    """All that `tracker log audit` says."""
    desk.world.session.rollback()
    with desk.act() as act:
        return list(
            dict.fromkeys(auditing.audit_logs(act.session, desk.keyring) + rebuild.check_public_side(act))
        )


def sabotage(desk: Desk, *statements: str) -> None:
    desk.world.session.rollback()
    with db.engine.connect() as connection:
        unguard(connection)
        connection.execute(text("PRAGMA ignore_check_constraints = ON"))
        for statement in statements:
            done = connection.exec_driver_sql(statement)
            assert done.rowcount > 0, statement
        connection.commit()
        connection.execute(text("PRAGMA ignore_check_constraints = OFF"))
    desk.world.session.expire_all()


@pytest.mark.parametrize("done", DONE)
def test_what_is_broken_is_named_and_hides_nothing_else(desk: Desk, done: str) -> None:
    statement, named = DONE[done]
    elsewhere = "UPDATE public_event SET body = replace(body, 'Coast', 'Toast') WHERE seq = 7"
    sabotage(desk, statement, elsewhere)
    found = findings(desk)
    assert [one for one in found if named in one], found
    assert [one for one in found if "is not what entry 6 of the log holds" in one], found


def test_a_text_nested_without_an_end_hides_no_checkpoint(desk: Desk) -> None:
    nested, _named = DONE["the text is nested without an end"]
    sabotage(desk, nested, "UPDATE public_log_checkpoint SET note = X'ff00'")
    found = findings(desk)
    assert "broken and cannot be checked" not in "".join(one for one in found if "checkpoints" in one), found
    assert [one for one in found if one.startswith("the checkpoint of")], found


@pytest.mark.parametrize("statement", [BROKEN.format("body = ''"), BROKEN.format("subject_id = 'rec_x'")])
def test_no_other_act_is_blamed_for_one_that_is_broken(desk: Desk, statement: str) -> None:
    desk.world.recommendation("C1")
    desk.sign()
    sabotage(desk, statement)
    desk.world.session.rollback()
    with desk.act() as act:
        blamed = [one for one in auditing.audit_logs(act.session, desk.keyring) if "is not what entry" in one]
    assert [one for one in blamed if "entry 4" not in one] == []


def test_after_a_restore_the_first_line_says_so_and_does_not_advise_to_sign(desk: Desk) -> None:
    size = log.last_checkpoint(desk.world.session.connection())
    assert size is not None
    marked = desk.keyring.mark.read_bytes()
    later = marked.replace(f"\n{size[0].size}\n".encode(), f"\n{size[0].size + 3}\n".encode())
    desk.keyring.mark.write_bytes(later)
    found = findings(desk)
    assert "an older backup was restored" in found[0]
    assert not [one for one in found if "run `tracker log sign`" in one]


def test_a_mark_that_is_gone_is_a_finding_and_before_the_first_signature_none_is_missed(
    desk: Desk,
) -> None:
    desk.keyring.mark.unlink()
    [found] = findings(desk)
    assert "run `tracker log sign --new-mark --mirror …`" in found
    desk.sabotage("DELETE FROM public_log_checkpoint")
    assert findings(desk) == []


def test_a_mark_that_is_none_hides_nothing(desk: Desk) -> None:
    desk.keyring.mark.write_text("nonsense", "ascii")
    sabotage(desk, BROKEN.format("body = ''"))
    found = findings(desk)
    assert [one for one in found if "the mark beside the key cannot be read" in one]
    assert [one for one in found if "public act 5" in one]
