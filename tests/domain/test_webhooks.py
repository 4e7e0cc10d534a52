"""What a subscription asks for, when a message is tried again, and by what its receiver knows whose it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from standardwebhooks.webhooks import Webhook

from tracker.domain.public_acts import KINDS
from tracker.domain.webhooks import DELAYS, find_retry, sign_message, wants, write_secret
from tracker.public.events import Kind

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CHANGED = {"kind": "status.changed", "process": "p", "subject": "s", "change": {"track": "closure"}}
BASIS = {"kind": "basis.changed", "process": "q", "subject": "s", "track": "implementation"}
ANCHOR = {"kind": "internal.anchor", "process": None, "subject": None}


def test_the_kinds_are_those_of_public_acts() -> None:
    assert get_args(Kind) == KINDS


@pytest.mark.parametrize(
    ("process", "kinds", "tracks", "wanted"),
    [
        (None, (), (), [CHANGED, BASIS]),
        ("p", (), (), [CHANGED]),
        (None, ("basis.changed", "internal.anchor"), (), [BASIS, ANCHOR]),
        (None, (), ("closure",), [CHANGED]),
        ("q", ("status.changed",), (), []),
    ],
)
def test_a_subscription_is_narrowed_by_process_kind_and_track(
    process: str | None, kinds: tuple[str, ...], tracks: tuple[str, ...], wanted: list[object]
) -> None:
    assert [one for one in (CHANGED, BASIS, ANCHOR) if wants(one, process, kinds, tracks)] == wanted


def test_a_message_is_tried_again_later_and_later_and_then_parked() -> None:
    due = [find_retry(failures, NOW, None, 0) for failures in range(1, 11)]
    assert due == [*(NOW + delay for delay in DELAYS), None]
    assert sum(DELAYS, timedelta()) > timedelta(days=3)
    assert find_retry(1, NOW, 60, 0) == NOW + timedelta(minutes=1)  # as the receiver asked
    assert find_retry(1, NOW, 10**9, 0) == NOW + timedelta(hours=24)
    assert find_retry(2, NOW, None, 0.5) == NOW + timedelta(minutes=5, seconds=15)


def test_a_receiver_verifies_a_message_with_either_of_two_secrets() -> None:
    old, new = (write_secret(bytes([one]) * 32) for one in (1, 2))
    now = datetime.now(UTC)
    headers = sign_message([new, old], "evt_1", now, b'{"a":1}')
    for secret in (old, new):
        assert Webhook(secret).verify(b'{"a":1}', headers) == {"a": 1}
    with pytest.raises(Exception, match="signature"):
        Webhook(write_secret(bytes(32))).verify(b'{"a":1}', headers)
