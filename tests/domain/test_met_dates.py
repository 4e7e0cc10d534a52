"""Each type of date is met by the fact that it waits for, on the day of the fact."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tracker.domain.met_dates import WAITING, Outcome, Owner, find_met, find_outcome, read_outcome
from tracker.domain.standing import Change, Span, find_standing
from tracker.domain.vocabularies.codes import DEADLINE_TYPE

LEAD, DUE, DAY = "org_desk", date(2025, 10, 1), date(2026, 1, 1)
FACT = date(2025, 9, 1)


def answer(
    track: str, state: str, on: date = FACT, assessor: str = LEAD, not_before: date | None = None
) -> Change:
    at = datetime(2026, 2, 1, tzinfo=UTC)
    return Change(f"chg_{state}_{on}", track, assessor, "move", state, on, at, on.toordinal(), not_before)


def owner(*changes: Change, type: str = "final", **days: date) -> Owner:
    """With a report that reached these states on these days, if any are given."""
    said = [answer("release", state, on) for state, on in days.items()]
    return Owner(LEAD, changes, [(type, said)] if said else [])


def find_met_day(type: str, owner: Owner, day: date) -> date | None:
    found = find_met(type, owner, day)
    return None if found is None else found.last


def say(state: str, on: date | None) -> Outcome:
    return Outcome(state, None if on is None else Span(on, on))


#: type of date -> what meets it.
MET = {
    "government_response_due": owner(answer("response", "rejected")),
    "implementation_due": owner(answer("implementation", "implemented")),
    "interim_report_due": owner(type="interim", delivered=FACT),
    "final_report_due": owner(delivered=FACT),
    "publication_due": owner(published=FACT),
}


def test_the_types_that_wait_for_a_fact_are_these() -> None:
    assert set(MET) == WAITING
    assert set(DEADLINE_TYPE) > WAITING


@pytest.mark.parametrize("type", DEADLINE_TYPE)
@pytest.mark.parametrize("fact", MET)
def test_a_date_is_met_by_its_own_fact_and_by_no_other(type: str, fact: str) -> None:
    """But a report that is published has been handed over."""
    meets = {fact, "final_report_due"} if fact == "publication_due" else {fact}
    assert find_met_day(type, MET[fact], DAY) == (FACT if type in meets else None)


@pytest.mark.parametrize("type", sorted(WAITING))
def test_it_is_met_from_the_day_of_the_fact_on_unless_the_lead_said_otherwise(type: str) -> None:
    for said in ("pending", "missed"):
        recorded = say(said, DUE)
        assert find_outcome(type, recorded, MET[type], FACT) == say("met", FACT)
        assert find_outcome(type, recorded, MET[type], date(2025, 8, 31)) == recorded
        assert find_outcome(type, recorded, owner(), DAY) == recorded
        assert find_outcome(type, recorded, None, DAY) == recorded
    for said in ("met", "waived", "extended"):
        assert find_outcome(type, say(said, DUE), MET[type], DAY) == say(said, DUE)


def test_without_a_report_the_stage_of_the_committee_says_that_it_is_there() -> None:
    later = answer("stage", "dissolved", date(2025, 12, 1))
    for state, met in (("working", set()), ("reported", {"final_report_due"})):
        found = owner(answer("stage", state), later)
        assert {type for type in WAITING if find_met_day(type, found, DAY)} == met
    found = owner(answer("stage", "published"), later, delivered=date(2025, 8, 1))
    assert find_met_day("final_report_due", found, DAY) == date(2025, 8, 1)
    assert find_met_day("publication_due", found, DAY) == FACT
    assert find_met_day("publication_due", found, date(2025, 8, 31)) is None


def test_an_answer_that_is_due_is_that_of_each_addressee() -> None:
    at = datetime(2026, 2, 1, tzinfo=UTC)

    def answered(by: str, on: date) -> Change:
        return Change(f"chg_{by}", "response", LEAD, "move", "noted", on, at, 1, addressee=by)

    both = (answered("org_a", FACT), answered("org_b", date(2025, 9, 20)))
    asked = ("org_a", "org_b")
    assert find_met_day("government_response_due", Owner(LEAD, both[:1], (), asked), DAY) is None
    assert find_met_day("government_response_due", Owner(LEAD, both, (), asked), DAY) == date(2025, 9, 20)
    assert find_met_day("government_response_due", Owner(LEAD, both, (), asked), date(2025, 9, 19)) is None


def test_what_was_undone_is_owed_again() -> None:
    undone = owner(
        answer("implementation", "implemented"), answer("implementation", "regressed", date(2025, 11, 1))
    )
    assert find_met_day("implementation_due", undone, date(2025, 10, 31)) == FACT
    assert find_met_day("implementation_due", undone, date(2025, 11, 1)) is None


def test_what_others_than_the_lead_say_meets_nothing() -> None:
    other = owner(answer("implementation", "implemented", assessor="org_watch"))
    assert find_met_day("implementation_due", other, DAY) is None


@pytest.mark.parametrize(
    "state",
    [
        "closed_implemented",
        "closed_not_implemented",
        "closed_by_issuer",
        "superseded",
        "no_longer_applicable",
    ],
)
def test_nothing_is_owed_by_the_date_of_what_is_closed(state: str) -> None:
    closed = owner(answer("closure", state))
    assert find_outcome("review_date", say("pending", None), closed, FACT) == say("waived", FACT)
    assert find_outcome("review_date", say("pending", None), closed, date(2025, 8, 31)) == say(
        "pending", None
    )


def test_the_first_of_several_reports_counts() -> None:
    reports = [("final", [answer("release", "delivered", day)]) for day in (DAY, FACT)]
    assert find_met_day("final_report_due", Owner(LEAD, (), reports), DAY) == FACT


AUGUST, LAST = date(2025, 8, 1), date(2025, 8, 31)


@pytest.mark.parametrize(
    ("type", "track", "state"),
    [
        ("government_response_due", "response", "noted"),
        ("implementation_due", "implementation", "implemented"),
        ("final_report_due", "release", "delivered"),
        ("publication_due", "release", "published"),
        ("final_report_due", "stage", "reported"),
    ],
)
def test_a_fact_that_is_known_to_the_month_counts_from_its_first_day(
    type: str, track: str, state: str
) -> None:
    said = answer(track, state, LAST, not_before=AUGUST)
    found = Owner(LEAD, () if track == "release" else (said,), [("final", [said])] * (track == "release"))
    assert find_met(type, found, AUGUST) == Span(AUGUST, LAST)
    assert find_met(type, found, date(2025, 7, 31)) is None
    assert find_outcome(type, say("pending", None), found, AUGUST).state == "met"


@pytest.mark.parametrize(
    ("state", "counts"), [("met", True), ("waived", True), ("extended", True), ("missed", False)]
)
def test_within_the_month_of_an_outcome_what_is_good_for_those_who_owe_counts(
    state: str, counts: bool
) -> None:
    line = [answer("outcome", state, LAST, not_before=AUGUST)]
    within = read_outcome(find_standing("outcome", LEAD, line, AUGUST))
    assert within == (Outcome(state, Span(AUGUST, LAST)) if counts else Outcome("pending"))
    undone = [
        answer("outcome", "met", date(2025, 7, 1)),
        answer("outcome", "pending", LAST, not_before=AUGUST),
    ]
    assert read_outcome(find_standing("outcome", LEAD, undone, AUGUST)).state == "met"


def test_within_the_month_in_which_it_was_undone_it_stays_met() -> None:
    undone = owner(
        answer("implementation", "implemented", date(2025, 7, 1)),
        answer("implementation", "regressed", LAST, not_before=AUGUST),
    )
    assert find_met_day("implementation_due", undone, AUGUST) == date(2025, 7, 1)
    assert find_met_day("implementation_due", undone, LAST) is None
