"""Grades of evidence: how reliable the source is, and how credible the content, one apart from the other. The first is
read by the desk alone."""

from __future__ import annotations

from typing import Any

from tests.api.factories import Stage

ITEM = "/v1/evidence/{evidence}"
GRADES = {"source_reliability": "C", "content_credibility": "2"}


def grade(stage: Stage, *, by: str = "reviewer", **grades: Any) -> Any:
    tag = stage.send("GET", ITEM, by=by).headers["ETag"]
    return stage.send("PATCH", ITEM, grades, by=by, headers={"If-Match": tag})


def test_the_source_is_graded_by_the_desk_and_the_public_side_moves_by_no_byte(stage: Stage) -> None:
    paths = ("/v1/public/evidence/{evidence}", "/v1/public/changes?limit=200", "/v1/public/evidence")
    before = [stage.send("GET", path, by=None) for path in paths]
    graded = grade(stage, source_reliability="C")
    assert (graded.status_code, graded.json["source_reliability"]) == (200, "C")
    after = [stage.send("GET", path, by=None) for path in paths]
    assert [one.data for one in after] == [one.data for one in before]
    assert [one.headers["ETag"] for one in after] == [one.headers["ETag"] for one in before]


def test_the_content_is_graded_in_public_by_two_people(stage: Stage) -> None:
    graded = grade(stage, **GRADES, reason="Two others show the same.")
    assert graded.status_code == 202
    decision = f"/v1/proposals/{graded.json['id']}/decision"
    stage.post(decision, {"decision": "approve"}, by="approver", status=200)
    told = stage.get("/v1/public/evidence/{evidence}", by=None)
    assert told["content_credibility"] == "2"
    assert "source_reliability" not in str(told)
    [act] = [
        one for one in stage.get("/v1/public/changes?limit=200", by=None)["items"] if one.get("revision")
    ]
    assert "source_reliability" not in str(act["content"])


def test_whoever_submitted_an_item_grades_it_not(stage: Stage) -> None:
    for name, value in GRADES.items():
        refused = grade(stage, by="editor", **{name: value}, reason="We know it.")
        assert refused.json["type"] == "/problems/own-evidence", name


def test_a_watchdog_neither_reads_nor_gives_a_grade(stage: Stage) -> None:
    given = {"process": "{process}", "title": "Seen", "type": "photo", "acquired_from": "own_staff"}
    stage.ids["own"] = stage.post("/v1/evidence", given, by="watcher")["id"]
    own = stage.send("GET", "/v1/evidence/{own}", by="watcher")
    assert not GRADES.keys() & own.json.keys()
    tag = {"If-Match": own.headers["ETag"]}
    refused = stage.send("PATCH", "/v1/evidence/{own}", GRADES, by="watcher", headers=tag)
    assert refused.status_code == 403


def test_a_grade_of_another_scale_is_refused_with_those_that_there_are(stage: Stage) -> None:
    refused = grade(stage, source_reliability="high", content_credibility=2)
    assert {one["pointer"] for one in refused.json["errors"]} == {
        "/source_reliability",
        "/content_credibility",
    }
