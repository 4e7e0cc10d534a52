"""The headline of what several addressees answer: one state, by a rule that is named, for every mix of answers."""

from __future__ import annotations

from itertools import permutations, product

import pytest

from tracker.domain.responses import RULES, RollUp, list_asked, roll_up
from tracker.domain.tracks import TRACKS

STATES = TRACKS["response"].codes
ACCEPTING = {"accepted", "accepted_in_part", "accepted_in_principle"}


@pytest.mark.parametrize("state", STATES)
def test_what_all_of_them_say_is_the_headline(state: str) -> None:
    for number in (1, 2, 30):
        answered = 0 if state == "awaiting" else number
        assert roll_up([state] * number) == RollUp(state, "alike", number, answered)


@pytest.mark.parametrize(
    ("states", "headline", "rule", "answered"),
    [
        ("accepted rejected", "accepted_in_part", "accepted_by_some", 2),
        ("accepted awaiting", "accepted_in_part", "accepted_by_some", 1),
        ("accepted accepted_in_principle", "accepted_in_part", "accepted_by_some", 2),
        ("rejected awaiting", "awaiting", "still_open", 1),
        ("rejected under_consideration", "under_consideration", "still_open", 2),
        ("rejected noted", "rejected", "least_favourable", 2),
        ("noted not_addressed", "not_addressed", "least_favourable", 2),
    ],
)
def test_where_they_differ_a_rule_decides(states: str, headline: str, rule: str, answered: int) -> None:
    given = states.split()
    for order in permutations(given):
        assert roll_up(order) == RollUp(headline, rule, len(given), answered)  # type: ignore[arg-type]


def test_no_mix_is_called_accepted_unless_all_accept_and_none_is_left_without_a_rule() -> None:
    for states in product(STATES, repeat=3):
        found = roll_up(states)
        assert found.rule in RULES
        assert found.state in STATES
        assert (found.state == "accepted") == (set(states) == {"accepted"})
        assert (found.state in ACCEPTING) == bool(ACCEPTING & set(states))
        assert found.answered == sum(state != "awaiting" for state in states)


def test_where_nobody_is_named_one_answer_is_looked_for() -> None:
    assert list_asked([]) == [None]
    assert list_asked(["org_b", "org_a", "org_b"]) == ["org_b", "org_a"]
