"""An answer is about the thing as it was when it was proposed: where that was edited since, its approval is refused
until the decider names the version that they have read. Its publication, and what only explains it, do not count.
"""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.conftest import Clock
from tests.public.assertions import refused
from tests.public.test_first_days import revised
from tests.web.desk.people import Browser
from tests.world import World
from tracker.actions import revisions, statuses
from tracker.actions.support.lookup import MODELS
from tracker.domain import errors
from tracker.store.statuses import StatusChange


def propose(world: World, clock: Clock, **more: Any) -> tuple[str, str]:
    asked = world.recommendation("R1", text="Vet all.", **more)
    change = world.propose(asked, "implementation", "not_started").id
    clock.move(minutes=1)
    return asked, change


def approve(world: World, change: str, version: int | None = None) -> StatusChange:
    versions = None if version is None else {world.session.get_one(StatusChange, change).subject_id: version}
    with world.act(world.approver) as act:
        statuses.decide_status_change(act, change, "approve", versions=versions)
    return world.session.get_one(StatusChange, change)


@pytest.mark.parametrize("publish", [True, False])
def test_what_was_edited_since_is_read_again(world: World, clock: Clock, publish: bool) -> None:
    asked, change = propose(world, clock, publish=publish)
    if publish:
        revised(world, asked, text="Vet nobody.")
    else:
        version = world.session.get_one(MODELS["recommendation"], asked).version
        with world.act(world.editor) as act:
            revisions.edit_thing(act, asked, "recommendation", {"text": "Vet nobody."}, version)
    world.session.expire_all()
    now = world.session.get_one(MODELS["recommendation"], asked).version
    with refused(world, errors.StaleProposal, f"/versions/{asked}"):
        approve(world, change)
    with refused(world, errors.StaleProposal, f"/versions/{asked}"):
        approve(world, change, now - 1)
    assert approve(world, change, now).decision == "approved"


def test_what_helps_to_find_it_and_its_publication_do_not_count(world: World, clock: Clock) -> None:
    asked, change = propose(world, clock, publish=False)
    world.publish(asked)
    revised(world, asked, note="In the second list.", printed_number="7")
    assert approve(world, change).decision == "approved"


def test_the_desk_shows_what_changed_and_decides_on_what_it_shows(
    world: World, clock: Clock, app: Flask
) -> None:
    asked, change = propose(world, clock)
    browser = Browser(app).enter(world, world.approver)
    before = browser.read(f"/decide/{change}").text
    revised(world, asked, text="Vet nobody.")
    assert "This has changed since it was proposed" in browser.read(f"/decide/{change}").text
    assert "This has changed since it was proposed" not in before
    assert browser.send(f"/decide/{change}", {"decision": "approve", "note": ""}).status_code == 303
    world.session.expire_all()
    assert world.session.get_one(StatusChange, change).decision == "approved"
