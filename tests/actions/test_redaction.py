"""What is redacted is gone: from every table of both sides, from the file of the database and its log. That it was,
when and why stays. Two custodians do it; what is held for a court is sealed and not destroyed.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.public.side import dump
from tests.world import World
from tracker.actions import auditing, evidence, protection, rebuild, redaction, sealed, statuses
from tracker.domain.errors import AlreadyDone, LegallyHeld, NotFound, NotPermitted, SelfApproval
from tracker.domain.people import Actor
from tracker.sealing import Sealer
from tracker.store.database import db
from tracker.store.evidence import Evidence
from tracker.store.protection import Consent

MARK = "zqmarkerthatmustgo"
SEALER = Sealer([bytes(range(32))], lambda n: bytes(range(n)))


@pytest.fixture
def keepers(world: World) -> tuple[Actor, Actor]:
    return world.person("keeper", "custodian"), world.person("second keeper", "custodian")


def marked(world: World) -> str:
    """An item with a marker in every field that takes words, public and cited."""
    words = ("description", "rights", "area", "title", "licence", "reference")
    links = dict.fromkeys(("source_url", "archived_url"), f"https://{MARK}.test")
    data: dict[str, Any] = {
        "process_id": world.process,
        "type": "testimony_summary",
        "acquired_from": "confidential_source",
        "publisher_id": world.press,
        "protection": "public",
        "occurred_from": date(2025, 3, 6),
        "country": "SY",
        **dict.fromkeys(words, MARK),
        **links,
    }
    with world.act(world.editor) as act:
        item = evidence.submit_evidence(act, data)
        sealed.keep(act, item, {"creator": MARK}, SEALER)
        world.session.add(
            Consent(evidence_id=item.id, basis="informed_consent", purposes=["publish_attributed"])
        )
        id = item.id
    world.protect(id, "confidential", reason=MARK)
    world.lower(id, "public", reason=MARK)
    world.publish(id)
    world.release(id)
    change = world.propose(
        id,
        "verification",
        "verified",
        proposer=world.reviewer,
        reason=MARK,
        label={"scheme": "x", "label": MARK},
        citations=[{"evidence": world.item(), "stance": "context", "locator": MARK}],
    )
    with world.act(world.approver) as act:
        statuses.approve(act, change.id, MARK)
    return id


def both(world: World, keepers: tuple[Actor, Actor], item: str, reason: str = "witness_safety") -> None:
    for one in keepers:
        with world.act(one) as act:
            redaction.redact(act, item, reason)


def test_nothing_of_what_was_redacted_is_left_anywhere(
    world: World, keepers: tuple[Actor, Actor], client: FlaskClient
) -> None:
    item = marked(world)
    asked = world.recommendation("C1")
    cites = [{"evidence": item, "stance": "supports", "locator": MARK}]
    world.answer(asked, "implementation", "underway", citations=cites)
    assert client.get(f"/v1/public/search?q={MARK}").json["items"]
    path = Path(db.engine.url.database or "")
    assert MARK in repr(dump(world.session))
    both(world, keepers, item)
    world.session.rollback()
    assert MARK not in repr(dump(world.session))
    for file in path.parent.glob(f"{path.name}*"):
        assert MARK.encode() not in file.read_bytes(), file
    gone = client.get(f"/v1/public/evidence/{item}")
    assert (gone.status_code, gone.json["type"]) == (410, "urn:tracker:problem:redacted")
    assert gone.json["detail"] == "Redacted: witness_safety"
    assert client.get(f"/v1/public/search?q={MARK}").json["items"] == []
    assert MARK not in client.get("/v1/public/changes?limit=200").get_data(as_text=True)
    [answer] = client.get(f"/v1/public/recommendations/{asked}").json["history"]
    assert answer["basis"] == "unsupported"
    with world.act(world.editor) as act:
        assert rebuild.check(act) == []
    told = [act for act in client.get("/v1/public/changes?limit=200").json["items"] if "refs" in act]
    assert [one["kind"] for one in told] == ["record.redacted"]
    event = client.get(f"/v1/public/events/{told[0]['id']}").json
    entry = json.loads(urlsafe_b64decode(event["entry"] + "=="))
    assert (entry["reason"], entry["refs"]) == ("witness_safety", told[0]["refs"])
    assert auditing.check(world.session, None) == []  # every proof stays valid


def test_one_custodian_orders_it_and_another_does_it(world: World, keepers: tuple[Actor, Actor]) -> None:
    item = world.item()
    with world.act(keepers[0]) as act:
        redaction.redact(act, item, "minor")
    row = world.session.get_one(Evidence, item)
    assert (row.publication, row.protection, row.title) == ("withdrawn", "sealed", "A report")
    with world.act(keepers[0]) as act, pytest.raises(SelfApproval):
        redaction.redact(act, item, "minor")
    with world.act(keepers[1]) as act:
        redaction.redact(act, item, "minor")
    assert world.session.get_one(Evidence, item).title == ""
    with world.act(keepers[1]) as act, pytest.raises(AlreadyDone):
        redaction.redact(act, item, "minor")
    with world.act(world.editor) as act, pytest.raises(NotPermitted):
        redaction.redact(act, item, "minor")


def test_what_never_was_public_leaves_no_public_act(world: World, keepers: tuple[Actor, Actor]) -> None:
    item = world.item(publish=False, protection="sealed")
    before = dump(world.session)["public_event"]
    both(world, keepers, item)
    assert dump(world.session)["public_event"] == before


def test_what_was_withdrawn_before_can_still_be_destroyed(world: World, keepers: tuple[Actor, Actor]) -> None:
    item = world.item(title=MARK)
    world.withdraw(item, MARK)
    both(world, keepers, item)
    assert MARK not in repr(dump(world.session))


def test_what_is_held_is_sealed_and_not_destroyed(world: World, keepers: tuple[Actor, Actor]) -> None:
    item = world.item(publish=False, protection="confidential")
    with world.act(keepers[0]) as act:
        redaction.hold(act, item, "Case 12", held=True)
        redaction.redact(act, item, "court_order")
    with world.act(keepers[1]) as act, pytest.raises(LegallyHeld):
        redaction.redact(act, item, "court_order")
    with world.act(keepers[1]) as act, pytest.raises(AlreadyDone):
        redaction.hold(act, item, "Case 12", held=True)
    assert world.session.get_one(Evidence, item).title == "A report"
    with world.act(keepers[1]) as act:
        redaction.hold(act, item, "Case 12", held=False)
        redaction.redact(act, item, "court_order")
    assert world.session.get_one(Evidence, item).title == ""


def test_a_sealed_box_goes_with_the_item(world: World, keepers: tuple[Actor, Actor]) -> None:
    item = marked(world)
    with world.act(keepers[0]) as act:
        assert sealed.read(act, item, SEALER)["sealed"] == {"creator": MARK}
    both(world, keepers, item)
    with world.act(keepers[0]) as act, pytest.raises(NotFound):
        sealed.read(act, item, SEALER)
    assert protection.shared_with(world.session, item) == set()
