"""Proposing a status, and deciding on proposals of every kind: what is demanded and missing, what would follow before
it is sent, what has changed since, and who decides.
"""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.revising import revise_record
from tests.web.desk.people import Browser
from tests.world import World
from tracker.actions import publication, revisions
from tracker.store.statuses import StatusChange


@pytest.fixture
def editor(app: Flask, world: World) -> Browser:
    return Browser(app).enter(world, world.editor)


@pytest.fixture
def approver(app: Flask, world: World) -> Browser:
    return Browser(app).enter(world, world.approver)


def test_a_status_is_chosen_step_by_step_and_its_demands_are_tasks(editor: Browser, world: World) -> None:
    asked, item = world.recommendation("R1"), world.item(state=None)
    page = f"/subjects/{asked}/propose"
    assert f'href="/en/desk{page}?track=implementation"' in editor.read(page).text
    assert f"addressee={world.government}" in editor.read(f"{page}?track=response").text
    states = editor.read(f"{page}?track=implementation").text
    assert f'href="/en/desk{page}?track=implementation&amp;state=partly_implemented"' in states
    world.answer(asked, "implementation", "not_started")
    states = editor.read(f"{page}?track=implementation").text
    assert "state=regressed" not in states, "no move leads there"
    chosen = editor.read(f"{page}?track=implementation&state=partly_implemented&cites={item}").text
    assert "missing: <bdi>0</bdi> given" in chosen
    assert "It is not verified yet." in chosen
    assert f'href="/en/desk/subjects/{item}/propose?track=verification"' in chosen
    waits = world.propose(item, "verification", "verified", proposer=world.reviewer).id
    chosen = editor.read(f"{page}?track=implementation&state=partly_implemented&cites={item}").text
    assert f'href="/en/desk/decide/{waits}"' in chosen


def test_what_would_follow_is_shown_before_it_is_sent(editor: Browser, world: World) -> None:
    asked, item = world.recommendation("R1"), world.item()
    page = f"/subjects/{asked}/propose?track=implementation&state=partly_implemented&cites={item}"
    cites = {"citations/0/evidence": item, "citations/0/stance": "supports"}
    typed = {"reason": "The decree is in force.", "effective_on": "2025-06-01"}
    tried = editor.send(page, typed | cites, **{"try": "on"}).text
    assert "Everybody would then read:" in tried
    typed_alone = editor.send(page.partition("&cites")[0], typed | cites, **{"try": "on"}).text
    assert "missing:" not in typed_alone, "what is cited in the form counts"
    assert "The decree is in force." in tried, "what was typed stays"
    assert world.session.query(StatusChange).filter_by(subject_id=asked).count() == 0
    world.session.rollback()
    sent = editor.send(page, typed | cites)
    shown = editor.read(sent.headers["Location"]).text
    assert "It is decided by: Approver." in shown
    assert "You proposed this on" in shown
    assert '<option value="approve">' not in shown
    assert '<option value="retract">' in shown
    refused = editor.send(page, {**typed, "reason": "So it is."})
    assert refused.status_code == 409
    assert "So it is." in refused.text


def test_what_stands_is_confirmed(editor: Browser, world: World) -> None:
    asked = world.recommendation("R1")
    world.answer(asked, "implementation", "not_started")
    page = f"/subjects/{asked}/propose?track=implementation&state=not_started"
    assert "Because it is so." in editor.read(page).text, "what everybody says today stands beside it"
    editor.send(page, {"reason": "Still nothing.", "effective_on": "2025-06-02"})
    (change,) = world.session.query(StatusChange).filter_by(subject_id=asked, decision="proposed").all()
    assert change.act == "confirmation"


def test_what_is_returned_can_be_proposed_once_more(approver: Browser, editor: Browser, world: World) -> None:
    asked, item = world.recommendation("R1"), world.item()
    change = world.propose(asked, "implementation", "partly_implemented", cites=(item,)).id
    approver.send(f"/decide/{change}", {"decision": "return", "note": "Say which decree."})
    shown = editor.read(f"/decide/{change}").text
    assert "Say which decree." in shown
    again = f"/subjects/{asked}/propose?track=implementation&amp;state=partly_implemented"
    assert f"{again}&amp;assessor={world.lead}&amp;cites={item}" in shown


def test_what_changed_meanwhile_is_shown_and_asked_again(approver: Browser, world: World) -> None:
    asked = world.recommendation("R1")
    with world.act(world.editor) as act:
        edit = {"title": "Vet all", "reason": "Misread."}
        page = f"/decide/{revisions.edit_thing(act, asked, 'recommendation', edit, None).id}"
    shown = approver.read(page).text
    assert re.search(
        r"<th scope=\"row\">Title</th><td[^>]*>Recommendation R1</td><td[^>]*>Vet all</td>", shown
    )
    before = approver.fields(page)
    with world.act(world.editor) as act:
        revise_record(act, asked, "recommendation", {"title": "Vet them"}, None)
    stale = approver.post(page, {**before, "decision": "approve"})
    assert stale.status_code == 409
    assert "This has changed since it was proposed" in stale.text
    assert "<p>Changed in it: Title</p>" in stale.text
    assert "is at version" not in stale.text.partition("This was not done")[0]
    assert approver.send(page, {"decision": "approve"}).status_code == 303
    decided = approver.read(page).text
    assert "Approved" in decided
    assert 'href="/en/desk/queue/next?kind=revision"' in decided
    assert f'href="/en/desk/things/{asked}">To what it is about' in decided


def test_what_is_proposed_is_said_in_words(approver: Browser, world: World) -> None:
    asked = world.recommendation("R1")
    with world.act(world.editor) as act:
        edit = {
            "addressees": [{"organization_id": world.ministry, "role": "oversight"}],
            "reason": "Misread.",
        }
        page = f"/decide/{revisions.edit_thing(act, asked, 'recommendation', edit, None).id}"
    shown = approver.read(page).text
    assert "Organization: Ministry, Role: Oversight" in shown
    arabic = Browser(approver.app, "ar")
    arabic.client = approver.client
    assert "Ministry، " in arabic.read(page).text
    assert "Correction: it was wrong from the start" in shown


def test_what_comes_from_a_watchdog_waits_for_its_release_and_says_so(
    approver: Browser, world: World
) -> None:
    item = world.item(publish=False, acquired_from="own_staff")
    with world.act(world.editor) as act:
        page = f"/decide/{publication.propose_publication(act, [item]).id}"
    assert "waits for its release" not in approver.read(page).text
    assert approver.send(page, {"decision": "approve"}).status_code == 303
    assert "is not public yet: it waits for its release" in approver.read(page).text
    assert "It is not public yet: it waits for its release" in approver.read(f"/things/{item}").text
    verified = approver.read(page).text
    assert "Unevidenced" not in verified, "a verification needs no other item"


def test_who_cannot_decide_is_told_who_does(editor: Browser, app: Flask, world: World) -> None:
    item = world.item(protection="confidential", publish=False)
    world.protect(item, "public", by=world.editor)
    waits = world.waiting(item)
    assert waits is not None
    shown = Browser(app).enter(world, world.reviewer).read(f"/decide/{waits.id}").text
    assert "It may be approved from" in shown
    other = Browser(app).enter(world, world.person("second", "editor")).read(f"/decide/{waits.id}").text
    assert '<option value="retract">' in other, "whoever may propose it may cancel it"
    watcher = Browser(app).enter(world, world.watcher)
    assert watcher.read(f"/decide/{waits.id}").status_code == 404
