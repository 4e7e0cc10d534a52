"""Reviewing an item at the desk: what it is, what shows the same, what rests on it, and questions to the watchdog."""

from __future__ import annotations

from typing import Any, cast

from flask import Flask

from tests.web.desk.people import Browser
from tests.world import World
from tracker.actions import custody, evidence
from tracker.domain.people import Actor
from tracker.http.context import Context
from tracker.store.custody import CustodyEvent


def submit(world: World, by: Actor | None = None, **more: Any) -> str:
    data = {
        **more,
        "process_id": world.process,
        "title": "A <grave> was found",
        "type": "media_report",
        "acquired_from": "public_source",
        "source_url": "https://press.example/1",
    }
    with world.act(by or world.watcher) as act:
        return evidence.submit_evidence(act, data).id


def test_an_item_is_opened_from_the_queue_and_says_what_is_to_be_known(app: Flask, world: World) -> None:
    item, other = submit(world), world.item(source_url="http://www.press.example/1", title="The same")
    world.propose(world.recommendation("R1"), "implementation", "not_started", cites=(item,))
    editor = Browser(app).enter(world, world.editor)
    assert editor.read("/queue/next?kind=review").headers["Location"] == f"/en/desk/evidence/{item}"
    shown = editor.read(f"/evidence/{item}").text
    assert "<h1>A &lt;grave&gt; was found</h1>" in shown
    assert f'/evidence/{other}"><bdi>The same</bdi>' in shown, "it has the same address"
    assert "<bdi>Recommendation R1</bdi>" in shown
    assert f'href="/en/desk/subjects/{item}/propose?track=verification"' in shown
    assert "<dt>Address of the source</dt>" in shown
    waits = world.propose(item, "verification", "verified", proposer=world.reviewer).id
    assert f'href="/en/desk/things/{item}"' in shown
    thing = editor.read(f"/things/{item}").text
    assert f'href="/en/desk/evidence/{item}"' in thing
    assert f'href="/en/desk/decide/{waits}">A status is proposed' in thing
    approver = Browser(app).enter(world, world.approver)
    assert "/propose" not in approver.read(f"/evidence/{item}").text
    assert "nobody to ask" in approver.read(f"/evidence/{other}").text


def test_what_the_desk_recorded_in_the_name_of_a_watchdog_says_so_to_both(app: Flask, world: World) -> None:
    own, others = submit(world), submit(world, world.editor, watchdog_id=world.watchdog)
    words = "Recorded in the name of the watchdog by: the desk"
    reviewer, watcher = (Browser(app).enter(world, who) for who in (world.reviewer, world.watcher))
    assert words in reviewer.read(f"/evidence/{others}").text
    for reader in (reviewer, watcher):
        assert words in reader.read(f"/things/{others}").text
        assert words not in reader.read(f"/things/{own}").text


def test_desk_and_watchdog_ask_each_other(app: Flask, world: World) -> None:
    item = submit(world)
    editor, watcher = (Browser(app).enter(world, who) for who in (world.editor, world.watcher))
    assert f'href="/en/desk/evidence/{item}/question"' in editor.read(f"/evidence/{item}").text
    editor.send(f"/evidence/{item}/question", {"text": "Who <took> it?"})
    page = watcher.read("/queue/next?kind=question").headers["Location"]
    assert "Who &lt;took&gt; it?" in watcher.read(page).text
    assert watcher.send(page, {"text": "Our own staff."}).status_code == 303
    assert "Our own staff." in editor.read(f"/evidence/{item}").text
    assert watcher.read(f"/evidence/{item}").status_code == 403


def test_a_file_is_only_saved_and_who_reads_it_stands_in_its_custody(app: Flask, world: World) -> None:
    item, known = submit(world), cast("Context", app.extensions["tracker"])
    assert known.files is not None
    stored = known.files.put([b"<script>alert(1)</script>"], 100)
    with world.act(world.watcher) as act:
        given = custody.ReceivedFile("evidentiary_copy", stored, None, "text/html")
        file = custody.add_file(act, item, given).id
    page = f"/evidence/{item}/files/{file}"
    editor, watcher = (Browser(app).enter(world, who) for who in (world.editor, world.watcher))
    assert f'href="/en/desk{page}"' in editor.read(f"/evidence/{item}").text
    assert f'href="/en/desk{page}"' in watcher.read(f"/things/{item}").text
    assert editor.read(page).status_code == 200
    assert count_readings(world, file) == 0, "looking at what is known of a file reads nothing of it"
    sent = editor.send(page, {})
    assert sent.data == b"<script>alert(1)</script>"
    assert sent.content_type == "application/octet-stream"
    assert sent.headers["Content-Disposition"] == f'attachment; filename="{file}.bin"'
    assert sent.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert sent.headers["Cache-Control"] == "no-store"
    assert count_readings(world, file) == 1
    stranger = Browser(app).enter(world, world.person("other", "watchdog", organization=world.press))
    assert stranger.read(page).status_code == 404
    assert stranger.post(page, stranger.fields("/account/password")).status_code == 404
    assert count_readings(world, file) == 1


def count_readings(world: World, file: str) -> int:
    world.session.rollback()  # what others wrote since is seen
    return world.session.query(CustodyEvent).filter_by(file_id=file, type="access").count()
