"""A recommendation names those that took its place, that it repeats, and that it is part of; and each of them names it,
on any day and as known at any moment."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import Clock
from tests.public.assertions import agrees
from tests.public.test_projection import then
from tests.revising import revise_record
from tests.world import World
from tracker.domain.errors import InvalidInput
from tracker.store.subjects import Subject

ON = date(2025, 7, 1)


def slugs(found: list[dict[str, Any]]) -> list[str]:
    return [one["slug"] for one in found]


def read(world: World, thing: str, **more: Any) -> Any:
    return then(world, "recommendation", thing, **more)


def test_what_took_the_place_of_another_is_shown_on_both_while_it_holds(world: World, clock: Clock) -> None:
    old, new = world.recommendation("C1"), world.recommendation("C2")
    before = clock()
    clock.move(hours=1)
    world.answer(old, "closure", "superseded", effective_on=ON, superseded_by=new)
    assert read(world, old)["superseded_by"]["slug"] == "C2"
    assert slugs(read(world, new)["supersedes"]) == ["C1"]
    assert read(world, old, as_of=date(2025, 6, 30))["superseded_by"] is None
    assert read(world, new, as_of=date(2025, 6, 30))["supersedes"] == []
    assert read(world, new, known_at=before)["supersedes"] == []
    history = read(world, old)["history"]
    assert history[0]["superseded_by"]["slug"] == "C2"
    world.answer(old, "closure", "superseded", effective_on=date(2025, 8, 1), confirms=True)
    assert read(world, old)["superseded_by"]["slug"] == "C2"  # it still holds, so it still says by which
    assert agrees(world)
    world.answer(old, "closure", "open", effective_on=date(2025, 9, 1))
    assert read(world, old)["superseded_by"] is None
    assert read(world, new)["supersedes"] == []
    assert slugs(read(world, new, as_of=ON)["supersedes"]) == ["C1"]
    assert agrees(world)


def test_by_which_it_was_superseded_may_be_left_open_and_is_checked_where_it_is_said(world: World) -> None:
    old = world.recommendation("C1")
    world.answer(old, "closure", "superseded", effective_on=ON)
    assert read(world, old)["superseded_by"] is None
    with pytest.raises(InvalidInput, match="another recommendation"):
        world.answer(old, "closure", "superseded", effective_on=ON, superseded_by=old, confirms=True)
    with pytest.raises(InvalidInput, match="goes with closure superseded"):
        world.answer(old, "closure", "open", effective_on=ON, superseded_by=world.recommendation("C2"))
    with pytest.raises(InvalidInput, match="goes with closure superseded"):
        world.answer(old, "response", "awaiting", effective_on=ON, superseded_by=old, confirms=True)


def test_what_asks_for_the_same_again_is_shown_on_both_and_found(world: World, client: FlaskClient) -> None:
    first = world.recommendation("C1", issued_on=date(2025, 1, 3))
    later = world.recommendation(
        "C2", issued_on=date(2025, 2, 3), repeats=[first], former_numbers=["R. 17", "4/b"]
    )
    assert slugs(read(world, later)["repeats"]) == ["C1"]
    assert slugs(read(world, first)["repeated_by"]) == ["C2"]
    assert read(world, first, as_of=date(2025, 2, 2))["repeated_by"] == []
    found = client.get(f"/v1/public/recommendations?process={world.process}&repeats={first}").json["items"]
    assert [one["id"] for one in found] == [later]
    for number in ("17", "R.+17", "4/b"):
        found = client.get(f"/v1/public/search?q={number}").json["items"]
        assert later in [one["id"] for one in found]
    assert read(world, later)["former_numbers"] == ["R. 17", "4/b"]
    with world.act(world.editor) as act:
        version = act.session.get_one(Subject, later).version
        with pytest.raises(InvalidInput, match="must be other recommendations"):
            revise_record(act, later, "recommendation", {"repeats": [later]}, version)
        revise_record(act, later, "recommendation", {"repeats": []}, version)
    assert read(world, first)["repeated_by"] == []
    assert agrees(world)


def test_a_whole_counts_its_parts_and_says_when_it_is_closed_over_an_open_one(
    world: World, client: FlaskClient
) -> None:
    whole = world.recommendation("C1")
    assert read(world, whole)["parts"]["total"] == 0
    first, second = (world.recommendation(name, parent_id=whole) for name in ("C1a", "C1b"))
    world.recommendation("C1c", parent_id=whole, publish=False)  # a draft is none yet
    world.answer(first, "implementation", "not_started", effective_on=date(2025, 2, 10))
    world.answer(second, "closure", "no_longer_applicable", effective_on=date(2025, 3, 10))
    items = (world.item(publisher_id=world.press), world.item(publisher_id=world.daily))
    world.answer(whole, "closure", "closed_implemented", cites=items, effective_on=ON)
    parts = read(world, whole)["parts"]
    assert (parts["total"], parts["diverges"]) == (2, True)
    assert (parts["implementation"]["not_started"], parts["implementation"]["not_assessed"]) == (1, 1)
    assert (parts["closure"]["open"], parts["closure"]["no_longer_applicable"]) == (1, 1)
    assert read(world, whole, as_of=date(2025, 6, 30))["parts"]["diverges"] is False
    assert read(world, whole, as_of=date(2025, 3, 9))["parts"]["closure"]["open"] == 2

    def found(asked: str) -> list[str]:
        address = f"/v1/public/recommendations?process={world.process}&parts_diverge=true{asked}"
        return [one["id"] for one in client.get(address).json["items"]]

    assert found("") == [whole]
    assert found("&as_of=2025-06-30") == []
    world.answer(first, "closure", "superseded", effective_on=date(2025, 8, 1), superseded_by=second)
    assert read(world, whole)["parts"]["diverges"] is False
    assert found("") == []
    world.withdraw(second)
    assert read(world, whole)["parts"]["total"] == 1
    assert read(world, first)["superseded_by"] == {"id": second, "name": None, "slug": None}
    assert agrees(world)
