"""Watchdogs at the desk: the desk registers one, and an admin says for how long it may write."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.desk.people import Browser
from tests.world import World
from tracker.store.watchdogs import find_registration


@pytest.fixture
def editor(app: Flask, world: World) -> Browser:
    return Browser(app).enter(world, world.editor)


def test_the_desk_registers_an_organization_from_its_page(editor: Browser, world: World) -> None:
    page = f"/organizations/{world.press}/watchdog"
    assert (
        f'href="/en/desk{page}">Register it as a watchdog</a>' in editor.read(f"/things/{world.press}").text
    )
    refused = editor.send(page, {"since": "3000"})
    assert (refused.status_code, 'value="3000"' in refused.text) == (422, True)
    done = editor.send(page, {"since": "2025-03", "conflicts": "Its head was a member."})
    assert done.headers["Location"] == f"/en/desk/things/{world.press}?done=registration"
    shown = editor.read(f"/things/{world.press}").text
    assert "It may submit evidence and hold verdicts." in shown
    assert "Register it as a watchdog" not in shown
    assert editor.send(page, {"since": "2025-03"}).status_code == 409


def test_an_admin_suspends_a_watchdog_with_a_reason_and_lets_it_write_again(
    app: Flask, editor: Browser, world: World
) -> None:
    admin, watcher = (Browser(app).enter(world, one) for one in (world.admin, world.watcher))
    page = f"/watchdogs/{world.watchdog}/standing"
    assert f'href="/en/desk{page}"' in admin.read("/watchdogs").text
    assert "/standing" not in editor.read("/watchdogs").text
    assert (editor.read(page).status_code, watcher.read("/watchdogs").status_code) == (403, 403)
    assert admin.send(page, {"standing": "suspended"}).status_code == 422, "no reason is given"
    item = {"process": world.process, "title": "A clip", "type": "video", "acquired_from": "own_staff"}
    for standing, status in (("suspended", 403), ("registered", 303)):
        done = admin.send(page, {"standing": standing, "reason": "It was found to be paid."})
        assert done.headers["Location"] == "/en/desk/watchdogs?done=standing"
        assert find_registration(world.session, world.watchdog) == standing
        world.session.rollback()
        assert watcher.send("/records/evidence/new", item).status_code == status
