"""Tips at the desk: custodians open a box, read what comes in, ask, and decide what becomes of it."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from tests.web.desk.people import Browser, let_in
from tests.web.tips.sender import Sender, phrase_of
from tests.world import World
from tracker.store.tips import Tip


def test_the_way_of_a_tip_from_its_box_to_evidence(app: Flask, world: World) -> None:
    keeper = Browser(app).enter(world, world.person("keeper", "custodian"))
    box = f"/processes/{world.process}/tip-box"
    said = {"words/0/language": "en", "words/0/text": "Two people read this.", "kept_days": "30"}
    assert keeper.send(box, said).headers["Location"] == "/en/desk/tips?done=tip_box"
    assert "Two people read this." in keeper.read(box).text
    sender = Sender(app)
    assert "Two people read this." in sender.read("/to/coast").text
    assert "Read a tip" not in keeper.read("/").text
    phrase = phrase_of(sender.write((b"bytes", "a.jpg")))
    assert "Read a tip that came in" in keeper.read("/").text
    assert "Read a tip" not in Browser(app).enter(world, world.editor).read("/").text
    tip = world.session.scalars(select(Tip)).one().id
    page = f"/tips/{tip}"
    assert "I saw the trucks leave." not in keeper.read(page).text
    read = keeper.send(page, {})
    assert "I saw the trucks leave." in read.text
    assert "a.jpg" in read.text
    assert keeper.send(f"{page}/message", {"text": "When?"}).status_code == 303
    assert "When?" in sender.come_back(phrase).text
    made = {"title": "What was seen at the quay", "type": "statement"}
    assert keeper.send(f"{page}/evidence", made).headers["Location"] == f"/en/desk{page}?done=tip_evidence"
    shown = keeper.read(page).text
    assert "The evidence that was made of it" in shown
    assert "Set a tip aside" not in shown
    assert "It is used" in sender.come_back(phrase).text
    assert keeper.send(f"{box}/closing", {}).status_code == 303
    assert sender.read("/to/coast").status_code == 404


def test_what_one_sets_aside_another_destroys_after_saying_who_they_are(app: Flask, world: World) -> None:
    people = [world.person(name, "custodian") for name in ("keeper", "second")]
    let_in(world, app, people[1])
    keeper, second = (Browser(app).enter(world, one) for one in people)
    box = f"/processes/{world.process}/tip-box"
    keeper.send(box, {"words/0/language": "ar", "words/0/text": "نقرأ هذا", "kept_days": "30"})
    sender = Sender(app)
    phrase = phrase_of(sender.write((b"bytes", "a.jpg")))
    page = f"/tips/{world.session.scalars(select(Tip)).one().id}"
    keeper.send(page, {})
    keeper.send(f"{page}/aside", {})
    assert "Destroy a tip" not in keeper.read(page).text
    assert "Destroy a tip" in second.read(page).text
    assert "It is not used." in sender.come_back(phrase).text
    assert second.send(f"{page}/destruction", {}).headers["Location"] == "/en/desk/tips?done=tip_destruction"
    assert sender.come_back(phrase).status_code == 422
    assert second.read(page).status_code == 404
