"""Dates at the desk: how one is counted is said before it is recorded, another date in its place by two people, and the
refusal of more time.
"""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.desk.people import Browser
from tests.web.desk.typed_forms import read_fields
from tests.world import World
from tracker.store.database import db
from tracker.store.deadlines import Deadline
from tracker.store.statuses import StatusChange


@pytest.fixture
def editor(app: Flask, world: World) -> Browser:
    return Browser(app).enter(world, world.editor)


def test_how_a_date_is_counted_is_said_before_it_is_recorded(editor: Browser, world: World) -> None:
    typed = {
        "process": world.process,
        "owner": world.committee,
        "type": "final_report_due",
        "title": "The report",
        "basis": "decree",
        "set_on": "2025-03-09",
        "rule": "10 working days",
    }
    path = "/records/deadlines/new"
    tried = editor.send(path, typed, **{"try": "on"}).text
    assert "This was tried and undone." in tried
    assert "weekend (Friday): 2 days" in tried.replace("<bdi>", "").replace("</bdi>", "")
    assert 'value="10 working days"' in tried
    assert db.session.query(Deadline).count() == 0
    made = editor.send(path, typed).headers["Location"].partition("?")[0]
    assert "weekend (Friday)" in editor.read(made).text
    edit = f"/deadlines/{made.rpartition('/')[2]}/edit"
    changed = {**read_fields(editor.read(edit).text), "rule": "20 working days", "due_on": ""}
    assert "weekend (Friday)" in editor.send(edit, changed, **{"try": "on"}).text


def test_another_date_is_proposed_with_its_slip_and_decided_by_another(
    app: Flask, editor: Browser, world: World
) -> None:
    date, item = world.deadline(), world.item()
    thing = editor.read(f"/things/{date}").text
    path = f"/deadlines/{date}/extension"
    assert f'href="/en/desk{path}"' in thing
    assert f'href="/en/desk{path}"' in editor.read(f"/subjects/{date}/propose?track=outcome").text
    typed = {
        "set_on": "2025-04-10",
        "rule": "3 months",
        "reason": "The president gave more time.",
        "citations/0/evidence": item,
        "citations/0/stance": "supports",
    }
    tried = editor.send(path, typed, **{"try": "on"}).text
    assert "days later than first set" in tried
    assert world.session.query(StatusChange).filter_by(subject_id=date).count() == 0
    world.session.rollback()
    decide = editor.send(path, typed).headers["Location"]
    shown = Browser(app).enter(world, world.approver).read(decide).text
    assert "In its place stands:" in shown
    assert "93</bdi> days later than first set" in shown
    refused = editor.send(path, typed)
    assert (refused.status_code, "The president gave more time." in refused.text) == (409, True)


def test_that_more_time_was_refused_is_proposed_of_a_public_date(
    app: Flask, editor: Browser, world: World
) -> None:
    date, item = world.deadline(), world.item()
    path = f"/deadlines/{date}/refused-extension"
    typed = {"refused_on": "2025-04-07", "reason": "No more time.", "evidence": item}
    early = editor.send(path, {**typed, "refused_on": "2025-01-07"})
    assert (early.status_code, 'id="field-refused_on-fault-1"' in early.text) == (422, True)
    assert editor.send(path, typed).status_code == 303
    waits = world.waiting(date, "revision")
    assert waits is not None
    shown = Browser(app).enter(world, world.approver).read(f"/decide/{waits.id}").text
    assert "Why more time was refused: No more time." in shown
    assert "Update: it has changed since" in shown
