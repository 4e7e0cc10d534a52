"""The threat model names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
NAMED = re.findall(
    r"`(tests/[\w/]+\.py)(?:::(test_\w+))?`", (HOUSE / "docs" / "threat-model.md").read_text("utf-8")
)


@pytest.mark.parametrize(("path", "test"), NAMED)
def test_a_test_that_the_threat_model_names_exists(path: str, test: str) -> None:
    text = (HOUSE / path).read_text("utf-8")
    assert not test or re.search(rf"^def {test}\(", text, re.M)


@pytest.mark.parametrize(("section", "least"), [("## Threats and measures", 15), ("## What is kept", 12)])
def test_every_threat_and_everything_that_is_kept_names_a_test(section: str, least: int) -> None:
    page = (HOUSE / "docs" / "threat-model.md").read_text("utf-8")
    table = page.partition(section)[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (?!what \||threat \|).+$", table, re.M)
    assert [row for row in rows if "`tests/" not in row] == []
    assert len(rows) > least
