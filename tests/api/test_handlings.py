"""The desk sees who looks at what. It blocks nothing, ends by itself, and nobody else sees it."""

from __future__ import annotations

from sqlalchemy import func, select

from tests.api.factories import Stage
from tests.conftest import Clock
from tracker.actions import people
from tracker.actions.people import OPERATOR
from tracker.store.handlings import Handling

HANDLING = "/v1/subjects/{recommendation}/handling"


def test_several_may_handle_the_same_and_each_ends_their_own(stage: Stage) -> None:
    world, asked = stage.world, stage.ids["recommendation"]
    stage.post(HANDLING, {}, status=200)
    said = stage.post(HANDLING, {}, by="approver", status=200)
    assert {one["by"] for one in said["handlings"]} == {world.editor.id, world.approver.id}
    page = stage.get("/v1/handlings", by="reviewer")
    assert {one["by"] for one in page["items"]} == {world.editor.id, world.approver.id}
    assert page["names"][asked]["short"] == "R1"
    assert stage.get("/v1/handlings?subject={deadline}")["items"] == []
    for _ in range(2):  # twice is once
        left = stage.post(f"{HANDLING}/end", {}, status=200)
        assert [one["by"] for one in left["handlings"]] == [world.approver.id]
    world.propose(asked, "implementation", "stalled")


def test_a_handling_ends_after_four_hours_and_is_forgotten(stage: Stage, clock: Clock) -> None:
    first = stage.post(HANDLING, {}, status=200)["handlings"]
    clock.move(hours=3)
    assert stage.get("/v1/handlings")["items"] == first
    again = stage.post(HANDLING, {}, status=200)["handlings"]
    assert [one["since"] > first[0]["until"] for one in again] == [False]
    assert again[0]["until"] > first[0]["until"]
    clock.move(hours=4)
    assert stage.get("/v1/handlings")["items"] == []
    stage.post("/v1/subjects/{deadline}/handling", {}, by="approver", status=200)
    assert stage.world.session.scalar(select(func.count()).select_from(Handling)) == 1


def test_who_handles_what_is_sealed_is_seen_by_custodians_alone(stage: Stage) -> None:
    world = stage.world
    world.person("keeper", "custodian")
    item = world.item(publish=False, protection="confidential")
    stage.post(f"/v1/subjects/{item}/handling", {}, status=200)
    world.protect(item, "sealed")
    assert stage.get("/v1/handlings")["items"] == []
    assert [one["subject"] for one in stage.get("/v1/handlings", by="keeper")["items"]] == [item]
    assert stage.send("POST", f"/v1/subjects/{item}/handling", {}).status_code == 404


def test_whoever_stays_unnamed_is_shown_as_the_desk(stage: Stage) -> None:
    stage.post("/v1/me/naming", {"unnamed": True}, status=200)
    assert [one["by"] for one in stage.post(HANDLING, {}, status=200)["handlings"]] == ["desk"]


def test_a_colleague_is_asked_to_look_at_it_for_two_weeks(stage: Stage, clock: Clock) -> None:
    world = stage.world
    approver = world.approver.id
    (asked,) = stage.post(HANDLING, {"person": approver}, by="reviewer", status=200)["handlings"]
    assert (asked["by"], asked["assigned_by"]) == (approver, world.reviewer.id)
    clock.move(days=13)
    own = stage.get("/v1/handlings?person=me", by="approver")["items"]
    assert [one["subject"] for one in own] == [stage.ids["recommendation"]]
    assert stage.get("/v1/handlings?person=me")["items"] == []
    clock.move(days=1)
    assert stage.get("/v1/handlings")["items"] == []


def test_who_asked_takes_it_back_and_nobody_else_does(stage: Stage) -> None:
    approver = stage.world.approver.id
    stage.post(HANDLING, {"person": approver}, by="reviewer", status=200)
    for path in (HANDLING, f"{HANDLING}/end"):  # an editor is told of nobody
        assert stage.send("POST", path, {"person": approver}).status_code == 403
    ended = stage.post(f"{HANDLING}/end", {"person": approver}, by="reviewer", status=200)
    assert ended["handlings"] == []
    stage.post(HANDLING, {"person": stage.world.editor.id}, status=200)  # oneself is a claim
    assert [one["assigned_by"] for one in stage.get("/v1/handlings")["items"]] == [None]


def test_who_is_asked_is_a_colleague_who_reads_it(stage: Stage) -> None:
    world = stage.world
    keeper = world.person("keeper", "custodian")
    item = world.item(publish=False, protection="sealed")
    for by, who in (
        ("reviewer", world.watcher.id),
        ("reviewer", world.admin.id),
        ("reviewer", "per_" + "0" * 26),
        ("keeper", world.editor.id),
    ):
        subject = item if by == "keeper" else stage.ids["recommendation"]
        answer = stage.send("POST", f"/v1/subjects/{subject}/handling", {"person": who}, by=by)
        assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/person")
    with world.act(OPERATOR) as act:
        people.suspend_person(act, "approver")
    gone = stage.send("POST", HANDLING, {"person": world.approver.id}, by="reviewer")
    assert gone.status_code == 422
    assert stage.post(HANDLING, {"person": keeper.id}, by="reviewer", status=200)["handlings"] != []
