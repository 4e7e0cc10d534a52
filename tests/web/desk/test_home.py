"""The home of the desk: what waits, as sentences, with how many there are and for how long the oldest has waited."""

from __future__ import annotations

from flask import Flask

from tests.conftest import Clock
from tests.web.desk.people import Browser
from tests.world import World
from tracker.domain.work_queue import KINDS
from tracker.web.desk.home import TASKS


def test_each_kind_of_the_queue_is_a_sentence() -> None:
    assert set(TASKS) == set(KINDS)


def test_what_waits_is_said_to_whom_it_waits_for(app: Flask, world: World, clock: Clock) -> None:
    recommendation = world.recommendation("R1")
    world.propose(recommendation, "implementation", "not_started")
    world.item(state=None)
    clock.move(days=4)
    approver = Browser(app).enter(world, world.approver).read("/").text
    assert "Decide <bdi>1</bdi> proposed status</a>" in approver
    assert "The oldest has waited for <bdi>4</bdi> days." in approver
    editor = Browser(app).enter(world, world.editor).read("/").text
    assert "proposed status" not in editor
    assert "Nothing waits for you." in Browser(app).enter(world, world.admin).read("/").text
