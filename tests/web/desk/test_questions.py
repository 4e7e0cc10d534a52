"""Questions at the desk: one side asks about an item, the other finds it in its queue and answers."""

from __future__ import annotations

from flask import Flask

from tests.web.desk.people import Browser
from tests.world import World
from tracker.actions import evidence


def test_the_desk_asks_and_the_watchdog_answers_from_its_queue(app: Flask, world: World) -> None:
    data = {"process_id": world.process, "title": "A clip", "type": "video", "acquired_from": "own_staff"}
    with world.act(world.watcher) as act:
        item = evidence.submit_evidence(act, data).id
    desk, watchdog = (Browser(app).enter(world, one) for one in (world.editor, world.watcher))
    path = f"/evidence/{item}/question"
    assert desk.send(path, {"text": ""}).status_code == 422
    asked = desk.send(path, {"text": "Where was it filmed?"})
    assert "waits for an answer" in desk.read(asked.headers["Location"]).text
    opened = watchdog.read("/queue/next?kind=question").headers["Location"]
    assert "Where was it filmed?" in watchdog.read(opened).text
    assert '<form class="sheet"' not in desk.read(opened).text
    assert desk.send(opened, {"text": "On the roof."}).status_code == 409
    assert watchdog.send(opened, {"text": "On the roof."}).status_code == 303
    page = desk.read(opened).text
    assert "On the roof." in page
    assert '<form class="sheet"' not in page
    assert "answered</span>" in watchdog.read(f"/things/{item}").text
    assert (
        Browser(app)
        .enter(world, world.person("stranger", "watchdog", organization=world.press))
        .read(opened)
        .status_code
        == 404
    )
