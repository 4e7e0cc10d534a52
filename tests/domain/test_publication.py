"""Draft, published, withdrawn: one way only, and a withdrawal is final."""

from __future__ import annotations

from itertools import product

import pytest

from tracker.domain.errors import AlreadyDone, InvalidInput
from tracker.domain.publication import (
    DRAFT,
    MOST_BYTES,
    PUBLISHED,
    STATES,
    WITHDRAWN,
    PublicationRefused,
    check_move,
    check_size,
)

STEPS = {(DRAFT, PUBLISHED), (DRAFT, WITHDRAWN), (PUBLISHED, WITHDRAWN)}


@pytest.mark.parametrize(("before", "after"), list(product(STATES, repeat=2)))
def test_each_step_leads_on_or_is_refused(before, after):
    if (before, after) in STEPS:
        check_move(before, after)
    elif before == after:
        with pytest.raises(AlreadyDone, match=f"it is {after} already"):
            check_move(before, after)
    else:
        with pytest.raises(
            PublicationRefused, match=f"what is {before} cannot become {after}; record it again"
        ):
            check_move(before, after)


def test_a_thing_begins_as_a_draft_and_has_these_states():
    assert STATES == ("draft", "published", "withdrawn")


def test_a_thing_says_at_most_so_much_in_public():
    check_size(MOST_BYTES)
    with pytest.raises(InvalidInput, match=r"would have 500,001 bytes, and 500,000 are the most"):
        check_size(MOST_BYTES + 1)
