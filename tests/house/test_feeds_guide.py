"""`docs/feeds.md` works as written: its blocks are run against the demo, and say what they should."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.house.guide import Guide


@pytest.fixture(scope="module")
def told(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    return Guide.named("feeds.md").told(demo, tmp_path_factory.mktemp("feeds"))


def test_an_export_ends_with_its_count(told: dict[str, list[str]]) -> None:
    [last] = told["Exports"]
    assert json.loads(last)["record"] == "end"
    assert json.loads(last)["count"] > 100


def test_other_pages_get_a_frame_and_a_badge(told: dict[str, list[str]]) -> None:
    frame, badge = map(json.loads, told["For other people's pages"])
    assert "/embed/syria-coast" in frame["html"]
    assert " of 14 implemented (" in badge["message"]


def test_a_reader_that_has_the_bytes_gets_none(told: dict[str, list[str]]) -> None:
    assert told["Polling"] == ["304"]
