"""The words of one public act are destroyed on both sides, and the act stays: its codes, its time, its place in the
log. What its thing says now is not destroyed in this way: that is revised first.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text, update

from tests.actions.factories import MARK, answered, keepers, left, marked
from tests.actions.test_redaction_of_things import agrees
from tests.conftest import Clock
from tests.revising import revise_record
from tests.world import World
from tracker.actions import proposals, redaction, revisions, statuses
from tracker.actions.operations import auditing, rebuild, signing
from tracker.actions.people import OPERATOR
from tracker.actions.support.lookup import MODELS
from tracker.domain.errors import (
    AlreadyDone,
    LegallyHeld,
    NotFound,
    NotPermitted,
    NotRedactable,
    SelfApproval,
)
from tracker.domain.people import Actor
from tracker.public.tables import event
from tracker.store.proposals import Proposal, find_approved
from tracker.store.statuses import StatusChange


@pytest.fixture
def two(world: World) -> tuple[Actor, Actor]:
    return keepers(world)


def redact(world: World, two: tuple[Actor, Actor], id: str, reason: str = "third_party_privacy") -> None:
    for one in two:
        with world.act(one) as act:
            redaction.redact_words(act, id, reason)


def acts(client: FlaskClient, thing: str, kind: str) -> list[dict[str, Any]]:
    """The public acts of a kind about a thing, oldest first."""
    found = client.get("/v1/public/changes?limit=200").json["items"]
    return [one for one in found if (one["subject"], one["kind"]) == (thing, kind)]


def test_the_second_custodian_says_for_what_reason(
    world: World, client: FlaskClient, two: tuple[Actor, Actor]
) -> None:
    asked = world.recommendation("C1")
    answered(world, asked, "implementation", "stalled")
    [said] = [one["id"] for one in acts(client, asked, "status.changed")]
    for keeper, reason in zip(two, ("minor", "court_order"), strict=True):
        with world.act(keeper) as act:
            redaction.redact_words(act, said, reason)
    done = find_approved(world.session, "redaction", said)
    assert done is not None
    assert (done.reason, done.proposed_by, done.decided_by) == ("court_order", two[0].id, two[1].id)


def served(client: FlaskClient, world: World, thing: str) -> Iterator[str]:
    """What is said of a recommendation, everywhere."""
    paths = ["changes", "search?q=" + MARK, f"recommendations/{thing}", f"recommendations/{thing}/history"]
    paths += [f"recommendations/{thing}?as_of=2026-01-01", "recommendations?known_at=2026-12-24T09:00:00Z"]
    for path in paths:
        yield client.get(f"/v1/public/{path}").get_data(as_text=True)
    for path in ("/feeds/coast/changes.json", "/feeds/coast/status.json"):
        yield client.get(path).get_data(as_text=True)
    for path in (
        f"/v1/subjects/{thing}/history",
        f"/v1/recommendations/{thing}",
        "/v1/exports?process=coast",
    ):
        yield client.get(path, headers=world.headers("editor")).get_data(as_text=True)


def test_the_words_of_a_status_change_go_and_what_it_answered_stays(
    world: World, client: FlaskClient, two: tuple[Actor, Actor]
) -> None:
    asked = world.recommendation("C1")
    change = answered(world, asked, "implementation", "stalled")
    before = client.get(f"/v1/public/recommendations/{asked}").json
    [act] = acts(client, asked, "status.changed")
    redact(world, two, act["id"])
    assert left(world) == []
    assert not any(MARK in said for said in served(client, world, asked))
    after = client.get(f"/v1/public/recommendations/{asked}").json
    [was], [now] = before["history"], after["history"]
    assert (now["reason"], now["label"], now["citations"][0]["locator"]) == ("Redacted.", None, None)
    same = ("to", "from", "effective_on", "assessor", "basis", "at", "event", "id")
    assert [now[name] for name in same] == [was[name] for name in same]
    assert after["standing"] == [
        {**one, "lead": {**one["lead"], "reason": one["lead"]["reason"] and "Redacted."}}
        for one in before["standing"]
    ]
    row = world.session.get_one(StatusChange, change)
    assert (row.reason, row.label, row.decision_note) == ("Redacted.", None, None)
    assert agrees(world)


def test_the_act_says_by_which_redaction_it_was_emptied_and_every_proof_stays(
    world: World, client: FlaskClient, two: tuple[Actor, Actor]
) -> None:
    asked = world.recommendation("C1")
    answered(world, asked, "implementation", "stalled")
    [act] = acts(client, asked, "status.changed")
    path = f"/v1/public/events/{act['id']}"
    before = client.get(path).json
    assert before["redacted_by"] is None
    redact(world, two, act["id"])
    after = client.get(path).json
    assert (after["entry"], after["log"]) == (before["entry"], before["log"])
    assert (after["disclosure"], after["salt"]) == (None, None)
    [told] = acts(client, asked, "record.redacted")
    assert (told["event"], told["refs"]) == (act["id"], [before["log"]["index"]])
    proven = client.get(f"/v1/public/events/{told['id']}").json
    assert proven["log"]["index"] == after["redacted_by"]
    entry = json.loads(urlsafe_b64decode(proven["entry"] + "=="))
    assert (entry["reason"], entry["refs"]) == ("third_party_privacy", told["refs"])
    said = client.get("/feeds/coast/changes.json").json["items"][0]
    assert said["content_text"] == (
        "The words of an earlier act were destroyed. The reason: third party privacy."
    )
    assert client.get(f"/v1/public/recommendations/{asked}").status_code == 200


def test_an_older_version_goes_and_the_present_one_stays(
    world: World, client: FlaskClient, clock: Clock, two: tuple[Actor, Actor]
) -> None:
    made = world.make_committee("first", name=MARK, names={"fr": MARK}, instrument=MARK, note=MARK)
    answered(world, made, "stage", "lapsed")
    world.add(made, "members", name=MARK, role=MARK)
    clock.move(hours=1)
    then = clock().isoformat().replace("+00:00", "Z")
    clock.move(hours=1)
    published, *revised = acts(client, made, "subject.published") + acts(client, made, "subject.revised")
    last = revised[-1]["id"] if revised else published["id"]
    with world.act(two[0]) as act, pytest.raises(NotRedactable, match="revise that first"):
        redaction.redact_words(act, last, "minor")
    with world.act(world.editor) as act:
        row = act.session.get_one(MODELS["committee"], made)
        words = {"name": "The second", "names": {}, "instrument": None, "note": None, "reference": "second"}
        revise_record(act, made, "committee", {**words, "members": [{"name": "A judge"}]}, row.version)
    path = f"/v1/public/committees/{made}"
    assert MARK in client.get(f"{path}?known_at={then}").get_data(as_text=True)
    redact(world, two, published["id"])
    for one in (*revised, *acts(client, made, "status.changed")):
        redact(world, two, one["id"])
    assert client.get(path).json["name"] == "The second"
    gone = client.get(f"{path}?known_at={then}")
    assert (gone.status_code, gone.json["type"]) == (410, "/problems/redacted")
    assert client.get(f"/v1/public/committees?known_at={then}").json["items"] != []
    assert MARK not in client.get("/v1/public/changes?limit=200").get_data(as_text=True)
    assert left(world) == []
    assert agrees(world)


@pytest.mark.parametrize(
    "kind", ["process", "organization", "deadline", "recommendation", "report", "resource", "indicator"]
)
def test_the_first_version_of_any_kind_goes_and_no_moment_breaks(
    world: World, client: FlaskClient, clock: Clock, two: tuple[Actor, Actor], kind: str
) -> None:
    things = {
        "process": lambda: world.process,
        "organization": lambda: world.press,
        "deadline": lambda: world.deadline(
            owner_id=world.recommendation("C9"), type="government_response_due"
        ),
        "recommendation": lambda: world.recommendation("C1"),
        "report": lambda: marked(world, "report"),
        "resource": lambda: marked(world, "resource"),
        "indicator": lambda: marked(world, "indicator"),
    }
    thing = things[kind]()
    due = world.deadline()
    clock.move(hours=1)
    then = clock().isoformat().replace("+00:00", "Z")
    clock.move(hours=1)
    with world.act(world.editor) as act:
        row = act.session.get_one(MODELS[kind], thing)
        member = "name" if kind == "organization" else "title"
        revise_record(act, thing, kind, {member: "Said anew"}, row.version)
    redact(world, two, acts(client, thing, "subject.published")[0]["id"])
    plural = {"process": "processes"}.get(kind, f"{kind}s")
    for moment in (f"?known_at={then}", f"?as_of=2026-11-01&known_at={then}"):
        assert client.get(f"/v1/public/{plural}/{thing}{moment}").status_code == 410
        for other in (
            "processes",
            "organizations",
            "committees",
            "deadlines",
            "recommendations",
            "reports",
            "resources",
            "indicators",
        ):
            assert client.get(f"/v1/public/{other}{moment}").status_code == 200
        assert client.get(f"/v1/public/deadlines/{due}{moment}").status_code == 200
        assert client.get(f"/v1/public/processes/{world.process}/scoreboard{moment}").status_code in (
            200,
            410,
        )
    assert client.get(f"/v1/public/{plural}/{thing}").json[member] == "Said anew"
    assert agrees(world)


def test_with_the_first_version_goes_what_revisions_keep_of_it(
    world: World, client: FlaskClient, two: tuple[Actor, Actor]
) -> None:
    """One was approved, one returned, one waits that was judged on the first version, and one on what stands now."""
    asked = world.recommendation("C1", title=MARK)
    mended, returned, overtaken = (propose(world, asked, f"Title {number}") for number in range(3))
    with world.act(world.approver) as act:
        proposals.decide_proposal(act, returned, "return", f"{MARK} is right")
        proposals.decide_proposal(act, mended, "approve")
    current = propose(world, asked, "A better title")
    redact(world, two, acts(client, asked, "subject.published")[0]["id"])
    assert left(world) == []
    kept = {id: world.session.get_one(Proposal, id).decision for id in (mended, returned, overtaken, current)}
    assert list(kept.values()) == ["approved", "returned", "retracted", "proposed"]
    assert world.session.get_one(Proposal, current).payload["before"] == {"title": "Title 0"}
    assert agrees(world)


def propose(world: World, asked: str, title: str) -> str:
    with world.act(world.editor) as act:
        version = world.session.get_one(MODELS["recommendation"], asked).version
        data = {"title": title, "reason": "It named somebody else."}
        return str(revisions.edit_thing(act, asked, "recommendation", data, version).id)


@pytest.mark.parametrize("kind", ["process", "recommendation"])
def test_a_farewell_goes_on_both_sides_and_the_thing_stays_withdrawn(
    world: World, client: FlaskClient, two: tuple[Actor, Actor], kind: str
) -> None:
    thing = world.make_process("north") if kind == "process" else world.recommendation("C1")
    world.withdraw(thing, MARK)
    [act] = acts(client, thing, "subject.withdrawn")
    redact(world, two, act["id"])
    assert left(world) == []
    gone = client.get(f"/v1/public/{'processes' if kind == 'process' else 'recommendations'}/{thing}")
    assert (gone.status_code, gone.json["detail"]) == (410, "Redacted.")
    assert gone.json["type"] == "/problems/withdrawn"
    assert agrees(world)


def test_what_is_corrected_later_still_points_at_the_act(
    world: World, client: FlaskClient, two: tuple[Actor, Actor]
) -> None:
    asked = world.recommendation("C1")
    change = answered(world, asked, "implementation", "stalled")
    [act] = acts(client, asked, "status.changed")
    redact(world, two, act["id"])
    world.answer(asked, "implementation", "not_started", corrects=change)
    [correction] = acts(client, asked, "status.corrected")
    index = client.get(f"/v1/public/events/{act['id']}").json["log"]["index"]
    entry = client.get(f"/v1/public/events/{correction['id']}").json["entry"]
    assert json.loads(urlsafe_b64decode(entry + "=="))["ref"] == index
    assert agrees(world)


def test_it_takes_two_custodians_and_no_hold(
    world: World, client: FlaskClient, two: tuple[Actor, Actor]
) -> None:
    asked = world.recommendation("C1")
    answered(world, asked, "implementation", "stalled")
    [act] = acts(client, asked, "status.changed")
    with world.act(world.approver) as opened, pytest.raises(NotPermitted):
        redaction.redact_words(opened, act["id"], "minor")
    with world.act(two[0]) as opened:
        redaction.redact_words(opened, act["id"], "minor")
        redaction.hold_thing(opened, asked, "Case 12", placed=True)
    assert act["change"]["reason"] == MARK == acts(client, asked, "status.changed")[0]["change"]["reason"]
    with world.act(two[0]) as opened, pytest.raises(SelfApproval):
        redaction.redact_words(opened, act["id"], "minor")
    with world.act(two[1]) as opened, pytest.raises(LegallyHeld):
        redaction.redact_words(opened, act["id"], "minor")
    with world.act(two[1]) as opened:
        redaction.hold_thing(opened, asked, "Case 12", placed=False)
        redaction.redact_words(opened, act["id"], "minor")
    with world.act(two[1]) as opened, pytest.raises(AlreadyDone):
        redaction.redact_words(opened, act["id"], "minor")
    assert find_approved(world.session, "redaction", act["id"]).decided_by == two[1].id


def test_an_act_without_words_and_one_that_is_not_there_are_refused(
    world: World, client: FlaskClient, two: tuple[Actor, Actor]
) -> None:
    asked, item = world.recommendation("C1"), world.item()
    world.answer(asked, "implementation", "underway", cites=(item,))
    world.withdraw(item)
    [moved] = acts(client, asked, "basis.changed")
    with world.act(two[0]) as act, pytest.raises(NotRedactable, match="says nothing in words"):
        redaction.redact_words(act, moved["id"], "minor")
    with world.act(OPERATOR) as act:
        signing.anchor_internal_log(act)
    anchor = client.get("/v1/public/changes?limit=200").json["items"][-1]
    for id in (anchor["id"], "evt_" + "0" * 26):
        with world.act(two[0]) as act, pytest.raises(NotFound):
            redaction.redact_words(act, id, "minor")


def test_the_words_of_a_redacted_thing_are_gone_already(
    world: World, client: FlaskClient, two: tuple[Actor, Actor]
) -> None:
    asked = world.recommendation("C1")
    [published] = acts(client, asked, "subject.published")
    for one in two:
        with world.act(one) as act:
            redaction.redact_thing(act, asked, "minor")
    with world.act(two[0]) as act, pytest.raises(NotRedactable, match="or no longer"):
        redaction.redact_words(act, published["id"], "minor")


@pytest.mark.parametrize("check", ["rebuild", "audit"])
def test_an_act_that_was_emptied_without_a_redaction_is_found(
    world: World, client: FlaskClient, two: tuple[Actor, Actor], check: str
) -> None:
    asked = world.recommendation("C1", title="First")
    with world.act(world.editor) as act:
        revise_record(act, asked, "recommendation", {"title": "Second"}, 2)
    [published] = acts(client, asked, "subject.published")
    with world.act(world.editor) as act:
        body = act.connection.scalar(
            text("SELECT body FROM public_event WHERE id = :id"), {"id": published["id"]}
        )
        said = json.dumps(json.loads(body) | {"content": {}}).encode()
        act.connection.execute(
            update(event).where(event.c.id == published["id"]).values(body=said, salt=None)
        )
        act.audit("revise", asked)
    with world.act(world.editor) as act:
        found = (
            rebuild.check_public_side(act) if check == "rebuild" else auditing.audit_logs(act.session, None)
        )
    assert found == [f"{published['id']}: its text and salt are gone, and no redaction says so"]


def test_whoever_proposed_a_change_is_told_it_again_without_its_words(
    world: World, client: FlaskClient, two: tuple[Actor, Actor]
) -> None:
    asked = world.recommendation("C1")
    body = {
        "subject": asked,
        "track": "implementation",
        "state": "stalled",
        "effective_on": "2025-06-01",
        "reason": MARK,
    }
    once = {**world.headers("editor"), "Idempotency-Key": "once"}
    made = client.post("/v1/status-changes", json=body, headers=once)
    with world.act(world.approver) as act:
        statuses.approve_status_change(act, made.json["id"])
    redact(world, two, acts(client, asked, "status.changed")[0]["id"])
    again = client.post("/v1/status-changes", json=body, headers=once)
    assert (again.status_code, again.json["id"]) == (201, made.json["id"])
    assert MARK.encode() not in again.data


def test_over_the_wire_it_is_the_same(world: World, client: FlaskClient, two: tuple[Actor, Actor]) -> None:
    asked = world.recommendation("C1")
    answered(world, asked, "implementation", "stalled")
    [act] = acts(client, asked, "status.changed")
    path = f"/v1/events/{act['id']}/redaction"
    first = client.post(path, json={"reason": "minor"}, headers=world.headers("keeper")).json
    assert (first["target"], first["done_at"]) == (act["id"], None)
    second = client.post(path, json={"reason": "minor"}, headers=world.headers("second keeper")).json
    assert second["done_at"] is not None
    again = client.post(path, json={"reason": "minor"}, headers=world.headers("keeper"))
    assert again.json["type"] == "/problems/already-done"


def test_with_the_words_of_a_revision_goes_what_was_proposed_and_why(
    world: World, client: FlaskClient, two: tuple[Actor, Actor]
) -> None:
    asked = world.recommendation("C1")
    for words, reason in ((f"Ask {MARK}.", f"{MARK} was left out."), ("Ask nobody.", "It named somebody.")):
        version = world.session.get_one(MODELS["recommendation"], asked).version
        with world.act(world.editor) as act:
            wanted = {"text": words, "reason": reason}
            waits = revisions.edit_thing(act, asked, "recommendation", wanted, version)
        with world.act(world.approver) as act:
            proposals.decide_proposal(act, waits.id, "approve")
    redact(world, two, acts(client, asked, "subject.revised")[0]["id"])
    assert left(world) == []
    assert not any(MARK in said for said in served(client, world, asked))
    assert client.get(f"/v1/public/recommendations/{asked}").json["text"] == "Ask nobody."
    assert agrees(world)
