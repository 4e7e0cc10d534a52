"""Keeping the records: what only the record can tell is checked here, and pointed at where it stands."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.public.assertions import agrees, refused
from tests.revising import revise_record
from tests.world import CALENDAR, World
from tracker.actions import (
    committees,
    deadlines,
    figures,
    keys,
    mandates,
    organizations,
    people,
    processes,
    recommendations,
    reports,
    resources,
    watchdogs,
)
from tracker.actions.support import lookup
from tracker.actions.support.unit import Unit
from tracker.domain import errors
from tracker.domain.partial_days import parse_day
from tracker.public import queries
from tracker.store.committees import Committee
from tracker.store.organizations import Organization
from tracker.store.recommendations import Recommendation

NOBODY = "org_" + "0" * 26


def revise(world: World, thing: str, kind: str, version: int | None = None, **changes: Any) -> Any:
    with world.act(world.editor) as act:
        row = lookup.get_unfiltered(world.session, thing)
        return revise_record(act, thing, kind, changes, row.version if version is None else version)


@pytest.mark.parametrize(
    "verb",
    [
        lambda act: processes.create_process(act, {}),
        lambda act: organizations.create_organization(act, {}),
        lambda act: watchdogs.register_watchdog(act, NOBODY, {}),
        lambda act: committees.establish_committee(act, {}),
        lambda act: mandates.adopt_mandate(act, NOBODY, {}),
        lambda act: committees.appoint_member(act, NOBODY, {}),
        lambda act: reports.record_report(act, {}),
        lambda act: resources.record_resource(act, {}),
        lambda act: figures.add_figure(act, NOBODY, "resource", {}),
        lambda act: deadlines.refuse_extension(act, NOBODY, {}),
        lambda act: recommendations.record_recommendation(act, {}),
        lambda act: revise_record(act, NOBODY, "organization", {}, 1),
        lambda act: people.add_person(act, "x", ("editor",)),
        lambda act: people.suspend_person(act, "x"),
        lambda act: keys.issue_key(act, "x"),
    ],
)
def test_who_keeps_nothing_records_nothing(world: World, verb: Any) -> None:
    with refused(world, errors.NotPermitted), world.act(world.watcher) as act:
        verb(act)


@pytest.mark.parametrize(
    ("more", "kind", "pointer"),
    [
        ({"slug": "coast"}, errors.SlugTaken, "/slug"),
        ({"lead_id": NOBODY}, errors.InvalidInput, "/lead"),
        ({"lead_id": "per_" + "0" * 26}, errors.WrongKind, "/lead"),
        ({"calendar": {**CALENDAR, "time_zone": "Nowhere"}}, errors.InvalidInput, "/calendar/time_zone"),
        ({"evidence_policy": {"nonsense": {}}}, errors.InvalidInput, "/evidence_policy/nonsense"),
        (
            {"happened_from": date(2025, 3, 2), "happened_to": date(2025, 3, 1)},
            errors.InvalidInput,
            "/happened_to",
        ),
    ],
)
def test_a_process_that_does_not_hold_together_is_refused(
    world: World, more: dict[str, Any], kind: type[errors.Refusal], pointer: str
) -> None:
    with refused(world, kind, pointer):
        world.make_process(**{"slug": "another", **more})


def test_a_slug_of_an_organization_is_taken_once(world: World) -> None:
    with refused(world, errors.SlugTaken, "/slug"):
        world.organization("press", "media")


def test_an_organization_belongs_to_another_and_not_to_itself(world: World) -> None:
    with refused(world, errors.InvalidInput, "/part_of"):
        world.organization("new", "media", part_of_id=NOBODY)
    with refused(world, errors.InvalidInput, "/part_of"):
        revise(world, world.press, "organization", part_of_id=world.press)
    assert revise(world, world.press, "organization", part_of_id=None).part_of_id is None


def test_an_organization_is_a_watchdog_once(world: World) -> None:
    with refused(world, errors.AlreadyDone), world.act(world.editor) as act:
        watchdogs.register_watchdog(act, world.watchdog, {"since": date(2025, 1, 1)})
    with refused(world, errors.NotFound), world.act(world.editor) as act:
        watchdogs.register_watchdog(act, NOBODY, {"since": date(2025, 1, 1)})


def test_names_that_stay_may_stay(world: World) -> None:
    """The old rows go first; else the database, which takes each name once, refused a list that keeps one."""
    names = [{"name": "Pres"}, {"name": "The Press", "language": "en"}]
    made = world.organization("other", "media", aliases=names)
    revise(world, made, "organization", aliases=[*names, {"name": "Presse"}])
    row = world.session.get_one(Organization, made)
    assert sorted(one.name for one in row.aliases) == ["Pres", "Presse", "The Press"]
    asked = world.recommendation("C1")
    kept = [{"organization_id": world.government}, {"organization_id": world.ministry, "role": "supporting"}]
    revise(world, asked, "recommendation", addressees=kept)
    assert len(world.session.get_one(Recommendation, asked).addressees) == 2
    assert agrees(world)


def test_a_committee_is_of_a_process_and_its_reference_is_free(world: World) -> None:
    with refused(world, errors.SlugTaken, "/reference"):
        world.make_committee("inquiry")
    with refused(world, errors.InvalidInput, "/appointed_by"):
        world.make_committee("new", appointed_by_id=NOBODY)
    with refused(world, errors.WrongKind, "/process"):
        world.make_committee("new", process_id=NOBODY)


def test_a_mandate_never_overwrites_the_one_before(world: World) -> None:
    for place, instrument in enumerate(("Decree 3", "Decree 7")):
        world.add(world.committee, "mandates", instrument=instrument, adopted_on=date(2025, 3, 9))
        body = world.session.get_one(Committee, world.committee)
        assert [mandate.number for mandate in body.mandates] == list(range(1, place + 2))
    body = queries.find_document(world.session.connection(), "committee", world.committee, world.clock()).body
    assert [one["instrument"] for one in json.loads(body)["mandates"]] == ["Decree 3", "Decree 7"]
    backwards = {"in_force_from": date(2025, 4, 1), "in_force_to": date(2025, 3, 1)}
    for committee in (world.committee, world.make_committee("draft", publish=False)):
        with refused(world, errors.InvalidInput, "/in_force_to"):
            world.add(committee, "mandates", instrument="D", adopted_on=date(2025, 3, 9), **backwards)


def test_a_member_is_appointed_once_from_the_same_day(world: World) -> None:
    for committee in (world.committee, world.make_committee("draft", publish=False)):
        for day in ("2025-03", "2025-03-09", "2025"):
            world.add(committee, "members", name="A. Judge", from_on=parse_day(day))
        with refused(world, errors.AlreadyDone):
            world.add(committee, "members", name="A. Judge", from_on=parse_day("2025-03"))
        with refused(world, errors.InvalidInput, "/to_on"):
            world.add(committee, "members", name="B", from_on=date(2025, 5, 1), to_on=date(2025, 4, 1))
        assert len(world.session.get_one(Committee, committee).members) == 3


@pytest.mark.parametrize("publish", [False, True])
def test_a_list_of_parts_is_no_longer_than_an_edit_of_it_may_be(world: World, *, publish: bool) -> None:
    body = world.make_committee("large", publish=False)
    revise(world, body, "committee", members=[{"name": f"Member {number}"} for number in range(199)])
    if publish:
        world.publish(body)
    world.add(body, "members", name="The last")
    with refused(world, errors.InvalidInput) as caught:
        world.add(body, "members", name="One more")
    assert caught.value.detail.startswith("takes at most 200 entries")
    assert len(world.session.get_one(Committee, body).members) == 200


@pytest.mark.parametrize("publish", [False, True])
def test_a_thing_that_would_say_too_much_is_neither_published_nor_edited(
    world: World, *, publish: bool
) -> None:
    body = world.make_committee("large", publish=publish)
    tasks = ["What it is to do. " * 1000] * 30
    mandate = {"instrument": "Decree 1", "adopted_on": date(2025, 3, 9), "tasks": tasks}
    if not publish:
        world.add(body, "mandates", **mandate)
    with refused(world, errors.InvalidInput) as caught:
        world.add(body, "mandates", **mandate) if publish else world.publish(body)
    assert "500,000 are the most" in caught.value.detail


def test_an_edit_of_a_list_writes_the_parts_that_change(world: World) -> None:
    """What stays keeps its row; what comes behind a part that changed keeps its place."""
    named = [{"name": name, "role": "judge"} for name in ("Amal", "Basel", "Dima")]
    body = world.make_committee("bench", publish=False)
    revise(world, body, "committee", members=named)
    before = [one.id for one in world.session.get_one(Committee, body).members]
    revise(world, body, "committee", members=[named[0], {**named[1], "role": "chair"}, named[2]])
    members = world.session.get_one(Committee, body).members
    assert [(one.name, one.role) for one in members] == [
        ("Amal", "judge"),
        ("Basel", "chair"),
        ("Dima", "judge"),
    ]
    assert members[0].id == before[0]
    revise(world, body, "committee", members=named[:1])
    assert [one.name for one in world.session.get_one(Committee, body).members] == ["Amal"]


@pytest.mark.parametrize(
    "add",
    [
        lambda act, thing: committees.appoint_member(act, thing, {"name": "A judge"}),
        lambda act, thing: mandates.adopt_mandate(
            act, thing, {"instrument": "D", "adopted_on": date(2025, 3, 9)}
        ),
        lambda act, thing: figures.add_figure(
            act, thing, "committee", {"figure": "needed", "as_of": date(2025, 5, 1), "source": "x"}
        ),
    ],
)
def test_no_act_adds_to_what_is_public_by_itself(world: World, add: Callable[[Unit, str], Any]) -> None:
    with refused(world, errors.AlreadyDone), world.act(world.editor) as act:
        add(act, world.committee)
    assert agrees(world)


def test_a_report_is_of_a_committee_or_of_an_organization_not_of_both(world: World) -> None:
    other = world.make_committee("another")
    for given in ({"issuer_id": world.press}, {"committee_id": None}):
        with refused(world, errors.InvalidInput, "/issuer"):
            world.report(**given)
    world.report("theirs", committee_id=None, issuer_id=world.press)
    world.recommendation("R1", report_id=world.report("ours"), issuer_id=None, committee_id=world.committee)
    wrong = world.report("of the other", committee_id=other)
    with refused(world, errors.InvalidInput, "/report"):
        world.recommendation("R2", report_id=wrong, issuer_id=None, committee_id=world.committee)


def test_means_have_figures_that_are_added_and_one_may_be_undisclosed(world: World) -> None:
    with world.act(world.editor) as act:
        means = resources.record_resource(
            act,
            {
                "process_id": world.process,
                "reference": "budget",
                "committee_id": world.committee,
                "type": "budget",
                "title": "Money",
                "figures": [
                    {"figure": "needed", "amount": Decimal("10.5"), "as_of": date(2025, 4, 1), "source": "x"}
                ],
            },
        )
    world.publish(means.id)
    world.add(means.id, "figures", figure="pledged", amount=None, as_of=date(2025, 5, 1), source="y")
    body = json.loads(
        queries.find_document(world.session.connection(), "resource", means.id, world.clock()).body
    )
    assert [(one["figure"], one["amount"]) for one in body["figures"]] == [
        ("needed", "10.50"),
        ("pledged", None),
    ]
    assert agrees(world)


def test_means_are_of_a_committee_of_the_same_process(world: World) -> None:
    other = world.make_process("other")
    with refused(world, errors.WrongProcess, "/committee"), world.act(world.editor) as act:
        resources.record_resource(
            act,
            {"process_id": other, "committee_id": world.committee, "type": "budget", "title": "Money"},
        )


@pytest.mark.parametrize(
    ("more", "kind", "pointer"),
    [
        ({"issuer_id": None}, errors.InvalidInput, "/issuer"),
        ({"issuer_id": NOBODY}, errors.InvalidInput, "/issuer"),
        ({"parent_id": "rec_" + "0" * 26}, errors.InvalidInput, "/parent"),
        ({"committee_id": "com_" + "0" * 26}, errors.InvalidInput, "/committee"),
        ({"addressees": [{"organization_id": NOBODY}]}, errors.InvalidInput, "/addressees/0/organization"),
    ],
)
def test_a_recommendation_names_what_exists(
    world: World, more: dict[str, Any], kind: type[errors.Refusal], pointer: str
) -> None:
    with refused(world, kind, pointer):
        world.recommendation("C1", **more)


def test_a_recommendation_is_issued_by_one_and_addressed_to_each_once(world: World) -> None:
    with refused(world, errors.InvalidInput, "/issuer"):
        world.recommendation("C1", committee_id=world.committee)
    twice = [{"organization_id": world.government}, {"organization_id": world.government}]
    with refused(world, errors.InvalidInput, "/addressees/1/organization"):
        world.recommendation("C1", addressees=twice)
    for more, pointer in (
        ({"issuer_id": None, "issuers": [world.press, world.press]}, "/issuers"),
        ({"issuers": [world.press]}, "/issuer"),  # another one than issuer says
        ({"issuer_id": None, "issuers": []}, "/issuer"),
        ({"issuer_id": None, "issuers": [world.press, NOBODY]}, "/issuers/1"),
    ):
        with refused(world, errors.InvalidInput, pointer):
            world.recommendation("C1", **more)
    parent = world.recommendation("C1", issuer_id=None, committee_id=world.committee)
    assert world.recommendation("C1a", parent_id=parent)


def test_an_edit_of_an_older_version_is_refused(world: World) -> None:
    with refused(world, errors.StaleEdit):
        revise(world, world.press, "organization", 99, name="X")
    with refused(world, errors.NotFound), world.act(world.editor) as act:
        revise_record(act, world.press, "process", {}, 1)


def test_what_was_withdrawn_is_no_longer_edited_nor_added_to(world: World) -> None:
    world.withdraw(world.committee)
    with refused(world, errors.AlreadyDone):
        revise(world, world.committee, "committee", name="X")
    with refused(world, errors.AlreadyDone), world.act(world.editor) as act:
        committees.appoint_member(act, world.committee, {"name": "Late"})


def test_a_process_stays_whole_when_it_is_edited(world: World) -> None:
    revise(world, world.process, "process", happened_from=date(2025, 3, 6))
    with refused(world, errors.InvalidInput, "/happened_to"):
        revise(world, world.process, "process", happened_to=date(2025, 3, 1))
    with refused(world, errors.InvalidInput, "/calendar/weekend"):
        revise(world, world.process, "process", calendar={"time_zone": "UTC", "weekend": "no"})
    with refused(world, errors.InvalidInput, "/evidence_policy/x"):
        revise(world, world.process, "process", evidence_policy={"x": {}})


def basis(world: World, asked: str) -> str:
    body = queries.find_document(world.session.connection(), "recommendation", asked, world.clock()).body
    said: str = json.loads(body)["history"][0]["basis"]
    return said


def test_a_new_addressee_whose_word_carried_a_status_weakens_it(world: World) -> None:
    asked = world.recommendation("C1")
    world.answer(asked, "implementation", "partly_implemented", cites=(world.item(),))
    assert basis(world, asked) == "supported"
    revise(world, asked, "recommendation", addressees=[{"organization_id": world.press}])
    assert basis(world, asked) == "weakened"
    revise(world, asked, "recommendation", addressees=[{"organization_id": world.government}])
    assert basis(world, asked) == "supported"
    assert agrees(world)


def test_a_process_that_demands_more_weakens_what_was_enough(world: World) -> None:
    asked, untouched = world.recommendation("C1"), world.recommendation("C2", publish=False)
    for one in (asked, untouched):
        world.answer(one, "implementation", "underway", cites=(world.item(),))
    revise(world, world.process, "process", evidence_policy={"implementation.underway": {"items": 2}})
    assert basis(world, asked) == "weakened"
    assert agrees(world)


def test_sources_that_turn_out_to_belong_together_are_not_independent(world: World) -> None:
    asked = world.recommendation("C1")
    cited = (world.item(), world.item(publisher_id=world.daily))
    world.answer(asked, "implementation", "implemented", cites=cited)
    revise(world, world.daily, "organization", part_of_id=world.press)
    assert basis(world, asked) == "weakened"
    assert agrees(world)


def test_a_draft_recommendation_can_change_whom_it_asks(world: World) -> None:
    asked = world.recommendation("C1", publish=False)
    assert revise(world, asked, "recommendation", addressees=[]).addressees == []
