"""A whole that is over, over parts that are not, says so; and nothing else does."""

from __future__ import annotations

from itertools import product

import pytest

from tracker.domain.parts import Followed, diverge
from tracker.domain.tracks import ENDED, TRACKS

OPEN, DONE = Followed("not_started", "open"), Followed("implemented", "open")


@pytest.mark.parametrize(
    ("whole", "part", "diverges"),
    [
        (Followed("not_assessed", "closed_implemented"), OPEN, True),
        (DONE, OPEN, True),
        (DONE, Followed("partly_implemented", "open"), True),
        (DONE, Followed("not_implemented", "closed_not_implemented"), True),
        (DONE, Followed("not_assessed", "superseded"), False),
        (DONE, Followed("not_assessed", "no_longer_applicable"), False),
        (DONE, DONE, False),
        (Followed("stalled", "closed_not_implemented"), OPEN, True),
        (Followed("stalled", "closed_not_implemented"), DONE, False),
        (Followed("stalled", "closed_not_implemented"), Followed("stalled", "closed_not_implemented"), False),
        (Followed("not_assessed", "superseded"), OPEN, True),
        (OPEN, OPEN, False),
        (OPEN, DONE, False),
    ],
)
def test_a_whole_is_held_against_its_part(whole: Followed, part: Followed, diverges: bool) -> None:
    assert diverge(whole, [part]) is diverges
    assert diverge(whole, [DONE, part, DONE]) is diverges


def test_without_parts_and_while_it_is_followed_nothing_diverges() -> None:
    for states in product(TRACKS["implementation"].codes, TRACKS["closure"].codes):
        whole = Followed(*states)
        assert not diverge(whole, [])
        if not whole.over:
            assert not diverge(whole, [OPEN, DONE])
        assert whole.over == (whole.done or whole.closure in ENDED["closure"])
