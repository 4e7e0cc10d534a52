"""Passwords that are guessed first: made of few pieces that everybody tries."""

from __future__ import annotations

import pytest

from tracker.domain.easy_passwords import count_pieces, is_easy, list_common_passwords


@pytest.mark.parametrize(
    "password",
    [
        *(
            "passwordpassword",
            "Password2026!!!!",
            "123456789012345",
            "qwertyuiopasdfghjkl",
            "aaaaaaaaaaaaaaaa",
        ),
        *(
            "abcdefghijklmno",
            "abcabcabcabcabc",
            "poiuytrewq12345",
            "iloveyou19871988",
            "the editor sits here",
        ),
    ],
)
def test_what_everybody_tries_is_too_easy(password: str) -> None:
    assert is_easy(password, "Editor")


@pytest.mark.parametrize(
    "password",
    ["correct horse battery", "dragon monkey shadow master", "شجرة حجر نهر قمر", "4f1b-90ac-7de2-55d1"],
)
def test_words_that_have_nothing_to_do_with_each_other_are_not(password: str) -> None:
    assert not is_easy(password, "editor")


def test_a_password_is_cut_into_as_few_pieces_as_there_can_be() -> None:
    assert [count_pieces(one) for one in ("", "x", "xx", "dragon", "dragon!", "1999", "2897", "zyx7")] == [
        *(0, 1, 1, 1, 2, 1, 4, 2)
    ]
    assert len(list_common_passwords()) == 3_000
