"""The verifier alone, as a stranger runs it: one file, Python and `cryptography`, and nothing else of ours.

Exit status: 0 verified, 1 the log is wrong, 2 the call makes no sense or the log cannot be asked.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tlog.logs import KEY, OTHER, WITNESS, Files, Log, export, vector_leaf, vector_log
from tests.tlog.server import Answer, packed, served
from tracker.tlog import fetching, note, tiles
from tracker.tlog.__main__ import main
from tracker.tlog.errors import NotServed, Unreachable
from tracker.tlog.pack import main as pack
from tracker.tlog.pack import packed as archive

SIZE = 300
VKEY = KEY.public.vkey


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")


@pytest.fixture
def files() -> Files:
    return vector_log().files(SIZE)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "seen"


def run(*arguments: object) -> tuple[int, str]:
    """Exit status, and all that was said."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            status = main(["verify", *map(str, arguments)])
        except SystemExit as left:
            status = left.code if isinstance(left.code, int) else -1
    return status, said.getvalue()


def test_one_file_verifies_a_log_with_nothing_else_of_ours(files: Files, tmp_path: Path) -> None:
    """The interpreter is isolated and runs elsewhere, so it finds no `tracker` but the one in the file."""
    tool = tmp_path / "tracker-verify.pyz"
    tool.write_bytes(archive())
    with served(files) as address:
        said = subprocess.run(
            [sys.executable, "-I", tool, address, "--vkey", VKEY, "--state", tmp_path / "seen"],
            cwd=tmp_path,
            env={"no_proxy": "127.0.0.1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (said.returncode, said.stderr) == (0, "")
        assert said.stdout.startswith("verified: tracker.example/log, 300 entries, root ")
        files["tile/entries/000"] = tiles.bundle([b"other", *(vector_leaf(i) for i in range(1, 256))])
        said = subprocess.run(
            [sys.executable, "-I", tool, address, "--vkey", VKEY],
            cwd=tmp_path,
            env={"no_proxy": "127.0.0.1"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert said.returncode == 1
    assert "entry 0 differs" in said.stderr


@pytest.mark.parametrize("packed_up", [True, False])
def test_only_the_standard_library_and_cryptography_are_loaded(packed_up: bool, tmp_path: Path) -> None:
    tool = tmp_path / "tool.zip"
    tool.write_bytes(archive())
    house = Path(__file__).resolve().parents[2]
    code = (
        f"import sys; sys.path.insert(0, {str(tool if packed_up else house)!r}); before = set(sys.modules)\n"
        "import tracker.tlog.__main__, json\n"
        "print(json.dumps([[n, getattr(m, '__file__', None)] for n, m in sys.modules.items() if n not in before]))"
    )
    said = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    loaded = dict(json.loads(said.stdout))
    ours = {name for name in loaded if name.partition(".")[0] == "tracker"}
    assert {name for name in ours if not name.startswith("tracker.tlog")} == {"tracker"}
    assert str(tool if packed_up else house / "tracker") in loaded["tracker.tlog.verify"]
    foreign = {name.partition(".")[0] for name in loaded} - set(sys.stdlib_module_names)
    of_cryptography = {"_cffi_backend", "_openssl"}
    assert foreign - of_cryptography == {"tracker", "cryptography"}


def test_the_file_is_made_of_the_sources_as_they_are_and_always_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert archive() == archive()
    target = tmp_path / "tool.pyz"
    monkeypatch.setattr(sys, "argv", ["pack", str(target)])
    assert pack() == 0
    assert target.stat().st_mode & 0o111
    with zipfile.ZipFile(target) as made:
        assert made.testzip() is None
        names = {name for name in made.namelist() if name.startswith("tracker/tlog/")}
        sources = {f"tracker/tlog/{path.name}" for path in Path(fetching.__file__).parent.glob("*.py")}
        assert names == sources - {"tracker/tlog/pack.py"}
        assert made.read("tracker/tlog/tree.py") == Path(fetching.__file__).with_name("tree.py").read_bytes()
    monkeypatch.setattr(sys, "argv", ["pack"])
    assert pack() == 2


def test_a_good_log_is_verified_and_remembered(files: Files, state: Path) -> None:
    with served(files) as address:
        assert run(address, "--vkey", VKEY, "--state", state)[0] == 0
        assert state.read_bytes() == files["checkpoint"]
        files.update(vector_log().files(400))
        status, said = run(f"{address}/", "--vkey", VKEY, "--state", state)
    assert status == 0
    assert "400 entries" in said
    assert "begins with the 300 seen before" in said
    assert state.read_bytes() == vector_log().signed(400)
    assert list(state.parent.iterdir()) == [state]


def swap(files: Files) -> None:
    entries = [vector_leaf(i) for i in range(256)]
    entries[1], entries[2] = entries[2], entries[1]
    files["tile/entries/000"] = tiles.bundle(entries)


def edit(files: Files) -> None:
    files["tile/entries/000"] = files["tile/entries/000"].replace(b"vector-17", b"vector-xx")


def drop(files: Files) -> None:
    files["tile/entries/001.p/44"] = files["tile/entries/001.p/44"][:-20]


def forge(files: Files) -> None:
    files["tile/0/001.p/44"] = bytes(44 * 32)


def forge_above(files: Files) -> None:
    files["tile/1/000.p/1"] = bytes(32)


def sign_with_another_key(files: Files) -> None:
    files["checkpoint"] = vector_log().signed(SIZE, OTHER)


def shrink(files: Files) -> None:
    files.update(vector_log().files(SIZE - 1))


def fork(files: Files) -> None:
    files.update(Log([b"other", *(vector_leaf(i) for i in range(1, SIZE))]).files())


def rewrite_and_grow(files: Files) -> None:
    files.update(Log([b"other", *(vector_leaf(i) for i in range(1, SIZE + 50))]).files())


def garble(files: Files) -> None:
    files["checkpoint"] = b"\xff\x00garbage"


SABOTAGE: list[tuple[Callable[[Files], None], str]] = [
    (edit, "entry 17 differs"),
    (swap, "entry 1 differs"),
    (drop, "tile/entries/001.p/44: the bundle is broken at its entry 43"),
    (forge, "tile/0/001.p/44 byte 0: this is not the hash of entry 256"),
    (forge_above, "tile/1/000.p/1 byte 0"),
    (sign_with_another_key, "none of the known keys has signed"),
    (shrink, "checkpoint size shrank from 300 to 299"),
    (fork, "fork: two roots were signed for size 300"),
    (rewrite_and_grow, "rewritten: the first 300 entries"),
    (garble, "checkpoint: the note is not UTF-8"),
]


@pytest.mark.parametrize(("sabotage", "told"), SABOTAGE, ids=[one.__name__ for one, _ in SABOTAGE])
def test_whatever_is_done_to_a_log_is_told_and_what_was_seen_is_kept(
    sabotage: Callable[[Files], None], told: str, files: Files, state: Path
) -> None:
    with served(files) as address:
        assert run(address, "--vkey", VKEY, "--state", state)[0] == 0
        seen = state.read_bytes()
        sabotage(files)
        status, said = run(address, "--vkey", VKEY, "--state", state)
    assert status == 1
    assert told in said
    assert f"{state} still holds what was seen before" in said
    assert state.read_bytes() == seen


def test_a_folder_of_exported_files_is_verified(files: Files, tmp_path: Path) -> None:
    folder = export(files, tmp_path / "a log")
    assert run(folder, "--vkey", VKEY)[0] == 0
    assert run(folder.as_uri(), "--vkey", VKEY)[0] == 0
    (folder / "tile" / "0" / "000").write_bytes(bytes(8192))
    assert run(folder, "--vkey", VKEY)[0] == 1
    (folder / "tile" / "0" / "000").write_bytes(bytes(20_000_000))
    status, said = run(folder, "--vkey", VKEY)
    assert status == 1
    assert "tile/0/000: the tile has 8193 bytes; 8192 are right" in said


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "required"),
        (["{log}"], "--vkey"),
        (["{log}", "--vkey", "nonsense"], "a vkey is name+id+key"),
        (["{log}", "--vkey", VKEY.replace("d93f", "d93e")], "copied whole"),
        (["{log}", "--vkey", WITNESS.public.vkey], "the key of a witness"),
        (["/nowhere/at/all", "--vkey", VKEY], "there is no folder"),
        (["ftp://example.org/log", "--vkey", VKEY], "https"),
        (["http://example.org/log", "--vkey", VKEY], "plain http"),
        (["https://user:word@example.org/log", "--vkey", VKEY], "without a user"),
        (["https://example.org/log?x=1", "--vkey", VKEY], "without a user"),
        (["https:///log", "--vkey", VKEY], "https://host/path"),
        (["http://127.0.0.1:1/log", "--vkey", VKEY], "no connection"),
        (["http://127.0.0.1:x/log", "--vkey", VKEY], "nothing is known"),
        (["{log}", "--vkey", VKEY, "--state", "{log}"], "s a directory"),
        (["{log}", "--vkey", VKEY, "--state", "/nowhere/at/all/seen"], "No such file"),
        (["{log}", "--vkey", VKEY, "--sta", "x"], "unrecognized"),
    ],
)
def test_a_call_that_makes_no_sense_is_no_finding(
    arguments: list[str], told: str, files: Files, tmp_path: Path
) -> None:
    folder = export(files, tmp_path / "log")
    status, said = run(*(one.format(log=folder) for one in arguments))
    assert status == 2
    assert told in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "kept", [b"", b"garbage", vector_log().signed(5, OTHER), vector_log().signed(5)[:-9], bytes(99_999)]
)
def test_a_file_that_remembers_another_log_is_refused_and_left_as_it_is(
    kept: bytes, files: Files, tmp_path: Path, state: Path
) -> None:
    state.write_bytes(kept)
    status, said = run(export(files, tmp_path / "log"), "--vkey", VKEY, "--state", state)
    assert status == 2
    assert "does not hold a checkpoint of this log" in said
    assert state.read_bytes() == kept


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((302, {"Location": "/log/tile/0/000.p/44"}, b""), "the answer was 302"),
        ((301, {"Location": "https://example.org/"}, b""), "the answer was 301"),
        ((307, {"Location": "file:///etc/passwd"}, b""), "the answer was 307"),
        ((500, {}, b""), "the answer was 500"),
        ((206, {}, b"part"), "the answer was 206"),
        ((204, {}, b""), "the answer was 204"),
        ((200, {"Content-Encoding": "br"}, b"x"), "an encoding that was not asked for"),
        ((200, {"Content-Encoding": "gzip"}, b"no gzip at all"), "not the gzip it says"),
        ((200, {"Content-Encoding": "gzip"}, gzip.compress(b"x" * 99)[:-9]), "its gzip is cut off"),
        ((200, {"Content-Length": "100"}, b"x"), "the connection broke"),
    ],
)
def test_an_answer_that_is_none_is_no_finding(answer: Answer, told: str, files: Files) -> None:
    def misbehave(path: str) -> Answer | None:
        return answer if path == "tile/entries/000" else None

    with served(files, misbehave) as address:
        status, said = run(address, "--vkey", VKEY)
    assert status == 2
    assert told in said


@pytest.mark.parametrize("status", [404, 410, 451])
def test_a_bundle_that_is_not_handed_out_is_told(status: int, files: Files) -> None:
    with served(files, lambda path: (status, {}, b"") if path == "tile/entries/000" else None) as address:
        assert run(address, "--vkey", VKEY)[0] == 1
    with served({}, lambda path: (status, {}, b"")) as address:
        assert run(address, "--vkey", VKEY)[0] == 2


def test_who_gives_the_address_of_a_tracker_is_told_that_of_its_log(files: Files) -> None:
    with served(files) as address:
        tracker = address.removesuffix("/log")
        for slip in (tracker, f"{tracker}/"):
            status, said = run(slip, "--vkey", VKEY)
            assert (status, f"give {address}\n" in said) == (2, True), said
            status, said = run(slip, "--vkey", VKEY, "--acts")
            assert (status, "give https://…/log" in said) == (2, True), said
    with served({}) as address:
        assert "give " not in run(address, "--vkey", VKEY)[1]


def test_gzip_without_asking_is_read(files: Files) -> None:
    with served(files, lambda path: packed(files[path])) as address:
        assert run(address, "--vkey", VKEY)[0] == 0


def test_a_bomb_is_cut_off_at_what_can_be_right(files: Files) -> None:
    """Unpacked it has a hundred million bytes; what is kept is one more than a tile can have."""
    bomb = packed(bytes(100_000_000))
    with served(files, lambda path: bomb) as address:
        fetch = fetching.source(address)
        assert len(fetch("tile/0/000")) == 8193
        assert len(fetch("tile/0/001.p/44")) == 44 * 32 + 1
        assert len(fetch("checkpoint")) == note.LARGEST + 1
    with served(files, lambda path: (200, {}, bytes(1_000_000))) as address:
        assert len(fetching.source(address)("tile/0/000")) == 8193


def test_a_drip_is_not_waited_for_forever(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter(range(0, 100_000, 1000))
    monkeypatch.setattr(fetching.time, "monotonic", lambda: next(now))
    with served(files) as address, pytest.raises(Unreachable, match="longer than"):
        fetching.source(address)("tile/0/000")


def test_a_folder_is_asked_for_files_only(files: Files, tmp_path: Path) -> None:
    fetch = fetching.source(str(export(files, tmp_path)))
    (tmp_path / "tile" / "0" / "002").mkdir()
    for path in ("tile/0/002", "tile/0/003", "tile/0/000.p/7"):
        with pytest.raises(NotServed):
            fetch(path)


def test_a_person_who_watches_sees_how_far_it_is(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Screen()
    folder = export(files, tmp_path / "log")
    monkeypatch.setattr(sys, "stderr", screen)
    assert main(["verify", str(folder), "--vkey", VKEY]) == 0
    assert screen.getvalue() == "\r256 of 300 entries\r300 of 300 entries\n"


def test_whoever_stops_it_is_told_that_nothing_is_known(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def stopped(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules[main.__module__], "verify_with_successors", stopped)
    status, said = run(tmp_path, "--vkey", VKEY)
    assert (status, said) == (2, "\nstopped; nothing is known of the log\n")


def test_what_a_hostile_log_says_cannot_write_to_the_screen(files: Files) -> None:
    files["checkpoint"] = b"\x1b]0;owned\x07\x1b[2J"
    with served(files) as address:
        status, said = run(address, "--vkey", VKEY)
    assert status == 1
    assert "\x1b" not in said
    assert "\x07" not in said
