"""Which address takes a letter, and when one is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tracker.domain.errors import InvalidInput
from tracker.domain.mail import DELAYS, check_address, find_retry, is_final

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "given", ["amal@host.example", "a.b+c@sub.host.example", "o'neill@xn--bcher-kva.example"]
)
def test_an_address_is_taken_as_it_is(given: str) -> None:
    assert check_address(given, "/address") == given


@pytest.mark.parametrize(
    "given",
    [
        *("", "amal", "amal@", "@host.example", "amal@host", "a b@host.example", "a@b@host.example"),
        *(
            "a@host.example\r\nBcc: b@host.example",
            "a@host.example\n",
            "<a@host.example>",
            "a@host.example, b@host.example",
        ),
        *(
            "a@[127.0.0.1]",
            "أمل@host.example",
            "a@höst.example",
            "a@-host.example",
            f"{'a' * 65}@host.example",
        ),
        f"a@{'b.' * 130}example",
    ],
)
def test_what_is_no_address_is_refused_and_not_repeated(given: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_address(given, "/address")
    assert refused.value.fields[0].pointer == "/address"
    assert refused.value.fields[0].detail.startswith("must be one address, as name@host.example, in Latin")


def test_a_letter_is_tried_for_two_days_and_then_given_up() -> None:
    waits = [find_retry(number, NOW) for number in range(1, len(DELAYS) + 2)]
    assert waits[0] == NOW + timedelta(minutes=1)
    assert waits[-1] is None
    assert sum(DELAYS, timedelta()) < timedelta(days=2)


def test_an_unknown_mailbox_is_final_and_an_unknown_fate_the_second_time() -> None:
    assert is_final("recipient", None)
    assert [is_final("unsure", before) for before in (None, "later", "unsure")] == [False, False, True]
    assert not is_final("later", "unsure")
