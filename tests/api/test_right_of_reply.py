"""The right of reply: an authority that was invited answers what was asked of it and replies to verdicts on that, over
REST and at the desk, and does nothing else.
"""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask

from tests.api.factories import Stage
from tests.web.desk.people import Browser
from tests.world import World
from tracker.actions import people, redaction
from tracker.actions.people import OPERATOR
from tracker.domain.errors import InvalidInput
from tracker.store.recommendations import AnswerGiven

SAID = {"state": "accepted_in_part", "text": "We accept it but for the port."}


@pytest.fixture
def asked(stage: Stage) -> str:
    """A recommendation to the government, of which there is an account, with a verdict of a watchdog."""
    world = stage.world
    world.person("minister", "respondent", organization=world.government)
    world.person("officer", "respondent", organization=world.ministry)
    made = world.recommendation("R7")
    change = world.answer(
        made, "implementation", "not_started", proposer=world.watcher, assessor=world.watchdog
    )
    stage.ids |= {"asked": made, "verdict": change.id}
    return made


def reply(stage: Stage, by: str, id: str = "{verdict}") -> Any:
    return stage.send("POST", f"/v1/status-changes/{id}/reply", {"reason": "We began in May."}, by=by)


def test_an_answer_is_an_item_that_the_desk_reviews(stage: Stage, asked: str) -> None:
    world = stage.world
    made = stage.post(f"/v1/recommendations/{asked}/answer", SAID, by="minister")
    assert made["title"] == "Government: Accepted in part (R7)"
    assert (made["description"], made["publisher"]) == (SAID["text"], world.government)
    assert (made["type"], made["publication"]) == ("official_document", "draft")
    waits = stage.get("/v1/queue?kind=review", by="editor")["items"]
    assert made["id"] in {one["subject"] for one in waits}
    assert [one["id"] for one in stage.get("/v1/evidence", by="minister")["items"]] == [made["id"]]
    assert stage.get("/v1/evidence", by="officer")["items"] == []
    world.verify(made["id"], "verified")
    world.publish(made["id"])
    world.release(made["id"])
    accepted = {"state": "accepted_in_part", "cites": (made["id"],), "addressee": world.government}
    world.answer(asked, "response", accepted["state"], cites=accepted["cites"], addressee=world.government)


def test_a_reply_waits_for_another_person_and_stands_beside_the_verdict(stage: Stage, asked: str) -> None:
    made = reply(stage, "minister")
    assert made.status_code == 201
    assert (made.json["replies_to"], made.json["assessor"]) == (stage.ids["verdict"], stage.world.government)
    stage.post(
        f"/v1/status-changes/{made.json['id']}/decision", {"decision": "approve"}, by="approver", status=200
    )
    said = stage.get(f"/v1/public/recommendations/{asked}")["standing"]
    (shown,) = next(one for one in said if one["track"] == "implementation")["others"]
    assert [one["reason"] for one in shown["replies"]] == ["We began in May."]


def test_what_is_not_asked_of_it_is_not_there(stage: Stage, asked: str) -> None:
    """Not another's recommendation, no draft, nothing that waits, no reply; and no other act."""
    world = stage.world
    draft = world.recommendation("R8", publish=False)
    for by, id in (("officer", asked), ("minister", draft)):
        assert stage.send("POST", f"/v1/recommendations/{id}/answer", SAID, by=by).status_code == 404
    assert reply(stage, "officer").status_code == 404
    waits = world.propose(asked, "implementation", "not_started")
    assert reply(stage, "minister", waits.id).status_code == 404
    world.propose(asked, "implementation", "underway", assessor=world.government, cites=(world.item(),))
    assert stage.get("/v1/status-changes", by="minister")["items"] == []
    own = reply(stage, "minister").json["id"]
    assert reply(stage, "minister", own).status_code == 404
    evidence = {"process": world.process, "title": "x", "type": "photo", "acquired_from": "official"}
    for path, body in (
        ("/v1/evidence", evidence),
        ("/v1/status-changes", {"subject": asked, "track": "implementation", "state": "implemented"}),
        ("/v1/recommendations", {}),
    ):
        assert stage.send("POST", path, body, by="minister").status_code == 403
    assert stage.send("POST", f"/v1/recommendations/{asked}/answer", SAID, by="editor").status_code == 403
    with pytest.raises(InvalidInput, match="speaks for an organization"), world.act(OPERATOR) as act:
        people.add_person(act, "nobody's", ("respondent",))


def test_at_the_desk_it_answers_and_replies(app: Flask, world: World, stage: Stage, asked: str) -> None:
    actor = people.people.find_person_by_name(world.session, "minister")
    assert actor is not None
    browser = Browser(app).enter(world, actor.actor)
    assert f'href="/en/desk/asked/{asked}"' in browser.read("/asked").text
    page = browser.read(f"/asked/{asked}").text
    (link,) = re.findall(r'href="/en/desk(/verdicts/chg_\w+/reply)"', page)
    assert browser.send(f"/asked/{asked}", {"state": "accepted"}).status_code == 422
    assert browser.send(f"/asked/{asked}", SAID).status_code == 303
    assert browser.send(link, {"reason": "We began in May."}).status_code == 303
    assert len(stage.get("/v1/status-changes", by="minister")["items"]) == 1
    other = people.people.find_person_by_name(world.session, "officer")
    assert other is not None
    stranger = Browser(app).enter(world, other.actor)
    assert "Nothing public is addressed to your organization." in stranger.read("/asked").text
    assert [stranger.read(one).status_code for one in (f"/asked/{asked}", link)] == [404, 404]


def test_an_answer_comes_with_its_file_names_what_it_answers_and_has_a_day(
    app: Flask, world: World, stage: Stage, asked: str
) -> None:
    for days in (30, 20):
        world.deadline(
            rule=None,
            owner_id=asked,
            type="government_response_due",
            due_on=world.clock().date() + timedelta(days=days),
        )
    world.deadline(rule="60 days after the answer", owner_id=asked, type="government_response_due")
    actor = people.people.find_person_by_name(world.session, "minister")
    assert actor is not None
    browser = Browser(app).enter(world, actor.actor)
    assert all("13 December 2026" in text_of(browser.read(one)) for one in ("/asked", f"/asked/{asked}"))
    typed = {**SAID, ".file": [(b"We accept it.", "letter.txt")]}
    wrong = browser.send_in_parts(f"/asked/{asked}", {**typed, "state": "never"})
    assert wrong.status_code == 422
    assert browser.send_in_parts(f"/asked/{asked}", typed).status_code == 303
    (item,) = stage.get("/v1/evidence", by="minister")["items"]
    assert len(stage.get(f"/v1/evidence/{item['id']}/files", by="editor")["items"]) == 1
    editor = Browser(app).enter(world, world.editor)
    review = editor.read(f"/evidence/{item['id']}").text
    assert "Ask the authority that answered" in review
    assert "It answers:" in review
    (record,) = re.findall(r'href="(/en/desk/subjects/[^"]+track=response[^"]+)"', review)
    form = editor.read(unescape(record)).text
    assert f'value="{item["id"]}" selected' in form
    assert "government_response_due" in editor.read(f"/things/{asked}").text
    new = f"/records/deadlines/new?process={world.process}&owner={asked}&type=government_response_due"
    prepared = editor.read(new).text
    assert '<option value="government_response_due" selected>' in prepared
    assert f'<option value="{world.process}" selected>' in prepared
    assert re.search('name="owner"[^>]* value="R7"', prepared)


def test_who_else_handed_an_item_in_is_asked_by_what_they_are(app: Flask, world: World, stage: Stage) -> None:
    editor = Browser(app).enter(world, world.editor)
    own = world.item(state=None)
    assert "there is nobody to ask" in editor.read(f"/evidence/{own}").text
    data = {
        "process": world.process,
        "title": "What we saw",
        "type": "photo",
        "acquired_from": "public_source",
    }
    item = stage.post("/v1/evidence", data, by="watcher")["id"]
    assert "Ask the watchdog" in editor.read(f"/evidence/{item}").text


def test_a_redaction_takes_from_an_answer_what_it_answered(stage: Stage, asked: str) -> None:
    world = stage.world
    made = stage.post(f"/v1/recommendations/{asked}/answer", SAID, by="minister")["id"]
    for name in ("first", "second"):
        with world.act(world.person(name, "custodian")) as act:
            redaction.redact_thing(act, made, "error")
    assert world.session.get(AnswerGiven, made) is None


def text_of(answer: Any) -> str:
    return unescape(re.sub("<[^>]+>", "", answer.text))
