"""Where things stand, on any day, as known at any moment: the rules of the field that are pure.

Lines of changes are drawn at random: moves, confirmations, corrections, intervals, in any order of days. What a
line must say is stated as properties; the examples below them show each rule once, as a person would tell it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tracker.domain.standing import (
    Answers,
    Change,
    MayBe,
    Standing,
    find_run,
    find_same_answers,
    find_standing,
    order_line,
    standing,
)
from tracker.domain.states import Act
from tracker.domain.tracks import TRACKS

TRACK, DESK = "implementation", "org_desk"
STATES = TRACKS[TRACK].codes
FIRST_DAY = date(2025, 3, 1)
FIRST_HOUR = datetime(2026, 1, 1, tzinfo=UTC)

offsets = st.integers(0, 12)
days = offsets.map(lambda number: FIRST_DAY + timedelta(days=number))
moments = st.integers(-1, 12).map(lambda number: FIRST_HOUR + timedelta(hours=number))


def change(
    number: int,
    state: str,
    day: int,
    *,
    act: Act = "move",
    interval: int | None = None,
    corrects: int | None = None,
    **more: object,
) -> Change:
    """The change recorded in that hour: effective so many days on, known only to lie in the days before it."""
    on = FIRST_DAY + timedelta(days=day)
    made = Change(
        id=f"chg_{number}",
        track=TRACK,
        assessor=DESK,
        act=act,
        state=state,
        effective_on=on,
        recorded_at=FIRST_HOUR + timedelta(hours=number),
        order=number,
        not_before=None if interval is None else on - timedelta(days=interval),
        corrects=None if corrects is None else f"chg_{corrects}",
    )
    return replace(made, **more)  # type: ignore[arg-type]


@st.composite
def records(draw: st.DrawFn) -> list[Change]:
    """A line as it was recorded: some of it mended later, each change at most once."""
    found: list[Change] = []
    open_to_correction: list[int] = []
    for number in range(draw(st.integers(0, 8))):
        corrects = draw(st.sampled_from([None, *open_to_correction]))
        act: Act = "correction" if corrects is not None else draw(st.sampled_from(["move", "confirmation"]))
        if corrects is not None:
            open_to_correction.remove(corrects)
        open_to_correction.append(number)
        found.append(
            change(
                number,
                draw(st.sampled_from(STATES)),
                draw(offsets),
                act=act,
                interval=draw(st.none() | st.integers(0, 5)),
                corrects=corrects,
            )
        )
    return found


def at(changes: Sequence[Change], as_of: date, known_at: datetime | None = None) -> Standing:
    return find_standing(TRACK, DESK, changes, as_of, known_at)


def on(day: int) -> date:
    return FIRST_DAY + timedelta(days=day)


# ---------------------------------------------------------------- properties


@given(records(), days, st.none() | moments, st.randoms(use_true_random=False))
def test_the_order_in_which_the_changes_are_handed_over_says_nothing(record, day, known_at, random):
    shuffled = random.sample(record, len(record))

    assert at(shuffled, day, known_at) == at(record, day, known_at)
    assert order_line(shuffled, known_at) == order_line(record, known_at)


@given(records(), days, st.none() | moments)
def test_what_stands_is_the_latest_day_and_on_one_day_the_latest_record(record, day, known_at):
    known = [one for one in record if known_at is None or one.recorded_at <= known_at]
    counted = [
        one
        for one in known
        if one.effective_on <= day and not any(other.corrects == one.id for other in known)
    ]
    found = at(record, day, known_at)
    if not counted:
        assert (found.state, found.change, found.since, found.verified_on) == (
            "not_assessed",
            None,
            None,
            None,
        )
        return
    last = max(counted, key=lambda one: (one.effective_on, one.order))
    assert (found.state, found.change, found.verified_on) == (last.state, last.id, last.effective_on)
    assert found.since is not None
    assert found.since <= last.effective_on


@given(records(), days, st.none() | moments)
def test_since_is_the_first_day_of_an_unbroken_run_of_the_same_answer(record, day, known_at):
    found = at(record, day, known_at)
    assume(found.since is not None)
    reached = [one for one in order_line(record, known_at) if one.effective_on <= day]

    assert {one.state for one in reached if one.effective_on > found.since} <= {found.state}
    before = reached[: len(reached) - len(find_run(reached))]
    assert not before or before[-1].state != found.state


@given(records(), days, st.none() | moments, st.sampled_from(STATES), st.integers(1, 9))
def test_a_change_that_takes_effect_later_never_shows_on_an_earlier_day(record, day, known_at, state, later):
    added = change(9, state, (day - FIRST_DAY).days + later)

    assert at([*record, added], day, known_at) == at(record, day, known_at)


@given(records(), days, moments, st.sampled_from(STATES), offsets, st.data())
def test_what_is_recorded_later_never_shows_in_what_was_known_earlier(
    record, day, known_at, state, other, data
):
    assume(record)
    corrects = data.draw(st.sampled_from([None, *range(len(record))]))
    act: Act = "move" if corrects is None else "correction"
    added = change(9, state, other, act=act, corrects=corrects, recorded_at=known_at + timedelta(seconds=1))

    assert at([*record, added], day, known_at) == at(record, day, known_at)


@given(records(), days, moments)
def test_both_questions_at_once_ask_the_record_of_then_about_that_day(record, day, known_at):
    as_it_was = [one for one in record if one.recorded_at <= known_at]

    assert at(record, day, known_at) == at(as_it_was, day)


@given(records(), days, st.data())
def test_a_correction_takes_the_corrected_change_out_on_every_day(record, day, data):
    alive = order_line(record)
    wrong = data.draw(st.sampled_from(alive)) if alive else None
    assume(wrong is not None)
    mended = change(9, wrong.state, 20, act="correction", corrects=wrong.order)

    # What the wrong one had corrected itself stays corrected: only its own answer is gone.
    assert at([*record, mended], day) == at(
        [replace(one, corrects=None) for one in alive if one != wrong], day
    )


@given(records(), days, st.integers(0, 9))
def test_a_confirmation_keeps_since_and_moves_the_day_of_the_last_check(record, day, later):
    # Nothing else happens until the check.
    record = [replace(one, corrects=None) for one in order_line(record) if one.effective_on <= day]
    before = at(record, day)
    assume(before.change is not None)
    checked = day + timedelta(days=later)
    seen = change(9, before.state, (checked - FIRST_DAY).days, act="confirmation")
    after = at([*record, seen], checked)

    assert (after.state, after.since, after.not_before) == (before.state, before.since, before.not_before)
    assert (after.verified_on, after.change) == (checked, seen.id)


@given(records(), days, st.none() | moments)
def test_an_interval_says_what_may_be_and_changes_nothing_before_its_end(record, day, known_at):
    found = at(record, day, known_at)
    plain = at([replace(one, not_before=None) for one in record], day, known_at)

    assert replace(found, may_be=None, not_before=None) == plain
    if found.may_be is not None:
        assert found.may_be.not_before <= day < found.may_be.effective_on
        assert found.may_be.state != found.state


@given(records(), days, st.integers(1, 3650))
def test_a_status_is_stale_on_the_day_after_its_time_has_run_out(record, day, allowed):
    found = at(record, day)
    stale = found.stale_on(allowed)

    assert (stale is None) is (found.change is None)
    assert stale is None or stale - found.verified_on == timedelta(days=allowed + 1)


@given(records())
def test_a_run_is_the_longest_tail_of_one_answer(record):
    alive = order_line(record)
    found = find_run(alive)

    assert list(found) == alive[len(alive) - len(found) :]
    assert len({one.state for one in found}) == min(1, len(alive))
    assert len(found) == len(alive) or alive[-len(found) - 1].state != found[-1].state


# ---------------------------------------------------------------- the rules, told once each


def test_whoever_has_not_answered_stands_at_the_beginning():
    assert at([], on(0)) == Standing(TRACK, DESK, "not_assessed")
    assert at([], on(0)).stale_on(180) is None


def test_a_status_is_fresh_on_its_last_day_and_stale_on_the_next():
    found = at([change(0, "underway", 0)], on(5))

    assert found.stale_on(180) == date(2025, 8, 29)  # 1 March and 180 days are 28 August


def test_of_two_answers_for_one_day_the_one_recorded_later_stands():
    assert at([change(0, "underway", 3), change(1, "stalled", 3)], on(3)).state == "stalled"


def test_an_older_fact_that_becomes_known_later_does_not_move_today():
    record = [change(0, "implemented", 5), change(1, "underway", 2)]

    assert at(record, on(6)).state == "implemented"
    assert at(record, on(3)).state == "underway"
    assert at(record, on(3), FIRST_HOUR).state == "not_assessed"


def test_a_mistake_is_taken_back_by_a_correction_and_remains_what_was_known_then():
    record = [
        change(0, "underway", 0),
        change(1, "implemented", 2),
        change(2, "underway", 2, act="correction", corrects=1),
    ]

    assert (at(record, on(4)).state, at(record, on(4)).since) == ("underway", on(0))
    assert at(record, on(4), FIRST_HOUR + timedelta(hours=1)).state == "implemented"


def test_a_correction_can_be_corrected_and_what_it_mended_stays_mended():
    record = [
        change(0, "implemented", 0),
        change(1, "stalled", 0, act="correction", corrects=0),
        change(2, "underway", 0, act="correction", corrects=1),
    ]

    assert [one.id for one in order_line(record)] == ["chg_2"]


def test_inside_an_interval_the_earlier_state_stands_with_what_it_may_have_been():
    record = [change(0, "underway", 0), change(1, "stalled", 9, interval=4)]

    assert at(record, on(4)).may_be is None
    assert at(record, on(5)).may_be == MayBe("stalled", on(5), on(9))
    assert (at(record, on(8)).state, at(record, on(8)).may_be) == ("underway", MayBe("stalled", on(5), on(9)))
    assert (at(record, on(9)).state, at(record, on(9)).may_be) == ("stalled", None)
    assert (at(record, on(9)).since, at(record, on(9)).not_before) == (on(9), on(5))


def test_an_interval_can_be_all_that_is_known():
    assert at([change(0, "underway", 9, interval=4)], on(6)).may_be == MayBe("underway", on(5), on(9))


def test_what_stands_already_is_not_said_to_be_possible():
    again = change(1, "underway", 9, interval=4, act="correction", corrects=0)
    checked = change(2, "stalled", 9, interval=4, act="confirmation")

    assert at([change(3, "underway", 0), again], on(6)).may_be is None
    assert at([change(3, "underway", 0), checked], on(6)).may_be is None


def said(state: str, assessor: str = DESK) -> Standing:
    return Standing(TRACK, assessor, state, change="chg_0")


@pytest.mark.parametrize(
    ("lead", "others", "diverges"),
    [
        ("implemented", ["stalled"], True),
        ("implemented", ["implemented"], False),
        ("implemented", [], False),
        ("not_assessed", ["implemented", "stalled"], True),  # the lead is silent; the others differ
        ("not_assessed", ["stalled"], False),
        ("no_evidence", ["implemented"], False),  # unknown differs from nobody
        ("not_started", ["no_evidence"], False),  # and is neither better nor worse
        ("no_evidence", ["implemented", "regressed"], True),
    ],
)
def test_answers_diverge_where_two_who_know_say_different_things(lead, others, diverges):
    answers = Answers(TRACK, said(lead), tuple(said(state, f"org_{n}") for n, state in enumerate(others)))

    assert answers.diverges is diverges


@given(st.sampled_from(STATES), st.lists(st.sampled_from(STATES), max_size=4))
def test_somebody_who_found_nothing_out_never_adds_a_divergence(lead, others):
    answers = Answers(TRACK, said(lead), tuple(said(state) for state in others))
    for unknown in ("not_assessed", "no_evidence"):
        more = replace(answers, others=(*answers.others, said(unknown)))
        assert more.diverges is answers.diverges


@pytest.mark.parametrize(
    ("track", "own", "other", "diverges"),
    [
        ("release", (None, 13), (None, 20), True),
        ("release", (None, 13), (None, 13), False),
        ("release", (10, 20), (None, 13), False),  # the interval leaves room for the day of the other
        ("release", (14, 20), (None, 13), True),
        ("stage", (None, 13), (None, 20), False),  # nobody asks when a stage was reached, but where it stands
    ],
)
def test_two_who_say_when_a_report_was_published_differ_by_the_day(track, own, other, diverges):
    def published(assessor, days):
        first, last = (day and date(2025, 7, day) for day in days)
        return Standing(track, assessor, "published", since=last, not_before=first)

    answers = Answers(track, published(DESK, own), (published("org_a", other),))
    assert answers.diverges is diverges
    silent = Standing(track, DESK, TRACKS[track].initial)
    assert Answers(track, silent, (published("org_a", other),)).diverges is False


def test_no_information_on_a_criterion_differs_from_nobody():
    track = "adequacy.time"
    others = (Standing(track, "org_a", "no_information", change="chg_0"),)

    assert not Answers(track, Standing(track, DESK, "met"), others).diverges


def test_a_subject_answers_every_track_of_its_kind_the_lead_first_and_the_others_by_name():
    changes = [
        change(0, "underway", 0, assessor="org_watch"),
        change(1, "implemented", 0, assessor="org_government"),
        change(2, "stalled", 1),
        change(3, "implemented", 8, assessor="org_late", act="move"),
    ]
    response, reminder, implementation, closure, *ratings = standing("recommendation", DESK, changes, on(5))

    assert [one.track for one in (response, reminder, implementation, closure, *ratings)] == [
        "response",
        "reminder",
        "implementation",
        "closure",
        "specificity",
        "priority",
    ]
    assert (implementation.lead.assessor, implementation.lead.state) == (DESK, "stalled")
    assert [(one.assessor, one.state) for one in implementation.others] == [
        ("org_government", "implemented"),  # the addressee's own word stands beside, it does not lead
        ("org_watch", "underway"),
    ]
    assert implementation.diverges
    assert (response.lead.state, response.others, closure.lead.state) == ("awaiting", (), "open")


def test_how_specific_something_is_does_not_grow_stale():
    rated = [
        change(0, "general", 0, track="specificity"),
        change(1, "stalled", 0),
    ]
    found = {one.track: one.lead for one in standing("recommendation", DESK, rated, on(900))}

    assert found["specificity"].stale_on(30) is None
    assert found["implementation"].stale_on(30) is not None


def test_an_assessor_whose_first_answer_may_have_held_already_is_shown_beside_the_lead():
    changes = [change(0, "implemented", 9, interval=5, assessor="org_watch")]
    _response, _reminder, implementation, *_more = standing("recommendation", DESK, changes, on(6))

    assert [one.may_be.state for one in implementation.others if one.may_be] == ["implemented"]


@given(records(), days, st.none() | moments)
def test_a_subject_stands_as_each_of_its_lines_does(record, day, known_at):
    own = [
        replace(one, id=f"{one.id}w", assessor="org_watch", corrects=one.corrects and f"{one.corrects}w")
        for one in record
    ]
    answers = {one.track: one for one in standing("recommendation", DESK, [*record, *own], day, known_at)}

    assert answers[TRACK].lead == at(record, day, known_at)
    assert all(
        replace(one, assessor=DESK, change=one.change and one.change.removesuffix("w")) == answers[TRACK].lead
        for one in answers[TRACK].others
    )
    assert not answers[TRACK].diverges


# ---------------------------------------------------------------- replies


@given(records(), records(), days, st.none() | moments)
def test_replies_however_many_move_nothing(record, others, day, known_at):
    replies = [
        replace(
            one, id=f"rep_{one.order}", act="reply", corrects=None, not_before=None, order=100 + one.order
        )
        for one in others
    ]

    assert at([*record, *replies], day, known_at) == at(record, day, known_at)
    assert find_same_answers([*record, *replies], day) == find_same_answers(record, day)


@given(records(), days)
def test_a_reply_stands_beside_what_stands(record, day):
    found = find_same_answers(record, day)
    now = at(record, day)

    assert (now.change in found) is (now.change is not None)
    assert {one.state for one in record if one.id in found} <= {now.state}


def test_neither_looking_again_nor_mending_the_reason_drops_a_reply():
    first = change(1, "stalled", 0)
    again = change(2, "stalled", 5, act="confirmation")
    worded = change(3, "stalled", 0, act="correction", corrects=1)

    assert find_same_answers([first, again], on(9)) == {"chg_1", "chg_2"}
    assert find_same_answers([first, again, worded], on(9)) == {"chg_1", "chg_2", "chg_3"}


def test_a_new_state_or_a_mistake_taken_back_leaves_the_replies_in_the_history():
    first, moved = change(1, "stalled", 0), change(2, "underway", 5)
    back = change(3, "underway", 0, act="correction", corrects=1)

    assert find_same_answers([first, moved], on(9)) == {"chg_2"}
    assert find_same_answers([first, moved], on(4)) == {"chg_1"}
    assert find_same_answers([first, back], on(9)) == {"chg_3"}
    assert find_same_answers([], on(9)) == set()
