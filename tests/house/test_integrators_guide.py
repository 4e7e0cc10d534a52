"""`docs/integrators.md` works as written: its shell blocks are run, one after the other in one shell, against a server
with the data of `tracker demo`, and say what the page says they say.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.contract.client import committed, whole
from tests.house.guide import SERVED, Guide
from tests.house.shell import blocks

GUIDE = Guide.named("integrators.md")


@pytest.fixture(scope="module")
def printed(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The lines that each block printed, by its heading."""
    return GUIDE.told(demo, tmp_path_factory.mktemp("guide"))


def test_every_block_is_run_but_the_one_that_starts_the_server() -> None:
    assert [block for block in blocks(GUIDE.page) if block == SERVED] == [SERVED]
    assert len(GUIDE.headings) == len(GUIDE.blocks) >= 10
    assert re.findall(r"^```(?!sh$)\w+$", GUIDE.page, re.M) == []


def test_from_a_key_to_the_first_status_change(printed: dict[str, list[str]]) -> None:
    decision, *document = printed["Five minutes"]
    assert decision == "approved"
    assert '"state": "underway",' in {line.strip() for line in document}


def test_an_item_and_its_file_come_in_one_call(printed: dict[str, list[str]]) -> None:
    answered, own = printed["Files"]
    assert answered == own


def test_a_refusal_names_its_problem(printed: dict[str, list[str]]) -> None:
    assert printed["When the answer is no"] == ["/problems/unknown-state"]


def test_what_is_still_right_is_not_sent_again(printed: dict[str, list[str]]) -> None:
    assert printed["Ask only for what is new"] == ["304"]


def test_a_revision_waits_and_an_edit_of_an_older_version_is_too_late(printed: dict[str, list[str]]) -> None:
    assert printed["Edit"] == ["202", "412"]


def test_a_repeated_request_is_answered_as_the_document_says(printed: dict[str, list[str]]) -> None:
    declared = whole(committed()["paths"]["/v1/organizations"]["post"])["parameters"]
    assert "Idempotency-Key" in {one["name"] for one in declared}
    assert printed["Send the same twice, safely"] == ["201", "201"]


def test_a_body_that_is_not_what_its_digest_says_is_refused(printed: dict[str, list[str]]) -> None:
    assert printed["Say what your body comes to"] == ["400", "201"]


def test_the_limit_is_told(printed: dict[str, list[str]]) -> None:
    assert printed["How often"] == ['"key";q=600;w=60']


def test_many_are_recorded_at_once_after_a_dry_run(printed: dict[str, list[str]]) -> None:
    assert printed["Import many things"] == ["would_create", "True", "2"]


def test_an_export_ends_with_its_count(printed: dict[str, list[str]]) -> None:
    assert printed["Export the record"] == ["end"]


def test_the_past_is_answered(printed: dict[str, list[str]]) -> None:
    track, status = printed["Ask about another day"]
    assert track
    assert status == "404"
