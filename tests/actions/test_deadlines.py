"""Dates that bind: how one is set, and how it is extended in one act without losing its baseline (rule 8)."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.public.assertions import agrees, public, refused
from tests.public.test_projection import then
from tests.revising import revise_record
from tests.world import World
from tracker.actions import deadlines, revisions, standings, statuses
from tracker.domain import errors
from tracker.domain.met_dates import Outcome
from tracker.domain.proposals import REVISION
from tracker.domain.publication import PublicationRefused
from tracker.domain.standing import Span
from tracker.public import queries
from tracker.public.tables import event
from tracker.store.deadlines import Deadline
from tracker.store.statuses import StatusChange


@pytest.fixture
def due(world: World) -> str:
    return world.deadline(reference="report")


@pytest.fixture
def decree(world: World) -> str:
    return world.item(title="The decree")


def extend(world: World, old: str, cited: str, **more: Any) -> tuple[Deadline, StatusChange]:
    data = {
        "set_on": date(2025, 4, 10),
        "due_on": date(2025, 7, 10),
        "reason": "Three more months.",
        "citations": [{"evidence": cited, "stance": "supports"}],
    }
    with world.act(world.editor) as act:
        return deadlines.extend_deadline(act, old, {**data, **more})


def outcome(world: World, deadline: str) -> str:
    said: str = standings.read_standing(world.session, deadline, world.clock(), None)["answers"][0]["lead"][
        "state"
    ]
    return said


def test_a_rule_gives_the_date_and_says_how(world: World, due: str) -> None:
    row = world.session.get_one(Deadline, due)
    assert row.due_on == date(2025, 4, 8)
    assert row.reckoning is not None
    assert "sentence" in row.reckoning


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"rule": None}, "/due_on"),
        ({"rule": None, "due_on": date(2025, 3, 8)}, "/due_on"),
        ({"due_on": date(2025, 4, 9)}, "/due_on"),
        ({"owner_id": "com_" + "0" * 26}, "/owner"),
        ({"process_id": "prc_" + "0" * 26}, "/process"),
    ],
)
def test_a_date_that_does_not_hold_together_is_refused(
    world: World, more: dict[str, Any], pointer: str
) -> None:
    with refused(world, errors.InvalidInput, pointer):
        world.deadline(**more)


def test_a_date_and_a_rule_that_agree_are_taken(world: World) -> None:
    assert world.deadline(due_on=date(2025, 4, 8))
    assert world.deadline(rule=None, due_on=date(2025, 4, 9))


def test_a_reference_is_taken_once(world: World, due: str) -> None:
    with refused(world, errors.SlugTaken, "/reference"):
        world.deadline(reference="report")


def test_an_owner_is_of_the_same_process(world: World) -> None:
    other = world.make_process("other")
    with refused(world, errors.WrongProcess, "/owner"):
        world.deadline(process_id=other)


def test_only_who_keeps_the_records_sets_and_extends_dates(world: World, due: str, decree: str) -> None:
    with refused(world, errors.NotPermitted), world.act(world.watcher) as act:
        deadlines.set_deadline(act, {})
    with refused(world, errors.NotPermitted), world.act(world.watcher) as act:
        deadlines.extend_deadline(act, due, {})


def test_an_extension_is_a_draft_and_a_proposal_until_somebody_else_approves(
    world: World, due: str, decree: str
) -> None:
    before = public(world.session)
    new, change = extend(world, due, decree)
    assert (new.publication, change.decision) == ("draft", "proposed")
    assert outcome(world, due) == "pending"
    assert public(world.session) == before


def test_approval_closes_the_old_date_and_opens_the_new_one_in_one_act(
    world: World, due: str, decree: str
) -> None:
    new, change = extend(world, due, decree)
    with world.act(world.approver) as act:
        statuses.approve_status_change(act, change.id)
    assert outcome(world, due) == "extended"
    body = json.loads(
        queries.find_document(world.session.connection(), "deadline", new.id, world.clock()).body
    )
    assert body["replaces"]["id"] == due
    assert (body["baseline_due_on"], body["slip_days"], body["granted_days_late"]) == ("2025-04-08", 93, 2)
    last = world.session.execute(select(event.c.at, event.c.kind).order_by(event.c.seq.desc()).limit(2)).all()
    assert {kind for _at, kind in last} == {"subject.published", "status.changed"}
    assert len({at for at, _kind in last}) == 1


def test_a_failing_approval_opens_nothing(world: World, due: str, decree: str) -> None:
    new, change = extend(world, due, decree)
    world.withdraw(decree)
    with refused(world, errors.DemandsNotMet), world.act(world.approver) as act:
        statuses.approve_status_change(act, change.id)
    assert world.session.get_one(Deadline, new.id).publication == "draft"


def test_the_baseline_is_the_first_date_however_often_it_is_extended(
    world: World, due: str, decree: str
) -> None:
    for set_on, due_on in ((date(2025, 4, 10), date(2025, 7, 10)), (date(2025, 7, 1), date(2025, 8, 1))):
        new, change = extend(world, due, decree, set_on=set_on, due_on=due_on)
        with world.act(world.approver) as act:
            statuses.approve_status_change(act, change.id)
        due = new.id
    body = json.loads(queries.find_document(world.session.connection(), "deadline", due, world.clock()).body)
    assert (body["baseline_due_on"], body["slip_days"], body["granted_days_late"]) == ("2025-04-08", 115, 0)


def test_when_a_date_that_was_put_off_is_corrected_all_that_took_its_place_say_how_far_it_moved(
    world: World, due: str, decree: str
) -> None:
    line = [due]
    for set_on, due_on in ((date(2025, 4, 10), date(2025, 7, 10)), (date(2025, 7, 13), date(2025, 8, 1))):
        new, change = extend(world, line[-1], decree, set_on=set_on, due_on=due_on)
        with world.act(world.approver) as act:
            statuses.approve_status_change(act, change.id)
        line.append(new.id)

    def correct(deadline: str, day: date) -> list[tuple[str, int, int]]:
        row = world.session.get_one(Deadline, deadline)
        with world.act(world.editor) as act:
            revise_record(act, deadline, "deadline", {"due_on": day}, row.version)
        assert agrees(world)
        told = [then(world, "deadline", one) for one in line]
        return [(one["baseline_due_on"], one["slip_days"], one["granted_days_late"]) for one in told]

    first = "2025-04-05"
    assert correct(due, date(2025, 4, 5)) == [(first, 0, 0), (first, 96, 5), (first, 118, 3)]
    assert correct(line[1], date(2025, 7, 12)) == [(first, 0, 0), (first, 98, 5), (first, 118, 1)]


@pytest.mark.parametrize("decide", ["return", "retract"])
def test_an_extension_that_is_not_approved_takes_its_new_date_with_it(
    world: World, due: str, decree: str, decide: str
) -> None:
    before = public(world.session)
    new, change = extend(world, due, decree)
    if decide == "return":
        with world.act(world.approver) as act:
            statuses.return_status_change(act, change.id, "Not granted.")
    else:
        with world.act(world.editor) as act:
            statuses.retract_status_change(act, change.id)
    assert world.session.get_one(Deadline, new.id).publication == "withdrawn"
    assert public(world.session) == before
    again, _change = extend(world, due, decree)
    assert again.id != new.id


def test_a_second_extension_is_refused_while_one_is_open_or_granted(
    world: World, due: str, decree: str
) -> None:
    _new, change = extend(world, due, decree)
    with refused(world, errors.AlreadyDone):
        extend(world, due, decree)
    with world.act(world.approver) as act:
        statuses.approve_status_change(act, change.id)
    with refused(world, errors.AlreadyDone):
        extend(world, due, decree)


def test_extended_without_a_new_date_is_refused(world: World, due: str, decree: str) -> None:
    change = world.propose(due, "outcome", "extended", cites=(decree,))
    with refused(world, errors.DemandsNotMet) as caught, world.act(world.approver) as act:
        statuses.approve_status_change(act, change.id)
    assert caught.value.missing == ("the extension, with its new date",)
    with world.act(world.approver) as act:
        assert statuses.return_status_change(act, change.id, "Say until when.").decision == "returned"


def test_a_date_is_not_replaced_by_the_same_day(world: World, due: str, decree: str) -> None:
    with refused(world, errors.InvalidInput, "/due_on"):
        extend(world, due, decree, set_on=date(2025, 4, 1), due_on=date(2025, 4, 8))


def test_a_date_is_brought_forward_by_the_same_two_people_and_both_sides_say_so(
    world: World, due: str, decree: str
) -> None:
    new, change = extend(world, due, decree, set_on=date(2025, 3, 20), due_on=date(2025, 4, 1))
    assert (change.to_state, outcome(world, due), new.publication) == ("brought_forward", "pending", "draft")
    with world.act(world.approver) as act:
        statuses.approve_status_change(act, change.id)
    assert outcome(world, due) == "brought_forward"
    said = then(world, "deadline", new.id)
    assert (said["replaces"]["id"], said["baseline_due_on"], said["slip_days"]) == (due, "2025-04-08", -7)
    assert said["timing"]["state"] == "long_overdue"
    assert then(world, "deadline", due)["timing"]["state"] is None
    with refused(world, errors.ForbiddenMove, "/state"):
        world.propose(due, "outcome", "pending")


def test_the_outcome_says_in_which_direction_a_date_moved(world: World, due: str, decree: str) -> None:
    extend(world, due, decree, set_on=date(2025, 3, 20), due_on=date(2025, 4, 1))
    twin = world.propose(due, "outcome", "extended", cites=(decree,))
    with refused(world, errors.DemandsNotMet) as caught, world.act(world.approver) as act:
        statuses.approve_status_change(act, twin.id)
    assert caught.value.missing == ("state brought_forward",)


def asked_for_more(decree: str, **more: Any) -> dict[str, Any]:
    return {
        "refused_on": "2025-04-02",
        "asked_on": None,
        "asked_until": "2025-07-10",
        "reason": "The president saw no reason.",
        "evidence": decree,
        **more,
    }


def test_a_refused_extension_is_public_and_moves_no_date(world: World, due: str, decree: str) -> None:
    with world.act(world.editor) as act:
        version = world.session.get_one(Deadline, due).version
        data = {
            "refused_extensions": [asked_for_more(decree)],
            "reason": "They asked and got none.",
            "revision": "update",
            "since": date(2025, 4, 2),
        }
        revisions.edit_thing(act, due, "deadline", data, version)
    world.decide(due, kind=REVISION)
    said = then(world, "deadline", due)
    assert said["refused_extensions"] == [asked_for_more(decree)]
    assert (said["due_on"], said["slip_days"], outcome(world, due)) == ("2025-04-08", 0, "pending")
    assert then(world, "deadline", due, as_of=date(2025, 4, 1))["refused_extensions"] == []
    assert then(world, "deadline", due, as_of=date(2025, 4, 2))["refused_extensions"]


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"refused_on": "2025-03-08"}, "/refused_extensions/0/refused_on"),
        ({"refused_on": "2027-01-01"}, "/refused_extensions/0/refused_on"),
        ({"asked_on": "2025-04-03"}, "/refused_extensions/0/refused_on"),
        ({"evidence": "evd_" + "0" * 26}, "/refused_extensions/0/evidence"),
    ],
)
def test_a_refusal_that_cannot_be_is_refused(
    world: World, decree: str, more: dict[str, Any], pointer: str
) -> None:
    with refused(world, errors.InvalidInput, pointer):
        world.deadline(refused_extensions=[asked_for_more(decree, **more)])
    due = world.deadline(publish=False)
    version = world.session.get_one(Deadline, due).version
    with refused(world, errors.InvalidInput, pointer), world.act(world.editor) as act:
        data = {"refused_extensions": [asked_for_more(decree, **more)]}
        revisions.edit_thing(act, due, "deadline", data, version)


def test_a_refusal_is_an_act_of_its_own_and_of_what_is_public_two_people_decide(
    world: World, client: FlaskClient, decree: str
) -> None:
    due, draft = world.deadline(), world.deadline(publish=False)
    told, editor = asked_for_more(decree), world.headers("editor")

    def refuse(deadline: str, **more: Any) -> Any:
        path = f"/v1/deadlines/{deadline}/refused-extensions"
        return client.post(path, json={**told, **more}, headers=editor)

    assert refuse(draft).json["refused_extensions"] == [told]
    later = {**told, "refused_on": "2025-04-20"}
    assert refuse(draft, **later).json["refused_extensions"] == [told, later]
    asked = refuse(due)
    assert (asked.status_code, asked.json["reason"]) == (202, told["reason"])
    assert then(world, "deadline", due)["refused_extensions"] == []
    world.decide(due, kind="revision")
    [shown] = then(world, "deadline", due)["refused_extensions"]
    assert shown == told
    for deadline in (due, draft):
        wrong = refuse(deadline, refused_on="2025-03-08")
        assert (wrong.status_code, wrong.json["errors"][0]["pointer"]) == (422, "/refused_on")
    with refused(world, errors.AlreadyDone), world.act(world.editor) as act:
        deadlines.refuse_extension(act, due, told)


def set_series(world: World, **more: Any) -> tuple[str, list[Deadline]]:
    data: dict[str, Any] = {
        "process_id": world.process,
        "owner_id": world.committee,
        "type": "follow_up_report_due",
        "title": "Progress report",
        "basis": "decree",
        "set_on": date(2025, 8, 31),
        "every": "6 months",
        "until": date(2027, 2, 28),
        **more,
    }
    with world.act(world.editor) as act:
        return deadlines.set_series(act, data)


def test_a_recurring_obligation_makes_its_dates_and_each_is_met_or_missed_on_its_own(world: World) -> None:
    series, made = set_series(world, reference="progress")
    assert [(row.reference, row.due_on, row.rule) for row in made] == [
        ("progress-1", date(2026, 2, 28), "6 months"),
        ("progress-2", date(2026, 8, 31), "12 months"),
        ("progress-3", date(2027, 2, 28), "18 months"),
    ]
    assert {row.series for row in made} == {series}
    first, second, _third = (world.publish(row.id) for row in made)
    world.answer(first, "outcome", "missed", effective_on=date(2026, 3, 1))
    assert then(world, "deadline", first)["series"] == then(world, "deadline", second)["series"] == series
    assert (outcome(world, first), outcome(world, second)) == ("missed", "pending")
    other, [one] = set_series(world, until=date(2026, 3, 1))
    assert (other == series, one.reference) == (False, None)


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"every": "often"}, "/every"),
        ({"until": date(2025, 9, 1)}, "/until"),
        ({"reference": "r" * 39}, "/reference"),
        ({"owner_id": "com_" + "0" * 26}, "/owner"),
    ],
)
def test_a_series_that_does_not_hold_together_makes_no_date(
    world: World, more: dict[str, Any], pointer: str
) -> None:
    with refused(world, errors.InvalidInput, pointer):
        set_series(world, **more)


def test_only_who_keeps_the_records_makes_a_series(world: World) -> None:
    with refused(world, errors.NotPermitted), world.act(world.watcher) as act:
        deadlines.set_series(act, {})


def test_a_refusal_rests_on_an_item_of_the_same_process(world: World, decree: str) -> None:
    other = world.make_process("other")
    item = world.item(process_id=other)
    with refused(world, errors.WrongProcess, "/refused_extensions/0/evidence"):
        world.deadline(refused_extensions=[asked_for_more(item)])


def test_an_extension_is_not_granted_tomorrow(world: World, due: str, decree: str) -> None:
    with refused(world, errors.InvalidInput, "/set_on"):
        extend(world, due, decree, set_on=date(2026, 11, 24), due_on=date(2027, 1, 1))
    assert extend(world, due, decree, set_on=date(2026, 11, 23), due_on=date(2027, 1, 1))


def test_an_answer_meets_the_date_by_which_it_was_due_as_of_the_day_on_which_it_came(world: World) -> None:
    asked = world.recommendation("C1")
    by = world.deadline(owner_id=asked, type="government_response_due")
    of_a_committee = world.deadline(type="government_response_due")
    world.answer(asked, "response", "rejected", cites=(world.item(),), effective_on=date(2025, 4, 20))
    for deadline, day, expected in (
        (by, date(2025, 4, 19), Outcome("pending")),
        (by, date(2025, 4, 20), Outcome("met", Span(date(2025, 4, 20), date(2025, 4, 20)))),
        (of_a_committee, date(2025, 4, 20), Outcome("pending")),
    ):
        row = world.session.get_one(Deadline, deadline)
        assert standings.read_outcome(world.session, row, day) == expected


def test_what_is_withdrawn_is_not_extended(world: World, due: str, decree: str) -> None:
    world.withdraw(due)
    with refused(world, errors.AlreadyDone):
        extend(world, due, decree)
    with refused(world, errors.NotFound):
        extend(world, "ddl_" + "0" * 26, decree)


def test_a_proposed_date_is_not_published_by_itself(world: World, due: str, decree: str) -> None:
    new, change = extend(world, due, decree)
    with refused(world, PublicationRefused):
        world.publish(new.id)
    with world.act(world.approver) as act:
        statuses.approve_status_change(act, change.id)
    with refused(world, errors.AlreadyDone):
        world.publish(new.id)


def test_the_extension_of_a_draft_stays_a_draft_until_both_are_published(world: World, decree: str) -> None:
    old = world.deadline(publish=False)
    new, change = extend(world, old, decree)
    with world.act(world.approver) as act:
        statuses.approve_status_change(act, change.id)
        assert new.publication == "draft"
    world.publish(old)
    world.publish(new.id)
    assert new.publication == "published"


def test_a_granted_date_survives_a_later_proposal_that_comes_to_nothing(
    world: World, due: str, decree: str
) -> None:
    """Confirming an extension and thinking better of it once withdrew the new date itself."""
    new, change = extend(world, due, decree)
    with world.act(world.approver) as act:
        statuses.approve_status_change(act, change.id)
    again = world.propose(due, "outcome", "extended", confirms=True)
    with world.act(world.approver) as act:
        statuses.return_status_change(act, again.id, "Nothing new.")
    assert new.publication == "published"


def test_a_proposed_date_stays_while_any_proposal_waits_for_it(world: World, due: str, decree: str) -> None:
    new, change = extend(world, due, decree)
    twin = world.propose(due, "outcome", "extended", cites=(decree,))
    with world.act(world.editor) as act:
        statuses.retract_status_change(act, twin.id)
    assert new.publication == "draft"
    with world.act(world.approver) as act:
        statuses.approve_status_change(act, change.id)
    assert new.publication == "published"


def test_the_dates_of_a_series_are_found_by_it_on_both_sides(world: World, client: FlaskClient) -> None:
    series, made = set_series(world)
    dates = [world.publish(row.id) for row in made]
    set_series(world)
    for path, headers in (("/v1/public/deadlines", {}), ("/v1/deadlines", world.headers("editor"))):
        found = client.get(f"{path}?series={series}", headers=headers).json["items"]
        assert {one["id"] for one in found} == set(dates)
