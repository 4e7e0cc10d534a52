"""What an ETag tells: that what was answered has changed, to whoever may know of the change."""

from __future__ import annotations

from tests.api.factories import Stage


def test_the_tag_of_a_shared_item_counts_nothing_that_the_partner_is_not_told(stage: Stage) -> None:
    world = stage.world
    world.person("partner", "partner", organization=world.press)
    item = world.item(protection="confidential", publish=False, state=None)
    world.lower(item, "partner", shared_with=[world.press])
    stage.ids["evidence"] = item
    before = stage.send("GET", "/v1/shared/evidence/{evidence}", by="partner")
    tag = stage.send("GET", "/v1/evidence/{evidence}").headers["ETag"]
    stage.send("PATCH", "/v1/evidence/{evidence}", {"source_analysis": "failed"}, headers={"If-Match": tag})
    world.protect(item, "partner", shared_with=[world.press, world.daily])
    after = stage.send("GET", "/v1/shared/evidence/{evidence}", by="partner")
    assert stage.send("GET", "/v1/evidence/{evidence}").headers["ETag"] != tag
    assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])


def test_an_item_that_waits_no_more_since_its_process_was_withdrawn_has_another_tag(stage: Stage) -> None:
    process = stage.world.make_process("other")
    item = stage.world.item(process_id=process, acquired_from="confidential_source", state=None)
    stage.ids["evidence"] = item
    waits = stage.send("GET", "/v1/evidence/{evidence}")
    assert waits.json["release"] is not None
    stage.world.withdraw(process)
    now = stage.send("GET", "/v1/evidence/{evidence}", headers={"If-None-Match": waits.headers["ETag"]})
    assert (now.status_code, now.json["release"]) == (200, None)
