"""A job comes round by itself: when it is due, and what an operator has to know of its last run."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from tracker.domain.jobs import LATE, LONGEST, RETRY, Run, Schedule, State

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MINUTELY, NIGHTLY = Schedule(timedelta(minutes=1)), Schedule(at=time(3))


def test_a_job_is_due_again_after_its_time_or_at_its_time_of_day() -> None:
    assert MINUTELY.find_next(NOW) == NOW + timedelta(minutes=1)
    assert NIGHTLY.find_next(NOW) == datetime(2026, 11, 24, 3, tzinfo=UTC)
    assert NIGHTLY.find_next(NOW.replace(hour=2)) == NOW.replace(hour=3)
    assert NIGHTLY.find_next(NOW.replace(hour=3)) == datetime(2026, 11, 24, 3, tzinfo=UTC)


def test_what_breaks_off_is_tried_again_soon() -> None:
    assert MINUTELY.find_retry(NOW) == NOW + timedelta(minutes=1)
    assert NIGHTLY.find_retry(NOW) == NOW + RETRY


def test_an_instant_that_a_wrong_clock_wrote_stops_no_job_for_ever() -> None:
    for schedule in (MINUTELY, NIGHTLY):
        assert schedule.is_due(NOW, NOW)
        assert not schedule.is_due(schedule.find_next(NOW), NOW)
        assert schedule.is_due(NOW + timedelta(days=365), NOW)  # the clock was a year ahead, and was set back


@pytest.mark.parametrize(
    ("run", "state"),
    [
        (Run("x", NOW), "waits"),
        (Run("x", NOW - LATE - timedelta(seconds=1)), "late"),
        (Run("x", NOW - timedelta(hours=5), began_at=NOW - timedelta(hours=5)), "runs"),
        (Run("x", NOW - LONGEST, began_at=NOW - LONGEST), "late"),
        (Run("x", NOW, NOW, NOW, "done"), "waits"),
        (Run("x", NOW, NOW, NOW, "wrong"), "wrong"),
        (Run("x", NOW, NOW, NOW, "failed"), "failed"),
        (Run("x", NOW - timedelta(days=1), NOW, NOW, "failed"), "late"),
    ],
)
def test_an_operator_learns_how_it_stands(run: Run, state: State) -> None:
    assert run.find_state(NOW) == state
