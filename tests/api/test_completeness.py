"""The ledger of a report: what it prints is tracked here, or out of scope with a reason; the rest is counted, not
hidden."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.factories import Stage
from tests.api.test_bad_input import RECOMMENDATION, REPORT

PATH = "/v1/public/reports/{report}/completeness"


@pytest.fixture
def report(stage: Stage) -> Stage:
    """A report of 2025 that prints four recommendations, two of which are followed, one of them in two parts."""
    given = {
        **REPORT,
        "dated_on": "2025-07-13",
        "printed_number": "A/HRC/58/66",
        "recommendations_printed": 4,
        "out_of_scope": [{"number": "4", "reason": "It is addressed to a company abroad."}],
    }
    stage.ids["report"] = stage.post("/v1/reports", given)["id"]
    stage.publish(stage.ids["report"])
    for number, issued_on, parent in (
        ("r1", "2025-07-13", None),
        ("r2", "2025-09-01", None),
        ("r2a", "2025-09-01", "{r2}"),
        ("r2b", "2025-09-01", "{r2}"),
    ):
        asked = {**RECOMMENDATION, "reference": number, "issued_on": issued_on, "parent": parent}
        stage.ids[number] = stage.post("/v1/recommendations", {**asked, "report": "{report}"})["id"]
        stage.publish(stage.ids[number])
    return stage


def counts(told: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(told[name] for name in ("printed", "tracked", "out_of_scope", "unaccounted", "surplus"))


def test_it_counts_what_is_tracked_and_what_is_left(report: Stage) -> None:
    told = report.get(PATH, by=None)
    assert counts(told) == (4, 2, 1, 1, 0)
    assert told["reasons"] == [{"number": "4", "reason": "It is addressed to a company abroad."}]


def test_a_report_has_its_number_as_it_is_printed_and_is_found_by_it(report: Stage) -> None:
    assert report.get("/v1/public/reports/{report}", by=None)["printed_number"] == "A/HRC/58/66"
    found = report.get("/v1/public/search?q=HRC/58/66", by=None)["items"]
    assert [one["id"] for one in found] == [report.ids["report"]]
    unnamed = {name: value for name, value in REPORT.items() if name != "reference"}
    assert (
        report.post("/v1/reports", {**unnamed, "printed_number": "A/HRC/59/1"})["reference"] == "A-HRC-59-1"
    )
    refused = report.send("POST", "/v1/reports", unnamed).json["errors"]
    assert refused[0]["detail"] == "is required, or a `printed_number` from which it can be made"
    refused = report.send("POST", "/v1/reports", {**REPORT, "reference": "A/HRC/58/66"}).json["errors"]
    assert refused[0]["detail"].endswith("send what is printed, as 12(a), in `printed_number`")


def test_as_of_a_day_it_counts_what_had_been_asked(report: Stage) -> None:
    assert counts(report.get(f"{PATH}?as_of=2025-08-01", by=None)) == (4, 1, 1, 2, 0)
    assert report.send("GET", f"{PATH}?as_of=2025-01-01", by=None).status_code == 404


def test_a_draft_is_not_counted_and_what_is_withdrawn_no_more(report: Stage) -> None:
    report.post("/v1/recommendations", {**RECOMMENDATION, "reference": "r3", "report": "{report}"})
    assert report.get(PATH, by=None)["tracked"] == 2
    report.withdraw(report.ids["r1"])
    assert counts(report.get(PATH, by=None)) == (4, 1, 1, 2, 0)


def test_its_numbers_are_put_right_by_two_people(report: Stage) -> None:
    report.patch("/v1/reports/{report}", {"recommendations_printed": 2})
    assert counts(report.get(PATH, by=None)) == (2, 2, 1, 0, 1)
    report.patch("/v1/reports/{report}", {"recommendations_printed": None, "out_of_scope": []})
    assert counts(report.get(PATH, by=None)) == (None, 2, 0, None, 0)


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ({"recommendations_printed": -1}, "/recommendations_printed"),
        ({"out_of_scope": [{"number": "4"}]}, "/out_of_scope/0/reason"),
        ({"out_of_scope": [{"number": "4", "reason": "x"}] * 2}, "/out_of_scope/1/number"),
    ],
)
def test_what_is_out_of_scope_has_a_reason_and_is_named_once(
    stage: Stage, given: dict[str, Any], at: str
) -> None:
    refused = stage.send("POST", "/v1/reports", {**REPORT, **given})
    assert [one["pointer"] for one in refused.json["errors"]] == [at]
