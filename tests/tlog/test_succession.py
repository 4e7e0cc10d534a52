"""A log that lost what it had signed is closed by a statement of its own keys, and strangers follow it to the log that
goes on: with what they saw before, and with no way to hide by it what they know.

Exit status 3: verified, but of a successor.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.tlog.logs import KEY, OTHER, Files, Log, export, flips, vector_leaf
from tests.tlog.test_stranger import run
from tracker.tlog import keys
from tracker.tlog.errors import BadSignature, Malformed, TlogError
from tracker.tlog.succession import Succession, open_succession, sign_succession

NEXT = keys.PrivateKey("tracker.example/log-2", keys.LOG, b"\2" * 32)
THIRD = keys.PrivateKey("tracker.example/log-3", keys.LOG, b"\3" * 32)
#: The log as it was signed: 30 entries, of which a backup has 20; two other entries followed in its place.
WHOLE = Log(vector_leaf(i) for i in range(30))
RESTORED = Log([*(vector_leaf(i) for i in range(20)), b"closed", b"goes on"])
CLOSED = Succession((KEY.public,), WHOLE.checkpoint(), RESTORED.checkpoint(20), NEXT.public, "A disk failed.")
NOTE = sign_succession(CLOSED, [KEY], NEXT)


@pytest.fixture
def seen(tmp_path: Path) -> Path:
    return tmp_path / "seen"


def serve(tmp_path: Path, files: Files, *statements: bytes) -> Path:
    return export(files | {f"succession/{n}": note for n, note in enumerate(statements)}, tmp_path / "log")


def test_the_statement_is_read_as_it_was_signed() -> None:
    assert open_succession(NOTE) == CLOSED
    assert CLOSED.lost == 10
    assert CLOSED.text.startswith("accountability-tracker/log-succession/v1\nclosed tracker.example/log+")


def test_no_byte_of_a_statement_can_be_changed() -> None:
    for other in flips(NOTE):
        with pytest.raises(TlogError):
            open_succession(other)


@pytest.mark.parametrize(
    "wrong",
    [
        {"closed": ()},
        {"closed": (KEY.public, NEXT.public)},
        {"successor": OTHER.public},
        {"kept": replace(CLOSED.kept, size=31)},
        {"kept": replace(CLOSED.kept, origin="other.example/log")},
        {"because": " "},
        {"because": "x" * 301},
        {"because": "two\nlines"},
    ],
)
def test_a_statement_that_makes_no_sense_is_not_made(wrong: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        replace(CLOSED, **wrong)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("signers", [([KEY], KEY), ([NEXT], NEXT)])
def test_the_keys_of_both_logs_sign(signers: tuple[list[keys.PrivateKey], keys.PrivateKey]) -> None:
    with pytest.raises(BadSignature, match="has not signed"):
        open_succession(sign_succession(CLOSED, *signers))


def test_who_knows_the_old_key_is_led_to_the_log_that_goes_on(tmp_path: Path, seen: Path) -> None:
    status, said = run(serve(tmp_path, WHOLE.files(15)), "--vkey", KEY.public.vkey, "--state", seen)
    assert status == 0, said
    folder = serve(tmp_path / "later", RESTORED.files(key=NEXT), NOTE)
    status, said = run(folder, "--vkey", KEY.public.vkey, "--state", seen)
    assert status == 3, said
    assert "verified: tracker.example/log-2, 22 entries" in said
    assert "it goes on for tracker.example/log, of which 15 were seen before" in said
    assert "ended after 30 signed entries. 20 are kept and 10 are lost: A disk failed." in said
    assert f"--vkey {NEXT.public.vkey}" in said
    for key, status in ((KEY, 3), (NEXT, 0)):
        again, said = run(folder, "--vkey", key.public.vkey, "--state", seen)
        assert (again, "it begins with the 22 seen before" in said) == (status, True), said


def test_who_saw_the_old_log_goes_on_with_the_new_key(tmp_path: Path, seen: Path) -> None:
    run(serve(tmp_path, WHOLE.files()), "--vkey", KEY.public.vkey, "--state", seen)
    folder = serve(tmp_path / "later", RESTORED.files(key=NEXT), NOTE)
    status, said = run(folder, "--vkey", NEXT.public.vkey, "--state", seen)
    assert (status, "of which 30 were seen before" in said) == (0, True), said


def test_a_successor_can_have_a_successor(tmp_path: Path, seen: Path) -> None:
    shorter = Log([*RESTORED.entries[:21], b"closed again"])
    again = Succession(
        (NEXT.public,),
        RESTORED.checkpoint(22, NEXT.name),
        shorter.checkpoint(21, NEXT.name),
        THIRD.public,
        "X",
    )
    notes = NOTE, sign_succession(again, [NEXT], THIRD)
    folder = serve(tmp_path, shorter.files(key=THIRD), *notes)
    status, said = run(folder, "--vkey", KEY.public.vkey)
    assert (status, "verified: tracker.example/log-3, 22 entries" in said) == (3, True), said
    run(serve(tmp_path / "old", WHOLE.files()), "--vkey", KEY.public.vkey, "--state", seen)
    assert run(folder, "--vkey", THIRD.public.vkey, "--state", seen)[0] == 0


OTHER_BEGINNING = Log([b"forged", *RESTORED.entries[1:]])
SHRUNK = replace(CLOSED, signed=WHOLE.checkpoint(25))
FORKED = replace(CLOSED, signed=replace(WHOLE.checkpoint(), root=b"\7" * 32))
LESS_KEPT = replace(CLOSED, kept=OTHER_BEGINNING.checkpoint(20))


@pytest.mark.parametrize(
    ("log", "said", "finding"),
    [
        (OTHER_BEGINNING, CLOSED, "rewritten"),
        (RESTORED, SHRUNK, "you have seen 30 signed entries"),
        (RESTORED, FORKED, "says another"),
        (OTHER_BEGINNING, LESS_KEPT, "rewritten"),
    ],
    ids=["another beginning", "says less than was signed", "says another root", "keeps another beginning"],
)
def test_a_statement_hides_nothing_from_who_has_seen_more(
    tmp_path: Path, seen: Path, log: Log, said: Succession, finding: str
) -> None:
    last = 15 if said is LESS_KEPT else 30
    run(serve(tmp_path, WHOLE.files(last)), "--vkey", KEY.public.vkey, "--state", seen)
    folder = serve(tmp_path / "later", log.files(key=NEXT), sign_succession(said, [KEY], NEXT))
    status, told = run(folder, "--vkey", KEY.public.vkey, "--state", seen)
    assert (status, finding in told or "are not those" in told) == (1, True), told


def test_one_log_is_closed_once(tmp_path: Path) -> None:
    twice = sign_succession(replace(CLOSED, because="Another reason."), [KEY], NEXT)
    status, said = run(serve(tmp_path, RESTORED.files(key=NEXT), NOTE, twice), "--vkey", KEY.public.vkey)
    assert (status, "was closed twice" in said) == (1, True), said


def test_a_statement_that_another_key_signed_leads_nowhere(tmp_path: Path) -> None:
    forged = sign_succession(replace(CLOSED, closed=(OTHER.public,)), [OTHER], NEXT)
    status, said = run(serve(tmp_path, RESTORED.files(key=NEXT), forged), "--vkey", KEY.public.vkey)
    assert (status, "none of the known keys" in said) == (1, True), said
    status, said = run(
        serve(tmp_path / "bad", RESTORED.files(key=NEXT), NOTE[:-9]), "--vkey", KEY.public.vkey
    )
    assert (status, "succession/0" in said) == (1, True), said
