"""The calls to action in Canada, read back from the public side as of each date.

Contract: the counts of the watchdog's three snapshots; exactly ten changes between them, of which only an interval is
known; who disagreed with whom on one day in 2022. What the sources leave open is not filled in.
"""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.cli.public_side import Doc, Public, answer, state
from tracker.public.scoreboard import build_scoreboard

SNAPSHOTS = ("2022-12-31", "2024-06-01", "2025-03-31")


def verdict(doc: Doc, assessor: str) -> Doc:
    rows = answer(doc, "implementation")["others"]
    found: Doc = next(row for row in rows if row["assessor"]["name"] == assessor)
    return found


def counted(docs: list[Doc], assessor: str) -> Doc:
    rows = build_scoreboard(docs, [], [])["recommendations"]["by_assessor"]
    found: Doc = next(row for row in rows if row["assessor"]["name"] == assessor)
    return found


def number(doc: Doc) -> int:
    return int(doc["reference"].removeprefix("C"))


# ------------------------------------------------------------------- Canada: three snapshots of 94 calls


@pytest.mark.parametrize(
    ("as_of", "not_started", "stalled", "in_progress", "complete"),
    [
        ("2022-12-31", 14, 21, 46, 13),
        ("2024-06-01", 15, 19, 46, 14),
        ("2025-03-31", 14, 21, 45, 14),
    ],
)
def test_as_of_each_snapshot_the_watchdog_counts_what_it_counted(
    canada: Public, as_of: str, not_started: int, stalled: int, in_progress: int, complete: int
) -> None:
    row = counted(canada.all("recommendation", as_of), "Indigenous Watchdog")
    said = {state: count for state, count in row["states"].items() if count}
    assert said == {
        "not_started": not_started,
        "stalled": stalled,
        "underway": in_progress,
        "implemented": complete,
    }
    assert row["answered"] == 94
    assert (row["implemented"]["numerator"], row["implemented"]["denominator"]) == (complete, 94)


def test_inside_an_interval_the_earlier_snapshot_stands(canada: Public) -> None:
    inside = counted(canada.all("recommendation", "2023-09-15"), "Indigenous Watchdog")
    assert inside == counted(canada.all("recommendation", "2022-12-31"), "Indigenous Watchdog")


#: call -> (what the watchdog said before, what it says from the snapshot on)
CHANGED = {
    "2024-06-01": {
        10: ("stalled", "not_started"),
        20: ("stalled", "underway"),
        32: ("stalled", "underway"),
        35: ("underway", "stalled"),
        53: ("underway", "implemented"),
    },
    "2025-03-31": {
        1: ("underway", "stalled"),
        12: ("stalled", "underway"),
        24: ("underway", "stalled"),
        42: ("not_started", "underway"),
        86: ("underway", "stalled"),
    },
}


def said_by_the_watchdog(canada: Public) -> dict[int, list[Doc]]:
    return {
        number(doc): [
            change
            for change in canada.history("recommendation", doc["id"])
            if change["assessor"]["name"] == "Indigenous Watchdog"
        ]
        for doc in canada.all("recommendation")
    }


def test_between_the_snapshots_exactly_ten_verdicts_change(canada: Public) -> None:
    found: dict[str, dict[int, tuple[str, str]]] = {}
    for call, changes in said_by_the_watchdog(canada).items():
        for change in changes:
            if change["act"] == "move" and change["effective_on"] in SNAPSHOTS[1:]:
                found.setdefault(change["effective_on"], {})[call] = (change["from"], change["to"])
    assert found == CHANGED
    assert sum(map(len, found.values())) == 10


def test_exactly_one_call_goes_back_to_where_nothing_was_done() -> None:
    backwards = [
        call
        for moved in CHANGED.values()
        for call, (_before, after) in moved.items()
        if after == "not_started"
    ]
    assert backwards == [10]


def test_every_other_answer_of_the_later_snapshots_is_a_confirmation(canada: Public) -> None:
    acts = Counter(
        (change["effective_on"], change["act"])
        for changes in said_by_the_watchdog(canada).values()
        for change in changes
        if change["effective_on"] in SNAPSHOTS[1:]
    )
    assert acts == {
        ("2024-06-01", "move"): 5,
        ("2024-06-01", "confirmation"): 89,
        ("2025-03-31", "move"): 5,
        ("2025-03-31", "confirmation"): 89,
    }


def test_the_day_of_a_change_is_an_interval_that_begins_the_day_after_the_snapshot_before(
    canada: Public,
) -> None:
    intervals = Counter(
        (change["not_before"], change["effective_on"])
        for changes in said_by_the_watchdog(canada).values()
        for change in changes
        if change["not_before"] is not None
    )
    assert intervals == {("2023-01-01", "2024-06-01"): 5, ("2024-06-02", "2025-03-31"): 5}


def test_inside_the_interval_a_verdict_says_what_it_may_be_already(canada: Public) -> None:
    inside = verdict(canada.one("recommendation", "C53", "2023-09-15"), "Indigenous Watchdog")
    assert inside["state"] == "underway"
    assert inside["may_be"] == {
        "state": "implemented",
        "not_before": "2023-01-01",
        "effective_on": "2024-06-01",
    }
    eve = verdict(canada.one("recommendation", "C53", "2022-12-31"), "Indigenous Watchdog")
    day = verdict(canada.one("recommendation", "C53", "2024-06-01"), "Indigenous Watchdog")
    assert (eve["may_be"], day["may_be"], day["state"]) == (None, None, "implemented")


def test_the_watchdogs_own_words_are_kept(canada: Public) -> None:
    words = {
        (change["label"]["label"], change["to"])
        for changes in said_by_the_watchdog(canada).values()
        for change in changes
        if change["label"]["scheme"] == "indigenous-watchdog"
    }
    assert words == {
        ("Not Started", "not_started"),
        ("Stalled", "stalled"),
        ("In Progress", "underway"),
        ("Complete", "implemented"),
    }


def test_a_watchdog_that_says_nothing_for_a_year_is_stale_and_not_before(canada: Public) -> None:
    fresh = verdict(canada.one("recommendation", "C2", "2026-03-31"), "Indigenous Watchdog")
    stale = verdict(canada.one("recommendation", "C2", "2026-04-01"), "Indigenous Watchdog")
    assert (fresh["stale"], stale["stale"], stale["verified_on"]) == (False, True, "2025-03-31")


# ------------------------------------------------------------------- Canada: four assessors, one day


def test_on_one_day_the_government_calls_complete_what_three_others_call_incomplete(canada: Public) -> None:
    docs = canada.all("recommendation", "2022-04-26")
    said = {
        number(doc): {
            row["assessor"]["name"]: row["state"] for row in answer(doc, "implementation")["others"]
        }
        for doc in docs
        if answer(doc, "implementation")["others"]
    }
    others = ("CBC", "Indigenous Watchdog", "Yellowhead Institute")
    disputed = {"Government of Canada": "implemented", **dict.fromkeys(others, "underway")}
    agreed = dict.fromkeys(("Government of Canada", *others), "implemented")
    assert said == {4: disputed, 13: agreed, 14: disputed, 15: agreed}
    diverging = {one["id"] for one in build_scoreboard(docs, [], [])["diverging"]}
    assert {number(doc) for doc in docs if doc["id"] in diverging} == {4, 14}


def test_the_counts_of_that_day_stand_side_by_side_for_no_source_names_the_calls(canada: Public) -> None:
    [report] = [doc for doc in canada.all("report") if doc["figures"]]
    counts = {one["organization"]["name"]: (one["amount"], one["as_of"]) for one in report["figures"]}
    assert counts == {
        "Government of Canada": ("17.00", "2022-04-26"),
        "CBC": ("13.00", "2022-04-26"),
        "Yellowhead Institute": ("11.00", "2022-04-26"),
        "Indigenous Watchdog": ("11.00", "2022-04-26"),
    }
    item = next(
        doc for doc in canada.all("evidence") if "how many of the calls are complete?" in doc["title"]
    )
    assert (
        "Government of Canada 17 (17), CBC 13 (8),\nYellowhead Institute 11 (8), Indigenous Watchdog 11 (7)"
        in (item["description"])
    )


def test_the_day_before_nobody_had_said_anything(canada: Public) -> None:
    board = build_scoreboard(canada.all("recommendation", "2022-04-25"), [], [])
    assert (board["recommendations"]["total"], board["recommendations"]["by_assessor"]) == (94, [])


def test_the_desk_gives_no_verdict_where_it_has_none(canada: Public) -> None:
    assert {state(doc, "implementation") for doc in canada.all("recommendation")} == {"not_assessed"}


def test_every_verdict_cites_the_page_it_was_read_on(canada: Public) -> None:
    cited = Counter(
        citation["evidence"]["name"] is not None
        for doc in canada.all("recommendation")
        for change in canada.history("recommendation", doc["id"])
        for citation in change["citations"]
    )
    assert cited == {True: 3 * 94 + 4 * 4}


# ------------------------------------------------------------------- Canada: the calls


def test_all_94_calls_are_there_each_with_a_title_a_theme_and_somebody_it_calls_upon(canada: Public) -> None:
    docs = canada.all("recommendation")
    assert [number(doc) for doc in docs] == list(range(1, 95))
    assert len({doc["title"] for doc in docs}) == 94
    assert all(doc["addressees"] and doc["issued_on"] == "2015-06-02" for doc in docs)
    assert all([tag["scheme"] for tag in doc["tags"]] == ["trc-section", "trc-theme"] for doc in docs)
    assert len({tag["code"] for doc in docs for tag in doc["tags"]}) == 2 + 22


def test_the_texts_are_clean(canada: Public) -> None:
    texts = {number(doc): doc["text"] for doc in canada.all("recommendation")}
    assert [call for call, text in texts.items() if re.search(r" {2}|[*>\t]|\n\n| \n|\n ", text)] == []
    assert "appropriate solutions to family healing" in texts[1]
    assert "creation of additional Aboriginal healing lodges" in texts[35]
    assert "the following commitments" in texts[48]
    assert texts[94].splitlines()[1].startswith("I swear (or affirm)")
    assert texts[10].count("\n") == 7


def test_the_whole_report_was_published_in_a_month_of_which_the_day_is_not_known(canada: Public) -> None:
    before = answer(canada.one("committee", "trc", "2015-12-15"), "stage")["lead"]
    after = answer(canada.one("committee", "trc", "2015-12-31"), "stage")["lead"]
    assert (before["state"], before["may_be"]["state"]) == ("reported", "published")
    assert (after["state"], after["not_before"]) == ("published", "2015-12-01")


def test_every_call_that_the_report_prints_is_followed(canada: Public) -> None:
    summary = canada.one("report", "summary")
    whole = [one for one in canada.all("recommendation") if one["report"]["id"] == summary["id"]]
    assert (summary["recommendations_printed"], len(whole)) == (94, 94)
    assert {one["parent"] for one in whole} == {None}
