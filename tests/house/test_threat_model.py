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


def test_every_threat_names_a_test() -> None:
    page = (HOUSE / "docs" / "threat-model.md").read_text("utf-8")
    rows = re.findall(
        r"^\| (.+?) \|", page.partition("## What is done")[2].partition("## What is kept")[0], re.M
    )
    assert len(rows) - 1 == len(re.findall(r"^\|.*`tests/.*\|$", page, re.M)) > 15
