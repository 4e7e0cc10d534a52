"""Strict JSON: what is refused is told with its place, by the line only where there are several."""

from __future__ import annotations

import pytest

from tracker.domain.errors import BadJson
from tracker.domain.strict_json import parse_json


@pytest.mark.parametrize(
    ("raw", "detail"),
    [
        (b"[{]", "the body is not JSON (column 3)"),
        (b'{\n  "slug": coast\n}', "the body is not JSON (line 2, column 11)"),
        (b" \n", "the body is empty; send JSON"),
        (b"[" * 5_000 + b"]" * 5_000, "the body is nested too deeply"),
        (b'{"n": ' + b"9" * 5000 + b"}", "the body holds a number of too many digits"),
    ],
)
def test_what_is_no_json_is_refused_with_its_place(raw: bytes, detail: str) -> None:
    with pytest.raises(BadJson) as refusal:
        parse_json(raw)
    assert refusal.value.detail == detail
