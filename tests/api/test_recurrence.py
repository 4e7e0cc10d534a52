"""What was asked before and is asked again is shown on both sides, with how the earlier one stands; and what a
recommendation takes, in money or people, is its own resource."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.factories import Stage
from tests.api.test_bad_input import RECOMMENDATION, RESOURCE


@pytest.fixture
def again(stage: Stage) -> Stage:
    """One that asks for what `recommendation` asked for."""
    given = {**RECOMMENDATION, "reference": "again", "repeats": ["{recommendation}"]}
    stage.ids["again"] = stage.post("/v1/recommendations", given)["id"]
    stage.publish(stage.ids["again"])
    return stage


def shown(stage: Stage, name: str, query: str = "") -> Any:
    return stage.get(f"/v1/public/recommendations/{{{name}}}{query}", by=None)


def test_both_sides_show_it_and_the_later_one_how_the_earlier_stands(again: Stage) -> None:
    told = shown(again, "again")["recurrence"]
    assert (told["undone"], told["later"]) == (1, 0)
    [earlier] = told["earlier"]
    assert (earlier["id"], earlier["implementation"], earlier["closure"]) == (
        again.ids["recommendation"],
        "not_assessed",
        "open",
    )
    other = shown(again, "recommendation")
    assert (other["recurrence"]["later"], other["recurrence"]["earlier"]) == (1, [])
    assert [one["id"] for one in other["repeated_by"]] == [again.ids["again"]]


def test_it_follows_what_becomes_of_the_earlier_one_from_its_day_on(again: Stage) -> None:
    again.world.answer(again.ids["recommendation"], "implementation", "stalled")
    assert shown(again, "again")["recurrence"]["earlier"][0]["implementation"] == "stalled"
    then = shown(again, "again", "?as_of=2025-05-31")["recurrence"]
    assert then["earlier"][0]["implementation"] == "not_assessed"
    again.world.answer(again.ids["recommendation"], "closure", "superseded", superseded_by=again.ids["again"])
    assert shown(again, "again")["recurrence"]["earlier"][0]["closure"] == "superseded"


def test_lists_find_what_is_asked_again_and_was_not_done(again: Stage) -> None:
    path = "/v1/public/recommendations?recurs=true"
    assert [one["id"] for one in again.get(path, by=None)["items"]] == [again.ids["again"]]
    items = [again.world.item(publisher_id=one) for one in (again.world.press, again.world.daily)]
    again.world.answer(again.ids["recommendation"], "implementation", "implemented", cites=tuple(items))
    assert again.get(path, by=None)["items"] == []
    assert again.get("/v1/public/recommendations/count?recurs=true&as_of=2025-05-31", by=None) == {"count": 1}


def test_an_earlier_one_that_is_withdrawn_is_told_of_no_more(again: Stage) -> None:
    again.withdraw(again.ids["recommendation"])
    assert shown(again, "again")["recurrence"] == {"earlier": [], "undone": 0, "later": 0}


def test_the_money_behind_a_recommendation_is_a_resource_of_its_own(again: Stage) -> None:
    money = {
        **{name: value for name, value in RESOURCE.items() if name != "committee"},
        "recommendation": "{recommendation}",
        "figures": [
            {"figure": "needed", "amount": "900000", "as_of": "2025-04", "source": "The ministry"},
            {"figure": "pledged", "at_least": "300000", "as_of": "2025-06", "source": "The ministry"},
        ],
    }
    again.ids["money"] = again.post("/v1/resources", money)["id"]
    assert shown(again, "recommendation")["resources"] == []
    again.publish(again.ids["money"])
    [told] = shown(again, "recommendation")["resources"]
    assert (told["id"], told["type"], told["delivery"]) == (
        again.ids["money"],
        RESOURCE["type"],
        "not_disclosed",
    )
    again.world.answer(again.ids["money"], "delivery", "withheld")
    assert shown(again, "recommendation")["resources"][0]["delivery"] == "withheld"
    then = shown(again, "recommendation", "?as_of=2025-05-01")["resources"]
    assert [one["delivery"] for one in then] == ["not_disclosed"]
    assert shown(again, "recommendation", "?as_of=2025-03-31")["resources"] == []
    listed = again.get("/v1/public/resources?recommendation={recommendation}", by=None)["items"]
    assert [one["figures"][0]["amount"] for one in listed] == ["900000.00"]


@pytest.mark.parametrize("owners", [{}, {"committee": "{committee}", "recommendation": "{recommendation}"}])
def test_means_are_of_one_committee_or_of_one_recommendation(stage: Stage, owners: dict[str, str]) -> None:
    means = {name: value for name, value in RESOURCE.items() if name != "committee"}
    refused = stage.send("POST", "/v1/resources", {**means, **owners})
    assert (refused.status_code, [one["pointer"] for one in refused.json["errors"]]) == (422, ["/committee"])
