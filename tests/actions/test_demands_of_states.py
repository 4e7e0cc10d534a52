"""What each state of a track demands, what of it is given by what somebody has in hand, and which act mends the rest:
counted exactly as a proposal is.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.public.assertions import refused
from tests.world import World
from tracker.actions import demands, statuses
from tracker.actions.support.unit import open_view
from tracker.domain import errors
from tracker.domain.people import Actor
from tracker.domain.tracks import TRACKS


def read(
    world: World, subject: str, track: str = "implementation", by: Actor | None = None, **asked: Any
) -> Any:
    world.session.rollback()
    with open_view(world.session, by or world.editor, world.clock(), world.entropy) as unit:
        return demands.list_demands(unit, subject, {"track": track, **asked})


def of_state(told: Any, state: str) -> Any:
    return next(one for one in told["states"] if one["state"] == state)


def test_every_state_says_what_it_demands_and_how_one_comes_there(world: World) -> None:
    asked = world.recommendation("R1")
    world.answer(asked, "implementation", "not_started")
    told = read(world, asked)
    assert [one["state"] for one in told["states"]] == list(TRACKS["implementation"].codes)
    assert (told["stands"], told["assessor_id"]) == ("not_started", world.lead)
    acts = {one["state"]: one["act"] for one in told["states"]}
    assert (acts["underway"], acts["not_started"], acts["not_assessed"]) == ("move", "confirmation", None)
    assert of_state(told, "stalled")["support"] == {"met": True, "own_act": None, "demands": []}
    assert of_state(told, "regressed")["support"]["own_act"] is False
    assert [one["state"] for one in read(world, asked, state="stalled")["states"]] == ["stalled"]


def test_a_process_that_demands_more_is_counted(world: World) -> None:
    strict = world.make_process("strict", evidence_policy={"implementation.stalled": {"items": 1}})
    asked = world.recommendation("R1", process_id=strict)
    [stalled] = read(world, asked, state="stalled")["states"]
    assert [(one.code, one.needed, one.given) for one in stalled["support"]["demands"]] == [("items", 1, 0)]


@pytest.mark.parametrize("state", ["implemented", "partly_implemented", "not_implemented", "regressed"])
def test_what_is_told_to_be_met_is_what_a_proposal_gets_through_with(world: World, state: str) -> None:
    asked = world.recommendation("R1")
    cited = (world.item(), world.item(state=None), world.item(publisher_id=world.government))
    for count in range(4):
        [told] = read(world, asked, state=state, cites=cited[:count])["states"]
        if told["act"] is None:
            continue
        if told["support"]["met"]:
            world.propose(asked, "implementation", state, cites=cited[:count])
        else:
            with refused(world, errors.DemandsNotMet) as caught:
                world.propose(asked, "implementation", state, cites=cited[:count])
            assert list(caught.value.demands) == told["support"]["demands"]


def test_each_item_says_why_it_does_not_count_and_what_mends_it(world: World) -> None:
    asked = world.recommendation("R1")
    link = {"source_url": "https://press.example/one"}
    good, same = world.item(**link), world.item(**link)
    new, waits = world.item(state=None), world.item(state=None)
    returned = world.propose(new, "verification", "verified", proposer=world.reviewer).id
    with world.act(world.approver) as act:
        statuses.return_status_change(act, returned, "Look again.")
    verification = world.propose(waits, "verification", "verified", proposer=world.reviewer).id
    own, wrong = world.item(publisher_id=world.government), world.item(state="disputed")
    fallen = world.item(state="refuted")
    cites = (good, same, new, waits, own, wrong, fallen)
    [told] = read(world, asked, state="implemented", cites=cites)["states"]
    because = {one["evidence"]: one["because"] for one in told["items"]}
    assert {because[good], because[same]} == {None, "same_source"}
    assert [because[one] for one in (own, wrong, fallen)] == ["from_addressee", "disputed", "fallen"]
    mended = {one["evidence"]: (one["because"], one["mended_by"], one["change"]) for one in told["items"]}
    assert mended[new] == ("unverified", "propose_status_change", None)
    assert mended[waits] == ("unverified", "decide_status_change", verification)
    assert mended[good][1:] == (None, None)
    [closed] = read(world, asked, "closure", state="closed_by_issuer", cites=(good,))["states"]
    assert [one["because"] for one in closed["items"]] == ["not_from_issuer"]


def test_what_the_answer_that_stands_cites_counts_where_the_same_is_said_again(world: World) -> None:
    asked, item = world.recommendation("R1"), world.item(protection="confidential", publish=False)
    world.answer(asked, "implementation", "partly_implemented", cites=(item,))
    told = of_state(read(world, asked), "partly_implemented")
    assert (told["act"], [one["evidence"] for one in told["items"]]) == ("confirmation", [item])
    world.protect(item, "sealed", by=world.person("keeper", "custodian"))
    assert of_state(read(world, asked), "partly_implemented")["items"] == []


def test_what_is_there_for_others_only_is_not_there(world: World) -> None:
    draft = world.recommendation("R1", publish=False)
    with refused(world, errors.NotFound):
        read(world, draft, by=world.watcher)
    secret = world.item(publish=False)
    public = world.recommendation("R2")
    with refused(world, errors.InvalidInput, "/citations/0/evidence"):
        read(world, public, by=world.watcher, cites=(secret,))
    told = read(world, public, by=world.watcher, state="stalled")
    assert told["assessor_id"] == world.watchdog
    world.withdraw(public)
    with refused(world, errors.AlreadyDone):
        read(world, public)


def test_a_track_or_a_state_that_is_none_is_named(world: World) -> None:
    asked = world.recommendation(
        "R1", addressees=[{"organization_id": world.government}, {"organization_id": world.ministry}]
    )
    with refused(world, errors.UnknownTrack, "track"):
        read(world, asked, "outcome")
    with refused(world, errors.UnknownState, "state"):
        read(world, asked, state="met")
    told = read(world, asked, "response", addressee=world.ministry)
    assert told["addressee_id"] == world.ministry
    world.answer(asked, "response", "accepted", addressee=world.ministry, cites=(world.item(),))
    assert read(world, asked, "response", addressee=world.ministry)["stands"] == "accepted"
    assert read(world, asked, "response", addressee=world.government)["stands"] == "awaiting"
