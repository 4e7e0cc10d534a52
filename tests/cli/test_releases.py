"""`tracker evidence release`: what is due becomes public, what may not is said, and the exit status tells which."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.cli.conftest import Tracker
from tests.cli.public_side import NOW
from tests.public.assertions import dump
from tests.world import World
from tracker.cli import application_context as opening
from tracker.public.log import last_checkpoint
from tracker.public.tables import event
from tracker.store.evidence import Evidence


@pytest.fixture
def waiting(world: World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two items that are due on the day of the command, the second named after a paper that is public no more."""
    paper = world.organization("paper", "media")
    found = [
        world.item(state=None, acquired_from="partner", publisher_id=publisher)
        for publisher in (world.press, paper)
    ]
    world.withdraw(paper)
    world.session.rollback()
    monkeypatch.setattr(opening, "utc_now", lambda: world.clock() + timedelta(days=2))
    return found


def test_where_nothing_is_due_nothing_is_done(tracker: Tracker, world: World) -> None:
    item = world.item(state=None, acquired_from="partner")
    world.session.rollback()
    said = tracker("evidence", "release")
    assert (said.status, said.out) == (0, "0 released, 0 refused\n")
    assert world.session.get_one(Evidence, item).publication == "draft"
    assert world.clock() <= NOW < world.clock() + timedelta(days=1)


def test_what_is_due_is_released_and_what_may_not_be_is_said(
    tracker: Tracker, world: World, waiting: list[str]
) -> None:
    good, bad = waiting
    said = tracker("evidence", "release", "--json")
    assert said.status == 1
    told = json.loads(said.out)
    assert (told["released"], told["dry_run"]) == ([good], False)
    assert [(one["subject"], one["refused"]) for one in told["refused"]] == [(bad, "not-published")]
    again = tracker("evidence", "release")
    assert again.status == 1
    assert again.out.startswith(f"{bad} waits on: it names things that are not public org_")
    assert again.out.endswith("\n0 released, 1 refused\n")
    world.session.rollback()
    query = select(event.c.subject_id).where(
        event.c.kind == "subject.published", event.c.subject_id.in_(waiting)
    )
    assert list(world.session.scalars(query)) == [good]


def test_a_dry_run_says_the_same_and_changes_nothing(
    tracker: Tracker, world: World, waiting: list[str]
) -> None:
    before = dump(world.session)
    world.session.rollback()
    said = tracker("evidence", "release", "--dry-run", "--json")
    assert said.status == 1
    told = json.loads(said.out)
    assert (told["released"], [one["subject"] for one in told["refused"]]) == ([waiting[0]], [waiting[1]])
    assert dump(world.session) == before
    world.withdraw(waiting[1])
    world.session.rollback()
    said = tracker("evidence", "release", "--dry-run")
    assert (said.status, said.out) == (0, "1 would be released, 0 refused\n")


def test_what_is_released_is_signed(
    tracker: Tracker, world: World, waiting: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = str(tmp_path / "log.key")
    assert tracker("log", "init", "--origin", "tracker.example/log", "--key", key).status == 0
    monkeypatch.setenv("TRACKER_LOG_KEY", key)
    tracker("evidence", "release")
    world.session.rollback()
    found = last_checkpoint(world.session.connection())
    assert found is not None
    assert found[0].size == len(dump(world.session)["public_event"])


def test_what_is_embargoed_is_published_by_the_queued_work_when_its_hour_has_come(
    tracker: Tracker, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = world.recommendation("E1", publish=False)
    part = world.recommendation("E2", publish=False, parent_id=whole)
    for thing in (whole, part):
        world.publish(thing, not_before=world.clock() + timedelta(hours=1))
    world.session.rollback()
    assert json.loads(tracker("work", "run", "--json").out)["published"] == []
    world.withdraw(whole)
    world.session.rollback()
    monkeypatch.setattr(opening, "utc_now", lambda: world.clock() + timedelta(hours=2))
    told = json.loads(tracker("work", "run", "--json").out)
    assert (told["published"], told["refused"]) == ([], [{"subject": part, "refused": "not-published"}])
    said = tracker("work", "run")
    assert f"{part} waits on" in said.out
    assert "0 things were published at their hour" in said.out
