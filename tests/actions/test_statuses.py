"""Status changes: one person proposes, another decides; a refusal is named, points there, and changes nothing.

The contract is rules 1 to 3 and 5 of the domain, and who may speak for whom.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.public.assertions import refused
from tests.world import World
from tracker.actions import standings, statuses
from tracker.domain import errors
from tracker.domain.people import Actor
from tracker.store.audit import AuditEntry
from tracker.store.people import Person
from tracker.store.statuses import StatusChange
from tracker.store.watchdogs import Watchdog


def state(
    world: World, subject: str, track: str = "implementation", as_of: date | None = None
) -> dict[str, Any]:
    found = standings.read_standing(world.session, subject, world.clock(), as_of)
    answer: dict[str, Any] = next(one for one in found["answers"] if one["track"] == track)
    return answer


def move_watchdog(world: World, to: str) -> None:
    """No act does this yet; the record can say it."""
    with world.act(world.editor) as act:
        world.session.get_one(Watchdog, world.watchdog).standing = to
        act.audit("watchdog.standing", world.watchdog)


@pytest.fixture
def asked(world: World) -> str:
    return world.recommendation("C1")


# ---------------------------------------------------------------- two people


def test_nobody_approves_what_they_proposed(world: World, asked: str) -> None:
    change = world.propose(asked, "implementation", "not_started", proposer=world.reviewer)
    with refused(world, errors.SelfApproval), world.act(world.reviewer) as act:
        statuses.approve_status_change(act, change.id)


def test_nobody_returns_what_they_proposed(world: World, asked: str) -> None:
    change = world.propose(asked, "implementation", "not_started", proposer=world.reviewer)
    with refused(world, errors.SelfApproval), world.act(world.reviewer) as act:
        statuses.return_status_change(act, change.id, "no")


def test_only_who_may_decide_decides_and_only_who_may_propose_proposes(world: World, asked: str) -> None:
    change = world.propose(asked, "implementation", "not_started")
    with refused(world, errors.NotPermitted), world.act(world.editor) as act:
        statuses.approve_status_change(act, change.id)
    with refused(world, errors.NotPermitted), world.act(world.watcher) as act:
        statuses.return_status_change(act, change.id, "no")
    with refused(world, errors.NotPermitted):
        world.propose(asked, "implementation", "stalled", proposer=world.approver)
    with refused(world, errors.NotPermitted), world.act(world.approver) as act:
        statuses.retract_status_change(act, change.id)


def test_a_proposal_is_retracted_by_whoever_made_it_and_by_nobody_else(world: World, asked: str) -> None:
    change = world.propose(asked, "implementation", "not_started")
    with refused(world, errors.NotPermitted), world.act(world.reviewer) as act:
        statuses.retract_status_change(act, change.id)
    with world.act(world.editor) as act:
        assert statuses.retract_status_change(act, change.id, "a slip").decision == "retracted"
    assert (change.decided_by, change.decision_note, change.number) == (world.editor.id, "a slip", None)


def test_a_proposal_is_decided_once(world: World, asked: str) -> None:
    change = world.answer(asked, "implementation", "not_started")
    for decide in (
        statuses.approve_status_change,
        statuses.retract_status_change,
        lambda act, id: statuses.return_status_change(act, id, "no"),
    ):
        with refused(world, errors.AlreadyDecided), world.act(world.reviewer) as act:
            decide(act, change.id)


def test_a_decision_on_an_old_version_is_refused(world: World, asked: str) -> None:
    change = world.propose(asked, "implementation", "not_started")
    with refused(world, errors.StaleEdit), world.act(world.approver) as act:
        statuses.approve_status_change(act, change.id, expected=change.version + 1)
    with world.act(world.approver) as act:
        statuses.approve_status_change(act, change.id, "well founded", expected=change.version)
    assert (change.decision, change.decision_note, change.version) == ("approved", "well founded", 2)


@pytest.mark.parametrize("name", ["chg_" + "0" * 26, "rec_" + "0" * 26, "nonsense"])
def test_what_is_no_proposal_is_not_found(world: World, name: str) -> None:
    with refused(world, errors.NotFound), world.act(world.approver) as act:
        statuses.approve_status_change(act, name)


def test_returning_keeps_the_note_and_changes_no_status(world: World, asked: str) -> None:
    change = world.propose(asked, "implementation", "not_started")
    assert state(world, asked)["open_proposals"] == 1
    with world.act(world.approver) as act:
        statuses.return_status_change(act, change.id, "Which day?")
    assert (change.decision, change.decision_note) == ("returned", "Which day?")
    found = state(world, asked)
    assert (found["lead"]["state"], found["open_proposals"]) == ("not_assessed", 0)


# ---------------------------------------------------------------- who speaks for whom


def test_a_watchdog_speaks_for_itself_without_being_asked_who_it_is(world: World, asked: str) -> None:
    change = world.propose(asked, "implementation", "not_started", proposer=world.watcher)
    assert change.assessor_id == world.watchdog


@pytest.mark.parametrize("other", ["press", "lead", "government"])
def test_a_watchdog_speaks_for_nobody_else(world: World, asked: str, other: str) -> None:
    with refused(world, errors.NotPermitted):
        world.propose(
            asked, "implementation", "not_started", proposer=world.watcher, assessor=getattr(world, other)
        )


def test_the_desk_records_what_others_say_and_the_lead_still_leads(world: World, asked: str) -> None:
    item = world.item()
    world.answer(asked, "implementation", "implemented", assessor=world.government, cites=(item,))
    found = state(world, asked)
    assert found["lead"]["state"] == "not_assessed"
    assert [(one["assessor"], one["state"]) for one in found["others"]] == [(world.government, "implemented")]


def test_what_the_lead_holds_is_answered_by_the_lead_alone(world: World, asked: str) -> None:
    with refused(world, errors.WrongAssessor, "/assessor"):
        world.propose(asked, "closure", "superseded", assessor=world.press)
    with refused(world, errors.WrongAssessor, "/assessor"):
        world.propose(world.committee, "stage", "lapsed", proposer=world.watcher)


@pytest.mark.parametrize("standing", ["suspended", "withdrawn"])
def test_a_watchdog_that_lost_its_standing_stops_at_once_and_its_history_stays(
    world: World, asked: str, standing: str
) -> None:
    world.answer(asked, "implementation", "not_started", proposer=world.watcher)
    waiting = world.propose(asked, "implementation", "stalled", proposer=world.watcher)
    move_watchdog(world, standing)
    with refused(world, errors.NotPermitted):
        world.propose(asked, "implementation", "no_evidence", proposer=world.watcher)
    with refused(world, errors.NotPermitted):
        world.propose(asked, "implementation", "no_evidence", assessor=world.watchdog)
    with refused(world, errors.NotPermitted), world.act(world.approver) as act:
        statuses.approve_status_change(act, waiting.id)
    with refused(world, errors.NotPermitted):
        world.item(watchdog_id=world.watchdog)
    assert [one["state"] for one in state(world, asked)["others"]] == ["not_started"]


def test_somebody_of_the_lead_speaks_for_the_lead(world: World, asked: str) -> None:
    own = world.person("of the lead", "editor", organization=world.lead)
    assert world.propose(asked, "implementation", "not_started", proposer=own).assessor_id == world.lead
    assert world.propose(asked, "implementation", "stalled", proposer=own, assessor=world.press).assessor_id


# ---------------------------------------------------------------- days


def test_nothing_is_said_of_a_day_that_has_not_come(world: World, asked: str) -> None:
    with refused(world, errors.InvalidInput, "/effective_on"):
        world.propose(asked, "implementation", "not_started", effective_on=date(2026, 11, 24))
    assert world.propose(asked, "implementation", "not_started", effective_on=date(2026, 11, 23))


def test_today_is_today_where_the_process_is(world: World, asked: str, clock: Any) -> None:
    clock.move(hours=13)  # 22:00 in UTC is one in the morning of the next day in Damascus
    assert world.propose(asked, "implementation", "not_started", effective_on=date(2026, 11, 24))


def test_an_interval_is_not_upside_down(world: World, asked: str) -> None:
    with refused(world, errors.InvalidInput, "/not_before"):
        world.propose(asked, "implementation", "not_started", not_before=date(2025, 6, 2))


def test_inside_an_interval_the_earlier_state_stands_and_says_what_it_may_be(
    world: World, asked: str
) -> None:
    world.answer(asked, "implementation", "not_started", effective_on=date(2025, 5, 1))
    world.answer(
        asked, "implementation", "stalled", not_before=date(2025, 6, 1), effective_on=date(2025, 7, 1)
    )
    inside = state(world, asked, as_of=date(2025, 6, 15))["lead"]
    assert inside["state"] == "not_started"
    assert inside["may_be"] == {
        "state": "stalled",
        "not_before": date(2025, 6, 1),
        "effective_on": date(2025, 7, 1),
    }
    after = state(world, asked)["lead"]
    assert (after["state"], after["may_be"]) == ("stalled", None)


def test_a_change_in_the_past_comes_from_what_stood_then_and_leaves_what_stands_now(
    world: World, asked: str
) -> None:
    world.answer(asked, "implementation", "stalled", effective_on=date(2025, 9, 1))
    early = world.answer(asked, "implementation", "not_started", effective_on=date(2025, 5, 1))
    assert early.from_state == "not_assessed"
    assert state(world, asked)["lead"]["state"] == "stalled"
    assert state(world, asked, as_of=date(2025, 6, 1))["lead"]["state"] == "not_started"


# ---------------------------------------------------------------- moves


def test_a_status_moves_to_another_or_is_confirmed(world: World, asked: str) -> None:
    world.answer(asked, "implementation", "not_started")
    with refused(world, errors.ForbiddenMove, "/state"):
        world.propose(asked, "implementation", "not_started")
    with refused(world, errors.ForbiddenMove, "/state"):
        world.propose(asked, "implementation", "stalled", confirms=True)
    confirmed = world.answer(
        asked, "implementation", "not_started", confirms=True, effective_on=date(2026, 1, 1)
    )
    found = state(world, asked)["lead"]
    assert (confirmed.act, found["since"], found["verified_on"]) == (
        "confirmation",
        date(2025, 6, 1),
        date(2026, 1, 1),
    )


def test_a_move_of_a_day_before_another_answer_is_told_of_that_answer(world: World, asked: str) -> None:
    world.answer(asked, "implementation", "not_started", effective_on=date(2025, 6, 1))
    world.answer(asked, "implementation", "stalled", effective_on=date(2025, 9, 1))
    with pytest.raises(
        errors.ForbiddenMove, match="stood at 'not_started' on 2025-07-01, and stands at 'stalled'"
    ):
        world.answer(asked, "implementation", "not_started", effective_on=date(2025, 7, 1))


def test_what_was_answered_of_a_later_day_must_be_able_to_follow_a_move(world: World, asked: str) -> None:
    items = (world.item(), world.item(publisher_id=world.daily))

    def move(state: str, day: date, **more: Any) -> StatusChange:
        return world.answer(asked, "implementation", state, effective_on=day, cites=items, **more)

    done = move("implemented", date(2025, 6, 1))
    waiting = world.propose(asked, "implementation", "not_started", effective_on=date(2025, 7, 1)).id
    regressed = move("regressed", date(2025, 8, 1))
    with refused(world, errors.ForbiddenMove), world.act(world.approver) as act:
        statuses.approve_status_change(act, waiting)
    with refused(world, errors.ForbiddenMove, "/effective_on") as refusal:
        world.propose(asked, "implementation", "not_started", effective_on=date(2025, 7, 1))
    assert "of 2025-08-01 would follow it" in refusal.value.detail
    move("underway", date(2025, 5, 1))  # `implemented` can follow it
    move("not_started", date(2025, 6, 1), corrects=done.id)  # what was wrong is mended first
    move("stalled", date(2025, 8, 1), corrects=regressed.id)
    assert state(world, asked)["lead"]["state"] == "stalled"


def test_where_a_track_begins_there_is_nothing_to_confirm(world: World, asked: str) -> None:
    with refused(world, errors.ForbiddenMove, "/state"):
        world.propose(asked, "implementation", "not_assessed", confirms=True)


def test_the_move_is_checked_again_when_it_is_approved(world: World, asked: str) -> None:
    first = world.propose(asked, "implementation", "not_started")
    world.answer(asked, "implementation", "not_started")
    with refused(world, errors.ForbiddenMove), world.act(world.approver) as act:
        statuses.approve_status_change(act, first.id)


def test_approval_records_what_stood_when_it_was_approved(world: World, asked: str) -> None:
    change = world.propose(asked, "implementation", "stalled")
    world.answer(asked, "implementation", "not_started")
    assert change.from_state == "not_assessed"
    with world.act(world.approver) as act:
        statuses.approve_status_change(act, change.id)
    assert change.from_state == "not_started"


@pytest.mark.parametrize(
    ("member", "value", "kind"),
    [
        ("subject", "rec_" + "0" * 26, errors.InvalidInput),
        ("subject", "org_" + "0" * 26, errors.WrongKind),
        ("track", "stage", errors.UnknownTrack),
        ("state", "met", errors.UnknownState),
        ("assessor", "org_" + "0" * 26, errors.InvalidInput),
    ],
)
def test_what_does_not_exist_is_refused_where_it_stands(
    world: World, asked: str, member: str, value: str, kind: type[errors.Refusal]
) -> None:
    data = {
        "subject": asked,
        "track": "implementation",
        "state": "not_started",
        "effective_on": date(2025, 6, 1),
        "reason": "Because.",
        member: value,
    }
    with refused(world, kind, f"/{member}"), world.act(world.editor) as act:
        statuses.propose_status_change(act, data)


def test_of_what_was_withdrawn_nothing_more_is_said(world: World, asked: str) -> None:
    waiting = world.propose(asked, "implementation", "not_started")
    world.withdraw(asked)
    with refused(world, errors.AlreadyDone):
        world.propose(asked, "implementation", "stalled")
    with refused(world, errors.AlreadyDone), world.act(world.approver) as act:
        statuses.approve_status_change(act, waiting.id)
    with world.act(world.approver) as act:
        assert statuses.return_status_change(act, waiting.id, "too late").decision == "returned"


def test_a_public_answer_by_somebody_who_is_not_public_is_refused(world: World, asked: str) -> None:
    hidden = world.organization("hidden", "watchdog", publish=False)
    change = world.propose(asked, "implementation", "not_started", assessor=hidden)
    with refused(world, errors.NotPublished) as caught, world.act(world.approver) as act:
        statuses.approve_status_change(act, change.id)
    assert caught.value.missing == (hidden,)


# ---------------------------------------------------------------- the audit


def test_every_act_has_its_entry_with_who_and_what(world: World, asked: str) -> None:
    def entries() -> list[tuple[str, str, str]]:
        query = select(AuditEntry.person_id, AuditEntry.verb, AuditEntry.target_id).order_by(AuditEntry.id)
        return [(who, verb, what) for who, verb, what in world.session.execute(query)]

    before = len(entries())
    approved = world.answer(asked, "implementation", "not_started")
    returned, retracted = (world.propose(asked, "implementation", "stalled") for _ in range(2))
    with world.act(world.approver) as act:
        statuses.return_status_change(act, returned.id, "no")
    with world.act(world.editor) as act:
        statuses.retract_status_change(act, retracted.id)
    assert entries()[before:] == [
        (world.editor.id, "status.propose", approved.id),
        (world.approver.id, "status.approved", approved.id),
        (world.editor.id, "status.propose", returned.id),
        (world.editor.id, "status.propose", retracted.id),
        (world.approver.id, "status.returned", returned.id),
        (world.editor.id, "status.retracted", retracted.id),
    ]


def test_whoever_is_named_in_a_decision_is_somebody(world: World, asked: str) -> None:
    change = world.answer(asked, "implementation", "not_started")
    people = set(world.session.scalars(select(Person.id)))
    assert {change.proposed_by, change.decided_by} <= people
    assert world.session.scalar(select(func.count()).select_from(StatusChange)) == 1
    assert isinstance(world.editor, Actor)
