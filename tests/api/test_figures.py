"""Figures: as certain as whoever gives them, side by side, each with who says so and on what evidence."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.factories import Stage
from tests.api.test_bad_input import COMMITTEE, PROCESS, RECOMMENDATION, REPORT, RESOURCE

COUNTED: dict[str, Any] = {
    "figure": "counted",
    "of": "people killed",
    "as_of": "2025-04-03",
    "source": "Its count",
}
QUANTITIES = ("amount", "about", "at_least", "at_most")
PATH = "/v1/committees/{committee}/figures"
#: plural -> a new one of each kind of thing that has figures.
EACH: dict[str, dict[str, Any]] = {
    "processes": PROCESS,
    "committees": {**COMMITTEE, "established_on": "2025-03-09"},
    "reports": {**REPORT, "dated_on": "2025-07-13"},
    "resources": RESOURCE,
    "recommendations": RECOMMENDATION,
}


def problem(answer: Any) -> dict[str, str]:
    assert answer.status_code == 422, answer.data
    return {one["pointer"]: one["detail"] for one in answer.json["errors"]}


@pytest.mark.parametrize(
    "known",
    [
        {"amount": "32"},
        {"about": "1500"},
        {"at_least": "50", "at_most": "60"},
        {"at_least": "231"},
        {"at_most": "1000.50"},
        {},
    ],
)
def test_it_is_shown_as_certain_as_it_was_said(stage: Stage, known: dict[str, str]) -> None:
    item = stage.ids["evidence"]
    given = {**COUNTED, **known, "unit": "people", "organization": "{press}", "evidence": [item]}
    [told] = stage.add(PATH, given)["figures"]
    exact = {name: None if (said := known.get(name)) is None else f"{float(said):.2f}" for name in QUANTITIES}
    assert {name: told[name] for name in QUANTITIES} == exact
    assert (told["organization"], told["evidence"]) == (stage.ids["press"], [item])
    [public] = stage.get("/v1/public/committees/{committee}", by=None)["figures"]
    assert {name: public[name] for name in QUANTITIES} == exact
    assert public["organization"] == {"id": stage.ids["press"], "name": "Press", "slug": "press"}
    assert public["evidence"] == [{"id": item, "name": "A report", "slug": None}]
    assert (public["of"], public["unit"], public["source"]) == ("people killed", "people", "Its count")


def test_figures_that_contradict_each_other_stand_side_by_side_in_the_order_of_their_days(
    stage: Stage,
) -> None:
    for who, day, known in (
        ("{press}", "2025-04-03", {"about": "1500"}),
        ("{watchdog}", "2025-04", {"amount": "1426"}),
        ("{daily}", "2025", {"at_least": "1000", "at_most": "2000"}),
    ):
        stage.add(PATH, {**COUNTED, **known, "as_of": day, "organization": who})
    told = stage.get("/v1/public/committees/{committee}", by=None)["figures"]
    assert [one["as_of"] for one in told] == ["2025", "2025-04", "2025-04-03"]
    before = stage.get("/v1/public/committees/{committee}?as_of=2025-03-31", by=None)["figures"]
    assert [one["as_of"] for one in before] == ["2025"]


@pytest.mark.parametrize("member", QUANTITIES)
@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("around 1,500", 'send "1500" as `amount` if it is exact, as `about` if nobody says exactly'),
        ("~1 500", 'send "1500" as `amount`'),
        ("1\u00a0500", 'send "1500" as `amount`'),
        ("12,5", "write it without marks"),
        ("about 1'500", "write it without marks"),
        ("50-60", 'send "50" as `at_least` and "60" as `at_most`'),
        ("1,200.50 to 3,000", "leave it out and say the words in `source`"),
        ("hundreds", "where nobody gives a number, leave it out and say the words in `source`"),
        ("١٥٠٠", "leave it out"),
        ("1500.255", "give at most two decimals, and no sign between thousands"),
        ("1.500", "give at most two decimals, and no sign between thousands"),
        ("1.5 million", "write out the number, with all its zeros"),
    ],
)
def test_words_in_place_of_a_number_are_refused_with_the_members_to_send(
    stage: Stage, member: str, words: str, says: str
) -> None:
    detail = problem(stage.send("POST", PATH, {**COUNTED, member: words}))[f"/{member}"]
    assert detail.startswith('must be digits in a string, as "1200000.50"; ')
    assert says in detail


@pytest.mark.parametrize(
    ("figure", "at"),
    [
        ({"amount": "1", "about": "2"}, {"/amount", "/about"}),
        ({"at_least": "60", "at_most": "50"}, {"/at_most"}),
        ({"of": None}, {"/of"}),
        ({"organization": "{evidence}"}, {"/organization"}),
        ({"evidence": ["{press}"]}, {"/evidence/0"}),
        ({"evidence": ["{evidence}", "{evidence}"]}, {"/evidence/1"}),
        ({"as_of": "2027"}, {"/as_of"}),
    ],
)
def test_what_cannot_be_is_refused(stage: Stage, figure: dict[str, Any], at: set[str]) -> None:
    assert set(problem(stage.send("POST", PATH, {**COUNTED, **figure}))) == at
    for plural, one in EACH.items():
        if plural == "processes" and "evidence" in figure:
            continue  # nothing is an item of a process that is only made
        inside = {**one, "figures": [COUNTED, {**COUNTED, **figure}]}
        told = problem(stage.send("POST", f"/v1/{plural}", inside))
        assert set(told) == {f"/figures/1{member}" for member in at}, plural


def test_an_item_that_is_not_public_stands_behind_no_figure(stage: Stage) -> None:
    draft = stage.world.item(publish=False)
    told = problem(stage.send("POST", PATH, {**COUNTED, "evidence": [draft]}))
    assert told == {"/evidence/0": "is not public; publish it first, or cite it in a status change"}


def test_they_are_put_right_by_two_people_and_the_name_of_a_withdrawn_item_goes(stage: Stage) -> None:
    figure = {**COUNTED, "about": "1500", "evidence": ["{evidence}"]}
    stage.add(PATH, figure)
    revised = stage.patch("/v1/committees/{committee}", {"figures": [{**figure, "about": "1600"}]})
    assert [one["about"] for one in revised["figures"]] == ["1600.00"]
    stage.withdraw(stage.ids["evidence"])
    [public] = stage.get("/v1/public/committees/{committee}", by=None)["figures"]
    assert public["about"] == "1600.00"
    assert public["evidence"] == [{"id": stage.ids["evidence"], "name": None, "slug": None}]


def test_an_item_of_another_process_is_refused(stage: Stage) -> None:
    figure = {**COUNTED, "evidence": ["{evidence}"]}
    path = "/v1/committees/" + stage.ids["stranger"] + "/figures"
    refused = stage.send("POST", path, figure)
    assert refused.json["type"] == "/problems/wrong-process"


def test_the_figures_of_a_resource_are_put_right_as_a_list(stage: Stage) -> None:
    made = stage.post("/v1/resources", {**RESOURCE, "figures": [{**COUNTED, "about": "10"}]})
    told = stage.patch(
        f"/v1/resources/{made['id']}", {"figures": [{**COUNTED, "amount": "12", "unit": "USD"}]}
    )
    assert [(one["amount"], one["about"], one["unit"]) for one in told["figures"]] == [("12.00", None, "USD")]


@pytest.mark.parametrize("plural", EACH)
def test_every_kind_of_thing_that_has_them_has_them_by_one_rule(stage: Stage, plural: str) -> None:
    """Recorded with it, shown in public from their day on, put right by two people."""
    late = {**COUNTED, "as_of": "2026-01", "amount": "40", "organization": "{press}"}
    made = stage.post(f"/v1/{plural}", {**EACH[plural], "figures": [{**COUNTED, "about": "10"}]})
    path = f"/v1/{plural}/{made['id']}"
    stage.publish(made["id"])
    grown = stage.add(f"{path}/figures", late)
    assert [one["as_of"] for one in grown["figures"]] == ["2025-04-03", "2026-01"]
    public = f"/v1/public/{plural}/{made['id']}"
    told = stage.get(public, by=None)["figures"]
    assert [(one["amount"], one["organization"] and one["organization"]["name"]) for one in told] == [
        (None, None),
        ("40.00", "Press"),
    ]
    then = stage.get(f"{public}?as_of=2025-12-31", by=None)["figures"]
    assert [one["as_of"] for one in then] == ["2025-04-03"]
    before = stage.get(f"{public}/history", by=None)["items"][0]
    assert (before["revision"], before["members"]) == ("correction", ["figures"])
    stage.patch(path, {"figures": []})
    assert stage.get(public, by=None)["figures"] == []
