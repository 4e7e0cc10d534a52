"""What those whom an item speaks of agreed to is looked at at every disclosure, on the day on which it happens: when a
file is read, a copy approved, an item handed over, and again when a link is followed.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.actions.test_protection import agreed
from tests.world import World
from tracker.actions import custody, redaction
from tracker.domain.errors import NotAgreed
from tracker.domain.people import Actor
from tracker.files.files import Stored
from tracker.store.custody import CustodyEvent


@pytest.fixture
def keepers(world: World) -> tuple[Actor, Actor]:
    return world.person("keeper", "custodian"), world.person("second keeper", "custodian")


def filed(world: World, item: str, role: str = "evidentiary_copy") -> str:
    with world.act(world.editor) as act:
        given = Stored(f"{role:_<32}", 5, role.ljust(64, "0"))
        return custody.add_file(act, item, custody.ReceivedFile(role, given, None, "text/plain")).id


def outcome(allowed: bool) -> AbstractContextManager[Any]:
    return nullcontext() if allowed else pytest.raises(NotAgreed)


@pytest.mark.parametrize("basis", ["informed_consent", "public_interest_open_source"])
@pytest.mark.parametrize(
    "purpose",
    ["internal_use", "share_with_inquiry", "share_with_courts", "publish_anonymised", "publish_attributed"],
)
def test_each_disclosure_takes_its_own_purpose(
    world: World, keepers: tuple[Actor, Actor], purpose: str, basis: str
) -> None:
    item = agreed(world, purpose, basis=basis)
    file, copy = filed(world, item), filed(world, item, "public_derivative")
    keeper = keepers[0]
    steps: list[tuple[Actor, str, Callable[..., Any], tuple[str, ...]]] = [
        (world.reviewer, "internal_use", custody.read_file, (item, file)),
        (keeper, "share_with_courts", custody.hand_over, (item, "court")),
        (keeper, "share_with_inquiry", custody.hand_over, (item, "inquiry")),
        (world.approver, "publish", custody.approve_copy, (item, copy)),
    ]
    for by, needed, step, given in steps:
        allowed = basis != "informed_consent" or purpose.startswith(needed)
        with world.act(by) as act, outcome(allowed):
            step(act, *given)
    with world.act(keeper) as act:
        custody.read_file(act, item, file)  # whoever destroys it may look at it
    last = world.session.query(CustodyEvent).filter_by(evidence_id=item, type="transfer").all()
    assert all(one.detail["recipient"] in ("court", "inquiry") for one in last)


def test_what_was_withdrawn_is_read_by_custodians_alone_and_handed_over_to_nobody(
    world: World, keepers: tuple[Actor, Actor]
) -> None:
    item = agreed(world, "internal_use", "share_with_courts", "share_with_inquiry", "publish_attributed")
    file = filed(world, item)
    with world.act(keepers[0]) as act:
        redaction.withdraw_consent(act, item)
    for recipient in ("court", "inquiry"):
        with world.act(keepers[0]) as act, pytest.raises(NotAgreed):
            custody.hand_over(act, item, recipient)
    with world.act(keepers[0]) as act:
        custody.read_file(act, item, file)


def test_what_another_custodian_holds_leaves_for_a_court_whatever_was_agreed_to(
    world: World, keepers: tuple[Actor, Actor]
) -> None:
    item = agreed(world, "internal_use", "share_with_inquiry")
    with world.act(keepers[0]) as act:
        redaction.hold_thing(act, item, "Case 12", placed=True)
        custody.hand_over(act, item, "inquiry")  # a hold forbids nothing
        redaction.withdraw_consent(act, item)
    for by, recipient, allowed in (
        (keepers[0], "court", False),  # nobody says alone that a court ordered it
        (keepers[1], "inquiry", False),
        (keepers[1], "court", True),
    ):
        with world.act(by) as act, outcome(allowed):
            custody.hand_over(act, item, recipient)


def test_a_link_is_followed_only_while_they_agree(world: World, client: FlaskClient) -> None:
    world.person("keeper", "custodian")
    world.person("second keeper", "custodian")
    item = agreed(world, "internal_use", "share_with_courts")
    file = filed(world, item)
    reader, keeper = world.headers("approver"), world.headers("keeper")
    read = client.post(f"/v1/evidence/{item}/files/{file}/access", headers=reader).json["link"]
    refused = client.post(f"/v1/evidence/{item}/package", json={"recipient": "inquiry"}, headers=keeper)
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/not-agreed")
    fetched = client.post(f"/v1/evidence/{item}/package", json={"recipient": "court"}, headers=keeper).json[
        "link"
    ]
    client.post(f"/v1/evidence/{item}/consent/withdrawal", json={}, headers=keeper)
    assert client.get(read, headers=reader).status_code == 404  # it is sealed at once
    refused = client.get(fetched, headers=keeper)
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/not-agreed")
    held = {"held": True, "reason": "Case 12"}
    client.post(f"/v1/subjects/{item}/hold", json=held, headers=world.headers("second keeper"))
    again = client.get(fetched, headers=keeper)
    assert again.status_code == 200
    again.close()
