"""What one has said: a watchdog its verdicts and what became of them, the desk what one proposed."""

from __future__ import annotations

from flask import Flask

from tests.web.desk.people import Browser
from tests.world import World
from tracker.actions import evidence
from tracker.domain.people import Actor


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


def submit(world: World, by: Actor, title: str) -> str:
    told = {"process_id": world.process, "title": title, "type": "media_report", "protection": "public"}
    with world.act(by) as act:
        made: str = evidence.submit_evidence(act, {**told, "acquired_from": "public_source"}).id
    return made


def test_a_watchdog_finds_what_is_public_and_proposes_its_verdict_with_its_own_items(
    app: Flask, world: World
) -> None:
    asked = world.recommendation("R1")
    hidden = world.recommendation("R2", publish=False)
    world.answer(asked, "implementation", "not_started", reason="The lead looked.")
    own = submit(world, world.watcher, "What we saw ourselves")
    theirs = world.item(title="What the desk keeps")
    watcher = Browser(app).enter(world, world.watcher)
    assert 'href="/en/desk/verdicts/new"' in watcher.read("/verdicts").text
    assert f"/en/desk/verdicts/new?process={world.process}" in watcher.read("/verdicts/new").text
    listed = watcher.read(f"/verdicts/new?process={world.process}&kind=recommendation").text
    assert f"/subjects/{asked}/propose" in listed
    assert hidden not in listed
    assert watcher.read(f"/subjects/{hidden}/propose").status_code == 404
    tracks = watcher.read(f"/subjects/{asked}/propose").text
    assert "track=implementation" in tracks
    assert "track=closure" not in tracks
    path = f"/subjects/{asked}/propose?track=implementation&state=underway"
    shown = watcher.read(path).text
    assert "The lead looked." in shown
    assert own in shown
    assert theirs not in shown
    typed = {"effective_on": "2026-11-01", "reason": "We counted.", "citations/0/evidence": own}
    sent = watcher.send(path, {**typed, "citations/0/stance": "supports"})
    assert sent.status_code == 303, sent.text
    assert "Waits for a decision" in watcher.read("/verdicts").text


def test_a_watchdog_replies_to_what_another_found_and_not_to_itself(app: Flask, world: World) -> None:
    asked = world.recommendation("R1")
    lead = world.answer(asked, "implementation", "not_started", reason="The lead looked.").id
    own = world.answer(asked, "implementation", "no_evidence", assessor=world.watchdog).id
    waiting = world.propose(asked, "implementation", "no_evidence").id
    watcher = Browser(app).enter(world, world.watcher)
    shown = watcher.read(f"/subjects/{asked}/propose?track=implementation").text
    assert f"/changes/{lead}/reply" in shown
    assert f"/changes/{own}/reply" not in shown
    assert [watcher.read(f"/changes/{one}/reply").status_code for one in (own, waiting)] == [404, 404]
    sent = watcher.send(
        f"/changes/{lead}/reply", {"effective_on": "2026-11-20", "reason": "It began in May."}
    )
    assert sent.status_code == 303, sent.text
    assert "It began in May." in watcher.read(sent.headers["Location"]).text
