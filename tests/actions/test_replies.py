"""The right of reply: what an organization says to another's verdict goes through the one workflow and answers nothing.

The contract: who may reply to what, and that however much is replied the standing, its demands and its basis stay.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.conftest import Clock
from tests.public.assertions import refused
from tests.world import World
from tracker.actions import standings, statuses, watchdogs
from tracker.actions.support import lookup
from tracker.domain import errors
from tracker.domain.people import Actor
from tracker.public.replies import REPLIES
from tracker.store.statuses import StatusChange
from tracker.store.viewer import Viewer

REPLIED = date(2025, 6, 20)


def reply(
    world: World,
    verdict: StatusChange,
    *,
    by: Actor | None = None,
    cites: tuple[str, ...] = (),
    on: date = REPLIED,
    **more: Any,
) -> StatusChange:
    data = {
        "subject": verdict.subject_id,
        "replies_to": verdict.id,
        "effective_on": on,
        "reason": "We see it otherwise.",
        "citations": [{"evidence": item, "stance": "supports"} for item in cites],
        **more,
    }
    with world.act(by or world.editor) as act:
        made = statuses.propose_status_change(act, data).id
    return world.session.get_one(StatusChange, made)


def approved(world: World, change: StatusChange) -> StatusChange:
    with world.act(world.approver) as act:
        statuses.approve_status_change(act, change.id)
    return change


@pytest.fixture
def asked(world: World) -> str:
    return world.recommendation("C1")


@pytest.fixture
def verdict(world: World, asked: str) -> StatusChange:
    return world.answer(asked, "implementation", "not_started")


@pytest.fixture
def foreign(world: World, asked: str) -> StatusChange:
    return world.answer(asked, "implementation", "stalled", proposer=world.watcher)


def standing(world: World, subject: str) -> Any:
    return standings.read_standing(world.session, subject, world.clock(), None)


# ---------------------------------------------------------------- the one workflow


def test_a_reply_has_the_track_and_the_state_of_what_it_replies_to(
    world: World, verdict: StatusChange
) -> None:
    made = reply(world, verdict, assessor=world.government)
    assert (made.act, made.track, made.from_state, made.to_state) == (
        "reply",
        "implementation",
        "not_started",
        "not_started",
    )
    assert (made.replies_to_id, made.assessor_id) == (verdict.id, world.government)
    assert (made.decision, made.number, made.corrects_id) == ("proposed", None, None)
    approved(world, made)
    assert made.number == (verdict.number or 0) + 1


def test_two_people_as_for_every_act_and_one_may_take_it_back(world: World, verdict: StatusChange) -> None:
    made = reply(world, verdict, by=world.reviewer, assessor=world.government)
    with refused(world, errors.SelfApproval), world.act(world.reviewer) as act:
        statuses.approve_status_change(act, made.id)
    with world.act(world.reviewer) as act:
        assert statuses.retract_status_change(act, made.id).decision == "retracted"
    again = reply(world, verdict, assessor=world.government)
    with world.act(world.approver) as act:
        assert statuses.return_status_change(act, again.id, "Is this its own letter?").decision == "returned"


def test_a_watchdog_replies_for_itself_and_the_lead_to_the_watchdog(
    world: World, verdict: StatusChange, foreign: StatusChange
) -> None:
    assert reply(world, verdict, by=world.watcher).assessor_id == world.watchdog
    assert reply(world, foreign).assessor_id == world.lead


def test_several_replies_may_stand_to_one_verdict(world: World, verdict: StatusChange) -> None:
    for who in (world.government, world.press, world.government):
        approved(world, reply(world, verdict, assessor=who))


def test_a_reply_answers_nothing(world: World, asked: str, foreign: StatusChange) -> None:
    before = standing(world, asked)
    refuted = world.item(state="refuted")
    approved(world, reply(world, foreign, cites=(refuted,)))
    approved(world, reply(world, foreign, assessor=world.government))
    after = standing(world, asked)
    for answers in (*before["answers"], *after["answers"]):
        for one in (answers["lead"], *answers["others"]):
            del one["replies"], one["replied"]
    assert after == before


def beside(world: World, subject: str, **then: Any) -> tuple[int, list[tuple[Any, ...]]]:
    """What stands beside the verdict of the lead on implementation, by the working record."""
    day, moment = then.get("as_of"), then.get("known_at")
    found = standings.read_standing(world.session, subject, world.clock(), day, moment)["answers"]
    lead = next(one["lead"] for one in found if one["track"] == "implementation")
    return lead["replied"], [(one["assessor"], one["on"], one["change"]) for one in lead["replies"]]


def test_the_working_record_shows_replies_beside_the_verdict_as_documents_do(
    world: World, clock: Clock, asked: str, verdict: StatusChange, foreign: StatusChange
) -> None:
    assert beside(world, asked) == (0, [])
    before = clock()
    clock.move(days=1)
    reply(world, verdict, assessor=world.press)  # nobody approved it
    approved(world, reply(world, foreign, assessor=world.press))  # to another verdict
    first = approved(world, reply(world, verdict, assessor=world.government))
    second = approved(world, reply(world, verdict, assessor=world.press, on=date(2025, 7, 1)))
    told = [(world.press, second.effective_on, second.id), (world.government, REPLIED, first.id)]
    assert beside(world, asked) == (2, told)
    assert beside(world, asked, as_of=REPLIED) == (1, told[1:])
    assert beside(world, asked, known_at=before) == (0, [])
    assert beside(world, asked, known_at=clock()) == (2, told)

    for _ in range(REPLIES):
        approved(world, reply(world, verdict, assessor=world.press, on=date(2025, 7, 2)))
    count, newest = beside(world, asked)
    assert (count, len(newest)) == (REPLIES + 2, REPLIES)
    assert {on for _who, on, _change in newest} == {date(2025, 7, 2)}

    world.answer(asked, "implementation", "stalled", effective_on=date(2025, 8, 1))
    assert beside(world, asked) == (0, [])


def test_what_a_reply_cites_carries_no_verdict(world: World, asked: str, foreign: StatusChange) -> None:
    """The lead replies with good evidence, and later claims the very state that it had replied to: it has to cite."""
    item = world.item()
    done = world.answer(asked, "implementation", "partly_implemented", proposer=world.watcher, cites=(item,))
    approved(world, reply(world, done, cites=(item,)))
    with refused(world, errors.DemandsNotMet):
        world.propose(asked, "implementation", "partly_implemented")


def test_a_reply_is_corrected_by_no_correction(world: World, verdict: StatusChange) -> None:
    made = approved(world, reply(world, verdict, assessor=world.government))
    with refused(world, errors.InvalidInput, "/corrects"):
        world.propose(
            verdict.subject_id,
            "implementation",
            "underway",
            assessor=world.government,
            corrects=made.id,
        )
    approved(world, reply(world, verdict, assessor=world.government, reason="We were wrong."))


def test_what_only_replies_have_been_said_of_is_a_first_answer_still(
    world: World, verdict: StatusChange
) -> None:
    approved(world, reply(world, verdict, assessor=world.government))
    item = world.item()
    first = world.answer(
        verdict.subject_id, "implementation", "underway", assessor=world.government, cites=(item,)
    )
    assert first.from_state == "not_assessed"


# ---------------------------------------------------------------- who may reply to what


def test_nobody_replies_to_their_own_verdict(
    world: World, verdict: StatusChange, foreign: StatusChange
) -> None:
    with refused(world, errors.NoReply, "/replies_to"):
        reply(world, verdict)
    with refused(world, errors.NoReply, "/replies_to"):
        reply(world, foreign, by=world.watcher)
    with refused(world, errors.NoReply, "/replies_to"):
        reply(world, foreign, assessor=world.watchdog)


def test_a_reply_takes_no_reply(world: World, verdict: StatusChange) -> None:
    made = approved(world, reply(world, verdict, assessor=world.government))
    for who in (world.government, world.press):
        with refused(world, errors.NoReply, "/replies_to"):
            reply(world, made, assessor=who)


def test_what_only_the_lead_or_the_desk_says_takes_none(world: World, asked: str) -> None:
    for change in (
        world.answer(asked, "closure", "superseded"),
        world.answer(world.committee, "stage", "lapsed"),
        world.answer(world.deadline(), "outcome", "missed"),
        world.verify(world.item(state=None), "disputed"),
    ):
        with refused(world, errors.NoReply, "/replies_to"):
            reply(world, change, assessor=world.press)


def test_only_an_approved_change_of_that_subject_takes_one(world: World, verdict: StatusChange) -> None:
    other = world.recommendation("C2")
    waiting = world.propose(other, "implementation", "stalled")
    nothing = "chg_" + "0" * 26
    for named in (waiting.id, verdict.id, nothing, other):
        with refused(world, errors.InvalidInput, "/replies_to"):
            reply(world, verdict, subject=other, replies_to=named, assessor=world.press)


def test_a_watchdog_replies_to_what_it_can_see_only(world: World, verdict: StatusChange) -> None:
    """Its own item it can see; what the desk thinks of it, it cannot."""
    item = world.item(watchdog_id=world.watchdog, publish=False, state=None, protection="confidential")
    judged = world.verify(item, "disputed")
    draft = world.recommendation("C2", publish=False)
    hidden = world.answer(draft, "implementation", "stalled")
    with refused(world, errors.InvalidInput, "/replies_to"):
        reply(world, judged, by=world.watcher)
    with refused(world, errors.InvalidInput, "/subject"):
        reply(world, hidden, by=world.watcher)
    assert approved(
        world, reply(world, hidden, assessor=world.press)
    )  # the desk may, and it is public with the rest


def test_a_reply_is_not_older_than_what_it_replies_to_nor_of_tomorrow(
    world: World, verdict: StatusChange
) -> None:
    for on in (date(2025, 5, 31), date(2026, 11, 24)):
        with refused(world, errors.InvalidInput, "/effective_on"):
            reply(world, verdict, assessor=world.press, on=on)
    assert reply(world, verdict, assessor=world.press, on=verdict.effective_on)


def test_what_has_been_withdrawn_takes_none_and_lets_none_stand(world: World, verdict: StatusChange) -> None:
    waiting = reply(world, verdict, assessor=world.press)
    world.withdraw(verdict.subject_id)
    with refused(world, errors.AlreadyDone):
        reply(world, verdict, assessor=world.press)
    with refused(world, errors.AlreadyDone), world.act(world.approver) as act:
        statuses.approve_status_change(act, waiting.id)


def test_a_verdict_that_was_corrected_in_the_meantime_keeps_its_replies(
    world: World, verdict: StatusChange
) -> None:
    waiting = reply(world, verdict, assessor=world.press)
    world.answer(verdict.subject_id, "implementation", "stalled", corrects=verdict.id)
    assert approved(world, waiting).to_state == "not_started"


def test_a_watchdog_reads_its_own_reply_and_no_other(world: World, verdict: StatusChange) -> None:
    mine = reply(world, verdict, by=world.watcher)
    others = reply(world, verdict, assessor=world.press)
    assert lookup.get_status_change(Viewer(world.session, world.watcher), mine.id).act == "reply"
    with pytest.raises(errors.NotFound):
        lookup.get_status_change(Viewer(world.session, world.watcher), others.id)


# ---------------------------------------------------------------- through one's own account


def test_an_organization_that_is_no_watchdog_says_nothing_through_its_own_account(
    world: World, asked: str, verdict: StatusChange
) -> None:
    for roles in (("watchdog",), ("editor",)):
        speaker = world.person(f"of the press, {roles[0]}", *roles, organization=world.press)
        with refused(world, errors.NotPermitted):
            world.propose(asked, "implementation", "stalled", proposer=speaker)
        with refused(world, errors.NotPermitted):
            reply(world, verdict, by=speaker)
    with world.act(world.editor) as act:
        watchdogs.register_watchdog(act, world.press, {"since": date(2025, 1, 1)})
    assert world.propose(asked, "implementation", "stalled", proposer=speaker).assessor_id == world.press


def test_the_desk_records_the_word_of_who_is_no_watchdog(
    world: World, asked: str, verdict: StatusChange
) -> None:
    assert world.answer(asked, "implementation", "stalled", assessor=world.government)
    assert approved(world, reply(world, verdict, assessor=world.government))
