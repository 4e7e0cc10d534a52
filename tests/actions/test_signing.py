"""The public log is signed after the commit, by the holder of its key, and never below what was signed before: whatever
somebody has done to the database, to the key file or to the mark, the signer stops and says what happened.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from tests.public.assertions import unguard
from tests.world import World
from tracker.actions.operations import auditing, readiness, rebuilt_log, signing
from tracker.actions.operations.signing import CannotSign, Keyring
from tracker.actions.people import OPERATOR
from tracker.public import log
from tracker.public.tables import checkpoint
from tracker.public.tables import log as public_log
from tracker.store.audit import TRAIL, Anchor
from tracker.store.database import db
from tracker.tlog import note
from tracker.tlog.checkpoint import Checkpoint, parse
from tracker.tlog.keys import LOG, PrivateKey

ORIGIN = "tracker.example/log"


class Desk:
    """A world whose log is signed, and ways to get at it."""

    def __init__(self, world: World, key: Path) -> None:
        self.world, self.key = world, key
        with self.act() as act:
            signing.create_log(act, ORIGIN, key)
        self.sign()

    def act(self):  # type: ignore[no-untyped-def]  # a context manager
        return self.world.act(OPERATOR)

    @property
    def keyring(self) -> Keyring:
        return Keyring.read(self.key)

    def sign(self) -> Checkpoint | None:
        with self.act() as act:
            return signing.sign_log(act, self.keyring)

    def last(self) -> tuple[Checkpoint, bytes]:
        found = log.last_checkpoint(self.world.session.connection())
        assert found is not None
        return found

    def sabotage(self, *statements: str) -> None:
        self.world.session.rollback()
        with db.engine.connect() as connection:
            unguard(connection)
            for statement in statements:
                assert connection.execute(text(statement)).rowcount > 0, statement
            connection.commit()
        self.world.session.expire_all()

    def findings(self) -> list[str]:
        self.world.session.rollback()
        return auditing.audit_logs(self.world.session, self.keyring)


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    return Desk(world, tmp_path / "log.key")


# ---------------------------------------------------------------- signing


def test_what_is_committed_is_signed_and_what_is_signed_already_is_not_signed_again(desk: Desk) -> None:
    at, signed = desk.last()
    assert at.size == public_log.size(desk.world.session.connection())
    assert parse(note.open_note(signed, [desk.keyring.signers[0].public]).text) == at
    assert desk.sign() is None
    desk.world.recommendation("C1")
    later = desk.sign()
    assert later is not None
    assert later.size == at.size + 1
    assert desk.findings() == []


def test_a_server_is_not_ready_while_entries_stay_unsigned_for_minutes(desk: Desk) -> None:
    def state(later: timedelta) -> str:
        desk.world.session.rollback()
        now = desk.world.clock() + later
        found = readiness.check_server(db.engine, None, None, desk.key, now)
        return next(one.state for one in found if one.name == "signature")

    desk.world.recommendation("C1")
    assert (state(timedelta()), state(2 * readiness.LATE)) == ("right", "wrong")
    desk.sign()
    assert state(2 * readiness.LATE) == "right"


def test_killed_between_the_mark_and_the_note_the_same_bytes_are_signed_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.world.recommendation("C1")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(log, "keep_checkpoint", killed)
    with pytest.raises(KeyboardInterrupt):
        desk.sign()
    monkeypatch.undo()
    marked = desk.keyring.read_mark()
    assert marked is not None
    assert marked.size == desk.last()[0].size + 1
    assert desk.sign() == marked
    assert desk.findings() == []


def test_many_acts_take_one_signature(desk: Desk) -> None:
    for number in range(3):
        desk.world.recommendation(f"C{number}")
    desk.sign()
    assert len(desk.world.session.execute(select(checkpoint.c.size)).all()) == 2


def test_the_key_file_and_the_mark_are_nobody_elses(desk: Desk) -> None:
    assert desk.key.stat().st_mode & 0o777 == 0o600
    assert desk.keyring.mark.stat().st_mode & 0o777 == 0o600
    assert "PRIVATE" not in repr(desk.keyring)


def test_nothing_secret_is_in_the_database(desk: Desk) -> None:
    seed = desk.keyring.signers[0].seed
    desk.world.session.rollback()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    path = Path(str(db.engine.url.database))
    assert seed not in path.read_bytes()
    assert desk.keyring.signers[0].skey.encode() not in path.read_bytes()


# ---------------------------------------------------------------- what is refused


def test_the_log_is_named_once_and_a_key_is_never_written_over(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(CannotSign, match="has its log already"), desk.act() as act:
        signing.create_log(act, "other.example/log", tmp_path / "other.key")
    assert not (tmp_path / "other.key").exists()


def test_a_file_that_is_there_is_no_place_for_a_key(world: World, tmp_path: Path) -> None:
    (tmp_path / "log.key").write_text("something")
    with pytest.raises(CannotSign, match="there is a file already"), world.act(OPERATOR) as act:
        signing.create_log(act, ORIGIN, tmp_path / "log.key")


@pytest.mark.parametrize("origin", ["", "two words", "with+plus", "line\nfeed"])
def test_an_origin_must_be_one_that_a_key_can_carry(world: World, tmp_path: Path, origin: str) -> None:
    with pytest.raises(CannotSign, match="cannot be the origin"), world.act(OPERATOR) as act:
        signing.create_log(act, origin, tmp_path / "log.key")
    assert not (tmp_path / "log.key").exists()


@pytest.mark.parametrize(
    ("gone", "says"),
    [
        (["DELETE FROM public_log_name"], "its name is gone: see what `tracker log audit` says"),
        (
            ["DELETE FROM public_log_name", "DELETE FROM public_log_checkpoint"],
            "no name yet; run `tracker log init`",
        ),
    ],
)
def test_without_a_name_nothing_is_signed(desk: Desk, gone: list[str], says: str) -> None:
    """One that was signed before had a name: nobody is told to begin it."""
    desk.sabotage(*gone)
    with pytest.raises(CannotSign, match=says):
        desk.sign()


def broken_key(desk: Desk, content: str, mode: int = 0o600) -> None:
    desk.key.write_text(content)
    desk.key.chmod(mode)


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        (None, 0o640, "others may read"),
        ("", 0o600, "not a key file"),
        ("hello\nworld\n", 0o600, "not a key file"),
        ("database x\nPRIVATE+KEY+nonsense\n", 0o600, "cannot be read: a private key is"),
        ("database é\n", 0o600, "cannot be read"),
    ],
)
def test_a_key_file_that_is_not_one_is_refused_without_showing_it(
    desk: Desk, content: str | None, mode: int, said: str
) -> None:
    broken_key(desk, desk.key.read_text() if content is None else content, mode)
    with pytest.raises(CannotSign, match=said) as caught:
        desk.sign()
    assert "nonsense" not in str(caught.value)


def test_a_key_file_that_is_missing_is_said(desk: Desk) -> None:
    desk.key.unlink()
    with pytest.raises(CannotSign, match="cannot be read"):
        desk.sign()


def test_a_key_of_another_database_signs_nothing_here(desk: Desk) -> None:
    lines = desk.key.read_text().splitlines()
    broken_key(desk, "\n".join(["database 0123", *lines[1:], ""]))
    with pytest.raises(CannotSign, match="belongs to another database"):
        desk.sign()


def test_another_key_under_the_same_name_signs_nothing(desk: Desk) -> None:
    lines = desk.key.read_text().splitlines()
    broken_key(desk, "\n".join([lines[0], PrivateKey(ORIGIN, LOG, bytes(32)).skey, ""]))
    desk.world.recommendation("C1")
    with pytest.raises(CannotSign, match="is not ours"):
        desk.sign()
    assert any("known keys" in finding for finding in desk.findings())


def test_a_restored_backup_is_known_by_the_mark(desk: Desk) -> None:
    path = Path(str(db.engine.url.database))
    desk.world.session.rollback()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    backup = path.read_bytes()
    desk.world.recommendation("C1")
    desk.sign()
    desk.world.session.rollback()
    db.engine.dispose()
    for beside in (path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        beside.unlink(missing_ok=True)
    path.write_bytes(backup)
    desk.world.session.expire_all()
    with pytest.raises(CannotSign, match=r"the log shrank.*backup"):
        desk.sign()
    assert any("the mark beside the key" in finding for finding in desk.findings())
    desk.world.recommendation("C2")  # as long as before, and another
    with pytest.raises(CannotSign, match="rewritten"):
        desk.sign()


def test_a_mark_that_is_lost_is_put_back_by_hand_only(desk: Desk) -> None:
    desk.keyring.mark.unlink()
    desk.world.recommendation("C1")
    with pytest.raises(CannotSign, match="--new-mark"):
        desk.sign()
    with desk.act() as act:
        signing.write_new_mark(act, desk.keyring)
    assert desk.sign() is not None
    with pytest.raises(CannotSign, match="not missing"), desk.act() as act:
        signing.write_new_mark(act, desk.keyring)


def test_a_mark_that_is_no_checkpoint_stops_the_signer(desk: Desk) -> None:
    desk.keyring.mark.write_text("nonsense")
    with pytest.raises(CannotSign, match="the mark beside the key cannot be read"):
        desk.sign()


# ---------------------------------------------------------------- what somebody did to the database

DROP_LAST = "DELETE FROM public_log_entry WHERE idx = (SELECT max(idx) FROM public_log_entry)"
#: What was done -> what the signer says (None: it cannot see it), and what the audit says: it sees everything.
SABOTAGE = {
    "an entry was edited": (
        ["UPDATE public_log_entry SET entry = replace(entry, 'published', 'publishes') WHERE idx = 2"],
        None,
        "the stored hash over entries 2 to 2 does not follow",
    ),
    "two entries were swapped": (
        [
            "UPDATE public_log_entry SET idx = 900 WHERE idx = 2",
            "UPDATE public_log_entry SET idx = 2 WHERE idx = 3",
            "UPDATE public_log_entry SET idx = 3 WHERE idx = 900",
        ],
        None,
        "is not what entry 2 of the log holds",
    ),
    "an entry in the middle was deleted": (
        ["DELETE FROM public_log_entry WHERE idx = 2"],
        None,
        "entry 2 is missing",
    ),
    "the last entry was deleted": (
        [DROP_LAST],
        "the log shrank",
        "entries were signed, and",
    ),
    "the last entry was deleted with its act and its hash": (
        [
            "DELETE FROM public_log_hash WHERE level = 0 AND n = (SELECT max(idx) FROM public_log_entry)",
            DROP_LAST,
            "DELETE FROM public_event WHERE seq = (SELECT max(seq) FROM public_event)",
        ],
        "the log shrank",
        "entries were signed, and",
    ),
    "a hash was edited": (
        [
            "UPDATE public_log_hash SET hash = zeroblob(32) WHERE level = (SELECT max(level) FROM public_log_hash)"
        ],
        "rewritten",
        "the stored hash over entries 0 to",
    ),
    "a hash was deleted": (
        ["DELETE FROM public_log_hash WHERE level = 0 AND n = 0"],
        None,
        "the stored hash over entries 0 to 0",
    ),
    "a hash that the root is made from was deleted": (
        ["DELETE FROM public_log_hash WHERE level = (SELECT max(level) FROM public_log_hash)"],
        "has lost a hash",
        "is missing",
    ),
    "a checkpoint was deleted with its note": (
        ["DELETE FROM public_log_checkpoint"],
        None,
        "is stored, and the mark says it was signed",
    ),
    "a root was edited": (
        ["UPDATE public_log_checkpoint SET root = zeroblob(32)"],
        None,
        "its note speaks of another log",
    ),
    "a note was edited": (
        ["UPDATE public_log_checkpoint SET note = replace(note, 'tracker.example', 'tracker.elsewhere')"],
        "is not ours",
        "the checkpoint of",
    ),
    "the text of an act was edited": (
        ["UPDATE public_event SET body = replace(body, 'Coast', 'Toast') WHERE seq = 7"],
        None,
        "what the public act says is not what entry 6",
    ),
    "an act was redacted past all rules into another kind": (
        [
            "UPDATE public_event SET salt = NULL, body = replace(body, 'subject.published', 'subject.revised'),"
            " kind = 'subject.revised' WHERE seq = 3"
        ],
        None,
        "what is left of the redacted act",
    ),
    "an act was emptied and nobody said so": (
        ["UPDATE public_event SET salt = NULL WHERE seq = 3"],
        None,
        "no redaction says so",
    ),
    "a row of the trail was edited": (
        ["UPDATE audit_entry SET person_id = 'operator' WHERE id = 12"],
        None,
        "row 12 of the trail is not what entry 11",
    ),
    "a row of the trail was deleted": (
        ["DELETE FROM audit_entry WHERE id = (SELECT max(id) FROM audit_entry)"],
        None,
        "there is no row of the trail",
    ),
    "an entry of the internal log was deleted": (
        [
            "DELETE FROM internal_log_entry WHERE idx = (SELECT max(idx) FROM internal_log_entry)",
        ],
        None,
        "is not in the internal log",
    ),
}


@pytest.mark.parametrize("done", SABOTAGE)
def test_what_was_done_to_the_database_is_found_by_the_right_check(desk: Desk, done: str) -> None:
    statements, signer, auditor = SABOTAGE[done]
    desk.sabotage(*statements)
    assert any(auditor in finding for finding in desk.findings()), desk.findings()
    desk.world.session.rollback()
    if signer is not None:
        with pytest.raises(CannotSign, match=signer):
            desk.sign()


def test_a_history_rewritten_with_all_its_hashes_does_not_fit_what_was_signed(desk: Desk) -> None:
    """The insider who knows everything but the key: edits an act and makes every entry and hash anew."""
    desk.sabotage(
        "UPDATE public_event SET body = replace(body, 'Coast', 'Toast') WHERE seq = 7",
        "DELETE FROM public_log_entry",
        "DELETE FROM public_log_hash",
    )
    with db.engine.connect() as connection:
        log.extend_log(connection)
        connection.commit()
    desk.world.session.expire_all()
    assert [finding for finding in desk.findings() if "stored hash" in finding or "act says" in finding] == []
    assert any("what was signed does not follow" in finding for finding in desk.findings())
    desk.world.session.rollback()
    with pytest.raises(CannotSign, match="rewritten"):
        desk.sign()


def test_an_act_that_is_not_in_the_log_is_found(desk: Desk) -> None:
    with db.engine.connect() as connection:
        connection.execute(
            text(
                "INSERT INTO public_event SELECT seq + 500, 'evt_x', at, kind, process_id, subject_id, body, salt"
                " FROM public_event WHERE seq = 1"
            )
        )
        connection.commit()
    desk.world.session.expire_all()
    assert any("is not in the log" in finding for finding in desk.findings())


def test_an_entry_of_which_no_act_speaks_is_found(desk: Desk) -> None:
    connection = desk.world.session.connection()
    size = public_log.size(connection)
    desk.world.session.rollback()
    with db.engine.connect() as connection:
        public_log.append(connection, size, [b"{}"])
        connection.commit()
    assert any("there is no public act" in finding for finding in desk.findings())


def test_a_hash_too_many_is_found(desk: Desk) -> None:
    with db.engine.connect() as connection:
        connection.execute(public_log.hash.insert().values(level=9, n=9, hash=bytes(32)))
        connection.commit()
    assert any("hashes are stored" in finding for finding in desk.findings())


def test_a_long_log_is_audited_piece_by_piece(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilt_log, "_BATCH", 2)
    assert desk.findings() == []
    desk.sabotage("UPDATE public_log_hash SET hash = zeroblob(32) WHERE level = 0 AND n = 1")
    assert any("entries 1 to 1" in finding for finding in desk.findings())


def test_without_the_key_all_but_signatures_is_checked(desk: Desk) -> None:
    assert auditing.audit_logs(desk.world.session, None) == []


# ---------------------------------------------------------------- anchors


def test_an_anchor_covers_the_internal_log_and_says_nothing_of_it(desk: Desk) -> None:
    with desk.act() as act:
        seq = signing.anchor_internal_log(act)
    with desk.act() as act:
        again = signing.anchor_internal_log(act)
    session = desk.world.session
    said = [act for act in log.read_events(session.connection()) if act.seq in (seq, again)]
    kept = {row.seq: row for row in session.scalars(select(Anchor))}
    assert b"internal" in said[0].body
    for act in said:
        assert act.salt is None
        assert (
            str(parse(kept[act.seq].checkpoint).size).encode()
            not in act.body.replace(b'"at"', b"").split(b"commit")[1][:2]
        )
    lengths = {len(act.body) for act in said}
    assert len(lengths) == 1
    size = TRAIL.size(session.connection())
    assert parse(kept[again].checkpoint).size < size
    assert desk.findings() == []


def test_an_anchor_that_nothing_opens_or_that_covers_another_log_is_found(desk: Desk) -> None:
    with desk.act() as act:
        signing.anchor_internal_log(act)
    desk.sabotage("UPDATE log_anchor SET salt = zeroblob(32)")
    assert any("nothing that is kept opens this anchor" in finding for finding in desk.findings())


def test_a_trail_rewritten_with_all_its_hashes_does_not_fit_its_anchor(desk: Desk) -> None:
    with desk.act() as act:
        signing.anchor_internal_log(act)
    desk.sabotage(
        "UPDATE audit_entry SET person_id = 'operator' WHERE id = 12",
        "DELETE FROM internal_log_entry",
        "DELETE FROM internal_log_hash",
    )
    desk.world.recommendation("C1")  # the next act writes the whole internal log anew
    assert [finding for finding in desk.findings() if "row 12" in finding] == []
    assert any("the internal log at evt_" in finding for finding in desk.findings())


def test_an_anchor_without_its_act_is_found(desk: Desk) -> None:
    with db.engine.connect() as connection:
        connection.execute(
            Anchor.__table__.insert().values(seq=9999, salt=bytes(32), checkpoint="internal\n0\nx\n")  # type: ignore[attr-defined]
        )
        connection.commit()
    assert any("anchor 9999" in finding for finding in desk.findings())


# ---------------------------------------------------------------- rotation


def test_in_a_rotation_both_keys_sign_then_the_new_one_alone_and_the_log_says_so(desk: Desk) -> None:
    old = desk.keyring.signers[0].public
    with desk.act() as act:
        new = signing.rotate_key(act, desk.keyring).signers[-1].public
    desk.sign()
    signed = desk.last()[1]
    assert note.open_note(signed, [old]).text == note.open_note(signed, [new]).text
    with pytest.raises(CannotSign, match="retire the old one first"), desk.act() as act:
        signing.rotate_key(act, desk.keyring)
    with desk.act() as act:
        signing.retire_key(act, desk.keyring)
    desk.sign()
    signed = desk.last()[1]
    assert note.open_note(signed, [new])
    with pytest.raises(Exception, match="none of the known keys"):
        note.open_note(signed, [old])
    assert desk.findings() == []
    assert [act for act in log.read_events(desk.world.session.connection()) if old.vkey.encode() in act.body]
    with pytest.raises(CannotSign, match="rotate first"), desk.act() as act:
        signing.retire_key(act, desk.keyring)


# ---------------------------------------------------------------- after the commit


def test_after_an_act_the_log_is_signed_once(desk: Desk, entropy: Callable[[int], bytes]) -> None:
    desk.world.recommendation("C1")
    for _ in range(2):
        assert signing.sign_after_commit(desk.world.session, desk.key, desk.world.clock, entropy) is None
    assert desk.last()[0].size == public_log.size(desk.world.session.connection())


def test_an_act_stays_done_where_it_cannot_be_signed_and_the_operators_are_told(
    desk: Desk, entropy: Callable[[int], bytes]
) -> None:
    desk.world.recommendation("C1")
    desk.key.unlink()
    said = signing.sign_after_commit(desk.world.session, desk.key, desk.world.clock, entropy)
    assert said is not None
    assert "cannot be read" in said


def test_a_cosignature_is_kept_once(desk: Desk) -> None:
    at = desk.last()[0]
    for line in ("— w x\n", "— w y\n"):
        with desk.act() as act:
            signing.keep_cosignature(act, at.size, "w", line)
    connection = desk.world.session.connection()
    assert log.read_served(connection) == desk.last()[1] + "— w x\n".encode()
    assert log.list_cosignatures(connection, "w") == at.size
    assert log.list_cosignatures(connection, "other") == 0
