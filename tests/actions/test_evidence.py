"""Submitting evidence, and rule 4 from end to end: when an item falls, every status that cites it says so at once.

For the public what is confidential never shows: neither that it is there, nor that it fell.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.public.assertions import agrees, public, refused
from tests.world import World
from tracker.actions import evidence, standings
from tracker.domain import errors
from tracker.public import queries
from tracker.public.tables import event
from tracker.store.evidence import Evidence


def desk(world: World, asked: str) -> str:
    """What the desk sees that the lead's answer stands on."""
    found = standings.read_standing(world.session, asked, world.clock(), None)["answers"]
    said: str = next(one for one in found if one["track"] == "implementation")["lead"]["basis"]
    return said


def world_sees(world: World, asked: str) -> str:
    """The same in the finished document."""
    body = json.loads(
        queries.find_document(world.session.connection(), "recommendation", asked, world.clock()).body
    )
    lead = next(one for one in body["standing"] if one["track"] == "implementation")["lead"]
    assert lead["basis"] == body["history"][0]["basis"]
    return str(lead["basis"])


def last_events(world: World, seen: int) -> list[tuple[str, str]]:
    query = select(event.c.kind, event.c.subject_id).where(event.c.seq > seen).order_by(event.c.seq)
    return [(kind, subject) for kind, subject in world.session.execute(query)]


def seq(world: World) -> int:
    return world.session.scalar(select(func.max(event.c.seq))) or 0


# ---------------------------------------------------------------- submitting


def submit(world: World, by: Any, **more: Any) -> Evidence:
    data = {
        "process_id": world.process,
        "title": "T",
        "type": "media_report",
        "acquired_from": "own_staff",
    }
    with world.act(by) as act:
        return evidence.submit_evidence(act, {**data, **more})


def test_the_desk_submits_for_the_lead_or_for_whom_it_names(world: World) -> None:
    assert submit(world, world.editor).watchdog_id == world.lead
    assert submit(world, world.editor, watchdog_id=world.watchdog).watchdog_id == world.watchdog


def test_a_watchdog_submits_for_itself_only(world: World) -> None:
    assert submit(world, world.watcher).watchdog_id == world.watchdog
    with refused(world, errors.NotPermitted):
        submit(world, world.watcher, watchdog_id=world.press)


def test_who_may_not_submit_does_not(world: World) -> None:
    with refused(world, errors.NotPermitted):
        submit(world, world.approver)


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"watchdog_id": "org_" + "0" * 26}, "/watchdog"),
        ({"publisher_id": "org_" + "0" * 26}, "/publisher"),
        ({"process_id": "prc_" + "0" * 26}, "/process"),
        ({"occurred_from": date(2025, 3, 7), "occurred_to": date(2025, 3, 6)}, "/occurred_to"),
    ],
)
def test_an_item_that_does_not_hold_together_is_refused(
    world: World, more: dict[str, Any], pointer: str
) -> None:
    with refused(world, errors.InvalidInput, pointer):
        submit(world, world.editor, **more)


def test_a_reference_is_taken_once(world: World) -> None:
    submit(world, world.editor, reference="N1", occurred_from=date(2025, 3, 6))
    with refused(world, errors.SlugTaken, "/reference"):
        submit(world, world.editor, reference="N1")


# ---------------------------------------------------------------- rule 4


@pytest.mark.parametrize(
    ("fall", "basis"),
    [("disputed", "contested"), ("refuted", "unsupported"), ("withdrawn", "unsupported")],
)
def test_when_an_item_falls_every_status_that_cites_it_says_so_in_the_same_act(
    world: World, app: Flask, fall: str, basis: str
) -> None:
    item = world.item()
    asked = [world.recommendation(f"C{place}") for place in range(3)]
    for one in asked[:2]:
        world.answer(one, "implementation", "underway", cites=(item,))
    world.answer(asked[2], "implementation", "underway", cites=(world.item(title="Another"),))
    assert [world_sees(world, one) for one in asked] == ["supported"] * 3
    seen = seq(world)

    world.verify(item, fall, effective_on=date(2025, 6, 2))

    assert [desk(world, one) for one in asked] == [basis, basis, "supported"]
    assert [world_sees(world, one) for one in asked] == [basis, basis, "supported"]
    assert last_events(world, seen) == [
        ("status.changed", item),
        *(("basis.changed", one) for one in sorted(asked[:2])),
    ]
    client = app.test_client()
    status = client.get("/feeds/coast/status.json").get_json()
    assert status["scoreboard"]["basis"] == {basis: 2, "supported": 1}
    newest = client.get("/feeds/coast/changes.json").get_json()["items"][0]
    assert newest["_tracker"]["basis"] == basis
    assert basis in newest["content_text"]
    assert agrees(world)


def test_an_item_that_rises_again_carries_again(world: World) -> None:
    item, other = world.item(), world.item(publisher_id=world.daily)
    asked = world.recommendation("C1")
    world.answer(asked, "implementation", "implemented", cites=(item, other))
    world.verify(item, "refuted", effective_on=date(2025, 6, 2))
    assert world_sees(world, asked) == "weakened"
    third = world.item(title="Third", publisher_id=world.watchdog)
    world.verify(item, "corroborated", cites=(third,), effective_on=date(2025, 6, 3))
    assert world_sees(world, asked) == desk(world, asked) == "supported"
    assert agrees(world)


def test_a_verified_item_that_contradicts_contests(world: World) -> None:
    item, against = world.item(), world.item(title="Against", state=None)
    asked = world.recommendation("C1")
    citations = [
        {"evidence": item, "stance": "supports"},
        {"evidence": against, "stance": "contradicts"},
    ]
    world.answer(asked, "implementation", "underway", citations=citations)
    assert world_sees(world, asked) == "supported"
    world.verify(against, "verified")
    assert world_sees(world, asked) == "contested"


def test_an_item_that_is_taken_back_from_the_public_carries_nothing_any_more(world: World) -> None:
    """What can no longer be looked at is no ground; that it was refuted before must not be forgotten either."""
    item = world.item()
    asked = world.recommendation("C1")
    world.answer(asked, "implementation", "underway", cites=(item,))
    world.withdraw(item, "Consent was withdrawn.")
    assert world_sees(world, asked) == desk(world, asked) == "unsupported"
    assert agrees(world)


def test_a_refuted_item_that_is_taken_back_does_not_carry_again(world: World) -> None:
    item = world.item()
    asked = world.recommendation("C1")
    world.answer(asked, "implementation", "underway", cites=(item,))
    world.verify(item, "refuted", effective_on=date(2025, 6, 2))
    world.withdraw(item)
    assert world_sees(world, asked) == "unsupported"
    assert agrees(world)


def test_the_fall_of_a_confidential_item_changes_no_public_byte_and_the_desk_sees_it_at_once(
    world: World,
) -> None:
    secret = world.item(publish=False, protection="confidential")
    asked = world.recommendation("C1")
    world.answer(asked, "implementation", "underway", cites=(secret,))
    before = public(world.session)
    for state in ("disputed", "refuted", "withdrawn"):
        world.verify(secret, state, effective_on=date(2025, 6, 2))
    assert public(world.session) == before
    assert desk(world, asked) == "unsupported"
    assert world_sees(world, asked) == "supported"
    world.withdraw(secret)
    assert public(world.session) == before
    assert agrees(world)


def test_adding_and_citing_what_is_confidential_changes_no_public_byte_but_the_answer(world: World) -> None:
    asked = world.recommendation("C1")
    before = public(world.session)
    secret = world.item(publish=False, protection="confidential")
    world.propose(asked, "implementation", "underway", cites=(secret,))
    assert public(world.session) == before
    world.answer(asked, "implementation", "underway", cites=(secret,))
    assert secret not in repr(public(world.session))


def test_a_confidential_item_that_contradicts_shows_at_the_desk_only(world: World) -> None:
    item, against = world.item(), world.item(publish=False, protection="confidential")
    asked = world.recommendation("C1")
    citations = [
        {"evidence": item, "stance": "supports"},
        {"evidence": against, "stance": "contradicts"},
    ]
    world.answer(asked, "implementation", "underway", citations=citations)
    assert (desk(world, asked), world_sees(world, asked)) == ("contested", "supported")
    assert agrees(world)


def test_an_item_that_becomes_public_after_it_fell_says_so_then(world: World) -> None:
    item = world.item(publish=False)
    asked = world.recommendation("C1")
    world.answer(asked, "implementation", "underway", cites=(item,))
    world.verify(item, "refuted", effective_on=date(2025, 6, 2))
    assert world_sees(world, asked) == "supported"
    world.publish(item)
    assert world_sees(world, asked) == "unsupported"
    assert agrees(world)


def test_a_draft_that_cites_a_fallen_item_is_published_with_what_it_stands_on(world: World) -> None:
    item = world.item()
    asked = world.recommendation("C1", publish=False)
    world.answer(asked, "implementation", "underway", cites=(item,))
    world.verify(item, "refuted", effective_on=date(2025, 6, 2))
    world.publish(asked)
    assert world_sees(world, asked) == "unsupported"
