"""Drafts are listed with what each still lacks to be published, exactly as a proposal to publish it finds."""

from __future__ import annotations

from tests.api.factories import Stage


def test_a_draft_is_ready_where_a_proposal_to_publish_it_is_taken(stage: Stage) -> None:
    world, process = stage.world, stage.ids["process"]
    ready = world.recommendation("R8", publish=False)
    part = world.recommendation("R8.1", publish=False, parent_id=ready)
    secret = world.item(publish=False, protection="confidential")
    sealed = world.item(publish=False, protection="sealed")
    waits = stage.post(f"/v1/subjects/{ready}/publication", {}, status=202)["id"]
    page = stage.get(f"/v1/drafts?process={process}")
    told = {one["id"]: one for one in page["items"]}
    assert told.keys() == {ready, part, secret}
    assert (told[ready]["ready"], told[ready]["because"], told[ready]["proposal"]) == (True, None, waits)
    assert (told[part]["ready"], told[part]["because"], told[part]["missing"]) == (
        False,
        "not-published",
        [ready],
    )
    assert told[secret]["because"] == "publication-refused"
    assert page["names"][part]["short"] == "R8.1"
    assert {one["id"] for one in stage.pages("/v1/drafts?limit=1")} == {*told, stage.ids["stranger"]}
    world.person("keeper", "custodian")
    assert sealed in {one["id"] for one in stage.get("/v1/drafts", by="keeper")["items"]}
    for id in (part, secret):
        refused = stage.send("POST", f"/v1/subjects/{id}/publication", {})
        assert refused.json["type"] == f"/problems/{told[id]['because']}"
