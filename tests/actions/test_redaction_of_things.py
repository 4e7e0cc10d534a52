"""A thing of any kind is redacted by the same act: withdrawn with the order, emptied on both sides with the second
word. The database's own rules hold, and both sides still agree.
"""

from __future__ import annotations

from datetime import date

import pytest
from flask.testing import FlaskClient

from tests.actions.factories import KINDS, MARK, answered, both, keepers, left, make_resource, marked
from tests.world import World
from tracker.actions import evidence, publication, redaction
from tracker.actions.operations import auditing, rebuild
from tracker.actions.support import lookup
from tracker.domain.errors import AlreadyDone, InvalidInput, LegallyHeld, NotFound, NotRedactable
from tracker.public.content.allow_list import PLURALS
from tracker.store.subjects import Subject

SUBJECTS = KINDS[2:]


def agrees(world: World) -> bool:
    with world.act(world.editor) as act:
        assert rebuild.check_public_side(act) == []
        assert auditing.audit_logs(act.session, None) == []
        rebuild.rebuild_public_side(act)
        assert rebuild.check_public_side(act) == []
    return True


@pytest.mark.parametrize("kind", KINDS)
def test_a_thing_of_any_kind_is_emptied_on_both_sides(world: World, client: FlaskClient, kind: str) -> None:
    thing, two = marked(world, kind), keepers(world)
    path = f"/v1/public/{PLURALS[kind]}/{thing}"
    before = client.get(path).json["last_act"]["event"]
    assert len(left(world)) > 3
    if kind not in SUBJECTS:
        world.withdraw(thing, MARK)
    both(world, two, thing)
    assert left(world) == []
    gone = client.get(path)
    assert (gone.status_code, gone.json["type"]) == (410, "/problems/redacted")
    assert gone.json["detail"] == "Redacted: witness_safety"
    act = client.get(before).json
    assert (act["disclosure"], act["salt"]) == (None, None)
    redacted_by = client.get("/v1/public/changes?limit=200").json["items"][act["redacted_by"]]
    assert redacted_by["kind"] == "record.redacted"
    assert act["log"]["index"] in redacted_by["refs"]
    assert client.get(f"/v1/{PLURALS[kind]}/{thing}", headers=world.headers("keeper")).status_code == 200
    assert agrees(world)
    with world.act(two[0]) as act_, pytest.raises(AlreadyDone):
        redaction.redact_thing(act_, thing, "minor")


@pytest.mark.parametrize("kind", SUBJECTS)
def test_with_the_order_a_subject_is_no_longer_public_and_still_whole(
    world: World, client: FlaskClient, kind: str
) -> None:
    thing, two = marked(world, kind), keepers(world)
    before = left(world)
    with world.act(two[0]) as act:
        redaction.redact_thing(act, thing, "error")
    assert client.get(f"/v1/public/{PLURALS[kind]}/{thing}").json["detail"] == "Redacted: error"
    assert MARK not in client.get("/v1/public/changes?limit=200").get_data(as_text=True)
    assert {"subject", "status_change", kind} - set(left(world)) <= {"subject"}
    assert len(before) >= len(left(world)) > 2
    [waiting] = client.get(
        "/v1/proposals?kind=redaction&decision=proposed", headers=world.headers("keeper")
    ).json["items"]
    assert waiting["target"] == thing
    assert agrees(world)


@pytest.mark.parametrize("kind", SUBJECTS)
def test_a_draft_of_any_kind_is_emptied_and_nothing_is_said_in_public(world: World, kind: str) -> None:
    draft = {
        "committee": lambda: world.make_committee(MARK, publish=False, name=MARK),
        "report": lambda: world.report(publish=False, title=MARK, delivered=date(2025, 7, 13)),
        "resource": lambda: make_resource(world, publish=False),
        "indicator": lambda: world.indicator(publish=False, title=MARK),
        "deadline": lambda: world.deadline(publish=False, title=MARK),
        "recommendation": lambda: world.recommendation(MARK, publish=False, title=MARK),
        "evidence": lambda: world.item(publish=False, title=MARK),
    }[kind]()
    both(world, keepers(world), draft, "spam")
    assert left(world) == []
    assert world.session.get_one(Subject, draft).publication == "withdrawn"


@pytest.mark.parametrize("kind", ["process", "organization"])
def test_what_others_stand_on_is_withdrawn_before_it_is_redacted(world: World, kind: str) -> None:
    thing, two = marked(world, kind), keepers(world)
    with world.act(two[0]) as act, pytest.raises(NotRedactable):
        redaction.redact_thing(act, thing, "error")
    asked = world.recommendation("R9", addressees=[{"organization_id": thing}]) if kind != "process" else None
    world.withdraw(thing)
    both(world, two, thing, "error")
    assert left(world) == []  # where others name it, too
    assert asked is None or agrees(world)


@pytest.mark.parametrize("kind", ["process", "organization"])
def test_a_draft_that_nothing_stands_on_needs_no_withdrawal(world: World, kind: str) -> None:
    if kind == "process":
        draft = world.make_process(MARK, publish=False, title=MARK)
    else:
        draft = world.organization(MARK, "media", publish=False, name=MARK)
    both(world, keepers(world), draft, "error")
    assert left(world) == []
    assert agrees(world)


def test_the_deadline_that_took_its_place_still_says_how_far_it_slipped(
    world: World, client: FlaskClient
) -> None:
    first = marked(world, "deadline")
    path = "/v1/deadlines"
    later = {"set_on": "2025-04-10", "rule": "3 months", "basis": "decree", "reason": "More time."}
    cites = [{"evidence": world.item(), "stance": "supports"}]
    made = client.post(
        f"{path}/{first}/extension",
        json={**later, "citations": cites},
        headers={**world.headers("editor"), "Idempotency-Key": "once"},
    )
    assert made.status_code == 201, made.data
    client.post(
        f"/v1/status-changes/{made.json['change']['id']}/decision",
        json={"decision": "approve"},
        headers=world.headers("approver"),
    )
    second = made.json["deadline"]["id"]
    slipped = client.get(f"/v1/public/deadlines/{second}").json["slip_days"]
    assert slipped > 0
    two = keepers(world)
    both(world, two, first)
    assert client.get(f"/v1/public/deadlines/{second}").json["slip_days"] == slipped
    assert agrees(world)
    both(world, two, second)
    assert left(world) == []


@pytest.mark.parametrize("kind", SUBJECTS)
def test_a_subject_that_is_held_is_not_destroyed(world: World, kind: str) -> None:
    thing, two = marked(world, kind), keepers(world)
    with world.act(two[0]) as act:
        redaction.hold_thing(act, thing, "Case 12", placed=True)
        redaction.redact_thing(act, thing, "court_order")
    with world.act(two[1]) as act, pytest.raises(LegallyHeld):
        redaction.redact_thing(act, thing, "court_order")
    with world.act(two[1]) as act:
        redaction.hold_thing(act, thing, "Case 12", placed=False)
        redaction.redact_thing(act, thing, "court_order")
    assert left(world) == []


def test_a_process_cannot_be_held_and_nothing_is_not_there(world: World) -> None:
    two = keepers(world)
    with world.act(two[0]) as act, pytest.raises(NotFound):
        redaction.hold_thing(act, world.process, "Case 12", placed=True)


@pytest.mark.parametrize("words", [False, True])
def test_why_a_process_was_withdrawn_goes_with_it_and_stands_in_nothing_that_was_in_it(
    world: World, client: FlaskClient, words: bool
) -> None:
    process, two = world.make_process("other"), keepers(world)
    asked = world.recommendation("C1", process_id=process)
    world.withdraw(process, MARK)
    if words:
        acts = client.get("/v1/public/changes?limit=200").json["items"]
        [farewell] = [
            one["id"] for one in acts if (one["subject"], one["kind"]) == (process, "subject.withdrawn")
        ]
        for one in two:
            with world.act(one) as act:
                redaction.redact_words(act, farewell, "witness_safety")
    else:
        both(world, two, process)
    assert left(world) == []
    gone = client.get(f"/v1/public/recommendations/{asked}").json
    assert (gone["type"], gone["detail"]) == ("/problems/withdrawn", "Its process was withdrawn.")
    assert agrees(world)


@pytest.mark.parametrize("rest", [f"{MARK} of Homs asked.", f"minor {MARK}", f"minor\n{MARK}"])
def test_a_farewell_that_only_begins_as_a_redaction_does_not_survive_one(
    world: World, client: FlaskClient, rest: str
) -> None:
    """Nobody can say it any more; an older record may hold it."""
    item = world.item()
    with world.act(world.approver) as act:
        act.audit("withdraw", item)
        publication.retire_thing(act, lookup.get_for_act(act.viewer, item), f"Redacted: {rest}")
    assert client.get(f"/v1/public/evidence/{item}").json["type"] == "/problems/withdrawn"
    both(world, keepers(world), item)
    assert left(world) == []
    assert client.get(f"/v1/public/evidence/{item}").json["detail"] == "Redacted: witness_safety"
    assert agrees(world)


def test_nobody_says_by_a_farewell_that_something_was_redacted(world: World) -> None:
    asked, draft = world.recommendation("C1"), world.item(publish=False, state=None)
    for act_of, by, thing in (
        (publication.withdraw_thing, world.approver, asked),
        (evidence.retract_evidence, world.editor, draft),
    ):
        with world.act(by) as act, pytest.raises(InvalidInput) as refused:
            act_of(act, thing, "Redacted: witness_safety")
        assert [one.pointer for one in refused.value.fields] == ["/reason"]
        assert world.session.get_one(Subject, thing).publication != "withdrawn"


def test_an_order_for_the_words_of_an_act_goes_with_the_whole(world: World, client: FlaskClient) -> None:
    asked, two = marked(world, "recommendation"), keepers(world)
    answered(world, asked, "implementation", "stalled")
    event = client.get(f"/v1/public/recommendations/{asked}").json["history"][0]["event"]
    with world.act(two[0]) as act:
        redaction.redact_words(act, event, "minor")
    assert world.waiting(event, "redaction") is not None
    both(world, two, asked)
    assert world.waiting(event, "redaction") is None
