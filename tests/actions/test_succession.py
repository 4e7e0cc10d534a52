"""A log that lost what it had signed signs nothing more under its name. It is closed in a statement, and another log
goes on: nothing is ever signed twice under one name without a signed statement that says so.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.actions.test_signing import ORIGIN, Desk
from tests.public.assertions import unguard
from tests.world import World
from tracker.actions.operations import signing, succession
from tracker.actions.operations.signing import CannotSign, Keyring
from tracker.public import log, successions
from tracker.public.tables import log as public_log
from tracker.store.database import db
from tracker.tlog import note
from tracker.tlog.checkpoint import Checkpoint, parse
from tracker.tlog.succession import Succession

NEXT = "tracker.example/log-2"


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    return Desk(world, tmp_path / "log.key")


def lose(desk: Desk) -> Checkpoint:
    """Let the mark say that more was signed than the database has, as after the restore of an older backup."""
    last = desk.last()[0]
    more = replace(last, size=last.size + 7, root=b"\7" * 32)
    desk.keyring.mark.write_text(more.text)
    return more


def close(desk: Desk, *seen: Checkpoint, origin: str = NEXT) -> tuple[Keyring, Succession]:
    with desk.act() as act:
        return succession.close_log(
            act, desk.keyring, origin, desk.key.with_name("log-2.key"), "A disk\nfailed.", seen
        )


def sign(desk: Desk, keyring: Keyring) -> Checkpoint | None:
    with desk.act() as act:
        return signing.sign_log(act, keyring)


def test_what_is_left_goes_on_under_another_name(desk: Desk) -> None:
    before = desk.last()[0]
    lost = lose(desk)
    desk.world.recommendation("C1")
    with pytest.raises(CannotSign, match="the log shrank"):
        desk.sign()
    made, said = close(desk)
    assert (said.signed, said.kept) == (lost, before)
    assert (said.lost, said.because) == (7, "A disk failed.")
    at = sign(desk, made)
    assert at is not None
    assert (at.origin, at.size) == (NEXT, before.size + 2)
    assert parse(note.open_note(desk.last()[1], [made.signers[0].public]).text) == at
    with pytest.raises(CannotSign, match="belongs to another database"):
        desk.sign()
    desk.world.recommendation("C2")
    assert sign(desk, made) is not None
    desk.key = made.path
    assert desk.findings() == []
    act = list(log.read_events(desk.world.session.connection()))[at.size - 1]
    assert b'"kind":"log.succeeded"' in act.body


def test_before_its_first_signature_the_audit_finds_nothing_wrong(desk: Desk) -> None:
    lose(desk)
    made, _said = close(desk)
    desk.key = made.path
    assert desk.findings() == []
    assert made.path.stat().st_mode & 0o777 == 0o600


def test_killed_at_the_first_signature_the_successor_signs_the_same_bytes(
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lose(desk)
    made, _said = close(desk)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(log, "keep_checkpoint", killed)
    with pytest.raises(KeyboardInterrupt):
        sign(desk, made)
    monkeypatch.undo()
    marked = made.read_mark()
    assert sign(desk, made) == marked is not None


def test_a_log_that_lost_nothing_is_not_closed(desk: Desk) -> None:
    with pytest.raises(CannotSign, match="nothing that was signed is lost"):
        close(desk)
    desk.world.recommendation("C1")
    with pytest.raises(CannotSign, match="nothing that was signed is lost"):
        close(desk)


def test_without_the_mark_a_mirror_says_how_far_it_was_signed(desk: Desk) -> None:
    lost = lose(desk)
    desk.keyring.mark.unlink()
    with pytest.raises(CannotSign, match="--mirror"):
        close(desk)
    assert close(desk, lost)[1].signed == lost


def test_a_mirror_that_knows_more_than_the_mark_is_believed(desk: Desk) -> None:
    lost = lose(desk)
    more = replace(lost, size=lost.size + 1)
    assert close(desk, more)[1].signed == more


def test_a_log_that_was_forked_already_cannot_be_closed(desk: Desk) -> None:
    lost = lose(desk)
    with pytest.raises(CannotSign, match="was forked before"):
        close(desk, replace(lost, root=b"\1" * 32))


def test_a_file_that_is_there_is_no_place_for_the_new_key(desk: Desk) -> None:
    lose(desk)
    desk.key.with_name("log-2.key").write_text("something")
    with pytest.raises(CannotSign, match="there is a file already"):
        close(desk)


@pytest.mark.parametrize("origin", [ORIGIN, "no name"])
def test_the_successor_has_another_name(desk: Desk, origin: str) -> None:
    lose(desk)
    with pytest.raises(CannotSign, match=r"another name|cannot be the origin"):
        close(desk, origin=origin)
    assert log.read_log_name(desk.world.session.connection())[1] == ORIGIN  # type: ignore[index]  # it has one


def test_a_database_from_before_the_first_signature_keeps_nothing(desk: Desk) -> None:
    lose(desk)
    desk.sabotage("DELETE FROM public_log_checkpoint")
    assert close(desk)[1].kept.size == 0


def test_a_database_whose_own_checkpoint_does_not_fit_is_audited_first(desk: Desk) -> None:
    lose(desk)
    desk.sabotage("DELETE FROM public_log_hash WHERE level = 0 AND n = 0")
    desk.sabotage("DELETE FROM public_log_hash")
    with pytest.raises(CannotSign, match="tracker log audit"):
        close(desk)


def test_a_successor_that_loses_entries_is_closed_too(desk: Desk) -> None:
    lose(desk)
    made, said = close(desk)
    made.mark.write_text(Checkpoint(NEXT, 99, b"\7" * 32).text)
    with desk.act() as act:  # before its first signature: it keeps what its own beginning is
        third, again = succession.close_log(
            act, made, "tracker.example/log-3", desk.key.with_name("log-3.key"), "X"
        )
    assert (again.kept.size, again.kept.root) == (said.kept.size, said.kept.root)
    assert sign(desk, third) is not None
    desk.key = third.path
    assert desk.findings() == []
    connection = desk.world.session.connection()
    assert [one.successor.name for one in successions.list_successions(connection)] == [NEXT, third.origin]


def test_nobody_begins_a_successor_by_writing_into_the_database(desk: Desk) -> None:
    desk.sabotage(
        "UPDATE public_log_checkpoint SET note = replace(note, 'tracker.example/log', 'other.example/log')"
    )
    desk.world.recommendation("C1")
    with pytest.raises(CannotSign, match="is not ours"):
        desk.sign()


def test_witnesses_begin_again_with_a_successor(desk: Desk) -> None:
    with desk.act() as act:
        signing.keep_cosignature(act, desk.last()[0].size, "witness.example/w1", "line\n")
    lose(desk)
    connection = desk.world.session.connection()
    assert log.list_cosignatures(connection, "witness.example/w1") > 0
    close(desk)
    assert log.list_cosignatures(desk.world.session.connection(), "witness.example/w1") == 0


def test_a_mark_is_not_put_back_below_what_others_hold(desk: Desk) -> None:
    lost = lose(desk)
    desk.keyring.mark.unlink()
    with pytest.raises(CannotSign, match="others hold"), desk.act() as act:
        signing.write_new_mark(act, desk.keyring, [lost])
    with desk.act() as act:
        signing.write_new_mark(act, desk.keyring, [desk.last()[0]])


STATEMENT = "UPDATE public_log_succession SET "
BROKEN = {
    "the statement is changed": (
        STATEMENT + "statement = replace(statement, 'A disk', 'No disk')",
        "is not as it was",
    ),
    "it is filed as another": (STATEMENT + "kept = 1", "is filed as another"),
    "the successor has no name": (
        "DELETE FROM public_log_name WHERE origin LIKE '%-2'",
        "names a successor that",
    ),
    "a name too many": ("INSERT INTO public_log_name VALUES ('x', 'other.example/log')", "3 names"),
}


@pytest.mark.parametrize("done", BROKEN)
def test_what_was_done_to_a_closed_log_is_found(desk: Desk, done: str) -> None:
    lose(desk)
    made, _said = close(desk)
    sign(desk, made)
    statement, finding = BROKEN[done]
    desk.sabotage(statement)
    desk.key = made.path
    assert any(finding in one for one in desk.findings()), desk.findings()


def test_what_is_signed_under_a_closed_name_is_found(desk: Desk) -> None:
    old = desk.keyring
    lose(desk)
    made, _said = close(desk)
    sign(desk, made)
    connection = desk.world.session.connection()
    at = Checkpoint(
        ORIGIN, public_log.size(connection), public_log.root(connection, public_log.size(connection))
    )
    signed = note.sign(at.text, *old.signers).decode()
    desk.world.session.rollback()
    with db.engine.begin() as connection:
        unguard(connection)
        connection.execute(
            text("UPDATE public_log_checkpoint SET note = :note WHERE size = :size"),
            {"note": signed, "size": at.size},
        )
    desk.key = made.path
    assert any("was signed after that" in one for one in desk.findings())


def test_a_successor_that_lost_its_mark_before_it_signed_signs_nothing(desk: Desk) -> None:
    lose(desk)
    made, said = close(desk)
    assert made.read_mark() == replace(said.kept, origin=NEXT)
    made.mark.unlink()
    with pytest.raises(CannotSign, match="the mark beside the key is missing"):
        sign(desk, made)
