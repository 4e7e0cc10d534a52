"""`docs/evidence.md` works as written: an item goes from hand to hand, by the keys of the demo, and ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house.guide import Guide

GUIDE = Guide.named("evidence.md")
PROBLEM = "/problems/"


@pytest.fixture(scope="module")
def printed(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The lines that each block printed, by its heading."""
    return GUIDE.told(demo, tmp_path_factory.mktemp("guide"))


def test_a_review_takes_two(printed: dict[str, list[str]]) -> None:
    assert printed["Say whether it is what it says it is"] == ["passed", "verified"]


def test_a_lowering_rests_and_its_submitter_ends_it(printed: dict[str, list[str]]) -> None:
    assert printed["Who may know of it"] == [f"{PROBLEM}too-early", "confidential", "retracted"]


def test_a_reading_is_on_record_and_a_package_is_for_those_whom_somebody_agreed_to(
    printed: dict[str, list[str]],
) -> None:
    assert printed["Read and hand on"] == ["access", "Done testing", f"{PROBLEM}not-agreed"]


def test_a_consent_is_withdrawn_and_two_custodians_redact(printed: dict[str, list[str]]) -> None:
    assert printed["Take it back"] == ["404", "consent_withdrawn", "410"]
