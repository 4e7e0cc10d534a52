"""Suspended, an organization writes nothing: whoever speaks for it, in whatever role, by whatever act."""

from __future__ import annotations

import pytest

from tests.api.factories import Stage
from tests.world import World
from tracker.actions import watchdogs
from tracker.actions.operations.release_batch import release_thing
from tracker.domain.errors import NotPermitted

ITEM = {"process": "{process}", "title": "A photograph", "type": "photo", "acquired_from": "own_staff"}


@pytest.fixture
def suspended(stage: Stage) -> Stage:
    """An editor, an approver and a custodian of the watchdog; what each could decide waits."""
    world = stage.world
    for role in ("editor", "approver", "custodian"):
        world.person(f"its {role}", role, organization=world.watchdog)
    stage.ids["waiting"] = world.propose(stage.ids["recommendation"], "implementation", "stalled").id
    stage.ids["low"] = stage.post("/v1/evidence", ITEM)["id"]
    world.protect(stage.ids["low"], "public")
    waits = world.waiting(stage.ids["low"])
    stage.ids["lowering"] = waits.id if waits else ""
    stage.ids["own"] = stage.post("/v1/evidence", ITEM, by="watcher")["id"]
    with world.act(world.admin) as act:
        watchdogs.set_registration(act, world.watchdog, "suspended", "A complaint is looked into.")
    return stage


@pytest.mark.parametrize(
    ("by", "path", "body"),
    [
        ("its editor", "/v1/organizations", {"slug": "new", "name": "New", "type": "media"}),
        ("its editor", "/v1/evidence", ITEM),
        ("its approver", "/v1/subjects/{own}/publication", {"publication": "published"}),
        ("its approver", "/v1/status-changes/{waiting}/decision", {"decision": "approve"}),
        ("its approver", "/v1/proposals/{lowering}/decision", {"decision": "approve"}),
        ("its custodian", "/v1/subjects/{own}/redaction", {"reason": "error"}),
        ("its custodian", "/v1/subjects/{own}/hold", {"held": True, "reason": "Case 12."}),
        ("watcher", "/v1/evidence/{own}/protection", {"protection": "sealed", "reason": "To be safe."}),
        ("watcher", "/v1/me/password", {"password": "nine salted figs on a plate"}),
        ("watcher", "/v1/keys", {}),
    ],
)
def test_nobody_who_speaks_for_it_writes(suspended: Stage, by: str, path: str, body: object) -> None:
    answer = suspended.send("POST", path, body, by=by)
    assert (answer.status_code, answer.json["type"]) == (403, "/problems/not-permitted")
    assert "suspended" in answer.json["detail"]


def test_its_people_read_on_and_revoke_a_key_that_leaked(suspended: Stage) -> None:
    assert suspended.get("/v1/evidence/{own}", by="watcher")["id"] == suspended.ids["own"]
    key = suspended.get("/v1/me", by="watcher")["key"]["id"]
    assert suspended.post(f"/v1/keys/{key}/revocation", {"reason": "leaked"}, by="watcher", status=200)


def test_what_one_of_its_approvers_asked_to_publish_is_not_released(world: World) -> None:
    item = world.item(publish=False, state=None, acquired_from="confidential_source")
    approver = world.again(world.session, world.clock, world.entropy)
    approver.approver = world.person("another of its", "approver", organization=world.watchdog)
    approver.publish(item)
    with world.act(world.admin) as act:
        watchdogs.set_registration(act, world.watchdog, "suspended", "A complaint is looked into.")
    world.clock.move(days=3)  # type: ignore[attr-defined]  # the clock of a test
    outcome = release_thing(world.session, item, world.act)
    assert outcome is not None
    assert isinstance(outcome.refusal, NotPermitted)
