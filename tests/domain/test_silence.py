"""Silence is computed for a day: who was to answer, by when, and whether anybody looked (rule 9)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.silence import (
    Due,
    Silence,
    find_all_answered,
    find_answer,
    find_responses,
    find_unanswered,
    list_silent,
)
from tracker.domain.standing import Change, Span

ASKED, DUE, DAY = date(2025, 8, 1), date(2025, 10, 1), date(2026, 1, 1)
LEAD = "org_desk"


def said(
    state: str, on: date, number: int = 0, act: str = "move", assessor: str = LEAD, **more: object
) -> Change:
    at = datetime(2026, 2, 1, tzinfo=UTC) + timedelta(hours=number)
    return Change(f"chg_{number}", "response", assessor, act, state, on, at, number, **more)  # type: ignore[arg-type]


def due(on: date = DUE, outcome: str = "pending", deadline: str = "ddl_1") -> Due:
    return Due(deadline, on, outcome)


def silence(
    recorded: list[Change], dues: list[Due], asked_on: date, day: date, addressees: tuple[str, ...] = ()
) -> Silence | None:
    return find_unanswered(list_silent(recorded, LEAD, addressees, day), dues, asked_on)


def test_nothing_is_silent_before_the_day_is_over_and_all_is_after_it():
    expected = Silence("past_due", date(2025, 10, 2), "ddl_1", DUE)
    assert silence([], [due()], ASKED, DUE) == expected  # it lies ahead: it begins tomorrow
    assert silence([], [due()], ASKED, DAY) == expected


def test_any_answer_ends_it_even_one_that_passes_the_question_over():
    for state in ("under_consideration", "rejected", "not_addressed"):
        recorded = [said(state, date(2025, 12, 1))]
        assert silence(recorded, [due()], ASKED, DAY) is None
        assert silence(recorded, [due()], ASKED, date(2025, 11, 30)) is not None  # not yet


def test_without_a_day_it_takes_that_the_lead_looked():
    assert silence([], [], ASKED, DAY) is None
    looked = [said("awaiting", date(2025, 11, 3), act="confirmation")]
    expected = Silence("no_due_day", ASKED, confirmed_on=date(2025, 11, 3))
    assert silence(looked, [], ASKED, DAY) == expected
    assert silence(looked, [], ASKED, date(2025, 11, 2)) is None


def test_the_last_reminder_is_the_one_that_is_shown():
    reminders = [
        said("awaiting", date(2025, 11, 3), 1, "confirmation"),
        said("awaiting", date(2025, 12, 3), 2, "confirmation"),
    ]
    found = silence(reminders, [due()], ASKED, DAY)
    assert found is not None
    assert (found.because, found.confirmed_on) == ("past_due", date(2025, 12, 3))


def test_the_earliest_date_that_is_still_owed_counts():
    later = due(date(2025, 12, 1), deadline="ddl_2")
    for outcome in ("extended", "waived", "met"):
        found = silence([], [due(outcome=outcome), later], ASKED, DAY)
        assert found is not None
        assert found.deadline == "ddl_2"
    found = silence([], [later, due(outcome="missed")], ASKED, DAY)
    assert found is not None
    assert found.deadline == "ddl_1"
    assert silence([], [due(date.max)], ASKED, DAY) is None  # no day comes after it


def test_an_answer_on_record_by_mistake_is_none():
    wrong = said("accepted", date(2025, 9, 1), 1)
    mended = said("awaiting", date(2025, 9, 1), 2, "correction", corrects="chg_1")
    assert find_answer(find_responses([wrong], LEAD)) == Span(date(2025, 9, 1), date(2025, 9, 1))
    assert find_answer(find_responses([wrong, mended], LEAD)) is None


def test_nobody_is_silent_in_the_month_in_which_they_answered():
    within = [said("accepted", date(2025, 10, 31), not_before=DUE)]
    assert silence(within, [due()], ASKED, date(2025, 10, 15)) is None
    assert silence(within, [due()], ASKED, date(2025, 9, 30)) is not None
    both = [*within, said("noted", date(2025, 11, 30), 1, not_before=date(2025, 9, 1), addressee="org_b")]
    assert find_all_answered(both, LEAD, MINISTRIES) == Span(DUE, date(2025, 10, 31))


def test_only_what_the_lead_recorded_is_an_answer():
    foreign = said("accepted", date(2025, 9, 1), assessor="org_other")
    assert find_responses([foreign], LEAD) == []


days = st.integers(0, 400).map(lambda number: ASKED + timedelta(days=number))
recorded = st.lists(st.tuples(st.sampled_from(["awaiting", "accepted", "noted"]), days), max_size=4)


@given(recorded, st.lists(st.tuples(days, st.sampled_from(["pending", "waived"])), max_size=3), days)
def test_there_is_silence_or_an_answer_never_both(answers, dates, day):
    line = find_responses([said(state, on, number) for number, (state, on) in enumerate(answers)], LEAD)
    dues = [due(on, outcome, f"ddl_{number}") for number, (on, outcome) in enumerate(dates)]
    found = silence(line, dues, ASKED, day)
    answer = find_answer(line)

    if found is not None:
        assert answer is None or answer.first > day
        assert (found.due_on is None) == (found.because == "no_due_day")


MINISTRIES = ("org_a", "org_b")


def test_each_addressee_is_silent_until_it_answers_itself():
    answers = [
        said("accepted", date(2025, 9, 1), 1, addressee="org_a"),
        said("awaiting", date(2025, 11, 3), 2, "confirmation", addressee="org_b"),
    ]
    found = silence(answers, [due()], ASKED, DAY, MINISTRIES)
    assert found is not None
    assert (found.addressees, found.confirmed_on) == (("org_b",), date(2025, 11, 3))
    assert silence(answers, [], ASKED, DAY, MINISTRIES) == Silence(
        "no_due_day", ASKED, confirmed_on=date(2025, 11, 3), addressees=("org_b",)
    )
    assert find_all_answered(answers, LEAD, MINISTRIES) is None
    answers.append(said("noted", date(2025, 12, 1), 3, addressee="org_b"))
    assert silence(answers, [due()], ASKED, DAY, MINISTRIES) is None
    assert find_all_answered(answers, LEAD, MINISTRIES) == Span(date(2025, 12, 1), date(2025, 12, 1))


def test_without_a_day_only_those_are_silent_whom_the_lead_looked_for():
    looked = [said("awaiting", date(2025, 11, 3), 1, "confirmation", addressee="org_b")]
    found = silence(looked, [], ASKED, DAY, MINISTRIES)
    assert found is not None
    assert found.addressees == ("org_b",)


def test_what_was_answered_while_nobody_was_named_is_the_answer_of_each():
    answers = [said("noted", date(2025, 9, 1), 1)]
    assert silence(answers, [due()], ASKED, DAY, MINISTRIES) is None
    assert find_all_answered(answers, LEAD, MINISTRIES) == Span(date(2025, 9, 1), date(2025, 9, 1))
