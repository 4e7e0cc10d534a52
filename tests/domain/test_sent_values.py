"""A refusal repeats what was sent: shortened, and without signs that garble a log or a terminal."""

from __future__ import annotations

from typing import Any

import pytest

from tracker.domain.errors import FieldError
from tracker.domain.sent_values import (
    MOST,
    Repeats,
    escape_signs,
    quote_value,
    refuse_parameter,
    show_value,
)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("nonsense", "nonsense"),
        ("غير موجود", "غير موجود"),
        ("x" * 70_000, "x" * (MOST - 1) + "…"),
        ("\u202eabc\x1b[2J\n", "\\u202eabc\\x1b[2J\\n"),
        ("\ud800", "\\ud800"),
        (True, True),
        (17, 17),
        (1.5, 1.5),
        (10**400, "1" + "0" * (MOST - 2) + "…"),
        (None, None),
        ({"name": "x"}, None),
        (["a", 1], ["a", 1]),
        ([], []),
        (["a", ["b"]], None),
        (["a", None], None),
        (["a"] * 6, None),
    ],
)
def test_a_value_is_repeated_shortened_and_made_visible(sent: Any, shown: Any) -> None:
    assert show_value(sent) == shown


@pytest.mark.parametrize("repeats", list(Repeats))
@pytest.mark.parametrize("sent", ["trk_0123456789", "see trk_0123456789", ["trk_0123456789"]])
def test_a_key_is_never_repeated(sent: Any, repeats: Repeats) -> None:
    assert show_value(sent, repeats) is None


def test_where_words_may_be_those_of_a_witness_only_codes_are_repeated() -> None:
    assert show_value("vidoe", Repeats.CODES) == "vidoe"
    assert show_value("2025-13-40", Repeats.CODES) == "2025-13-40"
    assert show_value("what Ahmad saw", Repeats.CODES) is None
    assert show_value("أحمد", Repeats.CODES) is None
    assert show_value(["photo", "what Ahmad saw"], Repeats.CODES) is None


@pytest.mark.parametrize("sent", ["yes", 1, True, ["yes"]])
def test_of_what_is_sealed_nothing_is_repeated(sent: Any) -> None:
    assert show_value(sent, Repeats.NOTHING) is None


def test_inside_of_a_sentence_a_value_stands_in_quotes() -> None:
    assert quote_value("x\u202ey") == "'x\\u202ey'"


def test_line_breaks_may_be_kept() -> None:
    assert escape_signs("a\nb\x07", keep="\n") == "a\nb\\x07"


def test_the_detail_of_a_parameter_says_all_by_itself() -> None:
    refusal = refuse_parameter("lang", "x" * 100, "one of en, ar")
    shown = "x" * (MOST - 1) + "…"
    assert refusal.detail == f"lang must be one of en, ar, not '{shown}'"
    assert refusal.fields == (FieldError("lang", "must be one of en, ar", shown),)
