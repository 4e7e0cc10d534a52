"""The deadlines of a process are a calendar: each act about a date raises its number and its instant together, and a
date that was withdrawn is cancelled and says nothing more of itself."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar

from tests.conftest import Clock
from tests.revising import revise_record
from tests.world import World
from tracker.public.feeds import deadlines_calendar
from tracker.store.deadlines import Deadline

FEED = "/feeds/coast/deadlines.ics"


def read(client: FlaskClient) -> Calendar:
    answer = client.get(FEED)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert all(len(line) <= 75 for line in answer.data.split(b"\r\n"))
    return Calendar.from_ical(answer.data)


def events(client: FlaskClient) -> list[Any]:
    return list(read(client).walk("VEVENT"))


def rename(world: World, thing: str, title: str) -> None:
    with world.act(world.editor) as act:
        version = world.session.get_one(Deadline, thing).version
        revise_record(act, thing, "deadline", {"title": title}, version)


def test_a_calendar_publishes_and_says_how_often_to_ask(world: World, client: FlaskClient) -> None:
    calendar = read(client)
    assert (calendar["METHOD"], calendar["VERSION"]) == ("PUBLISH", "2.0")
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == "Coast: dates"
    raw = client.get(FEED).data
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in raw
    assert b"X-PUBLISHED-TTL:PT1H\r\n" in raw


def test_a_date_is_a_whole_day_that_blocks_nobodys_time(world: World, client: FlaskClient) -> None:
    made = world.deadline()
    [event] = events(client)
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2025, 4, 8), date(2025, 4, 9))
    assert (event["TRANSP"], event["STATUS"], event["SUMMARY"]) == (
        "TRANSPARENT",
        "CONFIRMED",
        "Final report (Inquiry)",
    )
    assert event["URL"] == f"http://127.0.0.1:8000/en/coast/deadlines/{made}"
    assert event["DESCRIPTION"].startswith(
        'Set by: A decree or executive decision\nOutcome: Pending\nDue on Tuesday 8 April 2025: "30 days" from'
    )


def test_each_act_raises_the_number_and_the_instant_together(
    world: World, client: FlaskClient, clock: Clock
) -> None:
    made = world.deadline()
    [before] = events(client)
    clock.move(hours=1)
    rename(world, made, "Full report")
    [after] = events(client)
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1 == 1
    for name in ("DTSTAMP", "LAST-MODIFIED"):
        assert after[name].dt == before[name].dt + timedelta(hours=1)
    assert after["DTSTAMP"].dt == clock().astimezone(UTC)


def test_what_came_of_a_date_stands_before_its_title(world: World, client: FlaskClient) -> None:
    made = world.deadline()
    world.answer(made, "outcome", "missed")
    [event] = events(client)
    assert (event["SUMMARY"], event["STATUS"]) == ("Missed: Final report (Inquiry)", "CONFIRMED")


def test_a_withdrawn_date_is_cancelled_for_90_days_and_says_nothing_of_itself(
    world: World, client: FlaskClient, clock: Clock
) -> None:
    made = world.deadline(title="A name that must not have been said")
    [before] = events(client)
    world.withdraw(made)
    [event] = events(client)
    assert (event["UID"], event["STATUS"]) == (before["UID"], "CANCELLED")
    assert event["SUMMARY"] == "Withdrawn: a date of Coast"
    assert event["SEQUENCE"] > before["SEQUENCE"]
    assert event["DTSTART"].dt == clock().astimezone(UTC).date()
    raw = client.get(FEED).data
    assert b"must not" not in raw
    assert b"20250408" not in raw
    clock.move(days=90)
    assert len(events(client)) == 1
    clock.move(days=2)
    assert events(client) == []


def test_a_draft_and_a_date_that_waits_are_in_no_calendar(world: World, client: FlaskClient) -> None:
    world.deadline(publish=False)
    assert events(client) == []


def test_a_calendar_has_the_latest_dates_and_no_more_than_its_bound(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadlines_calendar, "MOST_DATES", 2)
    for day in (2, 3, 4):
        world.deadline(title=f"Report {day}", rule=f"{day} days")
    assert [event["DTSTART"].dt.day for event in events(client)] == [13, 12]


def test_no_text_of_the_record_ends_a_line_of_a_calendar(world: World, client: FlaskClient) -> None:
    hostile = "Report; with, \\ signs END:VEVENT" + "ة" * 90
    world.deadline(title=hostile, note="a\nBEGIN:VEVENT")
    [event] = events(client)
    assert event["SUMMARY"] == f"{hostile} (Inquiry)"


def test_a_calendar_tells_another_date_that_a_source_gives(world: World, client: FlaskClient) -> None:
    world.deadline(readings=[{"due_on": "2025-04-09", "says": "The press", "note": "A misreading"}])
    [event] = events(client)
    assert event["DTSTART"].dt == date(2025, 4, 8)
    assert event["DESCRIPTION"].endswith("\nAnother date, by The press: 9 April 2025")
