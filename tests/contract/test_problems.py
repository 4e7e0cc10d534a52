"""Every way in which the tracker says no has one row: a status, a stable type, a title and a remedy, and a paragraph
in `docs/problems.md`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.contract.problems_page import page
from tracker.api.http.problems import list_refusals, type_of
from tracker.domain.errors import Refusal
from tracker.http.refusals import STATUS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "problems.md"
OURS = [refusal for refusal in list_refusals() if refusal.__module__.startswith("tracker.")]


def test_the_page_is_the_one_that_the_table_gives() -> None:
    assert PAGE.read_text("utf-8") == page(), (
        "run `python -m tests.contract.problems_page > docs/problems.md`"
    )


@pytest.mark.parametrize("refusal", OURS, ids=lambda refusal: refusal.code)
def test_every_refusal_has_a_status_a_title_a_remedy_and_its_place_on_the_page(
    refusal: type[Refusal],
) -> None:
    assert 400 <= STATUS[refusal] <= 599
    for told in ("code", "title", "remedy"):
        assert getattr(refusal, told) != getattr(Refusal, told), (
            f"{refusal.__name__} has no {told} of its own"
        )
    paragraph = PAGE.read_text("utf-8").split(f"## `{type_of(refusal)}`\n")[1].split("\n## ")[0]
    assert str(STATUS[refusal]) in paragraph
    assert refusal.title in paragraph
    assert refusal.remedy in paragraph


def test_no_two_refusals_share_a_code() -> None:
    codes = [refusal.code for refusal in OURS]
    assert sorted(set(codes)) == sorted(codes)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in codes)


def test_the_table_holds_refusals_only() -> None:
    assert set(STATUS) == set(OURS)
