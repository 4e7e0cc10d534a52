"""Publishing at the desk: a draft with all that it names, by two people; and taking something back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from tests.conftest import Clock
from tests.web.desk.people import Browser
from tests.world import World
from tracker.actions.operations import release_batch
from tracker.store.committees import Committee
from tracker.store.database import db
from tracker.store.organizations import Organization


@pytest.fixture
def editor(app: Flask, world: World) -> Browser:
    return Browser(app).enter(world, world.editor)


@pytest.fixture
def approver(app: Flask, world: World) -> Browser:
    return Browser(app).enter(world, world.approver)


def publication_of(thing: str) -> str:
    db.session.rollback()
    row = db.session.get(Committee if thing.startswith("com") else Organization, thing)
    assert row is not None
    return row.publication


def test_a_draft_is_proposed_with_all_that_it_names(editor: Browser, world: World) -> None:
    council = world.organization("council", "authority", publish=False)
    committee = world.make_committee("second", publish=False, appointed_by_id=council)
    path = f"/things/{committee}/publication"
    page = editor.read(path).text
    assert "These <bdi>2</bdi> become public together" in page
    assert page.index(f"/things/{council}") < page.index(f'/things/{committee}"><bdi>')
    sent = editor.send(path, {"reason": "It is ready."})
    assert sent.headers["Location"] == f"/en/desk/things/{committee}?done=publication"
    world.decide(committee, kind="publication")
    assert (publication_of(committee), publication_of(council)) == ("published", "published")
    again = editor.send(path, {})
    assert again.status_code == 409
    assert "What stands in the way" in again.text


def test_an_approver_publishes_what_others_recorded_as_it_was_read(approver: Browser, world: World) -> None:
    council = world.organization("council", "authority", publish=False)
    committee = world.make_committee("second", publish=False, appointed_by_id=council)
    path = f"/things/{committee}/publishing"
    assert approver.send(path, {}, versions=f"{council}:7").status_code == 409
    assert approver.send(path, {}).status_code == 303
    assert (publication_of(committee), publication_of(council)) == ("published", "published")


def test_an_hour_until_which_nobody_sees_it_is_tried_and_then_set(
    approver: Browser, world: World, clock: Clock
) -> None:
    press = world.organization("daily-press", "media", publish=False)
    path = f"/things/{press}/publishing"
    assert '<input type="datetime-local"' in approver.read(path).text
    hour = (clock() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    tried = approver.send(path, {"not_before": hour}, **{"try": "on"}).text
    assert (
        "Nobody outside of the desk sees it before <bdi>23 November 2026</bdi>, <bdi>10:00</bdi> UTC."
        in tried
    )
    assert "Nothing of it would be public." in tried
    assert f'value="{hour}"' in tried
    assert approver.send(path, {"not_before": "2025-01-01T10:00"}).status_code == 422
    assert approver.send(path, {"not_before": hour}).status_code == 303
    assert "It is not public yet" in approver.read(f"/things/{press}").text
    assert publication_of(press) == "draft"
    clock.move(hours=1)
    release_batch.release_embargoed(world.session, clock(), world.act)
    assert publication_of(press) == "published"


def test_what_stands_in_the_way_is_named_with_links(editor: Browser, world: World) -> None:
    council = world.organization("council", "authority")
    committee = world.make_committee("second", publish=False, appointed_by_id=council)
    world.withdraw(council)
    path = f"/things/{committee}/publication"
    assert f'<li><a href="/en/desk/things/{council}"><bdi>Council</bdi></a></li>' in editor.read(path).text
    assert editor.send(path, {}).status_code == 409


def test_what_is_withdrawn_takes_a_reason(approver: Browser, world: World) -> None:
    path = f"/things/{world.committee}/withdrawal"
    assert "a note with your reason stays" in approver.read(path).text
    assert approver.send(path, {"reason": ""}).status_code == 422
    assert approver.send(path, {"reason": "It was recorded twice."}).status_code == 303
    page = approver.read(f"/things/{world.committee}").text
    assert "It was recorded twice." in page
    assert f"/things/{world.committee}/withdrawal" not in page
    draft = world.make_committee("second", publish=False)
    assert "It was never public" in approver.read(f"/things/{draft}/withdrawal").text


def test_drafts_say_whether_they_are_ready_and_what_each_lacks(editor: Browser, world: World) -> None:
    council = world.organization("council", "authority", publish=False)
    lacking = world.make_committee("second", publish=False, appointed_by_id=council)
    ready = world.recommendation("R1", publish=False)
    listed = editor.read("/drafts").text
    assert f'/things/{ready}/publication">Propose to publish</a>' in listed
    assert f'/things/{lacking}/publication"' not in listed
    assert f'Publish first: <a href="/en/desk/things/{council}">' in listed
    editor.send(f"/things/{ready}/publication", {"reason": "It is ready."})
    assert "Its publication is proposed" in editor.read(f"/drafts?process={world.process}").text
