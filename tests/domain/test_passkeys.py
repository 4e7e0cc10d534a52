"""A challenge is good for what it was given out for, until it is over, and only as the server made it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tracker.domain.passkeys import CHALLENGE, RANDOM_BYTES, find_end, make_challenge

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MADE = make_challenge("a secret", "login", bytes(RANDOM_BYTES), NOW)


def test_a_challenge_is_good_for_ten_minutes() -> None:
    assert find_end("a secret", "login", MADE, NOW) == NOW + CHALLENGE
    assert find_end("a secret", "login", MADE, NOW + CHALLENGE - timedelta(seconds=1))
    assert find_end("a secret", "login", MADE, NOW + CHALLENGE) is None


def test_a_challenge_that_was_changed_or_given_out_for_something_else_is_none() -> None:
    assert find_end("a secret", "add per_1", MADE, NOW) is None
    assert find_end("another", "login", MADE, NOW) is None
    assert find_end("a secret", "login", b"", NOW) is None
    for place in range(len(MADE)):
        changed = MADE[:place] + bytes([MADE[place] ^ 1]) + MADE[place + 1 :]
        assert find_end("a secret", "login", changed, NOW) is None
