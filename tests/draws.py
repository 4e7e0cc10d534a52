"""How much a property test draws: enough to prove the same within minutes, and ten times as much at night
(TRACKER_TEST_DRAWS=nightly), when nobody waits for it.
"""

from __future__ import annotations

import os

NIGHTLY = os.environ.get("TRACKER_TEST_DRAWS") == "nightly"


def draws(number: int) -> int:
    """How many examples: this many, and ten times as many at night."""
    return number * 10 if NIGHTLY else number


def seeds(number: int) -> range:
    """Of a long sequence of acts, how many: the same, as seeds of what is drawn."""
    return range(1, draws(number) + 1)
