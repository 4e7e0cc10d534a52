"""What shows the same thing is one source, whoever published it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.sources import group_same, normalize_address


@pytest.mark.parametrize(
    "other",
    [
        "https://example.org/v/1",
        "http://example.org/v/1/",
        "https://www.example.org/v/1#t=12",
        "https://EXAMPLE.org:443/v/1",
    ],
)
def test_one_address_in_its_spellings_is_one(other: str) -> None:
    assert normalize_address(other) == "example.org/v/1"


@pytest.mark.parametrize(
    "other", ["https://example.org/v/2", "https://example.org/v/1?x=2", "https://example.org:8443/v/1"]
)
def test_another_address_is_another(other: str) -> None:
    assert normalize_address(other) != normalize_address("https://example.org/v/1")


def test_what_shares_a_mark_with_a_third_is_of_one_source() -> None:
    marks = {"a": ["x"], "b": ["y"], "c": ["x", "y"], "d": ["z"], "e": []}
    assert group_same(marks) == {"a": "a", "b": "a", "c": "a", "d": "d", "e": "e"}


@given(st.dictionaries(st.sampled_from("abcdef"), st.sets(st.sampled_from("xyz"))))
def test_sources_do_not_depend_on_the_order_in_which_items_are_cited(marks: dict[str, set[str]]) -> None:
    found = group_same(marks)
    assert found == group_same(dict(reversed(marks.items())))
    assert all(found[first] == first <= one for one, first in found.items())
    for one, own in marks.items():
        assert {found[other] for other, shared in marks.items() if own & shared} <= {found[one]}
