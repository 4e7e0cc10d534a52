"""The queue: a filter is an address, entries have names, pages lead on, and what waits longest is opened first."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.conftest import Clock
from tests.web.desk.people import Browser
from tests.world import World
from tracker.web.desk import queue


@pytest.fixture
def browser(app: Flask, world: World) -> Browser:
    return Browser(app).enter(world, world.approver)


def test_entries_say_what_to_do_about_what_and_since_when(browser: Browser, world: World) -> None:
    world.propose(world.recommendation("R1", title="Vet <all> forces"), "implementation", "not_started")
    shown = browser.read("/queue").text
    assert "Decide a proposed status</a>: <bdi>Vet &lt;all&gt; forces</bdi>" in shown
    assert "<bdi>Coast</bdi> · Waiting since <bdi>23 November 2026</bdi>" in shown


def test_a_filter_is_an_address(browser: Browser, world: World) -> None:
    world.propose(world.recommendation("R1"), "implementation", "not_started")
    other = world.make_process("north")
    assert "Recommendation R1" in browser.read(f"/queue?kind=proposal&process={world.process}").text
    for empty in (f"kind=proposal&process={other}", "kind=question"):
        assert "Nothing of this waits." in browser.read(f"/queue?{empty}").text
    assert "Recommendation R1" in browser.read("/queue?kind=&process=").text, "an empty field narrows nothing"
    assert browser.read("/queue?kind=nonsense").status_code == 422
    assert browser.read("/queue?sort=name").status_code == 422
    assert browser.read("/queue?after=made-up").status_code == 422


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("kind=nonsense", '<code dir="ltr">kind=nonsense</code>: must be one of '),
        ("kinds=proposal", '<code dir="ltr">kinds</code>: is not known here; is '),
        ("process=coast", '<code dir="ltr">process=coast</code>: must be the id of a process'),
        ("kind=%3Cb%3E", '<code dir="ltr">kind=&lt;b&gt;</code>: must be one of '),
    ],
)
def test_a_filter_that_is_none_is_told_by_its_name_and_what_was_asked(
    browser: Browser, asked: str, said: str
) -> None:
    refused = browser.read(f"/queue?{asked}")
    assert refused.status_code == 422
    assert said in refused.text


def test_pages_lead_through_all_of_it(
    browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "PAGE", 2)
    for place in range(5):
        world.propose(world.recommendation(f"R{place}"), "implementation", "not_started")
    seen: list[str] = []
    address: str | None = "/en/desk/queue?kind=proposal"
    while address is not None:
        shown = browser.read(address).text
        seen += re.findall(r"<bdi>Recommendation (R\d)</bdi>", shown)
        found = re.search(r'class="more" href="([^"]+)"', shown)
        address = None if found is None else found[1].replace("&amp;", "&")
    assert sorted(seen) == ["R0", "R1", "R2", "R3", "R4"]


def test_what_waits_longest_is_opened_where_there_is_a_screen_for_it(
    browser: Browser, world: World, clock: Clock
) -> None:
    first = world.propose(world.recommendation("R1"), "implementation", "not_started").id
    clock.move(minutes=1)
    world.propose(world.recommendation("R2"), "implementation", "not_started")
    found = browser.read("/queue/next?kind=proposal").headers["Location"]
    assert found == f"/en/desk/decide/{first}"
    assert f'<a href="{found}">' in browser.read("/queue").text
    assert browser.read("/queue/next?kind=question").headers["Location"] == "/en/desk/queue", "others wait"
    of_process = f"process={world.process}"
    lead = browser.read(f"/queue/next?kind=question&{of_process}").headers["Location"]
    assert lead == f"/en/desk/queue?{of_process}"


def test_who_cannot_act_on_an_entry_reads_what_it_is_about(browser: Browser, world: World) -> None:
    passed = world.deadline()
    shown = browser.read("/queue?kind=overdue").text
    assert f'<a href="/en/desk/things/{passed}">Say what came of' in shown


def test_a_watchdog_sees_what_waits_for_it(app: Flask, world: World) -> None:
    watcher = Browser(app).enter(world, world.watcher)
    assert "Nothing of this waits." in watcher.read("/queue").text
    assert '<select name="process">' not in watcher.read("/queue").text


def test_who_looks_at_a_thing_stands_beside_it_and_stops_nobody(
    browser: Browser, app: Flask, world: World, clock: Clock
) -> None:
    """Whoever is told of people is told who it is; everybody else of the desk that somebody does."""
    subject = world.recommendation("R1")
    change = world.propose(subject, "implementation", "not_started").id
    page = f"/decide/{change}"
    claim = f"/subjects/{subject}/handling?next=/desk{page}"
    assert claim in browser.read(page).text.replace("%2F", "/")
    assert browser.send(claim, {}).headers["Location"] == f"/en/desk{page}"
    editor = Browser(app).enter(world, world.editor)
    clock.move(minutes=5)
    assert "<bdi>approver</bdi> looks at it since <bdi>" in browser.read("/queue").text
    assert "I do not look at it any more" in browser.read(page).text
    assert "<bdi>a colleague</bdi> looks at it" in editor.read(f"/things/{subject}").text
    assert browser.send(page, {"decision": "approve"}).status_code == 303
    ended = f"/subjects/{subject}/handling/end?next=//elsewhere"
    assert browser.send(ended, {}).headers["Location"] == "/en/desk/"
    assert "looks at it" not in editor.read(f"/things/{subject}").text
    assert Browser(app).enter(world, world.watcher).read(claim).status_code == 403
    editor.send(claim, {})
    clock.move(hours=4)
    again = Browser(app).enter(world, world.approver)
    assert "looks at it" not in again.read(f"/things/{subject}").text


def test_a_colleague_is_asked_and_finds_it_on_their_first_page(app: Flask, world: World) -> None:
    subject, item = world.recommendation("R1"), world.item()
    reviewer, approver = (Browser(app).enter(world, one) for one in (world.reviewer, world.approver))
    for one in (subject, item):
        page = f"/subjects/{one}/assignment"
        assert f"{page}?next=" in reviewer.read(f"/things/{one}").text
        assert reviewer.send(page, {"person": world.approver.id}).status_code == 303
    assert reviewer.send(page, {}).status_code == 303, "nobody chosen is oneself"
    home = approver.read("/").text
    assert "What colleagues asked you to look at" in home
    assert f'href="/en/desk/things/{subject}"' in home
    assert f'href="/en/desk/evidence/{item}"' in home
    assert "reviewer asked on 23 November 2026." in re.sub("<[^>]+>", "", home)
    assert "reviewer asked approver to look at it." in re.sub(
        "<[^>]+>", "", approver.read(f"/things/{subject}").text
    )
    assert "asked you to look at" not in reviewer.read("/").text
    editor = Browser(app).enter(world, world.editor)
    assert "/assignment" not in editor.read(f"/things/{subject}").text, "an editor is told of nobody"
