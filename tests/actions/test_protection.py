"""Who may know of an item: raised by one at once, what was public goes with it; consent, and what is sealed of it. How
it is lowered is in `test_lowering.py`.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from tests.world import World
from tracker.actions import consent, custody, evidence, people, protection, redaction, sealed_fields
from tracker.actions.people import OPERATOR
from tracker.domain.errors import AlreadyDone, InvalidInput, NotAgreed, NotFound, NotPermitted
from tracker.domain.service_errors import SealingUnavailable
from tracker.files.files import Stored
from tracker.sealing.sealer import Sealer
from tracker.store.custody import EvidenceFile
from tracker.store.evidence import Evidence
from tracker.store.sealed_fields import SealedFields

WHY = {"reason": "To be safe."}


def level(world: World, item: str) -> str:
    return world.session.get_one(Evidence, item).protection


def test_raising_takes_one_person_and_effect_at_once(world: World) -> None:
    item = world.item(publish=False, protection="public", reference="E1")
    for wanted in ("partner", "confidential", "sealed"):
        world.protect(item, wanted)
        assert level(world, item) == wanted
    assert world.session.get_one(Evidence, item).reference is None


def test_raising_what_is_public_withdraws_it_and_what_rests_on_it_says_so(
    world: World, client: FlaskClient
) -> None:
    item = world.item()
    asked = world.recommendation("C1")
    world.answer(asked, "implementation", "underway", cites=(item,))
    world.protect(item, "confidential")
    gone = client.get(f"/v1/public/evidence/{item}")
    assert (gone.status_code, gone.json["detail"]) == (410, "Its protection was raised.")
    [answer] = client.get(f"/v1/public/recommendations/{asked}").json["history"]
    assert answer["basis"] == "unsupported"


def test_a_watchdog_raises_its_own_and_a_partner_speaks_for_somebody(world: World) -> None:
    with world.act(world.watcher) as act:
        own = evidence.submit_evidence(act, submission(world)).id
    other = world.item(publish=False, protection="confidential")
    world.protect(own, "sealed", by=world.watcher)
    assert level(world, own) == "sealed"
    for item in (own, other):
        with world.act(world.watcher) as act, pytest.raises(NotFound):
            protection.protect_evidence(act, item, {"protection": "sealed", **WHY})
    with world.act(people.OPERATOR) as act, pytest.raises(InvalidInput):
        people.add_person(act, "somebody", ["partner"])


def test_a_sealed_item_has_no_reference(world: World) -> None:
    with world.act(world.editor) as act, pytest.raises(InvalidInput):
        evidence.submit_evidence(act, {**submission(world), "protection": "sealed", "reference": "E1"})


def submission(world: World) -> dict[str, str]:
    return {
        "process_id": world.process,
        "title": "What somebody saw",
        "type": "testimony_summary",
        "acquired_from": "confidential_source",
    }


def agreed(world: World, *purposes: str, basis: str = "informed_consent") -> str:
    with world.act(world.editor) as act:
        item = evidence.submit_evidence(act, {**submission(world), "protection": "public"})
        consent.record_consent(act, item, {"basis": basis, "purposes": list(purposes)})
        return item.id


def test_nothing_is_published_that_nobody_agreed_to(world: World) -> None:
    for item in (agreed(world, "publish_anonymised"), agreed(world, basis="official_publication")):
        world.publish(item)
        world.release(item)
        assert world.session.get_one(Evidence, item).publication == "published"
    item = agreed(world, "internal_use")
    with pytest.raises(NotAgreed):
        world.publish(item)
    world.protect(item, "confidential")
    with pytest.raises(NotAgreed):
        world.lower(item, "partner", shared_with=[world.press])


def test_a_consent_is_withdrawn_in_one_call(world: World, client: FlaskClient) -> None:
    item = agreed(world, "publish_attributed")
    world.publish(item)
    world.release(item)
    keeper = world.person("keeper", "custodian")
    headers = world.headers("editor")
    path = f"/v1/evidence/{item}/consent/withdrawal"
    assert client.post(path, json={}, headers=headers).status_code == 200
    assert client.get(f"/v1/public/evidence/{item}").status_code == 410
    assert client.post(path, json={}, headers=headers).status_code == 404
    [waiting] = client.get(
        "/v1/proposals?kind=redaction&decision=proposed", headers=world.headers("keeper")
    ).json["items"]
    assert (waiting["target"], waiting["reason"]) == (item, "consent_withdrawn")
    with world.act(keeper) as act, pytest.raises(AlreadyDone):
        redaction.withdraw_consent(act, item)
    other = world.item(publish=False, protection="confidential")
    with world.act(world.editor) as act, pytest.raises(AlreadyDone):
        redaction.withdraw_consent(act, other)


def test_a_consent_withdrawn_after_a_redaction_was_ordered_orders_no_other(world: World) -> None:
    item = agreed(world, "internal_use")
    keeper = world.person("keeper", "custodian")
    with world.act(keeper) as act:
        redaction.redact_thing(act, item, "minor")
        withdrawn = redaction.withdraw_consent(act, item)
        assert consent.describe_consent(act.session, withdrawn)["withdrawn_on"] is not None
    with world.act(keeper) as act, pytest.raises(NotAgreed):
        consent.require_consent(act.session, world.session.get_one(Evidence, item), consent.PUBLISHING)


def test_sealed_fields_are_read_by_custodians_and_each_reading_is_written_down(world: World) -> None:
    old, new = bytes(range(32)), bytes(range(1, 33))
    sealer = Sealer([old], os.urandom)
    keeper = world.person("keeper", "custodian")
    with world.act(world.editor) as act:
        item = evidence.submit_evidence(act, submission(world))
        sealed_fields.keep_sealed_fields(act, item, {"creator": "A clerk"}, sealer)
        id = item.id
    with world.act(keeper) as act:
        assert sealed_fields.read_sealed_fields(act, id, sealer) == {
            "id": id,
            "submitted_by": world.editor.id,
            "sealed": {"creator": "A clerk"},
        }
    with world.act(world.approver) as act, pytest.raises(NotPermitted):
        sealed_fields.read_sealed_fields(act, id, sealer)
    with world.act(keeper) as act:
        assert sealed_fields.rotate_keys(act, Sealer([new, old], os.urandom), "", 10) == (1, id)
        assert sealed_fields.rotate_keys(act, Sealer([new, old], os.urandom), "", 10) == (0, id)
        assert sealed_fields.rotate_keys(act, Sealer([new, old], os.urandom), id, 10) == (0, None)
    with world.act(keeper) as act, pytest.raises(SealingUnavailable):
        sealed_fields.read_sealed_fields(act, id, sealer)
    with world.act(keeper) as act:
        box = act.session.get_one(SealedFields, id)
        box.content = box.content[:-1] + b"\0"
        act.audit("revise", id)
    with world.act(keeper) as act, pytest.raises(SealingUnavailable):
        sealed_fields.read_sealed_fields(act, id, Sealer([new], os.urandom))


def test_what_is_sealed_is_sent_once_and_answered_to_nobody(world: World, client: FlaskClient) -> None:
    world.person("keeper", "custodian")
    body = {
        "process": world.process,
        "title": "What somebody saw",
        "type": "testimony_summary",
        "acquired_from": "confidential_source",
        "sealed": {"creator": "zq a clerk"},
    }
    made = client.post("/v1/evidence", json=body, headers=world.headers("watcher"))
    assert made.status_code == 201
    assert "zq a clerk" not in made.get_data(as_text=True)
    path = f"/v1/evidence/{made.json['id']}/sealed/reading"
    read = client.post(path, json={}, headers=world.headers("keeper"))
    assert read.json["sealed"] == {"creator": "zq a clerk"}
    client.application.extensions["tracker"] = replace(
        client.application.extensions["tracker"],
        settings=replace(client.application.extensions["tracker"].settings, sealing_keys=None),
    )
    refused = client.post("/v1/evidence", json=body, headers=world.headers("watcher"))
    assert (refused.status_code, refused.json["type"]) == (503, "/problems/sealing-unavailable")
    assert len(client.get("/v1/evidence", headers=world.headers("watcher")).json["items"]) == 1


def test_the_names_of_files_are_wrapped_anew_as_well(world: World) -> None:
    old, new = bytes(range(32)), bytes(range(1, 33))
    both = Sealer([new, old], os.urandom)
    item = world.item(publish=False)
    given = Stored("0" * 32, 5, hashlib.sha256(b"bytes").hexdigest())
    arrived = custody.ReceivedFile(
        "evidentiary_copy", given, None, "text/plain", "a.txt", Sealer([old], os.urandom)
    )
    with world.act(world.editor) as act:
        file = custody.add_file(act, item, arrived).id
    with world.act(OPERATOR) as act:
        assert custody.rewrap_name(act, both, "", 10) == (1, file)
        assert custody.rewrap_name(act, both, "", 10) == (0, file)
        assert custody.rewrap_name(act, both, file, 10) == (0, None)
    found = world.session.get_one(EvidenceFile, file)
    assert custody.read_file_name(found, Sealer([new], os.urandom)) == "a.txt"
