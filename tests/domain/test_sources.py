"""What shows the same thing is one source, whoever published it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.partial_days import parse_day
from tracker.domain.sources import (
    Membership,
    group_same,
    list_coalitions,
    normalize_address,
    normalize_addresses,
)


@pytest.mark.parametrize(
    "other",
    [
        "https://example.org/v/1",
        "http://example.org/v/1/",
        "https://www.example.org/v/1#t=12",
        "https://EXAMPLE.org:443/v/1",
        "https://m.example.org/v/1",
        "https://example.org/v/1?utm_source=feed&fbclid=x",
        "https://example.org/v/1/index.html",
        "https://example.org/v/%31",
    ],
)
def test_one_address_in_its_spellings_is_one(other: str) -> None:
    assert normalize_address(other) == "example.org/v/1"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/%D8%AE%D8%A8%D8%B1", "https://example.org/خبر"),
        ("https://xn--mgba3a4f16a.example/1", "https://ایران.example/1"),
        ("https://example.org/caf\u00e9", "https://example.org/cafe\u0301"),
        ("https://example.org/v?a=1&b=2", "https://example.org/v?b=2&a=1"),
        ("https://t.me/s/channel/123", "https://telegram.me/channel/123"),
        ("https://mbasic.facebook.com/a/posts/1", "https://www.facebook.com/a/posts/1"),
    ],
)
def test_one_address_is_one_in_every_alphabet_and_on_every_door(one: str, other: str) -> None:
    assert normalize_address(one) == normalize_address(other)


@pytest.mark.parametrize(
    "other",
    [
        "https://www.youtube.com/watch?app=desktop&v=aB-c_123&t=3s",
        "https://m.youtube.com/shorts/aB-c_123",
        "https://www.youtube-nocookie.com/embed/aB-c_123?rel=0",
        "https://youtu.be/aB-c_123?si=x",
    ],
)
def test_one_video_is_one_however_it_is_reached(other: str) -> None:
    assert normalize_address(other) == normalize_address("https://youtube.com/watch?v=aB-c_123")
    assert normalize_address(other) != normalize_address("https://youtube.com/watch?v=aB-c_124")
    assert normalize_address("https://twitter.com/a/status/1") == normalize_address(
        "https://x.com/a/status/1"
    )


@pytest.mark.parametrize(
    "other", ["https://example.org/v/2", "https://example.org/v/1?x=2", "https://example.org:8443/v/1"]
)
def test_another_address_is_another(other: str) -> None:
    assert normalize_address(other) != normalize_address("https://example.org/v/1")


def test_a_name_of_two_parts_is_no_site_for_small_screens() -> None:
    assert normalize_address("https://m.org/v") == "m.org/v"


@pytest.mark.parametrize(
    "copy",
    [
        "https://web.archive.org/web/20250101000000/https://example.org/v/1",
        "http://web.archive.org/web/2025id_/http://www.example.org/v/1/",
        "https://archive.example.com/20250101/https://example.org/v/1",
        "https://web.archive.org/web/https://example.org/v/1",
        "https://web.archive.org/web/2025*/https://example.org/v/1",
        "https://web.archive.org/web/20250101000000/https:/example.org/v/1",
    ],
)
def test_a_copy_in_a_web_archive_has_the_address_of_its_original_too(copy: str) -> None:
    found = normalize_addresses([copy, None])
    assert found == {normalize_address(copy), "example.org/v/1"}


def test_a_copy_of_what_is_no_address_is_kept_as_it_stands() -> None:
    copy = "https://web.archive.org/web/2025/http://example.org:port/"
    assert normalize_addresses([copy]) == {normalize_address(copy), "http://example.org:port/"}


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        ("2014", False),
        ("2015", True),
        ("2015-03-31", True),
        ("2018-07", True),
        ("2018-07-02", False),
        (None, True),
    ],
)
def test_a_membership_may_hold_on_a_day_between_its_first_and_its_last(day: str | None, holds: bool) -> None:
    spell = Membership("archive", parse_day("2015-03"), parse_day("2018-07-01"))
    asked = None if day is None else parse_day(day)
    assert list_coalitions([spell], asked) == (frozenset({"archive"}) if holds else frozenset())
    assert Membership("archive").may_hold_on(parse_day("1900"))


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
