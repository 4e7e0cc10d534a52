"""Draft, published, withdrawn: one way only, and a withdrawal is final."""

from __future__ import annotations

from itertools import product

import pytest

from tracker.domain.errors import AlreadyDone
from tracker.domain.publication import DRAFT, PUBLISHED, STATES, WITHDRAWN, PublicationRefused, check_move

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
            PublicationRefused, match=f"what is {before} cannot become {after}; record it anew"
        ):
            check_move(before, after)


def test_a_thing_begins_as_a_draft_and_has_these_states():
    assert STATES == ("draft", "published", "withdrawn")
