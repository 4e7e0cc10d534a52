"""Nothing leads back to itself by what it names: neither when it is recorded nor when the second of two edits that wait
side by side is approved.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.public.assertions import refused
from tests.public.test_first_days import revised
from tests.world import World
from tracker.actions import proposals, revisions, statuses
from tracker.actions.support.circles import require_no_circle
from tracker.actions.support.lookup import MODELS
from tracker.domain import errors

RELATIONS = [
    ("part_of_id", "/part_of", lambda id: id),
    ("successor_of", "/successor_of", lambda id: [id]),
    ("member_of", "/member_of", lambda id: [{"organization_id": id, "from_on": None, "to_on": None}]),
]


def edit(world: World, kind: str, thing: str, **said: Any) -> str:
    with world.act(world.editor) as act:
        version = act.session.get_one(MODELS[kind], thing).version
        return str(revisions.edit_thing(act, thing, kind, {"reason": "So it is.", **said}, version).id)


def test_a_circle_of_others_is_passed_over() -> None:
    relatives = {"b": ["c"], "c": ["b"]}
    require_no_circle("a", "/part_of", ["b"], relatives.__getitem__, "leads back to itself")
    with pytest.raises(errors.InvalidInput):
        require_no_circle("b", "/part_of", ["c"], relatives.__getitem__, "leads back to itself")


@pytest.mark.parametrize(("member", "pointer", "write"), RELATIONS)
def test_an_organization_is_in_no_circle(world: World, member: str, pointer: str, write: Any) -> None:
    first, second, third = (world.organization(name, "civil_society") for name in ("a", "b", "c"))
    revised(world, second, "organization", **{member: write(first)})
    waiting = edit(world, "organization", first, **{member: write(third)})
    revised(world, third, "organization", **{member: write(second)})
    with refused(world, errors.InvalidInput, pointer), world.act(world.approver) as act:
        proposals.decide_proposal(act, waiting, "approve")
    with refused(world, errors.InvalidInput, pointer):
        edit(world, "organization", first, **{member: write(second)})


def test_a_recommendation_is_in_no_circle(world: World) -> None:
    first = world.recommendation("R1")
    second = world.recommendation("R2", parent_id=first, repeats=[first])
    third = world.recommendation("R3", parent_id=second, repeats=[second])
    with refused(world, errors.InvalidInput, "/parent"):
        edit(world, "recommendation", first, parent_id=third)
    with refused(world, errors.InvalidInput, "/repeats"):
        edit(world, "recommendation", first, repeats=[third])


def test_none_takes_the_place_of_what_took_its_place(world: World) -> None:
    first, second, third = (world.recommendation(f"R{number}") for number in (1, 2, 3))
    waiting = world.propose(third, "closure", "superseded", superseded_by=first).id
    world.answer(first, "closure", "superseded", superseded_by=second)
    with refused(world, errors.InvalidInput, "/superseded_by"):
        world.propose(second, "closure", "superseded", superseded_by=first)
    world.answer(second, "closure", "superseded", superseded_by=third)
    with refused(world, errors.InvalidInput, "/superseded_by"), world.act(world.approver) as act:
        statuses.approve_status_change(act, waiting)
    world.answer(first, "closure", "open", effective_on=date(2025, 7, 1))
    with world.act(world.approver) as act:
        statuses.approve_status_change(act, waiting)
