"""A refusal on the terminal names the option or the member, the value that was given, and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Tracker
from tests.world import World

ROWS = "slug,name,type\nnew,New,media\n"
IMPORT = ("import", "{file}", "--as", "editor", "--kind", "organization")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("keys", "issue", "editor", "--days", "0"), "'--days': 0 is not in the range 1<=x<=3650"),
        (("keys", "issue", "nobody"), "tracker: there is nobody called 'nobody'"),
        (("people", "add", "new", "--role", "boss"), "'--role': 'boss' is not one of 'admin'"),
        (("people", "add", "new", "--role", "editor", "--process", "nowhere"), "process: there is no process"),
        (("audit", "list", "--verb", "evidence.unsael"), "--verb: 'evidence.unsael' is no verb of the trail"),
        (("audit", "list", "--from", "yesterday"), "--from: 'yesterday' is no instant; write it as"),
        (("audit", "list", "--to", "2026-11-24"), "--to: '2026-11-24' says no time zone; write it as"),
        (("backup", "{file}/below"), "/rows.csv/below: Not a directory"),
        ((*IMPORT, "--delimiter", "ab"), "--delimiter: must be one character, not 'ab'"),
        ((*IMPORT, "--encoding", "none"), "--encoding: there is no encoding 'none'; write it as utf-8 or windows-1256"),
        ((*IMPORT, "--header", "first"), "--header: must be the number of a line, from 1, not 'first'"),
        ((*IMPORT, "--since", "yesterday"), "--since: must be a day as 2025-03-09, not 'yesterday'"),
        ((*IMPORT, "--format", "json", "--map", "a=b"), "--map: only a table has columns to map, and this is json"),
        ((*IMPORT, "--process", "nowhere"), "tracker: /process: these things belong to no process; leave it out"),
        (IMPORT[:4], "--kind: say what the rows are: organization, process, committee"),
    ],
)  # fmt: skip
def test_a_refusal_on_the_terminal_names_what_was_given_and_what_is_right(
    tracker: Tracker, made: World, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(ROWS)
    refused = tracker(*(one.replace("{file}", str(file)) for one in arguments))
    assert refused.status in (1, 2)
    assert said in refused.err


def test_signs_that_garble_a_terminal_are_told_as_codes(tracker: Tracker, made: World) -> None:
    refused = tracker("keys", "issue", "x\x1b[2J\u202ey")
    assert "\x1b" not in refused.err
    assert "\u202e" not in refused.err
    assert "x\\x1b[2J\\u202ey" in refused.err


def test_a_file_without_rows_is_named(tracker: Tracker, made: World, tmp_path: Path) -> None:
    (tmp_path / "none.json").write_text("[]")
    refused = tracker("import", str(tmp_path / "none.json"), *IMPORT[2:])
    assert refused.err.endswith("tracker: there is no row in 'none.json'\n")
