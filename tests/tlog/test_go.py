"""Software that nobody here wrote comes to the same verdict: Go's note and Merkle code, built from `go/verify.go`.

Runs where `TRACKER_TEST_GO` names a Go compiler, and Debian's golang-golang-x-mod-dev is there; the gate sees to both.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.services import GO, needs_go
from tests.tlog import test_stranger as stranger
from tests.tlog.logs import KEY, OTHER, WITNESS, Files, Log, export, vector_log
from tracker.tlog import note

pytestmark = needs_go


@pytest.fixture(scope="module")
def tool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("go")
    source = Path(__file__).with_name("go") / "verify.go"
    offline = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOPROXY": "off", "GOFLAGS": ""}
    subprocess.run(
        [GO, "build", "-o", folder / "verify", source],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "GOCACHE": str(folder / "cache"), **offline},
        check=True,
    )
    return folder / "verify"


def verdict(tool: Path, files: Files, folder: Path, vkey: str = KEY.public.vkey) -> tuple[int, str]:
    said = subprocess.run([tool, export(files, folder), vkey], capture_output=True, text=True, check=False)
    return said.returncode, said.stdout + said.stderr


@pytest.mark.parametrize("size", [0, 1, 2, 3, 20, 255, 256, 257, 513, 1000, 65_536, 65_537, 70_000])
def test_go_verifies_our_logs(size: int, tool: Path, tmp_path: Path) -> None:
    assert verdict(tool, vector_log().files(size), tmp_path) == (0, f"verified: {size} entries\n")


def test_go_verifies_entries_of_every_length(tool: Path, tmp_path: Path) -> None:
    log = Log([b"a", b"\n", b"\xff" * 65_535, "دمشق".encode(), b"\0" * 4096])
    assert verdict(tool, log.files(), tmp_path)[0] == 0


SEEN_AT_ONCE = (
    stranger.edit,
    stranger.swap,
    stranger.drop,
    stranger.forge,
    stranger.forge_above,
    stranger.sign_with_another_key,
    stranger.garble,
)


@pytest.mark.parametrize("sabotage", SEEN_AT_ONCE, ids=[one.__name__ for one in SEEN_AT_ONCE])
def test_go_refuses_what_our_verifier_refuses(
    sabotage: Callable[[Files], None], tool: Path, tmp_path: Path
) -> None:
    files = vector_log().files(stranger.SIZE)
    assert verdict(tool, files, tmp_path)[0] == 0
    sabotage(files)
    status, said = verdict(tool, files, tmp_path)
    assert status == 1, said


def test_go_takes_the_key_that_we_write_and_no_other(tool: Path, tmp_path: Path) -> None:
    files = vector_log().files(20)
    assert verdict(tool, files, tmp_path, OTHER.public.vkey)[0] == 1


def test_go_reads_a_note_that_a_witness_has_signed_too(tool: Path, tmp_path: Path) -> None:
    text = vector_log().checkpoint(20).text
    both = note.Note(text, (note.signature(WITNESS, text, 7), note.signature(KEY, text))).data
    assert verdict(tool, vector_log().files(20) | {"checkpoint": both}, tmp_path)[0] == 0
