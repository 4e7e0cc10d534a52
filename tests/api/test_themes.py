"""Tags: kept as they are given, with the version of their scheme; counted by theme, with how those stand that have
them; called by the names of the list, where it is kept here."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.factories import Stage
from tests.api.test_bad_input import RECOMMENDATION

TAGS: dict[str, list[dict[str, str]]] = {
    "t1": [
        {"scheme": "sdg", "code": "16.3"},
        {"scheme": "uhri-theme", "code": "Accountability", "version": "2"},
    ],
    "t2": [{"scheme": "sdg", "code": "16.3"}, {"scheme": "own", "code": "2nd list: a"}],
}


@pytest.fixture
def tagged(stage: Stage) -> Stage:
    for name, day in (("t1", "2025-04-01"), ("t2", "2025-08-01")):
        given = {**RECOMMENDATION, "reference": name, "issued_on": day, "tags": TAGS[name]}
        stage.ids[name] = stage.post("/v1/recommendations", given)["id"]
        stage.publish(stage.ids[name])
    stage.world.answer(stage.ids["t1"], "implementation", "stalled")
    return stage


def counted(stage: Stage, query: str = "") -> Any:
    return stage.get(f"/v1/public/processes/{{process}}/scoreboard{query}", by=None)


def test_each_theme_is_counted_with_how_those_stand_that_have_it(tagged: Stage) -> None:
    board = counted(tagged)
    first, *others = board["recommendations"]["by_theme"]
    assert (first["scheme"], first["code"], first["total"]) == ("sdg", "16.3", 2)
    assert first["label"]["en"] == "Peace, justice and strong institutions"
    assert (first["states"]["stalled"], first["states"]["not_assessed"]) == (1, 1)
    assert first["implemented"]["denominator"] == 1
    assert {(one["scheme"], one["code"], one["label"], one["total"]) for one in others} == {
        ("own", "2nd list: a", None, 1),
        ("uhri-theme", "Accountability", None, 1),
    }
    assert board["listed"]["themes"] == 3


def test_as_of_a_day_what_had_not_been_asked_is_not_counted(tagged: Stage) -> None:
    told = counted(tagged, "?as_of=2025-05-31")["recommendations"]["by_theme"]
    assert {(one["code"], one["total"], one["states"]["not_assessed"]) for one in told} == {
        ("16.3", 1, 1),
        ("Accountability", 1, 1),
    }
    today = counted(tagged)["recommendations"]["by_theme"]
    assert counted(tagged, "?as_of=2026-11-23")["recommendations"]["by_theme"] == today


def test_a_tag_keeps_the_version_of_its_scheme(tagged: Stage) -> None:
    told = tagged.get("/v1/public/recommendations/{t1}", by=None)["tags"]
    assert [one.get("version") for one in told] == [None, "2"]
    found = tagged.get("/v1/public/recommendations?tag=uhri-theme:Accountability", by=None)["items"]
    assert [one["id"] for one in found] == [tagged.ids["t1"]]


def test_one_that_is_withdrawn_is_counted_no_more(tagged: Stage) -> None:
    tagged.withdraw(tagged.ids["t2"])
    assert [one["total"] for one in counted(tagged)["recommendations"]["by_theme"]] == [1, 1]
    tagged.patch("/v1/recommendations/{t1}", {"tags": []})
    assert counted(tagged)["recommendations"]["by_theme"] == []


def test_the_goals_are_served_in_three_languages(stage: Stage) -> None:
    terms = stage.get("/v1/public/vocabularies/sdg", by=None)["terms"]
    assert [one["code"] for one in terms] == [str(number) for number in range(1, 18)]
    assert all(set(one["label"]) == {"en", "ar", "fr"} for one in terms)
