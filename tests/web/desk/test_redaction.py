"""Redaction at the desk: what vanishes and what stays is said first, who somebody is is asked again, and another
custodian does the same.
"""

from __future__ import annotations

import pytest
from flask import Flask

from tests.actions.factories import KINDS, both, keepers, marked
from tests.conftest import Clock
from tests.web.desk.people import PASSWORD, Browser, let_in
from tests.world import World
from tracker.actions import redaction
from tracker.public.content.allow_list import PLURALS
from tracker.store.database import db
from tracker.store.evidence import Evidence
from tracker.web.desk.view import VIEWS


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


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_redacted_breaks_no_screen(app: Flask, world: World, kind: str) -> None:
    thing, two = marked(world, kind), keepers(world)
    if kind in KINDS[:2]:
        world.withdraw(thing, "It is a mistake.")
    both(world, two, thing)
    paths = [f"/records/{PLURALS[kind]}", "/drafts", "/queue", "/"]
    of_things = [one for one in VIEWS.values() if len(one.parts) == 1 and kind in one.names[one.parts[0]]]
    paths += [one.path.replace(f"{{{one.parts[0]}}}", thing) for one in of_things]
    assert len(paths) > 4
    for who in (two[0], world.editor, world.approver):
        browser = Browser(app).enter(world, who)
        assert [path for path in paths if browser.read(path).status_code >= 500] == []
    if kind != "evidence":  # which is sealed, so the list has it for custodians who ask for that
        assert thing in browser.read(paths[0]).text


def confirm(browser: Browser, path: str, typed: dict[str, str]) -> str:
    """Send a form, say again who one is, and be led on."""
    sent = browser.send(path, typed)
    assert "/confirm?" in sent.headers["Location"]
    done = browser.send(sent.headers["Location"], {"password": PASSWORD, "code": browser.code()})
    return done.headers["Location"]


def test_two_custodians_destroy_the_words_of_one_act(app: Flask, world: World, clock: Clock) -> None:
    asked = world.recommendation("R1")
    world.answer(asked, "implementation", "not_started", reason="A name that nobody may read.")
    first, second = (world.person(name, "custodian") for name in ("first", "second"))
    for number, who in enumerate((first, second)):
        let_in(world, app, who)
        browser = Browser(app).enter(world, who)
        clock.move(minutes=11)
        listed = browser.read(f"/things/{asked}/acts").text
        address = listed[: listed.index("A name that nobody may read.")].rpartition('<a href="')[2]
        path = address.partition('"')[0]
        page = browser.read(path).text
        assert "A name that nobody may read." in page
        assert ("Another custodian ordered this." in page) == (number == 1)
        assert confirm(browser, path, {"reason": "witness_safety"}).endswith("?done=redacted_act")
        if number == 0:
            assert "You ordered this." in browser.read(path).text
            order = world.waiting(path.rpartition("/acts/")[2].partition("/")[0], "redaction")
            assert order is not None
            assert f'href="{path}"' in browser.read(f"/decide/{order.id}").text
    assert "A name that nobody may read." not in browser.read(f"/things/{asked}/acts").text


def test_what_is_held_for_a_court_is_destroyed_by_nobody(app: Flask, world: World, clock: Clock) -> None:
    item = world.item()
    first, second = (world.person(name, "custodian") for name in ("first", "second"))
    browsers = []
    for who in (first, second):
        let_in(world, app, who)
        browsers.append(Browser(app).enter(world, who))
    clock.move(minutes=11)
    holding, ordering = browsers
    assert confirm(holding, f"/things/{item}/hold", {"reason": "Order 7."}).endswith("?done=hold")
    assert "asked for this to be kept" in ordering.read(f"/things/{item}").text
    assert "Order 7." in ordering.read(f"/things/{item}/hold").text
    assert '<form class="sheet"' not in ordering.read(f"/things/{item}/redaction").text
    confirm(ordering, f"/things/{item}/hold", {"reason": "The trial is over."})
    again = ordering.send(f"/things/{item}/redaction", {"reason": "witness_safety"})
    assert again.status_code == 409, "who released it does not order its destruction"
    editor = Browser(app).enter(world, world.editor)
    assert "Keep it for a court" not in editor.read(f"/things/{item}").text


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
