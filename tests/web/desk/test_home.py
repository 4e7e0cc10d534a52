"""The home of the desk: what waits, as sentences, with how many there are and for how long the oldest has waited."""

from __future__ import annotations

from datetime import timedelta

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
    assert "Decide a proposed status</a>" in approver
    assert "The oldest has waited for <bdi>4</bdi> days." in approver
    editor = Browser(app).enter(world, world.editor).read("/").text
    assert "proposed status" not in editor
    assert "Nothing waits for you." in Browser(app).enter(world, world.admin).read("/").text


def test_what_is_due_soon_and_what_is_not_public_yet_stands_below(app: Flask, world: World) -> None:
    today = world.clock().date()
    soon = world.deadline(rule=None, due_on=today + timedelta(days=14), title="Answer to the letter")
    world.deadline(rule=None, due_on=today + timedelta(days=15), title="Later")
    world.deadline(rule=None, due_on=today - timedelta(days=1), title="Over")
    world.recommendation("R1", publish=False)
    editor = Browser(app).enter(world, world.editor).read("/").text
    below = editor.partition("Due within <bdi>14</bdi> days")[2]
    assert f'/things/{soon}"><bdi>Answer to the letter</bdi>' in below
    assert "Later" not in editor
    assert "<bdi>Over</bdi>" not in below
    assert "A draft is not public yet" in below
    assert "not public yet" not in Browser(app).enter(world, world.watcher).read("/").text


def test_a_date_of_which_something_came_is_not_due(app: Flask, world: World) -> None:
    today = world.clock().date()
    met = world.deadline(rule=None, set_on=today - timedelta(days=9), due_on=today + timedelta(days=3))
    editor = Browser(app).enter(world, world.editor)
    assert "Due within" in editor.read("/").text
    world.answer(met, "outcome", "met", cites=(world.item(),), effective_on=today)
    assert "Due within" not in editor.read("/").text
