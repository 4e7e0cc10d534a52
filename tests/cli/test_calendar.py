"""`tracker calendar`: what it prints is a calendar that a process takes, with the weekend of that country."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date

import pytest

from tracker import cli
from tracker.domain.calendars import Calendar

Run = Callable[..., int]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    def run(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["tracker", "calendar", *arguments])
        try:
            cli.main()
        except SystemExit as done:
            return int(done.code or 0)
        return 0

    return run


def test_what_is_printed_is_a_calendar_with_the_weekend_of_the_country(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("SY", "Asia/Damascus", "--from", "2025", "--to", "2026") == 0
    calendar = Calendar.from_json(json.loads(capsys.readouterr().out))
    assert calendar.why_not_working(date(2025, 4, 17)) == "Independence Day"
    assert not calendar.is_working(date(2025, 7, 11))  # a Friday
    assert calendar.is_working(date(2025, 7, 13))  # a Sunday
    assert max(calendar.holidays).year == 2026


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("XX", "UTC", "--from", "2025", "--to", "2025"), 2, "no holidays are known of 'XX'; use a code"),
        (("SY", "UTC", "--from", "2026", "--to", "2025"), 2, "2026 lies after --to, which is 2025"),
        (
            ("SY", "Mars/Olympus", "--from", "2025", "--to", "2025"),
            2,
            "'Mars/Olympus': must be an IANA time zone",
        ),
        (("SY", "UTC", "--from", "25", "--to", "2025"), 2, "1900"),
    ],
)
def test_what_makes_no_calendar_is_refused(
    run: Run, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], status: int, said: str
) -> None:
    assert run(*arguments) == status
    refused = capsys.readouterr()
    assert said in refused.err
    assert refused.out == ""
