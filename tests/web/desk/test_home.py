"""The home of the desk: what waits, as sentences, with how many there are and for how long the oldest has waited."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Flask

from tests.conftest import Clock
from tests.web.desk.people import Browser
from tests.world import World
from tracker.actions import people
from tracker.actions.people import OPERATOR
from tracker.domain.work_queue import KINDS
from tracker.languages.tasks import TASKS


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


def test_where_nothing_waits_the_first_page_leads_to_the_records(app: Flask, world: World) -> None:
    leads = 'Nothing waits for you. <a href="/en/desk/records">To the records</a>'
    assert leads in Browser(app).enter(world, world.editor).read("/").text
    assert leads not in Browser(app).enter(world, world.admin).read("/").text


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


def test_who_has_not_answered_and_what_nobody_verified_are_lines_that_lead_to_lists(
    app: Flask, world: World, clock: Clock
) -> None:
    asked = world.recommendation("R1", addressees=[{"organization_id": world.ministry}])
    world.answer(asked, "response", "awaiting", addressee=world.ministry, confirms=True)
    other = world.recommendation("R2")
    world.answer(other, "implementation", "not_started", effective_on=date(2026, 11, 20))
    editor = Browser(app).enter(world, world.editor)
    assert "Ask again for an answer that did not come</a>" in editor.read("/").text
    clock.move(days=1_000)
    editor.enter(world, world.editor)
    home = editor.read("/").text
    assert "Look again at <bdi>2</bdi> statuses that nobody has verified for too long</a>" in home
    silent = editor.read("/silence").text
    assert "<bdi>Ministry</bdi>: <bdi>1</bdi> answer did not come" in silent
    assert f"/things/{asked}" in silent
    assert f"/things/{other}" not in silent
    assert "Nobody is silent here." in editor.read("/silence?kind=committee").text
    stale = editor.read(f"/stale?process={world.process}").text
    assert f"/subjects/{other}/propose?track=implementation&amp;state=not_started" in stale


def test_an_account_that_is_limited_counts_its_own_processes_alone(app: Flask, world: World) -> None:
    asked = world.recommendation("R1")
    world.answer(asked, "response", "awaiting", addressee=world.government, confirms=True)
    elsewhere = world.make_process("elsewhere")
    for process, sees in ((world.process, True), (elsewhere, False)):
        with world.act(OPERATOR) as act:
            limited = people.add_person(act, f"of {process}", ["editor"], None, [process]).actor
        browser = Browser(app).enter(world, limited)
        assert ("did not come" in browser.read("/").text) == sees
        assert (f"/things/{asked}" in browser.read("/silence").text) == sees
