"""The record at the desk: each kind of thing is listed, read, recorded and edited by screens that follow from its
shapes."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from tests.web.desk.people import Browser
from tests.web.desk.typed_forms import read_fields
from tests.world import World
from tracker.actions import watchdogs
from tracker.actions.support.registry import KINDS
from tracker.public.content.allow_list import PLURALS
from tracker.store.committees import Committee
from tracker.store.database import db
from tracker.store.processes import Process
from tracker.store.proposals import Proposal
from tracker.store.recommendations import Recommendation


@pytest.fixture
def browser(app: Flask, world: World) -> Browser:
    return Browser(app).enter(world, world.editor)


def things_of(world: World) -> dict[str, str]:
    recommendation = world.recommendation("R1", publish=False)
    return {
        "organization": world.ministry,
        "process": world.process,
        "committee": world.committee,
        "report": world.report("final", publish=False),
        "recommendation": recommendation,
        "indicator": world.indicator(publish=False),
        "resource": world.resource(world.committee, publish=False),
        "deadline": world.deadline(publish=False),
        "evidence": world.item(state=None, publish=False),
    }


def test_a_thing_of_each_kind_is_listed_read_and_edited(browser: Browser, world: World) -> None:
    things = things_of(world)
    assert things.keys() == KINDS.keys()
    for kind, id in things.items():
        listed = browser.read(f"/records/{PLURALS[kind]}")
        assert f"/en/desk/things/{id}" in listed.text, kind
        shown = browser.read(f"/things/{id}")
        assert shown.status_code == 200, kind
        fixed = {"process": "Lead organization", "evidence": "Protection"}.get(kind, "")
        assert fixed in shown.text, kind
        path = f"/{PLURALS[kind]}/{id}/edit"
        typed = read_fields(browser.read(path).text)
        unchanged = browser.send(path, typed)
        assert (unchanged.status_code, kind) == (422, kind)
        assert "nothing here is different from what is recorded" in unchanged.text, kind


def test_the_page_of_a_thing_tells_days_in_the_words_of_its_language(
    app: Flask, browser: Browser, world: World
) -> None:
    committee = world.make_committee("second", publish=False)
    typed = read_fields(browser.read(f"/committees/{committee}/edit").text)
    named = {"members/0/name": "A judge", "members/0/from_on": "2025-03"}
    assert browser.send(f"/committees/{committee}/edit", {**typed, **named}).status_code == 303
    shown = browser.read(f"/things/{committee}").text
    assert '<time datetime="2025-03-09">9 March 2025</time>' in shown
    assert '<time datetime="2025-03">March 2025</time>' in shown
    arabic = Browser(app, "ar")
    arabic.client = browser.client
    assert '<time datetime="2025-03-09">9 مارس 2025</time>' in arabic.read(f"/things/{committee}").text


def test_a_watchdog_reads_the_name_of_its_own_organization_before_it_is_public(
    app: Flask, world: World
) -> None:
    new = world.organization("new", "watchdog", publish=False)
    with world.act(world.editor) as act:
        watchdogs.register_watchdog(act, new, {"since": date(2025, 1, 1)})
    watcher = Browser(app).enter(world, world.person("salam", "watchdog", organization=new))
    typed = {"process": world.process, "title": "A clip", "type": "video", "acquired_from": "own_staff"}
    shown = watcher.read(watcher.send("/records/evidence/new", typed).headers["Location"]).text
    assert f'<a href="/en/desk/things/{new}"><bdi>New</bdi></a>' in shown


def test_a_list_is_narrowed_by_its_address(browser: Browser, world: World) -> None:
    draft = world.recommendation("R1", publish=False)
    public = world.recommendation("R2")
    listed = browser.read(f"/records/recommendations?process={world.process}&publication=draft").text
    assert draft in listed
    assert public not in listed
    assert browser.read("/records/recommendations?publication=lost").status_code == 422


def test_what_is_named_by_its_short_name_is_recorded_by_its_id(browser: Browser, world: World) -> None:
    typed = {
        "process": world.process,
        "reference": "R9",
        "issuer": "Watchdog",
        "issued_on": "2025-03",
        "title": "Vet the forces",
        "text": "All of them.",
        "language": "en",
        "type": "vetting",
        "addressees/0/organization": "ministry",
        "addressees/0/role": "primary",
        "addressees/1/organization": "",
    }
    wrong = browser.send("/records/recommendations/new", {**typed, "addressees/0/organization": "nobody"})
    assert wrong.status_code == 422
    assert 'id="field-addressees-0-organization-fault-1"' in wrong.text
    assert 'value="Vet the forces"' in wrong.text
    sent = browser.send("/records/recommendations/new", typed)
    assert sent.status_code == 303, sent.text
    row = db.session.scalars(select(Recommendation)).unique().one()
    assert sent.headers["Location"] == f"/en/desk/things/{row.id}?done=new_recommendation"
    assert (row.issuer_id, [one.organization_id for one in row.addressees]) == (
        world.watchdog,
        [world.ministry],
    )
    page = browser.read(sent.headers["Location"]).text
    assert "It was recorded as a draft." in page
    assert f'<a href="/en/desk/things/{world.ministry}"><bdi>Ministry</bdi></a>' in page


def test_a_process_is_recorded_with_its_calendar_and_no_holiday(browser: Browser, world: World) -> None:
    typed = {
        "slug": "harbour",
        "title": "The harbour",
        "summary": "What happened.",
        "lead": "desk",
        "calendar/time_zone": "Asia/Beirut",
        "calendar/weekend": ["saturday", "sunday"],
    }
    sent = browser.send("/records/processes/new", typed)
    assert sent.status_code == 303, sent.text
    row = db.session.scalars(select(Process).where(Process.slug == "harbour")).one()
    assert (row.calendar["weekend"], row.calendar["holidays"]) == (["saturday", "sunday"], [])


def test_a_draft_is_edited_at_once_and_what_is_emptied_goes(browser: Browser, world: World) -> None:
    committee = world.make_committee("second", publish=False, note="A note")
    path = f"/committees/{committee}/edit"
    typed = read_fields(browser.read(path).text)
    members = {"members/0/name": "A. Judge", "members/0/role": "chair", "names": "ar: اللجنة"}
    assert browser.send(path, {**typed, **members, "note": ""}).status_code == 303
    row = db.session.get(Committee, committee)
    assert row is not None
    assert ([one.name for one in row.members], row.note, row.names) == (["A. Judge"], None, {"ar": "اللجنة"})
    typed = read_fields(browser.read(path).text)
    assert typed["names"] == "ar: اللجنة"
    emptied = {name: "" for name in typed if name.startswith("members/")}
    assert browser.send(path, {**typed, **emptied, "names": ""}).status_code == 303
    db.session.rollback()
    assert (row.members, row.names) == ([], {})
    refused = browser.send(path, {**read_fields(browser.read(path).text), "name": ""})
    assert refused.status_code == 422
    assert 'id="field-name-fault-1"' in refused.text


def test_what_is_public_is_changed_by_a_second_person_and_takes_a_reason(
    browser: Browser, world: World
) -> None:
    path = f"/committees/{world.committee}/edit"
    typed = {**read_fields(browser.read(path).text), "name": "The inquiry"}
    refused = browser.send(path, {**typed, "reason": ""})
    assert refused.status_code == 422
    assert 'value="The inquiry"' in refused.text
    assert 'id="field-reason-fault-1"' in refused.text
    sent = browser.send(path, {**typed, "reason": "It was misspelt.", "revision": "correction"})
    assert sent.status_code == 303
    (proposal,) = db.session.scalars(select(Proposal).where(Proposal.decision == "proposed"))
    assert proposal.payload["changes"] == {"name": "The inquiry"}
    page = browser.read(sent.headers["Location"]).text
    assert "1</bdi> proposal about this waits" in page
    assert f'<a href="/en/desk/decide/{proposal.id}">What is public shall be changed</a>' in page


def test_who_was_slower_sees_both_texts(browser: Browser, world: World) -> None:
    committee = world.make_committee("second", publish=False)
    path = f"/committees/{committee}/edit"
    typed = read_fields(browser.read(path).text)
    assert browser.send(path, {**typed, "instrument": "Decree 1"}).status_code == 303
    stale = browser.send(path, {**typed, "instrument": "Decree 2"}, version="1")
    assert stale.status_code == 412
    assert (
        '<td class="quoted" dir="auto">Decree 2</td><td class="quoted" dir="auto">Decree 1</td>' in stale.text
    )


def test_a_watchdog_reads_its_own_items_without_what_the_desk_found(app: Flask, world: World) -> None:
    browser = Browser(app).enter(world, world.watcher)
    typed = {
        "process": world.process,
        "title": "What we saw",
        "type": "photo",
        "acquired_from": "own_staff",
    }
    sent = browser.send("/records/evidence/new", typed)
    page = browser.read(sent.headers["Location"])
    own = sent.headers["Location"].split("/")[-1].partition("?")[0]
    assert "It was recorded as a draft." in page.text
    assert "Analysis of the source" not in page.text
    assert "Analysis of the source" in Browser(app).enter(world, world.editor).read(f"/things/{own}").text
    assert browser.read(f"/things/{world.committee}").status_code == 404
    listed = browser.read("/records").text
    assert "/records/evidence/new" in listed
    assert "/records/committees" not in listed


def test_a_watchdog_mends_its_own_draft_and_the_desk_says_what_it_found(app: Flask, world: World) -> None:
    watchdog, desk = (Browser(app).enter(world, one) for one in (world.watcher, world.editor))
    typed = {"process": world.process, "title": "A clip", "type": "video", "acquired_from": "own_staff"}
    made = watchdog.send("/records/evidence/new", typed).headers["Location"].partition("?")[0]
    item = made.split("/")[-1]
    path = f"/evidence/{item}/edit"
    own = read_fields(watchdog.read(path).text)
    assert "source_analysis" not in own
    assert watchdog.send(path, {**own, "title": "A long clip"}).status_code == 303
    assert "A long clip" in watchdog.read(made).text
    assert watchdog.read(f"/evidence/{item}/analyses").status_code == 403
    found = {**read_fields(desk.read(f"/evidence/{item}/analyses").text), "source_analysis": "passed"}
    assert desk.send(f"/evidence/{item}/analyses", found).status_code == 303
    assert "<dt>Analysis of the source</dt><dd>" in desk.read(made).text
    assert "<dt>Analysis of the source</dt>" not in watchdog.read(made).text
    other = world.item(state=None, publish=False)
    assert watchdog.send(f"/evidence/{other}/edit", {**own, "title": "Mine"}).status_code == 404


def test_a_date_is_recorded_from_the_page_of_what_it_belongs_to(browser: Browser, world: World) -> None:
    for thing in (world.committee, world.recommendation("R1", publish=False)):
        form = f"/records/deadlines/new?process={world.process}&owner={thing}"
        assert (
            f'href="/en/desk{form.replace("&", "&amp;")}">Record a date</a>'
            in browser.read(f"/things/{thing}").text
        )


def test_what_is_seldom_said_of_a_calendar_stands_behind_a_step(browser: Browser) -> None:
    first, more = browser.read("/records/processes/new").text.split("<details", 1)
    assert "calendar/weekend" in first
    assert "calendar/weekend_changes" not in first
    assert "calendar/weekend_changes" in more
