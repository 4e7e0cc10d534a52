"""Code phrases: eight words that nobody guesses and that people copy with slips."""

from __future__ import annotations

import os

import pytest

from tracker.domain import code_phrases
from tracker.domain.code_phrases import digest_phrase, list_words, make_phrase


def test_a_phrase_is_eight_words_of_a_list_whose_words_differ_in_their_first_letters() -> None:
    words = list_words()
    assert len(words) == len({word[:4] for word in words}) == 2_048
    assert make_phrase(bytes(11)) == " ".join(["abandon"] * 8)
    assert make_phrase(b"\xff" * 11) == " ".join(["zoo"] * 8)
    assert len({make_phrase(os.urandom(11)) for _once in range(50)}) == 50
    assert code_phrases.RANDOM_BYTES * 8 >= 80
    with pytest.raises(ValueError, match="11 random bytes"):
        make_phrase(bytes(10))


@pytest.mark.parametrize(
    "typed",
    [
        "abandon ability able about above absent absorb abstract",
        "  Abandon, ABILITY able\nabout above absent absorb abstract. ",
        "aban abil able abou abov abse absorbed abst",
    ],
)
def test_a_phrase_is_found_however_it_was_copied(typed: str) -> None:
    kept = digest_phrase("s", "abandon ability able about above absent absorb abstract")
    assert digest_phrase("s", typed) == kept
    assert digest_phrase("another secret", typed) != kept


@pytest.mark.parametrize(
    "typed", ["", "abandon", "abandon ability able about above absent absorb", "x" * 10_000]
)
def test_what_is_no_phrase_is_another_one(typed: str) -> None:
    assert digest_phrase("s", typed) != digest_phrase("s", make_phrase(bytes(11)))
