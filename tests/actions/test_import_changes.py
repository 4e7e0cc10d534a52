"""The lives of recommendations come in as rows: dated status changes, each proposed and decided like any other.

Contract: a row names its subject by reference, its assessor by name and its source by address; rows of one life follow
each other, in a dry run too, however few rows are tried at once; the same row again is unchanged; another person
decides, in the order of the days.
"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tests.actions.test_imports import ASKED, faults, outcomes, run, run_rows
from tests.revising import revise_record
from tests.world import World
from tracker.actions import statuses
from tracker.domain.errors import ForbiddenMove
from tracker.store.processes import Process
from tracker.store.statuses import StatusChange

SAID: dict[str, Any] = {"subject": "R1", "track": "closure", "reason": "As the list of the desk has it."}
#: Closed, opened again, closed for good; and what a watchdog found meanwhile.
LIFE: list[dict[str, Any]] = [
    {**SAID, "state": "no_longer_applicable", "effective_on": "2025-05-01"},
    {**SAID, "state": "open", "effective_on": "2025-06-01"},
    {
        **SAID,
        "track": "implementation",
        "state": "not_started",
        "effective_on": "2025-06-02",
        "assessor": "A press office",
    },
    {**SAID, "state": "superseded", "effective_on": "2025-07-01"},
]


@pytest.fixture
def asked(world: World) -> World:
    run(world, "recommendation", ASKED)
    return world


def changes(world: World) -> list[StatusChange]:
    world.session.rollback()
    query = select(StatusChange).order_by(StatusChange.effective_on)
    return list(world.session.scalars(query.where(StatusChange.reason == SAID["reason"])).unique())


def decide(world: World, decision: str = "approved") -> None:
    for change in changes(world):
        with world.act(world.approver) as act:
            statuses.approve_status_change(act, change.id)


@pytest.mark.parametrize("at_once", [1, 2, 100])
def test_a_life_is_proposed_row_by_row_and_decided_by_another(asked: World, at_once: int) -> None:
    new = {"assessor": "media"}
    tried = run(asked, "change", *LIFE, dry_run=True, at_once=at_once, new_organizations=new)
    assert (outcomes(tried), changes(asked)) == (["would_create"] * 4, [])
    report = run(asked, "change", *LIFE, new_organizations=new)
    assert (outcomes(report), report.totals["unnamed"]) == (["created"] * 4, 0)
    assert report.rows[1].name == "R1 closure open 2025-06-01"
    assert [(one.to_state, one.decision) for one in changes(asked)] == [
        (row["state"], "proposed") for row in LIFE
    ]
    again = run(asked, "change", *LIFE, new_organizations=new)
    assert (outcomes(again), [row.id for row in again.rows]) == (
        ["unchanged"] * 4,
        [row.id for row in report.rows],
    )
    decide(asked)
    closure = [one for one in changes(asked) if one.track == "closure"]
    assert [(one.from_state, one.to_state) for one in closure] == [
        ("open", "no_longer_applicable"),
        ("no_longer_applicable", "open"),
        ("open", "superseded"),
    ]
    assert outcomes(run(asked, "change", *LIFE)) == ["unchanged"] * 2 + ["unchanged"] * 2


def test_the_order_of_decisions_is_that_of_the_days(asked: World) -> None:
    run(asked, "change", *LIFE[:2])
    second = changes(asked)[1]
    with pytest.raises(ForbiddenMove), asked.act(asked.approver) as act:
        statuses.approve_status_change(act, second.id)


def test_what_was_said_of_a_year_that_still_ran_is_the_same_row_later(asked: World) -> None:
    row = {**SAID, "state": "superseded", "effective_on": "2026"}
    assert outcomes(run(asked, "change", row)) == ["created"]
    [said] = changes(asked)
    assert (str(said.not_before), str(said.effective_on)) == ("2026-01-01", "2026-11-23")
    for days in (1, 400):
        asked.clock.move(days=days)
        assert outcomes(run(asked, "change", row)) == ["unchanged"]


@pytest.mark.parametrize("at_once", [1, 100])
def test_each_row_of_a_line_is_refused_for_its_own_fault(asked: World, at_once: int) -> None:
    late = {**SAID, "state": "superseded", "effective_on": "2031-01-01"}
    good = {**SAID, "state": "no_longer_applicable", "effective_on": "2025-06-01"}
    told = run(asked, "change", late, good, dry_run=True, at_once=at_once)
    assert outcomes(told) == ["refused", "would_create"]
    unproved = {**SAID, "state": "closed_implemented", "effective_on": "2025-05-01"}
    opened = {**SAID, "state": "open", "effective_on": "2025-06-01"}
    told = run(asked, "change", unproved, opened, dry_run=True, at_once=at_once)
    assert faults(told, 1) == {"/state": "line 2, which it may follow, is refused; mend that first"}


def test_a_move_that_nothing_leads_to_is_refused(asked: World) -> None:
    for rows in ([LIFE[1]], [LIFE[1], LIFE[0]]):
        report = run(asked, "change", *rows)
        assert list(faults(report)) == ["/state"]


def test_the_same_answer_of_a_day_stands_in_a_file_once(asked: World) -> None:
    report = run(asked, "change", LIFE[0], {**LIFE[0], "reason": "Another."}, dry_run=True)
    assert faults(report, 1) == {"/effective_on": "line 2 says the same of that day; give each once"}


def test_a_source_is_named_by_its_address(asked: World) -> None:
    places = [
        ("E1", "https://www.example.org/act/"),
        ("E2", "https://example.org/two"),
        ("E3", "http://example.org/two"),
    ]
    items = [
        {
            "reference": name,
            "title": name,
            "type": "document",
            "acquired_from": "public_source",
            "source_url": url,
        }
        for name, url in places
    ]
    assert outcomes(run(asked, "evidence", *items)) == ["created"] * 3

    def cite(*named: str) -> dict[str, Any]:
        return {**LIFE[0], "citations": [{"evidence": name, "stance": "context"} for name in named]}

    assert outcomes(run(asked, "change", cite("http://example.org/act"), dry_run=True)) == ["would_create"]
    assert outcomes(run(asked, "change", cite("E1"), dry_run=True)) == ["would_create"]
    for name, says in (
        ("https://example.org/two", "several items lie at"),
        ("https://example.org/none", "there is no evidence"),
        ("http://example.org:99999/act", "there is no evidence"),
    ):
        assert says in faults(run(asked, "change", cite(name)))["/citations/0/evidence"]
    both = run(asked, "change", cite("http://example.org/act", "https://example.org/none"))
    assert list(faults(both)) == ["/citations/1/evidence"]


def test_a_thing_and_its_life_come_in_one_file(world: World) -> None:
    rows = [("recommendation", {**ASKED, "reference": "7(a)"})]
    rows += [("change", {**row, "subject": "7(a)", "subject_kind": "recommendation"}) for row in LIFE[:2]]
    for at_once in (1, 2, 3):
        tried = run_rows(world, rows, process="coast", dry_run=True, at_once=at_once)
        assert outcomes(tried) == ["would_create"] * 3
    assert outcomes(run_rows(world, rows, process="coast")) == ["created"] * 3
    assert outcomes(run_rows(world, rows, process="coast")) == ["unchanged"] * 3
    rows[0][1]["title"] = ""
    for dry_run in (True, False):
        refused = run_rows(world, rows, process="coast", dry_run=dry_run)
        assert "title" in str(faults(refused, 0))
    other = [(kind, {**row, ("subject" if kind == "change" else "reference"): "8(a)"}) for kind, row in rows]
    for dry_run in (True, False):
        refused = run_rows(world, other, process="coast", dry_run=dry_run)
        assert faults(refused, 1) == {"/subject": "line 2, which records '8(a)', is refused"}


def test_a_subject_may_be_told_from_another_of_its_name(asked: World) -> None:
    run(asked, "committee", {"reference": "R1", "name": "C", "body_type": "presidential_committee"})
    assert "several things" in faults(run(asked, "change", LIFE[0]))["/subject"]
    told = {**LIFE[0], "subject_kind": "recommendation"}
    assert outcomes(run(asked, "change", told)) == ["created"]


def test_replies_and_corrections_are_acts_of_their_own(asked: World) -> None:
    run(asked, "change", LIFE[0])
    decide(asked)
    [first] = changes(asked)
    mended = {**LIFE[0], "state": "superseded", "corrects": first.id}
    assert outcomes(run(asked, "change", mended)) == ["created"]
    reply = {"subject": "R1", "replies_to": first.id, "effective_on": "2025-06-01", "reason": "No."}
    assert outcomes(run(asked, "change", reply, "no row")) == ["refused", "refused"]


def test_the_steps_by_which_an_addressee_was_asked_come_in_as_rows(asked: World) -> None:
    step = {**SAID, "track": "reminder", "addressee": "ministry"}
    ladder = [{"step": one, "after_days": 7} for one in ("asked", "reminded", "silence_recorded")]
    row = asked.session.get_one(Process, asked.process)
    with asked.act(asked.editor) as act:
        revise_record(act, row.id, "process", {"reminders": ladder}, row.version)
    life = [
        {**step, "state": "asked", "effective_on": "2025-05-01"},
        {**step, "state": "reminded", "effective_on": "2025-06-01"},
        {**step, "state": "silence_recorded", "effective_on": "2025-07-01"},
    ]
    assert outcomes(run(asked, "change", *life)) == ["created"] * 3
    decide(asked)
    assert [(one.from_state, one.to_state, one.addressee_id) for one in changes(asked)] == [
        ("not_asked", "asked", asked.ministry),
        ("asked", "reminded", asked.ministry),
        ("reminded", "silence_recorded", asked.ministry),
    ]
