"""Filters under a name: one keeps the address of a page, and colleagues of the same process use it."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select

from tests.web.desk.people import Browser
from tests.world import World
from tracker.actions import people, redaction, saved_filters
from tracker.actions.people import OPERATOR
from tracker.store.saved_filters import SavedFilter


@pytest.fixture
def editor(app: Flask, world: World) -> Browser:
    return Browser(app).enter(world, world.editor)


def keep(browser: Browser, page: str, query: str, **typed: str) -> int:
    address = f"/filters/new?page={page}&query={query}"
    return browser.send(address, {"name": "What to <do>", **typed}).status_code


def test_a_filter_is_kept_used_and_forgotten(editor: Browser, world: World) -> None:
    page = editor.read(f"/queue?kind=review&process={world.process}").text
    assert "/filters/new?page=%2Fdesk%2Fqueue&amp;query=kind%3Dreview" in page
    assert "/filters/new" not in editor.read("/queue").text, "nothing is filtered"
    query = f"kind=review&process={world.process}"
    typed = {"name": "What to <do>", "query": query}
    sent = editor.send(f"/filters/new?{urlencode({'page': '/desk/queue', 'query': query})}", typed)
    assert sent.headers["Location"].startswith("/en/desk/queue?kind=review&process=")
    shown = editor.read("/queue").text
    assert (
        f'href="/en/desk/queue?kind=review&amp;process={world.process}"><bdi>What to &lt;do&gt;</bdi>'
        in shown
    )
    drop = shown.partition("/en/desk/filters/")[2].partition('"')[0]
    assert Browser(editor.app).enter(world, world.approver).read(f"/filters/{drop}").status_code == 404
    assert editor.send(f"/filters/{drop}", {}).status_code == 303
    assert "What to &lt;do&gt;" not in editor.read("/queue").text


def test_what_is_shared_is_seen_by_those_who_work_on_the_same_process(
    editor: Browser, app: Flask, world: World
) -> None:
    elsewhere = world.make_process("elsewhere")
    with world.act(OPERATOR) as act:
        here = people.add_person(act, "here", ["editor"], None, [world.process]).actor
        there = people.add_person(act, "there", ["editor"], None, [elsewhere]).actor
    page, query = "/desk/records/recommendations", f"process%3D{world.process}"
    assert keep(editor, page, query) == 303
    approver, *limited = (Browser(app).enter(world, one) for one in (world.approver, here, there))
    list_page = "/records/recommendations"
    assert "What to" not in approver.read(list_page).text, "it is the editor's alone"
    assert keep(editor, page, query, shared="on") == 303
    assert "<bdi>editor</bdi>" in approver.read(list_page).text
    assert [("What to" in one.read(list_page).text) for one in limited] == [True, False]
    assert "What to" not in approver.read("/queue").text, "it is of another page"


def test_only_a_page_with_that_filter_is_kept_and_not_too_many(editor: Browser, world: World) -> None:
    for page, query in (
        ("/desk/accounts", "kind%3Dreview"),
        ("//evil.example", "kind%3Dreview"),
        ("/desk/queue", "kind%3Dnothing"),
        ("/desk/queue", "colour%3Dred"),
    ):
        assert editor.read(f"/filters/new?page={page}&query={query}").status_code == 422
    with world.act(world.editor) as act:
        for number in range(saved_filters.MOST_FILTERS):
            saved_filters.save_filter(act, f"number {number}", "/desk/queue", "kind=review")
    assert keep(editor, "/desk/queue", "kind%3Dreview") == 403


def test_filters_go_with_an_account_that_ends(world: World) -> None:
    with world.act(world.editor) as act:
        saved_filters.save_filter(act, "mine", "/desk/queue", "kind=review", shared=True)
    with world.act(OPERATOR) as act:
        people.end_person(act, "editor")
    assert world.session.scalars(saved_filters.select_filters(act.viewer)).all() == []


def test_filters_of_a_process_go_with_its_content(world: World) -> None:
    process = world.make_process("elsewhere", publish=False)
    with world.act(world.editor) as act:
        saved_filters.save_filter(act, "Elsewhere", "/desk/queue", f"process={process}", process=process)
    for name in ("first", "second"):
        with world.act(world.person(name, "custodian")) as act:
            redaction.redact_thing(act, process, "error")
    assert world.session.scalars(select(SavedFilter)).all() == []
