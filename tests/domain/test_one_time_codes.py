"""The codes of a phone: those of RFC 6238, good for a minute and a half, and once."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from tracker.domain import one_time_codes

SECRET = base64.b32encode(b"12345678901234567890").decode()
NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_rfc(seconds: int, code: str) -> None:
    step = one_time_codes.find_step(datetime.fromtimestamp(seconds, UTC))
    assert one_time_codes.make_code(SECRET, step) == code


def test_a_code_is_good_in_its_half_minute_and_the_two_beside_it() -> None:
    step = one_time_codes.find_step(NOW)
    code = one_time_codes.make_code(SECRET, step)
    good = [
        place
        for place in range(-3, 4)
        if one_time_codes.find_step_of(
            SECRET, f" {code[:3]} {code[3:]}", NOW + timedelta(seconds=30 * place), None
        )
    ]
    assert good == [-1, 0, 1]


def test_no_code_is_good_twice_and_none_after_a_newer_one() -> None:
    step = one_time_codes.find_step(NOW)
    for used, found in ((None, step), (step - 1, step), (step, None), (step + 1, None)):
        assert one_time_codes.find_step_of(SECRET, one_time_codes.make_code(SECRET, step), NOW, used) == found


def test_what_is_no_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="letters and the digits 2 to 7"):
        one_time_codes.make_code("0189", 1)
    assert one_time_codes.find_step_of(SECRET, "١٢٣٤٥٦", NOW, None) is None


def test_a_code_is_typed_in_the_digits_of_any_keyboard() -> None:
    step = one_time_codes.find_step(NOW)
    code = one_time_codes.make_code(SECRET, step)
    arabic = code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert one_time_codes.find_step_of(SECRET, f"{arabic[:3]} {arabic[3:]}", NOW, None) == step


def test_the_address_for_a_phone_names_issuer_and_person() -> None:
    assert one_time_codes.make_address("ABC", "amal & co", "The tracker") == (
        "otpauth://totp/The%20tracker%3Aamal%20%26%20co?secret=ABC&issuer=The%20tracker"
    )
    assert len(one_time_codes.write_secret(b"\1" * one_time_codes.SECRET_BYTES)) == 32
