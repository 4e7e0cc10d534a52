"""Deciding on a status that somebody proposed: by another person, on what was shown, and on to the next one."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask

from tests.conftest import Clock
from tests.revising import revise_record
from tests.web.desk.people import Browser
from tests.world import World
from tracker.store.statuses import StatusChange


@pytest.fixture
def browser(app: Flask, world: World) -> Browser:
    return Browser(app).enter(world, world.approver)


def propose(world: World, reference: str = "R1", **more: object) -> str:
    return world.propose(world.recommendation(reference), "implementation", "not_started", **more).id  # type: ignore[arg-type]


def decision_of(world: World, id: str) -> tuple[str, str | None]:
    world.session.rollback()
    world.session.expire_all()
    row = world.session.get_one(StatusChange, id)
    return row.decision, row.decision_note


def test_it_says_what_is_proposed_and_is_approved(browser: Browser, world: World) -> None:
    id = propose(world, reason="They <b>said</b> so.")
    shown = browser.read(f"/decide/{id}").text
    assert "They &lt;b&gt;said&lt;/b&gt; so." in shown
    assert "It cites no evidence." in shown
    assert "Take it back" not in shown
    assert "Proposed by <bdi>editor</bdi> on" in shown
    tried = browser.send(f"/decide/{id}", {"decision": "approve", ".try": "on"})
    assert "Everybody would then read:" in tried.text
    assert decision_of(world, id) == ("proposed", None)
    done = browser.send(f"/decide/{id}", {"decision": "approve", "note": ""})
    assert done.headers["Location"] == f"/en/desk/decide/{id}?done=decide"
    assert decision_of(world, id) == ("approved", None)
    after = browser.read(done.headers["Location"]).text
    assert "Your decision is recorded." in after
    assert '<form class="sheet"' not in after


def test_a_return_needs_a_note_and_what_was_typed_stays(browser: Browser, world: World) -> None:
    id = propose(world)
    bare = browser.send(f"/decide/{id}", {"decision": "return", "note": ""})
    assert bare.status_code == 422
    assert '<option value="return" selected>' in bare.text
    assert '<a href="#field-note">A note</a>' in bare.text
    browser.send(f"/decide/{id}", {"decision": "return", "note": "Which source?"})
    assert decision_of(world, id) == ("returned", "Which source?")


def test_nobody_decides_on_their_own_proposal(app: Flask, world: World) -> None:
    id = propose(world, proposer=world.reviewer)
    reviewer = Browser(app).enter(world, world.reviewer)
    assert "another person has to approve it" in reviewer.read(f"/decide/{id}").text
    assert reviewer.send(f"/decide/{id}", {"decision": "approve"}).status_code == 409
    assert reviewer.send(f"/decide/{id}", {"decision": "retract"}).status_code == 303
    assert decision_of(world, id)[0] == "retracted"


def test_a_decision_may_lead_to_what_waits_next(browser: Browser, world: World, clock: Clock) -> None:
    first = propose(world)
    clock.move(minutes=1)
    second = propose(world, "R2")
    on = browser.send(f"/decide/{first}", {"decision": "approve", ".next": "proposal"})
    assert on.headers["Location"] == "/en/desk/queue/next?kind=proposal&done=decide"
    assert browser.read(on.headers["Location"]).headers["Location"] == f"/en/desk/decide/{second}?done=decide"


def test_a_double_click_decides_once_and_leads_to_the_same_place(browser: Browser, world: World) -> None:
    id = propose(world)
    fields = browser.fields(f"/decide/{id}") | {"decision": "approve"}
    answers = [browser.post(f"/decide/{id}", fields) for _click in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert len({one.headers["Location"] for one in answers}) == 1


def test_a_decision_is_about_what_was_shown(browser: Browser, world: World) -> None:
    item = world.item(state=None)
    id = world.propose(item, "verification", "verified", proposer=world.reviewer).id
    before = browser.fields(f"/decide/{id}") | {"decision": "approve"}
    with world.act(world.editor) as act:
        revise_record(act, item, "evidence", {"title": "Another title"}, None)
    world.decide(item, by=world.reviewer, kind="revision") if world.waiting(item, "revision") else None
    stale = browser.post(f"/decide/{id}", before)
    assert stale.status_code == 409
    assert decision_of(world, id)[0] == "proposed"
    assert "This has changed since it was proposed" in stale.text
    again = browser.send(f"/decide/{id}", {"decision": "approve"})
    assert again.status_code == 303


def test_what_was_approved_is_corrected_once_by_who_said_it(app: Flask, world: World) -> None:
    asked = world.recommendation("R1")
    wrong = world.answer(asked, "implementation", "not_implemented", reason="We misread it.").id
    editor = Browser(app).enter(world, world.editor)
    today = editor.read(f"/subjects/{asked}/propose?track=implementation").text
    assert f'<a href="/en/desk/decide/{wrong}">To the decision</a>' in today
    (link,) = re.findall(
        r'href="(/en/desk/subjects/[^"]+corrects=[^"]+)"', editor.read(f"/decide/{wrong}").text
    )
    states = editor.read(unescape(link)).text
    assert "You correct what was said." in states
    (form,) = re.findall(r'href="(/en/desk/[^"]+state=not_assessed[^"]*)"', states)
    assert 'value="2025-06-01"' in editor.read(unescape(form)).text, "of the day of what it corrects"
    typed = {"effective_on": "2025-06-01", "reason": "It was of another committee."}
    sent = editor.send(unescape(form), typed)
    assert sent.status_code == 303, sent.text
    made = sent.headers["Location"].rpartition("/")[2].partition("?")[0]
    approver = Browser(app).enter(world, world.approver)
    assert approver.send(f"/decide/{made}", {"decision": "approve"}).status_code == 303
    assert "corrects=" not in editor.read(f"/decide/{wrong}").text, "it was corrected already"
    assert "corrects=" not in approver.read(f"/decide/{made}").text, "who approves proposes nothing"


def test_what_confirms_an_item_is_asked_for_from_elsewhere_than_the_item(app: Flask, world: World) -> None:
    item = world.item()
    desk = Browser(app).enter(world, world.reviewer)
    asked = f"/subjects/{item}/propose?track=verification"
    shown = unescape(desk.read(asked).text)
    assert "not from where the item itself comes from" in shown
    assert "asked to act" not in shown
    public = app.test_client().get("/en/about/methodology").text
    assert public.count("not from where the item itself comes from") == 1
    recommendation = world.recommendation("R1")
    assert "asked to act" in desk.read(f"/subjects/{recommendation}/propose?track=implementation").text
