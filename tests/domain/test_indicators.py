"""Contract: every number of an indicator is of a stage of its measure, and of a group in which it points at nobody.
What one assessor says of a day stands in a row; a row whose numbers cannot all be right says which rules they break.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.figures import QUANTITIES
from tracker.domain.indicators import (
    find_bounds,
    find_contradictions,
    find_indicator_faults,
    list_latest,
    list_rows,
)
from tracker.domain.measures import MEASURES, STAGES

numbers = st.integers(0, 9)


def figure(stage: str | None, **known: Any) -> dict[str, Any]:
    given = {"figure": "counted", "stage": stage, "as_of": "2025-07", "source": "S1", "organization": None}
    return {**given, "of": None, **dict.fromkeys(QUANTITIES), **known}


def faults(type: str, *figures: dict[str, Any]) -> list[tuple[str, str]]:
    found = find_indicator_faults(type, [(f"/{place}", one) for place, one in enumerate(figures)])
    return [(fault.pointer, fault.detail) for fault in found]


@pytest.mark.parametrize("code", MEASURES)
def test_a_measure_names_its_stages_and_rules_in_three_languages_and_says_whose_they_are(code: str) -> None:
    measure = MEASURES[code]
    assert measure.code == code
    for label in (measure.title, *(stage.label for stage in measure.stages)):
        assert set(label) == {"en", "ar", "fr"}
        assert all(label.values())
    for rule in measure.rules:
        assert {rule.whole, *rule.parts} <= set(measure.codes)
        assert rule.whole not in rule.parts
    assert measure.unit
    assert measure.source
    assert set(measure.codes) <= set(STAGES)


def test_the_rules_of_a_measure_lead_in_no_circle() -> None:
    for measure in MEASURES.values():
        place = {code: number for number, code in enumerate(measure.codes)}
        assert all(place[rule.whole] < place[part] for rule in measure.rules for part in rule.parts)


@pytest.mark.parametrize(
    ("known", "bounds"),
    [
        ({}, None),
        ({"amount": "7.00"}, (7, 7)),
        ({"about": "7.00"}, (7, 7)),
        ({"at_least": "3"}, (3, None)),
        ({"at_most": "3"}, (0, 3)),
        ({"at_least": "3", "at_most": "9"}, (3, 9)),
    ],
)
def test_a_number_means_no_more_than_was_said(known: dict[str, str], bounds: Any) -> None:
    assert find_bounds(figure("screened", **known)) == bounds


@given(*[numbers] * 4)
def test_the_whole_is_no_less_than_its_parts(scope: int, screened: int, cleared: int, removed: int) -> None:
    said = {"in_scope": scope, "screened": screened, "cleared": cleared, "removed": removed}
    row = {stage: figure(stage, amount=number) for stage, number in said.items()}
    broken = {str(rule) for rule in find_contradictions(MEASURES["vetting"], row)}
    assert ("in_scope >= screened" in broken) == (screened > scope)
    assert ("screened >= cleared + removed" in broken) == (cleared + removed > screened)


def test_what_may_still_be_right_is_no_contradiction() -> None:
    row = {
        "screened": figure("screened", at_least=40),
        "cleared": figure("cleared", amount=90),
        "removed": figure("removed"),
    }
    assert find_contradictions(MEASURES["vetting"], row) == []
    row["screened"] = figure("screened", at_most=89)
    assert [str(one) for one in find_contradictions(MEASURES["vetting"], row)] == [
        "screened >= cleared + removed"
    ]


@pytest.mark.parametrize("stage", ["found", None])
def test_a_stage_of_another_measure_is_refused_with_those_that_are_right(stage: str | None) -> None:
    [(at, detail)] = faults("vetting", figure("screened", amount=40), figure(stage, amount=9))
    assert (at, detail) == (
        "/1/stage",
        "must be one of in_scope, screened, cleared, suspended, removed, appealed",
    )


def test_an_indicator_only_counts() -> None:
    assert faults("remains", figure("found", figure="needed")) == [
        ("/0/figure", "must be 'counted': an indicator counts")
    ]


def test_one_assessor_gives_one_number_of_a_stage_for_a_day() -> None:
    first = figure("found", amount=3)
    assert faults("remains", first, {**first, "source": "S2"}, {**first, "of": "children"}) == []
    assert faults("remains", first, {**first, "organization": "org_a"}) == []
    [(at, _)] = faults("remains", first, {**first, "amount": 4})
    assert at == "/1/stage"
    named = {**first, "organization": "org_a"}
    assert [at for at, _ in faults("remains", named, {**named, "source": "S2"})] == ["/1/stage"]


@pytest.mark.parametrize(
    ("known", "refused"),
    [
        ([("removed", {"amount": 2})], True),
        ([("removed", {"at_most": 40})], True),
        ([("screened", {"amount": 4}), ("removed", {"amount": 2})], True),
        ([("screened", {"amount": 5}), ("removed", {"amount": 2})], False),
        ([("screened", {"about": 900}), ("removed", {"amount": 1})], False),
        ([("removed", {"amount": 0})], False),
        ([("removed", {})], False),
        ([("removed", {"amount": 12})], False),
    ],
)
def test_a_number_that_may_point_at_somebody_is_refused(known: list[Any], refused: bool) -> None:
    found = faults("vetting", *(figure(stage, **number) for stage, number in known))
    assert bool(found) == refused
    if refused:
        assert found[0][0] == f"/{len(known) - 1}/stage"
        assert "may be about fewer than 5, and so points at somebody" in found[0][1]
    assert faults("prosecutions", figure("convicted", amount=1)) == []


def test_rows_stand_in_the_order_of_their_days_each_assessor_for_itself() -> None:
    rows = list_rows(
        "prosecutions",
        [
            figure("tried", amount="14.00", as_of="2025-11-18", organization="org_a"),
            figure("opened", amount="563.00", as_of="2025-07-22", organization="org_a"),
            figure("charged", amount="600.00", as_of="2025-07-22", organization="org_a"),
            figure("tried", amount="13.00", as_of="2025-11-18", source="A newspaper"),
        ],
    )
    told = [(one["as_of"], one["organization"], one["source"], list(one["counts"])) for one in rows]
    assert told == [
        ("2025-07-22", "org_a", None, ["opened", "charged"]),
        ("2025-11-18", None, "A newspaper", ["tried"]),
        ("2025-11-18", "org_a", None, ["tried"]),
    ]
    assert [one["contradictions"] for one in rows] == [["opened >= charged"], [], []]
    assert rows[1]["counts"]["tried"] == {**dict.fromkeys(QUANTITIES), "amount": "13.00"}
    assert list_latest(rows) == [rows[2], rows[1]]
