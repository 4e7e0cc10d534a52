"""Each thing of a process has one page address, in a language that pages are written in."""

from __future__ import annotations

import pytest

from tracker.public.page_addresses import (
    choose_language,
    make_home_address,
    make_organization_address,
    make_page_address,
    make_process_address,
)


@pytest.mark.parametrize(
    ("languages", "chosen"), [(("ar", "en"), "ar"), (("ckb", "fr"), "fr"), (("ckb",), "en"), ((), "en")]
)
def test_the_first_language_of_a_process_that_has_pages_is_used(
    languages: tuple[str, ...], chosen: str
) -> None:
    assert choose_language(languages) == chosen


@pytest.mark.parametrize(
    ("kind", "reference", "address"),
    [
        ("recommendation", "R1", "/ar/coast/recommendations/R1"),
        ("recommendation", None, "/ar/coast/recommendations/rec_1"),
        ("committee", "inquiry", "/ar/coast/committee/inquiry"),
        ("evidence", "E-1", "/ar/coast/evidence/rec_1"),
        ("deadline", "D1", "/ar/coast"),
        ("process", None, "/ar/coast"),
    ],
)
def test_a_thing_has_a_page_of_its_own_or_is_on_that_of_its_process(
    kind: str, reference: str | None, address: str
) -> None:
    assert make_page_address("ar", "coast", "rec_1", kind, reference) == address


def test_what_is_in_no_process_is_on_the_page_that_lists_all() -> None:
    assert (make_home_address(), make_process_address("fr", "coast")) == ("/en/", "/fr/coast")
    assert make_organization_address("desk", "ar") == "/ar/organizations/desk"
