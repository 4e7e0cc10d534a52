"""Indicators: numbers of groups over time, each assessor's beside the others', of a measure of the table."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.factories import Stage
from tracker.domain.measures import MEASURES

INDICATOR: dict[str, Any] = {
    "process": "{process}",
    "reference": "vetting",
    "type": "vetting",
    "title": "Vetting of the army",
    "concerns": "{government}",
    "body": "{ministry}",
    "scope": "Officers from the rank of colonel on",
    "criteria": "No part in the events of March",
    "recommendations": ["{recommendation}"],
}


def count(stage: str, amount: str, day: str, **more: Any) -> dict[str, Any]:
    given = {"figure": "counted", "stage": stage, "amount": amount, "as_of": day, "source": "Its statement"}
    return {**given, "organization": "{press}", **more}


BETWEEN = {
    "figure": "counted",
    "stage": "screened",
    "at_least": "41",
    "at_most": "40",
    "as_of": "2025-09",
    "source": "Its statement",
    "organization": "{press}",
}


@pytest.fixture
def vetting(stage: Stage) -> Stage:
    numbers = [
        count("screened", "120", "2025-09-30"),
        count("removed", "12", "2025-09-30"),
        count("screened", "300", "2025-12", organization="{watchdog}"),
        count("cleared", "290", "2025-12", organization="{watchdog}"),
        count("removed", "30", "2025-12", organization="{watchdog}"),
    ]
    stage.ids["indicator"] = stage.post("/v1/indicators", {**INDICATOR, "figures": numbers})["id"]
    stage.publish(stage.ids["indicator"])
    return stage


def problem(answer: Any) -> dict[str, str]:
    assert answer.status_code == 422, answer.data
    return {one["pointer"]: one["detail"] for one in answer.json["errors"]}


def shown(rows: list[Any]) -> list[Any]:
    """What rows say: the day, who counted, the numbers, the rules that they break."""
    return [
        (
            one["as_of"],
            one["organization"]["name"],
            {stage: said["amount"] for stage, said in one["counts"].items()},
            one["contradictions"],
        )
        for one in rows
    ]


FIRST = ("2025-09-30", "Press", {"screened": "120.00", "removed": "12.00"}, [])


def test_the_numbers_of_each_assessor_stand_in_rows_and_say_what_cannot_be(vetting: Stage) -> None:
    told = vetting.get("/v1/public/indicators/{indicator}", by=None)
    [first, second] = shown(told["series"])
    assert first == FIRST
    assert second[2] == {"screened": "300.00", "cleared": "290.00", "removed": "30.00"}
    assert second[3] == ["screened >= cleared + removed"]
    assert (told["concerns"]["id"], told["body"]["id"]) == (
        vetting.ids["government"],
        vetting.ids["ministry"],
    )
    assert (told["scope"], told["criteria"]) == (INDICATOR["scope"], INDICATOR["criteria"])


def test_as_of_a_day_later_numbers_are_not_told_and_before_the_first_nothing_is(vetting: Stage) -> None:
    path = "/v1/public/indicators/{indicator}"
    assert shown(vetting.get(f"{path}?as_of=2025-10-01", by=None)["series"]) == [FIRST]
    assert vetting.send("GET", f"{path}?as_of=2025-09-29", by=None).status_code == 404
    listed = "/v1/public/indicators?process={process}&type=vetting"
    assert len(vetting.get(listed, by=None)["items"]) == 1
    assert vetting.get(f"{listed}&as_of=2025-09-29", by=None)["items"] == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("recommendation={recommendation}", 1),
        ("concerns={government}", 1),
        ("body={government}", 0),
        ("contradicts=true", 1),
        ("contradicts=true&as_of=2025-10-01", 0),
        ("contradicts=true&as_of=2026-01-05", 1),
        ("type=prosecutions", 0),
    ],
)
def test_they_are_found_by_what_they_are_about(vetting: Stage, asked: str, found: int) -> None:
    assert vetting.get(f"/v1/public/indicators/count?{asked}", by=None)["count"] == found


def test_a_recommendation_shows_those_that_follow_it_with_the_last_of_each_assessor(vetting: Stage) -> None:
    path = "/v1/public/recommendations/{recommendation}"
    [told] = vetting.get(path, by=None)["indicators"]
    assert (told["id"], told["name"], told["type"]) == (
        vetting.ids["indicator"],
        "Vetting of the army",
        "vetting",
    )
    assert [one[0] for one in shown(told["latest"])] == ["2025-09-30", "2025-12"]
    vetting.add("/v1/indicators/{indicator}/figures", count("screened", "150", "2025-10-31"))
    [told] = vetting.get(path, by=None)["indicators"]
    assert {one[:2] for one in shown(told["latest"])} >= {("2025-10-31", "Press")}
    [then] = vetting.get(f"{path}?as_of=2025-10-01", by=None)["indicators"]
    assert shown(then["latest"]) == [FIRST]
    vetting.patch("/v1/indicators/{indicator}", {"recommendations": []})
    assert vetting.get(path, by=None)["indicators"] == []


def test_one_that_is_withdrawn_is_shown_no_more(vetting: Stage) -> None:
    vetting.withdraw(vetting.ids["indicator"])
    assert vetting.get("/v1/public/recommendations/{recommendation}", by=None)["indicators"] == []


def test_how_far_it_has_come_is_an_answer_with_evidence(vetting: Stage) -> None:
    item = vetting.ids["evidence"]
    change = {
        "subject": "{indicator}",
        "track": "procedure",
        "state": "in_progress",
        "effective_on": "2025-10-01",
        "reason": "The decisions are printed.",
        "citations": [{"evidence": item, "stance": "supports"}],
    }
    made = vetting.post("/v1/status-changes", change)
    vetting.decide(made["id"])
    found = vetting.get("/v1/public/indicators?process={process}&procedure=in_progress", by=None)["items"]
    assert [one["id"] for one in found] == [vetting.ids["indicator"]]
    board = vetting.get("/v1/public/processes/{process}/scoreboard", by=None)
    assert board["indicators"]["total"] == 1
    assert board["indicators"]["tracks"]["procedure"]["states"]["in_progress"] == 1
    then = vetting.get("/v1/public/processes/{process}/scoreboard?as_of=2025-09-30", by=None)
    assert then["indicators"]["tracks"]["procedure"]["states"]["no_information"] == 1


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ({"type": "mood"}, "/type"),
        ({"concerns": "{evidence}"}, "/concerns"),
        ({"recommendations": ["{deadline}"]}, "/recommendations/0"),
        ({"figures": [count("found", "40", "2025-09")]}, "/figures/0/stage"),
        ({"figures": [count("removed", "3", "2025-09")]}, "/figures/0/stage"),
        ({"figures": [count("screened", "40", "2031-09")]}, "/figures/0/as_of"),
        ({"figures": [BETWEEN]}, "/figures/0/at_most"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(stage: Stage, given: dict[str, Any], at: str) -> None:
    assert list(problem(stage.send("POST", "/v1/indicators", {**INDICATOR, **given}))) == [at]


def test_a_number_that_is_added_is_held_against_those_that_are_there(stage: Stage) -> None:
    made = stage.post("/v1/indicators", {**INDICATOR, "figures": [count("screened", "120", "2025-09-30")]})
    path = f"/v1/indicators/{made['id']}/figures"
    few = count("removed", "3", "2025-09-30")
    assert list(problem(stage.send("POST", path, {**few, "of": "Colonels"}))) == ["/stage"]
    assert [one["stage"] for one in stage.post(path, few, status=200)["figures"]] == ["screened", "removed"]
    assert list(problem(stage.send("POST", path, few))) == ["/stage"]


def test_only_the_figures_of_an_indicator_have_a_stage(stage: Stage) -> None:
    refused = stage.send("POST", "/v1/committees/{committee}/figures", count("screened", "40", "2025-09"))
    assert problem(refused) == {"/stage": "belongs to the figures of an indicator; say it in of"}


def test_the_table_of_measures_is_served_as_it_is_used(stage: Stage) -> None:
    told = stage.get("/v1/public/measures", by=None)["items"]
    assert [one["code"] for one in told] == list(MEASURES)
    vetting = told[0]
    assert [one["code"] for one in vetting["stages"]] == list(MEASURES["vetting"].codes)
    assert {"whole": "screened", "parts": ["cleared", "removed"]} in vetting["rules"]
    assert vetting["title"]["ar"] == "فحص السجلات"
    assert (vetting["smallest"], told[2]["smallest"]) == (5, 1)


def test_another_measure_is_counted_once_the_figures_are_of_its_stages(vetting: Stage) -> None:
    change: dict[str, Any] = {"type": "prosecutions", "reason": "It was taken for another."}
    path = "/v1/indicators/{indicator}"
    tag = vetting.send("GET", path).headers["ETag"]
    refused = vetting.send("PATCH", path, change, headers={"If-Match": tag})
    assert problem(refused) == {"/type": "its figures are of stages of 'vetting'; send `figures` with it"}
    change["figures"] = [count("charged", "14", "2025-12-31")]
    vetting.patch("/v1/indicators/{indicator}", change)
    assert (
        vetting.get("/v1/public/indicators?type=prosecutions", by=None)["items"][0]["figures"][0]["stage"]
        == "charged"
    )
