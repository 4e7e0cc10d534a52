"""The right of reply in public: beside the verdict while that stands, in the history for good, and never an answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.actions.test_publication import revise
from tests.actions.test_replies import approved, reply
from tests.conftest import Clock
from tests.public.assertions import agrees, public
from tests.public.test_projection import then
from tests.world import World
from tracker.actions import statuses
from tracker.domain import errors
from tracker.public import events, queries
from tracker.public.replies import REPLIES
from tracker.public.scoreboard import build_scoreboard
from tracker.store.statuses import StatusChange


@pytest.fixture
def asked(world: World) -> str:
    return world.recommendation("C1")


@pytest.fixture
def verdict(world: World, asked: str) -> StatusChange:
    return world.answer(asked, "implementation", "not_started")


def row(body: dict[str, Any], place: int | None = None) -> dict[str, Any]:
    answers = next(one for one in body["standing"] if one["track"] == "implementation")
    found: dict[str, Any] = answers["lead"] if place is None else answers["others"][place]
    return found


def without_replies(world: World, asked: str) -> tuple[Any, ...]:
    """All that a document, the lists and the scoreboard say, but for the replies themselves."""
    body = then(world, "recommendation", asked)
    body["history"] = [one for one in body["history"] if one["act"] != "reply"]
    del body["last_act"]
    for answers in body["standing"]:
        for one in (answers["lead"], *answers["others"]):
            del one["replies"], one["replied"]
    at = world.session.connection()
    kinds = ("recommendation", "deadline", "committee")
    board = build_scoreboard(*(queries.list_briefs(at, world.process, kind, world.clock()) for kind in kinds))
    facets = public(world.session)["public_facet"]
    return body, board, facets


def test_a_reply_stands_beside_the_verdict_and_in_the_history(world: World, verdict: StatusChange) -> None:
    made = approved(world, reply(world, verdict, assessor=world.government, cites=(world.item(),)))
    body = then(world, "recommendation", verdict.subject_id)
    (beside,) = row(body)["replies"]
    assert beside == {
        "assessor": {"id": world.government, "name": "Government", "slug": "government"},
        "on": "2025-06-20",
        "reason": "We see it otherwise.",
        "basis": "supported",
        "change": made.id,
    }
    assert row(body)["replied"] == 1
    newest = body["history"][0]
    assert (newest["act"], newest["replies_to"]) == ("reply", verdict.id)
    assert (newest["assessor"]["name"], newest["verdict_by"]["name"]) == ("Government", "Desk")
    assert body["history"][1]["replies_to"] is body["history"][1]["verdict_by"] is None
    assert agrees(world)


def test_replies_change_no_standing_no_count_and_no_list(world: World, asked: str) -> None:
    item = world.item()
    desk = world.answer(asked, "implementation", "underway", cites=(item,))
    watch = world.answer(asked, "implementation", "stalled", proposer=world.watcher)
    refuted = world.item(state="refuted")
    before = without_replies(world, asked)
    for who in (world.government, world.watchdog, world.government, world.press):
        approved(world, reply(world, desk, assessor=who, cites=(refuted,)))
    for who in (world.government, world.lead):
        approved(world, reply(world, watch, assessor=who, cites=(item, refuted)))
    assert without_replies(world, asked) == before
    assert agrees(world)


def test_a_reply_stays_while_the_verdict_stands_and_goes_with_it(world: World, verdict: StatusChange) -> None:
    asked = verdict.subject_id
    approved(world, reply(world, verdict, assessor=world.government))
    world.answer(asked, "implementation", "not_started", confirms=True, effective_on=date(2025, 8, 1))
    world.answer(asked, "implementation", "not_started", corrects=verdict.id, reason="Better worded.")
    assert row(then(world, "recommendation", asked))["replied"] == 1
    world.answer(asked, "implementation", "stalled", effective_on=date(2025, 9, 1))
    assert row(then(world, "recommendation", asked))["replies"] == []
    assert row(then(world, "recommendation", asked, as_of=date(2025, 8, 31)))["replied"] == 1
    assert row(then(world, "recommendation", asked, as_of=date(2025, 6, 19)))["replied"] == 0
    assert [one["act"] for one in then(world, "recommendation", asked)["history"]].count("reply") == 1


def test_what_was_not_public_at_a_moment_was_no_reply_then(
    world: World, verdict: StatusChange, clock: Clock
) -> None:
    before = clock()
    clock.move(days=1)
    approved(world, reply(world, verdict, assessor=world.government))
    asked = verdict.subject_id
    assert row(then(world, "recommendation", asked, known_at=before))["replied"] == 0
    assert row(then(world, "recommendation", asked))["replied"] == 1


def test_a_document_carries_the_last_replies_and_says_how_many_there_are(
    world: World, verdict: StatusChange
) -> None:
    for number in range(REPLIES + 2):
        approved(
            world,
            reply(
                world, verdict, assessor=world.government, on=date(2025, 7, 1 + number), reason=f"No {number}"
            ),
        )
    found = row(then(world, "recommendation", verdict.subject_id))
    assert [one["reason"] for one in found["replies"]] == ["No 6", "No 5", "No 4", "No 3", "No 2"]
    assert found["replied"] == REPLIES + 2


def test_a_reply_of_whoever_is_not_public_is_not_let_stand(world: World, verdict: StatusChange) -> None:
    hidden = world.organization("hidden", "authority", publish=False)
    waiting = reply(world, verdict, assessor=hidden)
    with pytest.raises(errors.NotPublished), world.act(world.approver) as act:
        statuses.approve_status_change(act, waiting.id)


def test_a_reply_to_a_draft_becomes_public_with_it(world: World) -> None:
    draft = world.recommendation("C2", publish=False)
    verdict = world.answer(draft, "implementation", "stalled")
    approved(world, reply(world, verdict, assessor=world.government))
    world.publish(draft)
    assert row(then(world, "recommendation", draft))["replied"] == 1
    assert agrees(world)


def test_evidence_of_a_reply_that_falls_is_said_of_the_reply_alone(
    world: World, verdict: StatusChange, client: FlaskClient
) -> None:
    item = world.item()
    approved(world, reply(world, verdict, assessor=world.government, cites=(item,)))
    world.verify(item, "refuted")
    found = row(then(world, "recommendation", verdict.subject_id))
    assert (found["basis"], found["replies"][0]["basis"]) == ("unevidenced", "unsupported")
    titles = [
        (one["title"], one["content_text"])
        for one in client.get("/feeds/coast/changes.json").get_json()["items"]
        if "basis.changed" in one["tags"]
    ]
    assert titles == [
        (
            "Recommendation C1: the evidence behind the reply of Government is now unsupported",
            "It was supported and is now unsupported. Has it been done?",
        )
    ]
    assert agrees(world)


def test_the_feeds_tell_it_in_plain_words(world: World, verdict: StatusChange, client: FlaskClient) -> None:
    approved(world, reply(world, verdict, assessor=world.government))
    newest = client.get("/feeds/coast/changes.json").get_json()["items"][0]
    assert newest["title"] == "Government replies to Desk on Recommendation C1"
    assert newest["content_text"] == (
        "Has it been done? Desk says: not started. The reply is of 20 June 2025.\nWhy: We see it otherwise."
    )
    assert newest["tags"] == ["status.replied", "recommendation"]
    act = client.get("/v1/public/changes").get_json()["items"][-1]
    assert (act["kind"], act["change"]["replies_to"]) == ("status.replied", verdict.id)
    status = client.get("/feeds/coast/status.json").get_json()
    assert row(status["recommendations"][0])["replied"] == 1


def test_a_new_name_of_who_replied_stands_everywhere(world: World, verdict: StatusChange) -> None:
    approved(world, reply(world, verdict, assessor=world.press))
    revise(world, world.press, "organization", name="The Paper")
    body = then(world, "recommendation", verdict.subject_id)
    assert row(body)["replies"][0]["assessor"]["name"] == "The Paper"
    assert agrees(world)


def test_acts_of_before_there_were_replies_are_read_as_ever(world: World, verdict: StatusChange) -> None:
    """Their text has no such members, and stays as it is."""
    said = events.list_about(world.session.connection(), verdict.subject_id)[-1].body["change"]
    assert "replies_to" not in said
    assert "verdict_by" not in said
