"""`docs/integrators.md` works as written: its shell blocks are run, one after the other in one shell, against a server
with the data of `tracker demo`, and say what the page says they say.
"""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.client import committed, whole
from tests.house.shell import HOUSE, blocks, run
from tests.live import live
from tracker.app import create_app
from tracker.cli import cli
from tracker.settings import Settings
from tracker.store.database import db

PAGE = (HOUSE / "docs" / "integrators.md").read_text("utf-8")
BLOCKS = blocks(PAGE)
#: What the fixture does in its place: the server of the page is one that the test stops again.
SERVED = "make run\n"


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[str]]]:
    """The lines that each block printed, by its heading."""
    if shutil.which("curl") is None or shutil.which("bash") is None:
        pytest.skip("there is no curl, or no bash")
    folder = tmp_path_factory.mktemp("guide")
    cli.main(["demo", "--dir", str(folder / "var" / "demo")], standalone_mode=False)
    app = create_app(
        Settings(
            f"sqlite:///{folder / 'var' / 'demo' / 'tracker.db'}",
            secrets.token_urlsafe(48),
            files=(folder / "var" / "demo" / "files").as_uri(),
        )
    )
    with live(app) as url:
        yield told(folder, url)
    with app.app_context():
        db.engine.dispose()


def told(folder: Path, url: str) -> dict[str, list[str]]:
    pieces = run([block for block in BLOCKS if block != SERVED], folder, TRACKER=url)
    found: dict[str, list[str]] = {}
    for heading, lines in zip(headings(), pieces, strict=True):
        found.setdefault(heading, []).extend(lines)
    return found


def headings() -> list[str]:
    """For each block that is run, the heading that it stands under."""
    found = []
    for part in PAGE.split("\n## ")[1:]:
        found += [part.partition("\n")[0] for block in blocks(part) if block != SERVED]
    return found


def test_every_block_is_run_but_the_one_that_starts_the_server() -> None:
    assert [block for block in BLOCKS if block == SERVED] == [SERVED]
    assert len(headings()) == len(BLOCKS) - 1 >= 10
    assert re.findall(r"^```(?!sh$)\w+$", PAGE, re.M) == []


def test_from_a_key_to_the_first_status_change(printed: dict[str, list[str]]) -> None:
    decision, *document = printed["Five minutes"]
    assert decision == "approved"
    assert '"state": "underway",' in {line.strip() for line in document}


def test_an_item_and_its_file_come_in_one_call(printed: dict[str, list[str]]) -> None:
    answered, own = printed["Files"]
    assert answered == own


def test_a_refusal_names_its_problem(printed: dict[str, list[str]]) -> None:
    assert printed["When the answer is no"] == ["urn:tracker:problem:unknown-state"]


def test_what_is_still_right_is_not_sent_again(printed: dict[str, list[str]]) -> None:
    assert printed["Ask only for what is new"] == ["304"]


def test_the_second_of_two_edits_is_too_late(printed: dict[str, list[str]]) -> None:
    assert printed["Edit"] == ["200", "412"]


def test_a_repeated_request_is_answered_as_the_document_says(printed: dict[str, list[str]]) -> None:
    declared = whole(committed()["paths"]["/v1/organizations"]["post"])["parameters"]
    assert "Idempotency-Key" in {one["name"] for one in declared}
    assert printed["Send the same twice, safely"] == ["201", "201"]


def test_a_body_that_is_not_what_its_digest_says_is_refused(printed: dict[str, list[str]]) -> None:
    assert printed["Say what your body comes to"] == ["400", "201"]


def test_the_limit_is_told(printed: dict[str, list[str]]) -> None:
    assert printed["How often"] == ['"key";q=600;w=60']


def test_many_are_recorded_at_once_after_a_dry_run(printed: dict[str, list[str]]) -> None:
    assert printed["Many at once"] == ["would_create", "True", "2"]


def test_an_export_ends_with_its_count(printed: dict[str, list[str]]) -> None:
    assert printed["Take everything with you"] == ["end"]


def test_the_past_is_answered(printed: dict[str, list[str]]) -> None:
    track, status = printed["How things stood"]
    assert track
    assert status == "404"
