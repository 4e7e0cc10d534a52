"""Each type of date is met by the fact that it waits for, on the day of the fact."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tracker.domain.met_dates import WAITING, Owner, find_met_day, find_outcome
from tracker.domain.standing import Change
from tracker.domain.vocabularies.codes import DEADLINE_TYPE

LEAD, DUE, DAY = "org_desk", date(2025, 10, 1), date(2026, 1, 1)
FACT = date(2025, 9, 1)


def answer(track: str, state: str, on: date = FACT, assessor: str = LEAD) -> Change:
    at = datetime(2026, 2, 1, tzinfo=UTC)
    return Change(f"chg_{state}_{on}", track, assessor, "move", state, on, at, on.toordinal())


def owner(*changes: Change, **report: Any) -> Owner:
    given = {"type": "final", "delivered_on": None, "published_on": None} | report
    return Owner(LEAD, changes, [given] if report else [])


#: type of date -> what meets it.
MET = {
    "government_response_due": owner(answer("response", "rejected")),
    "implementation_due": owner(answer("implementation", "implemented")),
    "interim_report_due": owner(type="interim", delivered_on=FACT),
    "final_report_due": owner(delivered_on=FACT),
    "publication_due": owner(published_on=FACT),
}


def test_the_types_that_wait_for_a_fact_are_these() -> None:
    assert set(MET) == WAITING
    assert set(DEADLINE_TYPE) > WAITING


@pytest.mark.parametrize("type", DEADLINE_TYPE)
@pytest.mark.parametrize("fact", MET)
def test_a_date_is_met_by_its_own_fact_and_by_no_other(type: str, fact: str) -> None:
    assert find_met_day(type, MET[fact], DAY) == (FACT if type == fact else None)


@pytest.mark.parametrize("type", sorted(WAITING))
def test_it_is_met_from_the_day_of_the_fact_on_unless_the_lead_said_otherwise(type: str) -> None:
    for said in ("pending", "missed"):
        assert find_outcome(type, (said, DUE), MET[type], FACT) == ("met", FACT)
        assert find_outcome(type, (said, DUE), MET[type], date(2025, 8, 31)) == (said, DUE)
        assert find_outcome(type, (said, DUE), owner(), DAY) == (said, DUE)
        assert find_outcome(type, (said, DUE), None, DAY) == (said, DUE)
    for said in ("met", "waived", "extended"):
        assert find_outcome(type, (said, DUE), MET[type], DAY) == (said, DUE)


def test_without_a_report_the_stage_of_the_committee_says_that_it_is_there() -> None:
    later = answer("stage", "dissolved", date(2025, 12, 1))
    for state, met in (("working", set()), ("reported", {"final_report_due"})):
        found = owner(answer("stage", state), later)
        assert {type for type in WAITING if find_met_day(type, found, DAY)} == met
    found = owner(answer("stage", "published"), later, delivered_on=date(2025, 8, 1))
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
    assert find_outcome("review_date", ("pending", None), closed, FACT) == ("waived", FACT)
    assert find_outcome("review_date", ("pending", None), closed, date(2025, 8, 31)) == ("pending", None)


def test_the_first_of_several_reports_counts() -> None:
    reports = [{"type": "final", "delivered_on": day, "published_on": None} for day in (DAY, FACT)]
    assert find_met_day("final_report_due", Owner(LEAD, (), reports), DAY) == FACT
