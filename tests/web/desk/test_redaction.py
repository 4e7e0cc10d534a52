"""Redaction at the desk: what vanishes and what stays is said first, who somebody is is asked again, and another
custodian does the same.
"""

from __future__ import annotations

from flask import Flask

from tests.conftest import Clock
from tests.web.desk.people import PASSWORD, Browser, let_in
from tests.world import World
from tracker.actions import redaction
from tracker.store.database import db
from tracker.store.evidence import Evidence


def test_two_custodians_who_say_again_who_they_are_destroy_what_an_item_says(
    app: Flask, world: World, clock: Clock
) -> None:
    item = world.item(title="Who saw it", description="A witness.")
    asked = world.recommendation("R1")
    world.propose(asked, "implementation", "not_started", cites=(item,))
    first, second = (world.person(name, "custodian") for name in ("first", "second"))
    path = f"/things/{item}/redaction"
    for number, who in enumerate((first, second)):
        let_in(world, app, who)
        browser = Browser(app).enter(world, who)
        clock.move(minutes=11)
        page = browser.read(path).text
        gone, stays = (
            page[page.index("What vanishes") : page.index("What stays")],
            page[page.index("What stays") :],
        )
        assert "<li>Title</li>" in gone
        assert "<li>Description</li>" in gone
        assert "<bdi>1</bdi> status that cites it" in stays
        assert ("Another custodian ordered this." in page) == (number == 1)
        sent = browser.send(path, {"reason": "witness_safety"})
        assert "/confirm?" in sent.headers["Location"]
        confirmed = browser.send(sent.headers["Location"], {"password": PASSWORD, "code": browser.code()})
        assert confirmed.headers["Location"] == f"/en/desk/things/{item}?done=redaction"
        if number == 0:
            assert "You ordered this." in browser.read(path).text
    db.session.rollback()
    row = db.session.get(Evidence, item)
    assert row is not None
    assert (row.description, row.withdrawn_because) == (None, "Redacted: witness_safety")


def test_an_order_is_decided_by_somebody_who_says_again_who_they_are(
    app: Flask, world: World, clock: Clock
) -> None:
    item = world.item()
    first, second = (world.person(name, "custodian") for name in ("first", "second"))
    with world.act(first) as act:
        redaction.redact_thing(act, item, "witness_safety")
    browser = Browser(app).enter(world, second)
    clock.move(minutes=11)
    order = world.waiting(item, "redaction")
    assert order is not None
    assert "witness_safety" not in browser.read(f"/decide/{order.id}").text, "a reason is said in words"
    sent = browser.send(f"/decide/{order.id}", {"decision": "approve"})
    assert "/confirm?" in sent.headers["Location"]
    assert (
        browser.send(f"/decide/{order.id}", {"decision": "return", "note": "Not needed."}).status_code == 303
    )
