"""Over REST a publication is listed, proposed, and decided like every other proposal."""

from __future__ import annotations

from tests.api.factories import Stage


def test_what_would_be_published_with_a_draft_is_listed_first_and_then_proposed(stage: Stage) -> None:
    whole = stage.world.recommendation("C1", publish=False)
    part = stage.world.recommendation("C1a", publish=False, parent_id=whole)
    path = f"/v1/subjects/{part}/publication"
    refused = stage.send("POST", path, {})
    assert (refused.status_code, refused.json["missing"]) == (409, [whole])
    drafts = [{"id": one, "version": 1} for one in (whole, part)]
    assert stage.get(f"{path}/drafts", by="approver") == {"drafts": drafts}
    asked = f"/v1/proposals?kind=publication&decision=proposed&thing={part}"
    assert stage.get(asked)["items"] == []
    waits = stage.post(path, {"with_named": True, "reason": "Complete."}, status=202)
    assert (waits["wanted"]["acts"], waits["reason"]) == ([whole, part], "Complete.")
    assert stage.get(asked)["items"] == [waits]


def test_the_queue_shows_it_to_approvers_but_not_to_who_recorded_it(stage: Stage) -> None:
    draft = stage.world.recommendation("C1", publish=False)
    waits = stage.post(f"/v1/subjects/{draft}/publication", {}, status=202)
    [entry] = stage.get("/v1/queue?kind=publication", by="approver")["items"]
    assert (entry["proposal"], entry["subject"]) == (waits["id"], draft)
    decision = f"/v1/proposals/{waits['id']}/decision"
    stage.post(decision, {"decision": "approve"}, by="approver", status=200)
    assert stage.get("/v1/queue?kind=publication", by="approver")["items"] == []
