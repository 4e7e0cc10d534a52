"""Each thing of a process has one page address, in a language that pages are written in."""

from __future__ import annotations

import pytest

from tracker.domain.ids import make_id
from tracker.public.page_addresses import choose_language, make_address, make_page_address


@pytest.mark.parametrize(
    ("languages", "chosen"), [(("ar", "en"), "ar"), (("ckb", "fr"), "fr"), (("ckb",), "en"), ((), "en")]
)
def test_the_first_language_of_a_process_that_has_pages_is_used(
    languages: tuple[str, ...], chosen: str
) -> None:
    assert choose_language(languages) == chosen


@pytest.mark.parametrize(
    ("kind", "slug", "process", "address"),
    [
        ("recommendation", "R1", "coast", "/ar/coast/recommendations/R1"),
        ("committee", "inquiry/1", "coast", "/ar/coast/committee/inquiry%2F1"),
        ("report", "final", "coast", "/ar/coast/reports/final"),
        ("report", None, "coast", "/ar/coast"),
        ("evidence", "E-1", "coast", "/ar/coast/evidence/{id}"),
        ("deadline", None, "coast", "/ar/coast/deadlines/{id}"),
        ("resource", "money", "coast", "/ar/coast"),
        ("process", "coast", "coast", "/ar/coast"),
        ("organization", "desk", "coast", "/ar/organizations/desk"),
        ("organization", "desk", None, "/ar/organizations/desk"),
        ("recommendation", "R1", None, "/ar/"),
    ],
)
def test_a_thing_has_a_page_of_its_own_or_is_on_that_of_its_process(
    kind: str, slug: str | None, process: str | None, address: str
) -> None:
    thing = make_id(kind, b"\7" * 16)
    assert make_page_address("ar", thing, slug, process) == address.format(id=thing)


def test_an_address_is_written_as_addresses_are() -> None:
    assert make_address("fr", "process", process="coast") == "/fr/coast"
    assert make_address("en", "home") == "/en/"
