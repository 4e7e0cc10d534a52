"""To whom something belongs is corrected as everything else is; whose it was said to be says so, too."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tests.public.assertions import refused
from tests.revising import revise_record
from tests.world import World
from tracker.actions import deadlines
from tracker.actions.operations import rebuild
from tracker.actions.support import lookup
from tracker.domain import errors
from tracker.public import queries
from tracker.store.work_queue import OpenWork


def read(world: World, kind: str, thing: str) -> dict[str, Any]:
    body = queries.find_document(world.session.connection(), kind, thing, world.clock()).body
    said: dict[str, Any] = json.loads(body)
    return said


def revise(world: World, kind: str, thing: str, **changes: Any) -> None:
    with world.act(world.editor) as act:
        version = lookup.get_unfiltered(world.session, thing).version
        revise_record(act, thing, kind, changes, version)


def agrees(world: World) -> bool:
    with world.act(world.editor) as act:
        return rebuild.check_public_side(act) == []


def waits(world: World) -> list[str]:
    return list(world.session.scalars(select(OpenWork.subject_id)))


def test_a_report_of_another_committee_leaves_the_first_with_its_date_open(world: World) -> None:
    other, due = world.make_committee("other"), world.deadline()
    report = world.report(delivered=date(2025, 4, 1))
    assert read(world, "deadline", due)["met_by_fact_on"] == "2025-04-01"
    assert due not in waits(world)
    revise(world, "report", report, committee_id=other)
    assert read(world, "deadline", due)["met_by_fact_on"] is None
    assert due in waits(world)
    assert [read(world, "committee", one)["reports"] == [] for one in (world.committee, other)] == [
        True,
        False,
    ]
    assert agrees(world)
    revise(world, "report", report, issuer_id=world.press)
    assert read(world, "committee", other)["reports"] == []
    assert agrees(world)


def test_a_date_set_for_another_is_shown_by_that_one(world: World) -> None:
    asked, due = world.recommendation("C1"), world.deadline(type="implementation_due")
    assert read(world, "committee", world.committee)["overdue"] != []
    revise(world, "deadline", due, owner_id=asked)
    assert read(world, "committee", world.committee)["overdue"] == []
    assert [one["id"] for one in read(world, "recommendation", asked)["overdue"]] == [due]
    assert agrees(world)


def test_the_means_of_a_committee_turn_out_to_be_those_of_a_recommendation(world: World) -> None:
    asked, money = world.recommendation("C1"), world.resource(world.committee)
    revise(world, "resource", money, recommendation_id=asked)
    assert [one["id"] for one in read(world, "recommendation", asked)["resources"]] == [money]
    revise(world, "resource", money, title="Funds")
    with refused(world, errors.InvalidInput, "/committee"):
        revise(world, "resource", money, recommendation_id=None)
    assert agrees(world)


def test_dates_that_were_put_off_stay_with_their_owner(world: World) -> None:
    asked, due = world.recommendation("C1"), world.deadline()
    data: dict[str, Any] = {"set_on": date(2025, 4, 10), "due_on": date(2025, 7, 10), "reason": "Later."}
    data["citations"] = [{"evidence": world.item(), "stance": "supports"}]
    with world.act(world.editor) as act:
        later = deadlines.extend_deadline(act, due, data)[0].id
    for one in (due, later):
        with refused(world, errors.InvalidInput, "/owner"):
            revise(world, "deadline", one, owner_id=asked)
    with pytest.raises(errors.WrongKind):
        revise(world, "deadline", world.deadline(), owner_id=world.press)


def test_a_draft_says_from_whom_it_came_as_it_is_known_now(world: World) -> None:
    item = world.item(state=None, publish=False)
    revise(world, "evidence", item, acquired_from="confidential_source")
    assert lookup.get_unfiltered(world.session, item).acquired_from == "confidential_source"
