"""`tracker log …`: from a first key to a log that strangers and witnesses verify; an audit says what is wrong."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.cli.conftest import Tracker
from tests.cli.witnesses import WITNESS_KEY, Witness, listening
from tests.public.assertions import unguard
from tests.services import needs_go
from tests.tlog.test_go import tool  # noqa: F401  # a fixture
from tests.world import World
from tracker.tlog import checkpoint, note
from tracker.tlog.keys import parse_vkey

INIT = ("log", "init", "--origin", "tracker.example/log")


@pytest.fixture
def key(tracker: Tracker, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A world, and the path of a key that is not there yet."""
    world.session.rollback()
    path = tmp_path / "log.key"
    monkeypatch.setenv("TRACKER_LOG_KEY", str(path))
    return path


@pytest.fixture
def vkey(tracker: Tracker, key: Path) -> str:
    said = tracker(*INIT)
    assert said.status == 0, said.err
    return said.out.strip()


def test_from_a_first_key_to_a_verified_log(tracker: Tracker, vkey: str, key: Path, tmp_path: Path) -> None:
    assert vkey.startswith("tracker.example/log+")
    assert key.stat().st_mode & 0o777 == 0o600
    assert re.match(r"anchored at \d+\n", tracker("log", "anchor").out)
    signed = json.loads(tracker("log", "sign", "--json").out)
    assert tracker("log", "audit").status == 0
    said = json.loads(tracker("log", "audit", "--json").out)
    assert said == {"findings": [], "size": signed["size"]}
    assert tracker("log", "export", str(tmp_path / "log")).status == 0
    verified = tracker(
        "log", "verify", str(tmp_path / "log"), "--vkey", vkey, "--state", str(tmp_path / "seen")
    )
    assert (verified.status, verified.err) == (0, "")
    assert f"{signed['size']} entries" in verified.out


def test_an_export_goes_on_where_the_last_one_ended(tracker: Tracker, vkey: str, tmp_path: Path) -> None:
    folder = tmp_path / "log"
    tracker("log", "export", str(folder))
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert tracker("log", "export", str(folder)).out == "1 files\n"
    tracker("log", "anchor")
    tracker("log", "export", str(folder))
    for path, content in before.items():
        assert path.name == "checkpoint" or path.read_bytes() == content
    state = str(tmp_path / "seen")
    assert tracker("log", "verify", str(folder), "--vkey", vkey, "--state", state).status == 0


def test_before_there_is_a_checkpoint_nothing_is_exported(
    tracker: Tracker, key: Path, tmp_path: Path
) -> None:
    assert tracker("log", "export", str(tmp_path / "log")).out == "0 files\n"


def test_a_second_name_or_a_missing_key_is_refused_in_one_line(
    tracker: Tracker, vkey: str, key: Path
) -> None:
    again = tracker(*INIT)
    assert again.status == 1
    assert "has its log already" in again.err
    key.unlink()
    said = tracker("log", "sign")
    assert said.status == 1
    assert said.err.startswith("tracker: the key of the log cannot be read")


def test_where_the_last_acts_are_missing_nothing_is_written_and_it_is_said_in_one_line(
    tracker: Tracker, vkey: str, sqlite_url: str
) -> None:
    engine = create_engine(sqlite_url)
    with engine.connect() as connection:
        unguard(connection)
        connection.execute(text("DELETE FROM public_event WHERE seq = (SELECT max(seq) FROM public_event)"))
        connection.commit()
    engine.dispose()
    said = tracker("public", "rebuild")
    assert said.status == 1
    assert said.err.endswith("run `tracker log audit`\n")


def test_there_is_no_default_name(tracker: Tracker, key: Path) -> None:
    assert tracker("log", "init").status == 2


def test_an_audit_names_what_was_done_and_ends_with_1(tracker: Tracker, vkey: str, sqlite_url: str) -> None:
    engine = create_engine(sqlite_url)
    with engine.connect() as connection:
        unguard(connection)
        connection.execute(text("UPDATE public_log_hash SET hash = zeroblob(32) WHERE level = 0 AND n = 3"))
        connection.commit()
    engine.dispose()
    said = tracker("log", "audit")
    assert said.status == 1
    assert "entries 3 to 3" in said.out


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("DROP TABLE log_anchor", "table log_anchor: it was dropped"),
        ("DROP TABLE public_head", "table public_head: it was dropped"),
        ("ALTER TABLE public_event DROP COLUMN salt", "column salt of public_event: it was dropped"),
    ],
)
def test_an_audit_names_what_was_dropped(
    tracker: Tracker, vkey: str, sqlite_url: str, statement: str, named: str
) -> None:
    engine = create_engine(sqlite_url)
    with engine.connect() as connection:
        unguard(connection)
        connection.execute(text(statement))
        connection.commit()
    engine.dispose()
    said = tracker("log", "audit")
    assert (said.status, said.out.split("\n")[0]) == (1, named)
    assert "nothing else can be audited" in said.out
    assert f"differs: {named}\n" in tracker("db", "check").err


def test_an_audit_without_the_key_says_that_signatures_were_not_checked(
    tracker: Tracker, vkey: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TRACKER_LOG_KEY")
    assert "signatures were not checked" in tracker("log", "audit").out


def test_a_lost_mark_is_put_back_by_name(tracker: Tracker, vkey: str, key: Path) -> None:
    Path(f"{key}.mark").unlink()
    assert "--new-mark" in tracker("log", "sign").err
    assert tracker("log", "sign", "--new-mark", "--nothing-lost").status == 0


def test_a_rotation_is_begun_and_ended(tracker: Tracker, vkey: str) -> None:
    old, new = tracker("log", "rotate").out.split()
    assert old == vkey
    assert tracker("log", "rotate", "--retire").out.split() == [new]
    assert tracker("log", "audit").status == 0


def test_an_act_of_the_command_line_is_signed_at_once(tracker: Tracker, vkey: str) -> None:
    before = json.loads(tracker("log", "sign", "--json").out)["size"]
    tracker("log", "anchor")
    assert "agree" in tracker("log", "audit").out
    assert json.loads(tracker("log", "sign", "--json").out)["size"] == before + 1


def test_openssl_verifies_the_signature(tracker: Tracker, vkey: str, tmp_path: Path) -> None:
    """With no library of ours and none of anybody else: the 32 bytes behind a fixed header are a public key."""
    tracker("log", "export", str(tmp_path / "log"))
    signed, _, lines = (tmp_path / "log" / "checkpoint").read_bytes().partition(b"\n\n")
    (tmp_path / "text").write_bytes(signed + b"\n")
    signature = base64.b64decode(lines.decode().split(" ")[2].strip())[4:]
    (tmp_path / "signature").write_bytes(signature)
    public = base64.b64decode(vkey.split("+", 2)[2])[1:]
    (tmp_path / "key.der").write_bytes(bytes.fromhex("302a300506032b6570032100") + public)
    openssl = shutil.which("openssl")
    assert openssl is not None
    command = [openssl, "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER"]
    files = ["-inkey", "key.der", "-in", "text", "-sigfile", "signature"]
    assert subprocess.run([*command, *files], cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / "text").write_bytes(signed + b"x\n")
    assert subprocess.run([*command, *files], cwd=tmp_path, capture_output=True, check=False).returncode != 0


@needs_go
def test_go_verifies_what_was_exported_and_refuses_it_with_one_byte_changed(
    tracker: Tracker,
    vkey: str,
    tool: Path,  # noqa: F811  # the fixture
    tmp_path: Path,
) -> None:
    folder = tmp_path / "log"
    tracker("log", "export", str(folder))
    asked = [tool, folder, vkey]
    assert subprocess.run(asked, capture_output=True, check=False).returncode == 0
    [bundle] = [path for path in (folder / "tile" / "entries").rglob("*") if path.is_file()]
    body = bundle.read_bytes()
    bundle.write_bytes(body[:50] + bytes([body[50] ^ 1]) + body[51:])
    assert subprocess.run(asked, capture_output=True, check=False).returncode != 0


# ---------------------------------------------------------------- witnesses


def push(tracker: Tracker, url: str) -> object:
    return tracker("log", "witness-push", url, "--vkey", WITNESS_KEY.public.vkey)


def test_a_witness_signs_what_grew_and_its_signature_is_served(
    tracker: Tracker, vkey: str, tmp_path: Path
) -> None:
    with listening(Witness(parse_vkey(vkey))) as url:
        first = push(tracker, url)
        assert first.status == 0, first.err  # type: ignore[attr-defined]
        tracker("log", "anchor")
        second = push(tracker, url)
    assert second.status == 0, second.err  # type: ignore[attr-defined]
    tracker("log", "export", str(tmp_path / "log"))
    signed = (tmp_path / "log" / "checkpoint").read_bytes()
    signers = note.open_note(signed, [parse_vkey(vkey), WITNESS_KEY.public]).signers
    assert signers[WITNESS_KEY.public] == 1_764_000_000


def test_a_witness_that_saw_more_or_less_is_asked_again_from_there(tracker: Tracker, vkey: str) -> None:
    witness = Witness(parse_vkey(vkey))
    with listening(witness) as url:
        push(tracker, url)
        witness.seen = None  # it forgot
        tracker("log", "anchor")
        assert push(tracker, url).status == 0  # type: ignore[attr-defined]


def test_a_fork_is_not_signed(tracker: Tracker, vkey: str) -> None:
    witness = Witness(parse_vkey(vkey))
    with listening(witness) as url:
        push(tracker, url)
        assert witness.seen is not None
        witness.seen = checkpoint.Checkpoint(witness.seen.origin, witness.seen.size, bytes(32))
        tracker("log", "anchor")
        said = push(tracker, url)
    assert said.status == 1  # type: ignore[attr-defined]
    assert "is not the beginning of this log" in said.err  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((409, b"99999\n"), "seen this log with 99999"),
        ((409, b"nonsense"), "does not say which"),
        ((404, b""), "does not know this log"),
        ((403, b""), "does not know the key"),
        ((500, b"secrets"), "its answer was 500"),
        ((302, b""), "its answer was 302"),
        ((200, b""), "did not sign"),
        ((200, b"\xe2\x80\x94 other.example AAAAAAA=\n"), "did not sign"),
        ((200, b"x" * 70_000), "did not sign"),
    ],
)
def test_whatever_else_a_witness_answers_is_said_and_nothing_is_kept(
    tracker: Tracker, vkey: str, answer: tuple[int, bytes], said: str, tmp_path: Path
) -> None:
    witness = Witness(parse_vkey(vkey))
    witness.answer = answer
    with listening(witness) as url:
        found = push(tracker, url)
    assert found.status == 1  # type: ignore[attr-defined]
    assert said in found.err  # type: ignore[attr-defined]
    assert "secrets" not in found.err  # type: ignore[attr-defined]
    tracker("log", "export", str(tmp_path / "log"))
    assert (tmp_path / "log" / "checkpoint").read_bytes().count("— ".encode()) == 1


@pytest.mark.parametrize(
    "url", ["http://witness.example", "ftp://witness.example", "witness", "http://u:p@127.0.0.1"]
)
def test_a_witness_is_asked_over_https(tracker: Tracker, vkey: str, url: str) -> None:
    assert "did not sign" in push(tracker, url).err  # type: ignore[attr-defined]


def test_a_witness_that_does_not_answer_is_said(tracker: Tracker, vkey: str) -> None:
    assert "cannot be asked" in push(tracker, "http://127.0.0.1:9").err  # type: ignore[attr-defined]


def test_before_the_first_signature_there_is_nothing_to_witness(tracker: Tracker, key: Path) -> None:
    assert "nothing is signed yet" in push(tracker, "http://127.0.0.1:9").err  # type: ignore[attr-defined]
