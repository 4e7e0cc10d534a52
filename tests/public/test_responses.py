"""Each addressee of a recommendation has an answer, a silence and a count of its own; the headline says how it was made
of them."""

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

DUE = "government_response_due"


@pytest.fixture
def asked(world: World) -> str:
    """Asked of the government and of the press."""
    both = [{"organization_id": world.government}, {"organization_id": world.press}]
    return world.recommendation("C1", addressees=both)


def answer(world: World, asked: str, whose: str | None, state: str, on: date, **more: Any) -> Any:
    cites = () if state == "awaiting" else (world.item(),)
    return world.answer(asked, "response", state, cites=cites, effective_on=on, addressee=whose, **more)


def read(world: World, asked: str, **more: Any) -> Any:
    """The headline, its rule, and the answer of each."""
    standing = then(world, "recommendation", asked, **more)["standing"]
    found = next(one for one in standing if one["track"] == "response")
    each = {one["addressee"] and one["addressee"]["slug"]: one["state"] for one in found["by_addressee"]}
    rolled = found["rolled_up"]
    return found["lead"]["state"], rolled["rule"], f"{rolled['answered']} of {rolled['asked']}", each


def test_each_answers_for_itself_and_the_headline_names_its_rule(
    world: World, asked: str, clock: Clock
) -> None:
    before = clock()
    clock.move(hours=1)
    answer(world, asked, world.government, "accepted", date(2025, 3, 1))
    clock.move(hours=1)
    between = clock()
    clock.move(hours=1)
    answer(world, asked, world.press, "rejected", date(2025, 3, 5))
    both = {"government": "accepted", "press": "rejected"}
    one = {"government": "accepted", "press": "awaiting"}
    none = {"government": "awaiting", "press": "awaiting"}
    assert read(world, asked) == ("accepted_in_part", "accepted_by_some", "2 of 2", both)
    assert read(world, asked, as_of=date(2025, 3, 4)) == (
        "accepted_in_part",
        "accepted_by_some",
        "1 of 2",
        one,
    )
    assert read(world, asked, as_of=date(2025, 2, 28)) == ("awaiting", "alike", "0 of 2", none)
    assert read(world, asked, known_at=between) == ("accepted_in_part", "accepted_by_some", "1 of 2", one)
    assert read(world, asked, known_at=before)[2] == "0 of 2"
    assert agrees(world)


def test_confirming_and_correcting_stay_within_the_answers_of_one_addressee(world: World, asked: str) -> None:
    answer(world, asked, world.government, "accepted", date(2025, 3, 1))
    wrong = answer(world, asked, world.press, "rejected", date(2025, 3, 5))
    answer(world, asked, world.government, "accepted", date(2025, 4, 1), confirms=True)
    answer(
        world, asked, None, "noted", date(2025, 3, 5), corrects=wrong.id
    )  # whose, the corrected answer says
    with pytest.raises(InvalidInput, match="same assessor"):
        answer(world, asked, world.government, "noted", date(2025, 3, 5), corrects=wrong.id)
    standing = then(world, "recommendation", asked)["standing"][0]["by_addressee"]
    government, press = standing
    assert (government["since"], government["verified_on"]) == ("2025-03-01", "2025-04-01")
    assert (press["state"], press["since"], press["reason"]) == ("noted", "2025-03-05", press["reason"])
    history = then(world, "recommendation", asked)["history"]
    assert [one["addressee"]["slug"] for one in history] == ["press", "government", "press", "government"]
    assert agrees(world)


def test_whose_answer_it_is_has_to_be_said_where_several_are_asked(world: World, asked: str) -> None:
    with pytest.raises(InvalidInput, match=rf"say whose answer it is: one of .*{world.press} \(\w"):
        answer(world, asked, None, "accepted", date(2025, 3, 1))
    with pytest.raises(InvalidInput, match="must be an addressee"):
        answer(world, asked, world.daily, "accepted", date(2025, 3, 1))
    with pytest.raises(InvalidInput, match="leave it out"):
        world.answer(asked, "closure", "superseded", addressee=world.press)
    alone = world.recommendation("C2")
    assert answer(world, alone, None, "noted", date(2025, 3, 1)).addressee_id == world.government
    nobody = world.recommendation("C3", addressees=[])
    assert answer(world, nobody, None, "noted", date(2025, 3, 1)).addressee_id is None
    with pytest.raises(InvalidInput, match="it has none"):
        answer(world, nobody, world.press, "rejected", date(2025, 3, 2))
    assert read(world, nobody) == ("noted", "alike", "1 of 1", {None: "noted"})


def test_a_day_by_which_they_owe_an_answer_waits_for_the_last_of_them(world: World, asked: str) -> None:
    data = {"owner_id": asked, "type": DUE, "rule": None, "due_on": date(2025, 10, 1)}
    day = world.deadline(set_on=date(2025, 4, 3), **data)
    answer(world, asked, world.government, "accepted", date(2025, 9, 1))
    found = then(world, "deadline", day)
    assert (found["unanswered_by"], found["met_by_fact_on"]) == ([world.press], None)
    assert found["timing"]["state"] == "long_overdue"
    (silent,) = then(world, "recommendation", asked)["silence"]
    assert [one["slug"] for one in silent["addressees"]] == ["press"]
    answer(world, asked, world.press, "rejected", date(2025, 10, 3))
    found = then(world, "deadline", day)
    assert (found["unanswered_by"], found["met_by_fact_on"]) == ([], "2025-10-03")
    assert found["timing"]["state"] == "met_late"
    assert then(world, "recommendation", asked)["silence"] == []
    assert then(world, "deadline", day, as_of=date(2025, 10, 2))["unanswered_by"] == [world.press]
    assert agrees(world)


def test_a_list_finds_it_by_the_answer_of_anybody_or_of_one(
    world: World, client: FlaskClient, asked: str
) -> None:
    answer(world, asked, world.government, "accepted", date(2025, 3, 1))

    def found(query: str) -> bool:
        address = f"/v1/public/recommendations?process={world.process}&{query}"
        return [one["id"] for one in client.get(address).json["items"]] == [asked]

    assert found("response=accepted")
    assert found("response=awaiting")
    assert found("response=accepted_in_part")  # the headline
    assert not found("response=rejected")
    assert found(f"response=accepted&addressee={world.government}")
    assert not found(f"response=accepted&addressee={world.press}")
    assert found(f"response=awaiting&addressee={world.press}")
    assert found(f"response=awaiting&addressee={world.press}&as_of=2025-02-27")
    assert not found(f"response=awaiting&addressee={world.government}")
    assert found(f"response=awaiting&addressee={world.government}&as_of=2025-02-27")


@pytest.mark.parametrize("query", ["", "?as_of=2026-01-01"])
def test_the_scoreboard_counts_headlines_and_each_addressee(
    world: World, client: FlaskClient, asked: str, query: str
) -> None:
    world.recommendation("C2")
    answer(world, asked, world.government, "accepted", date(2025, 3, 1))
    found = client.get(f"/v1/public/processes/{world.process}/scoreboard{query}").json["recommendations"]
    states = found["tracks"]["response"]["states"]
    assert (states["accepted_in_part"], states["awaiting"], sum(states.values())) == (1, 1, 2)
    counted = {
        one["addressee"]["slug"]: (one["asked"], one["answered"], one["states"]["accepted"])
        for one in found["by_addressee"]
    }
    assert counted == {"government": (2, 1, 1), "press": (1, 0, 0)}


def test_an_answer_outlives_a_change_of_the_addressees(world: World, asked: str) -> None:
    """What nobody in particular answered is the answer of those named later; a former addressee's stands beside."""
    nobody = world.recommendation("C3", addressees=[])
    answer(world, nobody, None, "noted", date(2025, 3, 1))

    def address(thing: str, *organizations: str) -> None:
        with world.act(world.editor) as act:
            row = act.session.get_one(Subject, thing)
            named = [{"organization_id": one} for one in organizations]
            revise_record(act, thing, "recommendation", {"addressees": named}, row.version)

    address(nobody, world.government, world.press)
    assert read(world, nobody) == ("noted", "alike", "2 of 2", {"government": "noted", "press": "noted"})
    answer(world, nobody, world.press, "rejected", date(2025, 3, 5))
    assert read(world, nobody)[3] == {"government": "noted", "press": "rejected"}
    answer(world, nobody, world.press, "noted", date(2025, 3, 9))
    standing = then(world, "recommendation", nobody)["standing"][0]["by_addressee"]
    assert [one["since"] for one in standing] == ["2025-03-01", "2025-03-09"]
    answer(world, asked, world.press, "accepted", date(2025, 3, 1))
    address(asked, world.government)
    assert read(world, asked) == (
        "awaiting",
        "alike",
        "0 of 1",
        {"government": "awaiting", "press": "accepted"},
    )
    (row,) = (
        one for one in then(world, "recommendation", asked)["standing"][0]["by_addressee"] if not one["asked"]
    )
    assert row["addressee"]["slug"] == "press"
    assert agrees(world)


def test_the_headline_of_several_stands_on_no_change_of_its_own(world: World, asked: str) -> None:
    answer(world, asked, world.government, "noted", date(2025, 3, 1))
    answer(world, asked, world.press, "noted", date(2025, 3, 9))
    found = then(world, "recommendation", asked)["standing"][0]["lead"]
    assert (found["state"], found["since"], found["verified_on"], found["change"]) == (
        "noted",
        "2025-03-09",
        "2025-03-01",
        None,
    )


def test_the_record_tells_the_same_and_the_feed_says_whose_it_is(
    world: World, client: FlaskClient, asked: str
) -> None:
    answer(world, asked, world.press, "noted", date(2025, 3, 9))
    key = {"Authorization": f"Bearer {world.keys['editor']}"}
    found = client.get(f"/v1/subjects/{asked}/standing", headers=key).json["answers"][0]
    assert {one["addressee"]: one["state"] for one in found["by_addressee"]} == {
        world.government: "awaiting",
        world.press: "noted",
    }
    assert found["rolled_up"] == {"rule": "still_open", "asked": 2, "answered": 1}
    assert found["lead"]["state"] == "awaiting"
    items = client.get("/feeds/coast/changes.json").json["items"]
    assert "Press" in next(one["title"] for one in items if one["title"].endswith("now noted"))
