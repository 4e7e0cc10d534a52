"""As of a day before an update, members and mandates are told as they were, whoever corrected others since."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.public.assertions import agrees
from tests.public.test_first_days import FIRST, revised
from tests.public.test_projection import then
from tests.world import World


def test_what_an_update_changed_of_a_part_is_told_from_its_day_on(world: World) -> None:
    amal, basel = ({"name": name, "from_on": FIRST, "role": "member"} for name in ("Amal", "Basel"))
    decree = {"instrument": "Decree 3", "adopted_on": FIRST, "tasks": ["Find the facts."]}
    body = world.make_committee("body", established_on=FIRST, members=[amal, basel])
    world.add(body, "mandates", **decree)
    later, middle = FIRST + timedelta(days=10), FIRST + timedelta(days=5)
    chair, dana = {**amal, "role": "chair"}, {"name": "Dana"}
    update = {"revision": "update", "since": later}
    ended = {**decree, "in_force_to": later, "tasks": ["Find the graves."]}
    revised(world, body, "committee", members=[chair, basel, dana], mandates=[ended], **update)
    revised(world, body, "committee", members=[chair, {**basel, "from_on": middle}, dana])
    revised(world, body, "committee", members=[chair, dana], revision="update", since=later)

    def told(day: date) -> list[Any]:
        found = then(world, "committee", body, as_of=day)
        [mandate] = found["mandates"]
        members = [(one["name"], one["role"]) for one in found["members"]]
        return [members, mandate["tasks"], mandate["in_force_to"]]

    before = [["Find the facts."], None]
    assert told(FIRST) == [[("Amal", "member")], *before]
    assert told(later - timedelta(days=1)) == [[("Amal", "member"), ("Basel", "member")], *before]
    assert told(later) == [[("Amal", "chair"), ("Dana", None)], ["Find the graves."], str(later)]
    assert agrees(world)


def test_a_part_that_an_update_added_begins_on_its_own_day_as_it_was_put_right(world: World) -> None:
    body = world.make_committee("body", established_on=FIRST)
    later, middle = FIRST + timedelta(days=10), FIRST + timedelta(days=5)
    amal = {"name": "Amal", "from_on": middle}
    revised(world, body, "committee", members=[amal], revision="update", since=later)
    assert then(world, "committee", body, as_of=middle)["members"][0]["role"] is None
    revised(world, body, "committee", members=[{**amal, "role": "chair"}])
    assert then(world, "committee", body, as_of=middle)["members"][0]["role"] == "chair"
    assert then(world, "committee", body, as_of=FIRST)["members"] == []
    assert agrees(world)
