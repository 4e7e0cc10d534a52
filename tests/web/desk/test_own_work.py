"""What one has said: a watchdog its verdicts and what became of them, the desk what one proposed."""

from __future__ import annotations

from flask import Flask

from tests.web.desk.people import Browser
from tests.world import World


def test_everybody_finds_what_they_said_and_takes_back_what_is_not_decided(app: Flask, world: World) -> None:
    asked = world.recommendation("R1")
    own = world.propose(asked, "implementation", "no_evidence", proposer=world.watcher).id
    lead = world.propose(asked, "implementation", "not_started").id
    watcher, approver = (Browser(app).enter(world, one) for one in (world.watcher, world.approver))
    shown = watcher.read("/verdicts").text
    assert f'href="/en/desk/decide/{own}"' in shown
    assert f"/decide/{lead}" not in shown
    assert "Recommendation R1" in shown
    assert watcher.send(f"/decide/{own}", {"decision": "retract"}).status_code == 303
    assert "Taken back" in watcher.read("/verdicts").text
    proposer = Browser(app).enter(world, world.editor)
    assert f"/decide/{lead}" in proposer.read("/verdicts").text
    assert approver.read("/verdicts").status_code == 403
