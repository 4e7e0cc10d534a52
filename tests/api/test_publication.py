"""Over REST a publication is listed, proposed, and decided like every other proposal; an approver may do it at once."""

from __future__ import annotations

from tests.api.factories import Stage


def test_what_would_be_published_with_a_draft_is_listed_first_and_then_proposed(stage: Stage) -> None:
    whole = stage.world.recommendation("C1", publish=False)
    part = stage.world.recommendation("C1a", publish=False, parent_id=whole)
    path = f"/v1/subjects/{part}/publication"
    refused = stage.send("POST", path, {})
    assert (refused.status_code, refused.json["missing"]) == (409, [whole])
    drafts = [{"id": one, "version": 1} for one in (whole, part)]
    listed = stage.get(f"{path}/drafts", by="approver")
    assert listed["drafts"] == drafts
    assert {one["short"] for one in listed["names"].values()} == {"C1", "C1a"}
    asked = f"/v1/proposals?kind=publication&decision=proposed&thing={part}"
    assert stage.get(asked)["items"] == []
    waits = stage.post(path, {"with_named": True, "reason": "Complete."}, status=202)
    assert (waits["wanted"]["acts"], waits["reason"]) == ([whole, part], "Complete.")
    listed = stage.get(asked)  # a list says once for all of its items how things are called
    assert ([{**one, "names": listed["names"]} for one in listed["items"]]) == [waits]


def test_who_decides_reads_whose_proposal_it_is_but_not_of_evidence(stage: Stage) -> None:
    draft = stage.world.recommendation("C1", publish=False)
    item = stage.world.item(publish=False)
    asked = stage.post(f"/v1/subjects/{draft}/publication", {}, status=202)
    hidden = stage.post(f"/v1/subjects/{item}/publication", {}, status=202)
    told = {
        one["id"]: one["proposed_by"]
        for one in stage.get("/v1/proposals?kind=publication&decision=proposed", by="approver")["items"]
    }
    assert told == {asked["id"]: stage.world.editor.id, hidden["id"]: None}


def test_the_queue_shows_it_to_approvers_but_not_to_who_recorded_it(stage: Stage) -> None:
    draft = stage.world.recommendation("C1", publish=False)
    waits = stage.post(f"/v1/subjects/{draft}/publication", {}, status=202)
    [entry] = stage.get("/v1/queue?kind=publication", by="approver")["items"]
    assert (entry["proposal"], entry["subject"]) == (waits["id"], draft)
    decision = f"/v1/proposals/{waits['id']}/decision"
    stage.post(decision, {"decision": "approve"}, by="approver", status=200)
    assert stage.get("/v1/queue?kind=publication", by="approver")["items"] == []


def test_an_approver_publishes_and_withdraws_with_one_request_each(stage: Stage) -> None:
    draft = stage.world.recommendation("C1", publish=False)
    path, publish = f"/v1/subjects/{draft}/publication", {"publication": "published"}
    stale = stage.send("POST", path, publish, by="approver", headers={"If-Match": f'"{draft}-7"'})
    assert (stale.status_code, stale.json["type"]) == (412, "/problems/stale-edit")
    read = {"If-Match": stage.send("GET", path, by="approver").headers["ETag"]}
    sent = [
        stage.send("POST", path, publish, by="approver", headers={"Idempotency-Key": "a", **read})
        for _ in "12"
    ]
    assert [(one.status_code, one.json["publication"]) for one in sent] == [(200, "published")] * 2
    withdrawn = stage.withdraw(draft, "It was recorded twice.")
    assert (withdrawn["publication"], withdrawn["withdrawn_because"]) == (
        "withdrawn",
        "It was recorded twice.",
    )


def test_an_editor_only_proposes_and_withdraws_nothing(stage: Stage) -> None:
    draft = stage.world.recommendation("C1", publish=False)
    path = f"/v1/subjects/{draft}/publication"
    waits = stage.post(path, {"publication": "published"}, status=202)
    assert (waits["kind"], stage.get(path)["publication"]) == ("publication", "draft")
    body = {"publication": "withdrawn", "reason": "It is wrong."}
    assert stage.send("POST", path, body).status_code == 403
    assert stage.send("POST", path, {}, by="approver").status_code == 403


def test_whoever_recorded_a_draft_is_told_that_somebody_else_has_to_publish_it(stage: Stage) -> None:
    body = {"slug": "own", "name": "Own", "type": "media"}
    own = stage.post("/v1/organizations", body, by="reviewer")["id"]
    path = f"/v1/subjects/{own}/publication"
    refused = stage.send("POST", path, {"publication": "published"}, by="reviewer")
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/self-approval")
    assert "somebody else has to publish it" in refused.json["detail"]
    stage.post(path, {}, by="reviewer", status=202)
