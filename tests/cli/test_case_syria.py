"""The inquiry on the Syrian coast, read back from the public side as of each date.

Contract: the dates of the committee under every reading of them, the silence since it handed its report over, and every
count with who gives it. Nothing that the sources contradict is decided, nothing that they leave open is filled in.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cli.public_side import NOW, Public, answer, state
from tracker.actions import statuses
from tracker.actions.support.unit import open_unit
from tracker.domain.calendars import Calendar
from tracker.domain.errors import DemandsNotMet
from tracker.domain.figures import QUANTITIES
from tracker.store.evidence import Evidence
from tracker.store.people import Person
from tracker.store.processes import Process

# ------------------------------------------------------------------- Syria: the first date, and its extension


def test_thirty_days_from_9_march_end_on_8_april_and_a_newspaper_says_9_april(syria: Public) -> None:
    first = syria.one("deadline", "report-1")
    assert (first["set_on"], first["rule"], first["due_on"]) == ("2025-03-09", "30 days", "2025-04-08")
    assert [(reading["due_on"], reading["says"]) for reading in first["readings"]] == [
        ("2025-04-08", "Arithmetic"),
        ("2025-04-09", "Asharq Al-Awsat (S4)"),
    ]


@pytest.mark.parametrize(
    ("as_of", "outcome", "overdue", "overdue_by_the_newspaper"),
    [
        ("2025-04-08", "pending", 0, 0),
        ("2025-04-09", "missed", 1, 0),
        ("2025-04-10", "extended", 0, 0),
    ],
)
def test_the_first_date_passes_before_it_is_extended(
    syria: Public, as_of: str, outcome: str, overdue: int, overdue_by_the_newspaper: int
) -> None:
    first = syria.one("deadline", "report-1", as_of)
    assert state(first, "outcome") == outcome
    assert first["timing"]["days_overdue"] == overdue
    newspaper = next(reading for reading in first["readings"] if reading["due_on"] == "2025-04-09")
    assert newspaper["timing"]["days_overdue"] == overdue_by_the_newspaper


def test_the_extension_keeps_the_baseline_and_says_that_it_came_two_days_late(syria: Public) -> None:
    second = syria.one("deadline", "report-2")
    assert second["replaces"]["id"] == syria.one("deadline", "report-1")["id"]
    assert (second["set_on"], second["due_on"]) == ("2025-04-10", "2025-07-10")
    assert (second["baseline_due_on"], second["slip_days"], second["granted_days_late"]) == (
        "2025-04-08",
        93,
        2,
    )


def test_the_second_date_is_a_working_thursday_and_the_next_working_day_after_it_is_sunday_13_july(
    syria: Public, loaded: Session
) -> None:
    due_on = date.fromisoformat(syria.one("deadline", "report-2")["due_on"])
    calendar: Calendar = loaded.get_one(Process, syria.id).days
    assert (due_on.strftime("%A"), calendar.is_working(due_on)) == ("Thursday", True)
    assert calendar.weekend == {4, 5}
    assert calendar.next_working(due_on + timedelta(days=1)) == date(2025, 7, 13)


def test_the_report_is_three_days_late_and_not_late_by_the_committees_own_reading(syria: Public) -> None:
    second = syria.one("deadline", "report-2")
    assert (state(second, "outcome"), answer(second, "outcome")["lead"]["since"]) == ("met", "2025-07-13")
    assert (second["timing"]["state"], second["timing"]["days_late"]) == ("met_late", 3)
    assert {
        reading["due_on"]: (reading["timing"]["state"], reading["timing"]["days_late"])
        for reading in second["readings"]
    } == {"2025-07-09": ("met_late", 4), "2025-07-10": ("met_late", 3), "2025-07-13": ("on_time", 0)}


def test_three_days_after_the_second_date_it_was_overdue_on_the_eve_of_the_handing_over(
    syria: Public,
) -> None:
    assert syria.one("deadline", "report-2", "2025-07-12")["timing"]["days_overdue"] == 2


def test_that_the_report_was_handed_over_on_13_july_is_contested(syria: Public) -> None:
    second = syria.one("deadline", "report-2")
    assert answer(second, "outcome")["lead"]["basis"] == "contested"
    (met,) = [change for change in syria.history("deadline", second["id"]) if change["to"] == "met"]
    stances = Counter(citation["stance"] for citation in met["citations"])
    assert stances == {"supports": 4, "contradicts": 2, "context": 1}


# ------------------------------------------------------------------- Syria: the committee and its report


def test_delivered_announced_presented_and_published_are_four_different_days(syria: Public) -> None:
    (listed,) = syria.one("committee", "coast-committee")["reports"]
    assert (listed["release"], listed["reference"]) == ("announced", "final-report")
    report = syria.one("report", "final-report")
    for told in (listed, report):
        days = [told[name] for name in ("delivered_on", "announced_on", "published_on")]
        assert days == ["2025-07-13", "2025-07-20", None]
    presented, *_earlier = [
        one for one in syria.history("report", report["id"]) if one["assessor"]["slug"] == "desk"
    ]
    assert (presented["act"], presented["effective_on"]) == ("confirmation", "2025-07-22")
    assert report["recommendations_complete"] is False
    handed = [claim["date"] for claim in report["claims"] if claim["event"] == "handed to the President"]
    assert handed == ["2025-07-13", "2025-07-20"]


def test_contradicting_days_of_the_hand_over_stand_side_by_side(syria: Public) -> None:
    (release,) = syria.one("report", "final-report")["standing"]
    others = {one["assessor"]["slug"]: (one["state"], one["since"]) for one in release["others"]}
    assert (release["lead"]["state"], release["lead"]["since"]) == ("announced", "2025-07-20")
    assert others == {
        "syria-shows": ("awaited", "2025-07-13"),
        "akhbar-el-yom-gate": ("delivered", "2025-07-20"),
        "l-orient-le-jour": ("delivered", "2025-07-20"),
    }
    assert release["diverges"]
    (before,) = syria.one("report", "final-report", "2025-07-13")["standing"]
    assert (before["lead"]["state"], before["lead"]["basis"]) == ("delivered", "contested")


def test_each_recommendation_names_the_report_that_it_comes_from(syria: Public) -> None:
    named = Counter(one["report"]["slug"] for one in syria.all("recommendation"))
    assert named["final-report"] == 5
    assert set(named) == {one["reference"] for one in syria.all("report")}


@pytest.mark.parametrize(("as_of", "days"), [("2025-07-13", 0), ("2025-07-22", 9), ("2026-07-13", 365)])
def test_since_13_july_the_full_text_is_owed_in_silence(syria: Public, as_of: str, days: int) -> None:
    (silence,) = syria.one("committee", "coast-committee", as_of)["silence"]
    assert (silence["since"], silence["days"]) == ("2025-07-13", days)


def test_nobody_is_silent_about_a_report_that_has_not_been_handed_over(syria: Public) -> None:
    assert syria.one("committee", "coast-committee", "2025-07-12")["silence"] == []


@pytest.mark.parametrize(
    ("as_of", "stage"),
    [
        ("2025-03-09", "constituted"),
        ("2025-03-25", "working"),
        ("2025-07-13", "reported"),
        ("2026-11-23", "reported"),
    ],
)
def test_the_committee_comes_as_far_as_having_reported_and_never_as_far_as_being_published(
    syria: Public, as_of: str, stage: str
) -> None:
    assert state(syria.one("committee", "coast-committee", as_of), "stage") == stage


def test_the_report_met_the_date_that_stood_and_not_the_one_that_was_extended(syria: Public) -> None:
    dates = {one["reference"]: one for one in syria.all("deadline") if one["type"] == "final_report_due"}
    told = {one["due_on"]: one["met_by_fact_on"] for one in dates.values()}
    assert told == {"2025-04-08": None, "2025-07-10": "2025-07-13"}


def test_on_the_ninth_of_april_nothing_is_told_that_came_later(syria: Public) -> None:
    """The extension was decreed on the tenth, the committee on the ninth of March."""
    assert syria.all("committee", "2025-03-08") == []
    [due] = [one for one in syria.all("deadline", "2025-04-09") if one["owner"]["slug"] == "coast-committee"]
    assert (due["due_on"], due["timing"]["state"], due["timing"]["days_overdue"]) == (
        "2025-04-08",
        "overdue",
        1,
    )
    assert len(syria.all("recommendation", "2025-04-09")) == 4


def count(figure: dict[str, Any]) -> str:
    """How many, as it is known."""
    return next(f"{name} {figure[name]}" for name in QUANTITIES if figure[name] is not None).removesuffix(
        ".00"
    )


def test_the_counts_add_up_and_other_counts_stand_beside_them(syria: Public) -> None:
    figures = syria.one("committee", "coast-committee")["figures"]
    own = {one["of"]: int(float(one["amount"])) for one in figures if one["organization"] is None}
    killings, robbery = own["testimonies on killings"], own["testimonies on robbery, arson and torture"]
    assert killings + robbery == own["testimonies"] == 938
    sides = [own[f"suspects on the side of the {side}"] for side in ("government's forces", "former regime")]
    assert sum(sides) == own["suspects referred"] == 563
    killed = [
        (one["as_of"], one["organization"] and one["organization"]["slug"], count(one))
        for one in figures
        if one["of"] == "people killed"
    ]
    assert killed == [
        ("2025-03-11", "ohchr", "amount 111"),
        ("2025-03-12", "syrian-observatory-for-human-rights", "amount 1383"),
        ("2025-04-03", "syrian-observatory-for-human-rights", "about 1500"),
        ("2025-04-03", "syrian-network-for-human-rights", "amount 420"),
        ("2025-04-16", "syrian-network-for-human-rights", "amount 1662"),
        ("2025-07", "aleqaria", "amount 1469"),
        ("2025-07", "the-syria-campaign", "amount 1469"),
        ("2025-07-09", "syrian-observatory-for-human-rights", "about 1700"),
        ("2025-07-13", "syrian-observatory-for-human-rights", "amount 1682"),
        ("2025-07-22", None, "amount 1426"),
        ("2025-08-14", "un-commission-of-inquiry-syria", "about 1400"),
    ]
    [arrested] = [one for one in figures if one["of"] == "people arrested for acts against civilians"]
    assert (count(arrested), arrested["organization"]["slug"]) == ("amount 32", "egy-politics")
    assert [one["name"][:12] for one in arrested["evidence"]] == ["Egy Politics"]


def test_on_3_april_1500_are_about_as_many_as_somebody_says_and_nobody_has_been_arrested(
    syria: Public,
) -> None:
    figures = syria.one("committee", "coast-committee", "2025-04-03")["figures"]
    assert [count(one) for one in figures[-2:]] == ["about 1500", "amount 420"]


def test_seven_members_are_found_under_every_spelling_even_the_misprints(syria: Public) -> None:
    members = syria.one("committee", "coast-committee")["members"]
    assert Counter(member["profession"] for member in members) == {"judge": 5, "brigadier": 1, "lawyer": 1}
    spellings = {spelling: member["name"] for member in members for spelling in member["aliases"]}
    assert spellings["هيثم أبو عرب"] == "Hanadi Abu Arab"
    assert spellings["جمعة الدريس العزي"] == spellings["Jomaa el-Anzi"] == "Jumaa al-Dubais al-Anzi"


def test_the_second_mandate_leaves_the_first_in_place_and_there_is_a_day_without_any(syria: Public) -> None:
    first, second = syria.one("committee", "coast-committee")["mandates"]
    assert (first["in_force_to"], second["in_force_from"]) == ("2025-04-08", "2025-04-10")
    assert first["duty_to_publish"] == second["duty_to_publish"] == "not_stated"
    assert len(first["tasks"]) == 4


def test_where_the_sources_say_nothing_of_the_committee_there_is_no_answer(syria: Public) -> None:
    body = syria.one("committee", "coast-committee")
    answered = {
        one["track"].removeprefix("adequacy."): (
            one["lead"]["state"],
            sorted(row["state"] for row in one["others"]),
        )
        for one in body["standing"]
        if one["track"] != "stage" and (one["lead"]["change"] or one["others"])
    }
    assert answered == {
        "time": ("not_met", []),
        "transparency": ("partly_met", ["not_met"]),
        "report_publication": ("not_met", ["not_met", "not_met"]),
    }
    assert answer(body, "adequacy.transparency")["diverges"]


def test_what_the_committee_was_given_is_not_disclosed_and_amnesty_says_that_it_is_needed(
    syria: Public,
) -> None:
    found = {
        doc["reference"]: (
            state(doc, "delivery"),
            [row["state"] for row in answer(doc, "delivery")["others"]],
        )
        for doc in syria.all("resource")
    }
    means = ("burial-sites", "expertise", "resources", "witnesses")
    assert found == dict.fromkeys(means, ("not_disclosed", ["needed"]))
    assert {figure["amount"] for doc in syria.all("resource") for figure in doc["figures"]} == {None}


# ------------------------------------------------------------------- Syria: recommendations, hearings, sources


def test_five_issuers_made_fourteen_recommendations(syria: Public) -> None:
    issuers = Counter((doc["issuer"] or doc["committee"])["slug"] for doc in syria.all("recommendation"))
    assert issuers == {
        "coast-committee": 5,
        "amnesty-international": 5,
        "un-commission-of-inquiry-syria": 2,
        "sldp-and-civil-society": 1,
        "hrw-stj-syrian-archive": 1,
    }


def test_the_desk_says_only_what_the_sources_bear_out(syria: Public) -> None:
    said = {doc["reference"]: state(doc, "implementation") for doc in syria.all("recommendation")}
    assert {reference: state for reference, state in said.items() if state != "not_assessed"} == {
        "A5": "not_started",
        "C1": "underway",
    }


def test_the_letter_of_the_organizations_was_not_answered_in_any_source_read(syria: Public) -> None:
    """No day was set, so it takes that the desk looked; of the other thirteen it says nothing."""
    silent = {doc["reference"]: doc["silence"] for doc in syria.all("recommendation") if doc["silence"]}
    assert silent.keys() == {"N1"}
    (found,) = silent["N1"]
    assert (found["because"], found["since"], found["due_on"]) == ("no_due_day", "2025-08-09", None)
    assert found["confirmed_on"] == "2025-09-23"
    assert [one["slug"] for one in found["addressees"]] == ["syria-presidency"]


def test_state_media_do_not_vouch_for_their_government(syria: Public, loaded: Session) -> None:
    """SANA's item is verified, but SANA is part of the addressee: on its word alone nothing is partly done."""
    sana = next(doc["id"] for doc in syria.all("evidence") if doc["title"].startswith("SANA: the committee"))
    change = {
        "subject": syria.one("recommendation", "C3")["id"],
        "track": "implementation",
        "state": "partly_implemented",
        "effective_on": date(2025, 9, 1),
        "reason": "a programme was announced",
        "citations": [{"evidence": sana, "stance": "supports"}],
    }
    editor = loaded.scalars(select(Person).where(Person.name == "demo-editor")).one().actor
    with (
        pytest.raises(DemandsNotMet) as refused,
        open_unit(loaded, editor, NOW, Random(2).randbytes) as act,
    ):
        statuses.propose_status_change(act, change)
    assert refused.value.missing == (
        "supporting evidence items, not from an addressee: 1 needed, 0 given",
        "verified supporting evidence items, not from an addressee: 1 needed, 0 given",
    )


def test_the_first_hearing_was_put_off_by_a_day_and_held(syria: Public) -> None:
    announced, held = syria.one("deadline", "hearing-1"), syria.one("deadline", "hearing-1-held")
    assert (announced["due_on"], state(announced, "outcome")) == ("2025-11-17", "extended")
    assert (held["due_on"], held["slip_days"], state(held, "outcome")) == ("2025-11-18", 1, "met")


def test_two_sources_give_two_dates_for_the_next_hearing_and_nobody_says_what_came_of_it(
    syria: Public,
) -> None:
    following = syria.one("deadline", "hearing-3")
    assert [(one["due_on"], one["says"]) for one in following["readings"]] == [
        ("2025-12-22", "Enab Baladi (S23)"),
        ("2025-12-25", "SANA (S24)"),
    ]
    assert state(following, "outcome") == "pending"


def test_a_hearing_that_was_delayed_without_a_new_date_is_missed(syria: Public) -> None:
    delayed = syria.one("deadline", "hearing-4", "2026-01-23")
    assert (state(delayed, "outcome"), delayed["timing"]["days_overdue"]) == ("missed", 1)


def test_each_of_the_33_sources_is_public_with_its_address(syria: Public, loaded: Session) -> None:
    keys = set(loaded.scalars(select(Evidence.reference).where(Evidence.process_id == syria.id)))
    named = {"extension", "extension-text-ar", "amnesty", "amnesty-july", "rudaw", "un-coi", "hrw", "ngos"}
    assert keys == {f"S{place}" for place in range(1, 25)} | named | {"recommendations-ar"}
    docs = syria.all("evidence")
    assert len(docs) == 33
    assert all(doc["source_url"].startswith("http") and doc["description"] for doc in docs)


def test_every_source_that_a_text_refers_to_is_there(syria: Public) -> None:
    text = json.dumps([syria.all(kind) for kind in ("committee", "deadline", "evidence")], ensure_ascii=False)
    referred = {int(place) for place in re.findall(r"\bS(\d+)\b", text)}
    assert referred <= set(range(1, 25))
    assert len(referred) > 15


# ------------------------------------------------------------------- Syria: what was asked for, in numbers


def test_of_563_who_were_referred_14_are_on_trial_and_the_sources_say_so_side_by_side(syria: Public) -> None:
    trials = syria.one("indicator", "trials")
    whole = [
        (
            row["as_of"],
            row["organization"] and row["organization"]["slug"],
            {stage: int(float(said["amount"])) for stage, said in row["counts"].items()},
        )
        for row in trials["series"]
        if row["of"] is None
    ]
    assert whole[0] == ("2025-07-22", None, {"opened": 563})
    assert {row[2]["tried"] for row in whole[1:]} == {14}
    assert len(whole) == 3
    sides = [
        row["counts"]["opened"]["amount"]
        for row in trials["series"]
        if row["of"] and row["as_of"] < "2025-11"
    ]
    assert sum(float(one) for one in sides) == 563
    assert all(row["contradictions"] == [] for row in trials["series"])
    before = syria.one("indicator", "trials", "2025-11-17")
    assert {stage for row in before["series"] for stage in row["counts"]} == {"opened"}


@pytest.mark.parametrize(("reference", "asked"), [("vetting", "A3"), ("graves", "A4")])
def test_no_source_gives_a_number_of_what_was_vetted_or_reburied_and_that_is_said(
    syria: Public, reference: str, asked: str
) -> None:
    found = syria.one("indicator", reference)
    assert {one["amount"] for one in found["figures"]} == {None}
    [shown] = syria.one("recommendation", asked)["indicators"]
    assert (shown["id"], shown["type"]) == (found["id"], found["type"])
