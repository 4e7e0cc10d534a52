"""The ladder of reminders: which step comes next with an addressee, from which day on, and what ends it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tracker.domain.errors import ForbiddenMove, InvalidInput
from tracker.domain.reminders import Next, Place, Request, check_ladder, check_step, find_place
from tracker.domain.responses import RollUp, roll_up_reminders
from tracker.domain.silence import Due, list_silent
from tracker.domain.standing import Change

LEAD, MINISTRY, OTHER = "org_desk", "org_ministry", "org_other"
ISSUED, DAY = date(2026, 1, 1), date(2026, 12, 1)
LADDER = [
    {"step": "asked", "after_days": 10},
    {"step": "reminded", "after_days": 30},
    {"step": "reminded_in_public", "after_days": 30},
    {"step": "silence_recorded", "after_days": 20},
]


def said(state: str, on: date, number: int = 0, track: str = "reminder", **more: Any) -> Change:
    at = datetime(2026, 12, 1, tzinfo=UTC) + timedelta(hours=number)
    act, whom = more.pop("act", "move"), more.pop("addressee", MINISTRY)
    return Change(f"chg_{number}", track, LEAD, act, state, on, at, number, addressee=whom, **more)


def place(*changes: Change, day: date = DAY, dues: list[Due] | None = None, ladder: Any = LADDER) -> Place:
    return find_place(Request(ladder, LEAD, ISSUED, changes, dues or []), MINISTRY, day)


def test_each_step_follows_the_one_before_it_by_its_days():
    asked = said("asked", date(2026, 1, 15))
    public = said("reminded_in_public", date(2026, 3, 1), 1)
    silent = said("silence_recorded", date(2026, 4, 1), 2)
    assert place() == Place(MINISTRY, next=Next("asked", date(2026, 1, 11)))
    assert place(asked) == Place(MINISTRY, "asked", date(2026, 1, 15), 1, Next("reminded", date(2026, 2, 14)))
    assert place(asked, public).next == Next("silence_recorded", date(2026, 3, 21))  # one was left out
    assert place(asked, public, silent) == Place(MINISTRY, "silence_recorded", date(2026, 4, 1), 4)
    assert place(asked, public, day=date(2026, 2, 1)) == place(asked)
    assert place(said("asked", date(2026, 1, 15), addressee=OTHER)) == place()


def test_a_step_that_was_repeated_begins_its_days_anew_and_one_taken_back_was_none():
    first, again = (
        said("reminded", date(2026, 2, 1)),
        said("reminded", date(2026, 5, 1), 1, act="confirmation"),
    )
    back = said("asked", date(2026, 2, 1), 2, act="correction", corrects="chg_0")
    assert place(first, again).next == Next("reminded_in_public", date(2026, 5, 31))
    assert place(first, back).next == Next("reminded", date(2026, 3, 3))


def test_a_step_that_the_process_does_not_know_has_no_number():
    short = [LADDER[0], LADDER[2]]
    found = place(said("reminded", date(2026, 2, 1)), ladder=short)
    assert (found.step, found.number, found.next) == (
        "reminded",
        None,
        Next("reminded_in_public", date(2026, 3, 3)),
    )
    assert place(ladder=[]) == Place(MINISTRY)


def test_an_answer_ends_it_and_so_does_the_end_of_the_recommendation():
    asked = said("asked", date(2026, 1, 15))
    answer = said("under_consideration", date(2026, 6, 1), 1, "response")
    closed = said("superseded", date(2026, 6, 1), 1, "closure", addressee=None)
    for end in (answer, closed):
        assert place(asked, end) == Place(MINISTRY, "asked", date(2026, 1, 15), 1)
        assert place(asked, end, day=date(2026, 5, 31)).next is not None
    assert place(asked, said("rejected", date(2026, 6, 1), 1, "response", addressee=OTHER)).next is not None


def test_nobody_is_reminded_before_the_day_by_which_the_answer_is_due():
    due = Due("ddl_1", date(2026, 7, 1), "pending")
    asked = said("asked", date(2026, 1, 15))
    assert place(dues=[due]).next == Next("asked", date(2026, 1, 11))
    assert place(asked, dues=[due]).next == Next("reminded", date(2026, 7, 2))
    assert place(asked, dues=[Due("ddl_1", date(2026, 1, 20), "missed")]).next == Next(
        "reminded", date(2026, 2, 14)
    )
    assert place(asked, dues=[Due("ddl_1", date(2026, 7, 1), "waived")]).next is None


def test_a_reminder_says_that_the_lead_looked_and_a_request_does_not():
    asked, reminded = said("asked", date(2026, 1, 15)), said("reminded", date(2026, 3, 1), 1)
    assert list_silent([asked], LEAD, [MINISTRY], DAY) == [(MINISTRY, None)]
    assert list_silent([asked, reminded], LEAD, [MINISTRY], DAY) == [(MINISTRY, date(2026, 3, 1))]
    assert list_silent([asked, reminded], LEAD, [MINISTRY], date(2026, 2, 28)) == [(MINISTRY, None)]


def test_a_step_after_the_answer_is_refused_and_so_is_silence_before_its_time():
    asked = said("reminded_in_public", date(2026, 3, 1))
    answer = said("accepted", date(2026, 6, 1), 1, "response")
    told = Request(LADDER, LEAD, ISSUED, [asked, answer])
    check_step(told, MINISTRY, "reminded", date(2026, 5, 31))
    with pytest.raises(ForbiddenMove, match="it answered on 2026-06-01"):
        check_step(told, MINISTRY, "reminded", date(2026, 6, 1))
    silent = Request(LADDER, LEAD, ISSUED, [asked])
    with pytest.raises(ForbiddenMove, match="from 2026-03-21 on"):
        check_step(silent, MINISTRY, "silence_recorded", date(2026, 3, 20))
    check_step(silent, MINISTRY, "silence_recorded", date(2026, 3, 21))
    early = Request(LADDER, LEAD, ISSUED, [said("reminded", date(2026, 2, 1))])
    with pytest.raises(ForbiddenMove, match="'reminded_in_public' comes next"):
        check_step(early, MINISTRY, "silence_recorded", date(2026, 11, 1))
    check_step(Request([], LEAD, ISSUED, [asked]), MINISTRY, "silence_recorded", date(2026, 3, 2))


@pytest.mark.parametrize(
    ("steps", "pointer"),
    [
        ("reminded asked", "/reminders/1/step"),
        ("asked asked", "/reminders/1/step"),
        ("silence_recorded", "/reminders/0/step"),
    ],
)
def test_a_ladder_out_of_order_is_refused(steps: str, pointer: str):
    with pytest.raises(InvalidInput) as refused:
        check_ladder([{"step": step, "after_days": 1} for step in steps.split()])
    assert refused.value.fields[0].pointer == pointer
    check_ladder(LADDER)
    check_ladder([])


def test_the_headline_of_several_addressees_is_the_last_step_that_was_taken_with_one_of_them():
    assert roll_up_reminders(["asked", "asked"]) == RollUp("asked", "alike", 2, 2)
    assert roll_up_reminders(["not_asked", "reminded", "asked"]) == RollUp("reminded", "furthest", 3, 2)
