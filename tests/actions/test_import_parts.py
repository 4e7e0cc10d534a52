"""Everything comes in as rows: members, mandates and figures of a thing, extensions of a date, watchdogs.

Contract: a row names its thing by reference; a draft gets its part at once, what is public by one revision of the whole
that another person decides on; the same row again is unchanged; a dry run says what a real run does.
"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tests.actions.test_import_batches import decide
from tests.actions.test_import_undo import undo
from tests.actions.test_imports import faults, outcomes, run, run_rows
from tests.world import World
from tracker.actions.imports import import_in_parts
from tracker.actions.support.import_kinds import IMPORTS
from tracker.actions.support.import_report import GivenRow
from tracker.actions.support.import_updates import Options
from tracker.domain.errors import NotPermitted
from tracker.schemas.transfers import IMPORTED
from tracker.store.committees import Committee
from tracker.store.deadlines import Deadline
from tracker.store.proposals import Proposal
from tracker.store.resources import Resource
from tracker.store.watchdogs import Watchdog

BODY = {
    "reference": "second",
    "name": "Second committee",
    "body_type": "presidential_committee",
    "established_on": "2025-03-09",
}
CHAIR = {"committee": "second", "name": "Amal Haddad", "role": "chair", "from_on": "2025-03-09"}
CLERK = {"committee": "second", "name": "Sami Nour", "from_on": "2025-03-10"}
DECREE = {"committee": "second", "instrument": "Decree 3", "adopted_on": "2025-03-09", "tasks": ["Find out"]}
DEAD = {
    "subject": "second",
    "figure": "counted",
    "of": "killed",
    "amount": "1426",
    "as_of": "2025-07-13",
    "source": "The report",
}
PARTS = [("member", CHAIR), ("member", CLERK), ("mandate", DECREE), ("figure", DEAD)]


@pytest.fixture
def draft(world: World) -> World:
    run(world, "committee", BODY)
    return world


def body(world: World, reference: str = "second") -> Committee:
    world.session.rollback()
    world.session.expire_all()
    return world.session.scalars(select(Committee).where(Committee.reference == reference)).one()


def on(reference: str, rows: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """The same parts of another committee."""
    return [
        (kind, {**row, ("subject" if kind == "figure" else "committee"): reference}) for kind, row in rows
    ]


def test_the_kinds_of_row_are_those_that_the_wire_names() -> None:
    assert tuple(IMPORTS) == IMPORTED


@pytest.mark.parametrize("at_once", [1, 100])
def test_a_draft_gets_its_parts_at_once_in_the_file_that_makes_it(world: World, at_once: int) -> None:
    rows = [("committee", BODY), *PARTS]
    tried = run_rows(world, rows, process="coast", dry_run=True, at_once=at_once)
    assert (outcomes(tried), tried.faults) == (["would_create"] * 5, [])
    report = run_rows(world, rows, process="coast")
    assert outcomes(report) == ["created"] * 5
    assert [row.name for row in report.rows[1:]] == [
        "second Amal Haddad",
        "second Sami Nour",
        "second Decree 3",
        "second counted",
    ]
    made = body(world)
    assert [one.name for one in made.members] == ["Amal Haddad", "Sami Nour"]
    assert [(one.instrument, one.tasks) for one in made.mandates] == [("Decree 3", ["Find out"])]
    assert [one.figure for one in made.figures] == ["counted"]
    assert outcomes(run_rows(world, rows, process="coast")) == ["unchanged"] * 5


def test_a_part_that_says_otherwise_edits_the_one_that_is_there(draft: World) -> None:
    run_rows(draft, PARTS, process="coast")
    left = {**CHAIR, "to_on": "2025-06-01", "left_because": "resigned"}
    assert outcomes(run(draft, "member", left, dry_run=True)) == ["would_update"]
    assert outcomes(run(draft, "member", left)) == ["updated"]
    chair, clerk = body(draft).members
    assert (chair.role, str(chair.to_on), clerk.to_on) == ("chair", "2025-06-01", None)
    assert outcomes(run(draft, "member", CHAIR)) == ["unchanged"]


def test_a_public_thing_gets_all_its_parts_by_one_revision(world: World) -> None:
    rows = on("inquiry", PARTS)
    refused = run_rows(world, rows, process="coast")
    assert faults(refused) == {"": refused.faults[0].detail}
    assert refused.faults[0].detail.endswith("(`reason` of the import)")
    why = {"reason": "The list of the desk.", "process": "coast"}
    assert outcomes(run_rows(world, rows, dry_run=True, **why)) == ["would_propose"] * 4
    report = run_rows(world, rows, propose=True, **why)
    assert (outcomes(report), len({row.proposal for row in report.rows})) == (["proposed"] * 4, 1)
    assert outcomes(run_rows(world, rows, **why)) == ["waiting"] * 4
    assert body(world, "inquiry").members == []
    decide(world, str(report.batch), "approve")
    inquiry = body(world, "inquiry")
    assert [len(one) for one in (inquiry.members, inquiry.mandates, inquiry.figures)] == [2, 1, 1]
    assert outcomes(run_rows(world, rows, **why)) == ["unchanged"] * 4


def test_another_part_of_an_import_proposes_a_revision_beside_the_first(world: World) -> None:
    rows = on("inquiry", PARTS[:2])
    given = [GivenRow(kind, row, f"line {place}") for place, (kind, row) in enumerate(rows, 2)]
    options = Options("coast", reason="The list of the desk.")
    report = import_in_parts(lambda: world.act(world.editor), given, options=options, at_once=1)
    assert outcomes(report) == ["proposed", "proposed"]
    told = [world.session.get_one(Proposal, str(row.proposal)) for row in report.rows]
    assert [one.decision for one in told] == ["proposed", "proposed"]
    names = [one["name"] for proposal in told for one in proposal.payload["additions"]["members"]]
    assert names == ["Amal Haddad", "Sami Nour"]


def test_what_somebody_else_proposed_is_not_proposed_again(world: World) -> None:
    why: dict[str, Any] = {"reason": "The list of the desk.", "process": "coast"}
    first = run_rows(world, on("inquiry", PARTS[:1]), by=world.reviewer, **why)
    second = run_rows(world, on("inquiry", PARTS[:2]), **why)
    assert outcomes(second) == ["waiting", "proposed"]
    assert second.rows[0].proposal == first.rows[0].proposal


def test_a_revision_of_parts_changes_some_and_adds_others(world: World) -> None:
    why: dict[str, Any] = {"reason": "The list of the desk.", "process": "coast"}
    batch = run_rows(world, on("inquiry", PARTS[:2]), propose=True, **why).batch
    decide(world, str(batch), "approve")
    rows = on(
        "inquiry", [("member", {**CHAIR, "role": "judge"}), ("member", {**CLERK, "role": "clerk"}), PARTS[2]]
    )
    report = run_rows(world, rows, propose=True, **why)
    assert (outcomes(report), len({row.proposal for row in report.rows})) == (["proposed"] * 3, 1)
    assert outcomes(run_rows(world, rows, **why)) == ["waiting"] * 3
    decide(world, str(report.batch), "approve")
    made = body(world, "inquiry")
    assert [one.role for one in made.members] == ["judge", "clerk"]
    assert len(made.mandates) == 1
    assert undo(world, str(report.batch)) == []
    back = body(world, "inquiry")
    assert ([one.role for one in back.members], back.mandates) == (["chair", None], [])


def test_an_undo_leaves_a_part_that_was_changed_since(world: World) -> None:
    why: dict[str, Any] = {"reason": "The list of the desk.", "process": "coast"}
    batch = str(run_rows(world, on("inquiry", PARTS[:1]), propose=True, **why).batch)
    decide(world, batch, "approve")
    again = run_rows(world, on("inquiry", [("member", {**CHAIR, "role": "judge"})]), propose=True, **why)
    decide(world, str(again.batch), "approve")
    assert [one["problem"] for one in undo(world, batch)] == ["changed-since"]
    assert [one.role for one in body(world, "inquiry").members] == ["judge"]


def test_a_revision_of_this_import_grows_while_it_is_imported(world: World) -> None:
    why = {"reason": "The list of the desk.", "process": "coast"}
    report = run_rows(world, on("inquiry", PARTS), **why)
    added = world.session.get_one(Proposal, str(report.rows[0].proposal)).payload["additions"]
    assert {name: len(value) for name, value in added.items()} == {
        "members": 2,
        "mandates": 1,
        "figures": 1,
    }


@pytest.mark.parametrize(
    ("kind", "row", "wrong"),
    [
        ("member", CLERK, {"to_on": "2025-02"}),
        ("member", CLERK, {"from_on": "2031"}),
        ("mandate", DECREE, {"adopted_on": "2031"}),
        ("mandate", DECREE, {"in_force_from": "2025-04", "in_force_to": "2025-03"}),
        ("figure", DEAD, {"as_of": "2031"}),
        ("figure", {**DEAD, "amount": None}, {"at_least": "60", "at_most": "50"}),
    ],
)
@pytest.mark.parametrize("reference", ["second", "inquiry"])
def test_what_is_wrong_with_a_part_is_told_by_the_member_of_its_row(
    draft: World, reference: str, kind: str, row: dict[str, Any], wrong: dict[str, Any]
) -> None:
    """Of a draft and of what is public, new and as an edit of a part that is there."""
    [(_kind, said)] = on(reference, [(kind, {**row, **wrong})])
    assert set(faults(run(draft, kind, said, dry_run=True))) == {f"/{list(wrong)[-1]}"}


def test_a_row_that_stands_twice_is_said_to_be(draft: World) -> None:
    report = run_rows(draft, [PARTS[0], PARTS[0]], process="coast")
    assert faults(report, 1) == {"/name": "line 2 says the same; give each once"}


def test_a_figure_of_a_resource_comes_in_too(world: World) -> None:
    world.resource(world.committee, publish=False, reference="money")
    said = {**DEAD, "subject": "money", "figure": "delivered", "unit": "USD"}
    assert outcomes(run(world, "figure", said)) == ["created"]
    money = world.session.scalars(select(Resource).where(Resource.reference == "money")).one()
    assert [one.figure for one in money.figures] == ["delivered"]


DATE = {
    "reference": "D1",
    "owner": "inquiry",
    "type": "final_report_due",
    "title": "Final report",
    "basis": "decree",
    "set_on": "2025-03-09",
    "due_on": "2025-04-08",
}


@pytest.mark.parametrize("at_once", [1, 100])
def test_a_date_comes_in_with_its_extensions(world: World, at_once: int) -> None:
    item = world.item(title="The decree")
    more = {"reason": "They asked for time.", "citations": [{"evidence": item, "stance": "supports"}]}
    first = {"deadline": "D1", "reference": "D1-b", "set_on": "2025-04-10", "due_on": "2025-07-10", **more}
    second = {"deadline": "D1-b", "reference": "D1-c", "set_on": "2025-07-11", "due_on": "2025-09-10", **more}
    rows = [("deadline", DATE), ("extension", first), ("extension", second)]
    tried = run_rows(world, rows, process="coast", dry_run=True, at_once=at_once)
    assert (outcomes(tried), tried.faults) == (["would_create"] * 3, [])
    report = run_rows(world, rows, process="coast", propose=True)
    assert outcomes(report) == ["created"] * 3
    again = run_rows(world, rows, process="coast")
    assert (outcomes(again), [row.id for row in again.rows]) == (
        ["unchanged"] * 3,
        [row.id for row in report.rows],
    )
    decide(world, str(report.batch), "approve")
    world.session.expire_all()
    dates = world.session.scalars(
        select(Deadline).where(Deadline.reference.like("D1%")).order_by(Deadline.due_on)
    )
    assert [(str(one.due_on), one.publication) for one in dates] == [
        ("2025-04-08", "published"),
        ("2025-07-10", "published"),
        ("2025-09-10", "published"),
    ]
    other = run_rows(world, [("extension", {**first, "due_on": "2025-08-01"})], process="coast")
    assert "was put off to 2025-07-10 on 2025-04-10" in other.faults[0].detail


def test_an_extension_without_a_reference_is_recognised_too(world: World) -> None:
    item = world.item(title="The decree")
    said = {
        "deadline": world.deadline(),
        "set_on": "2025-04-10",
        "due_on": "2025-07-10",
        "reason": "They asked for time.",
        "citations": [{"evidence": item, "stance": "supports"}],
    }
    assert outcomes(run(world, "extension", said, dry_run=True)) == ["would_create"]
    assert outcomes(run(world, "extension", said)) == ["created"]
    assert outcomes(run(world, "extension", said)) == ["unchanged"]


def test_a_watchdog_is_registered_once(world: World) -> None:
    rows = [
        ("organization", {"slug": "observers", "name": "The observers", "type": "watchdog"}),
        ("watchdog", {"organization": "The observers", "since": "2025", "conflicts": "None known."}),
    ]
    assert outcomes(run_rows(world, rows, dry_run=True, at_once=1)) == ["would_create"] * 2
    report = run_rows(world, rows)
    assert outcomes(report) == ["created"] * 2
    kept = world.session.get_one(Watchdog, str(report.rows[0].id))
    assert (str(kept.since), kept.conflicts) == ("2025", "None known.")
    assert outcomes(run_rows(world, rows)) == ["unchanged"] * 2
    press = {"organization": "press", "since": "2024"}
    assert outcomes(run(world, "watchdog", press, process=None, dry_run=True)) == ["would_create"]
    other = run(world, "watchdog", {"organization": "observers", "since": "2024"}, process=None)
    assert "says otherwise" in other.faults[0].detail


def test_who_may_not_write_the_record_brings_in_no_part(world: World) -> None:
    with pytest.raises(NotPermitted):
        run(world, "member", CHAIR, by=world.watcher)


def test_a_date_of_a_month_is_known_again_and_put_off_to_a_year(world: World) -> None:
    item = world.item(title="The decree")
    month = {**DATE, "due_on": "2025-04"}
    assert outcomes(run(world, "deadline", month)) == ["created"]
    assert outcomes(run(world, "deadline", month)) == ["unchanged"]
    [later] = run(world, "deadline", {**month, "due_on": "2025"}, dry_run=True).rows
    assert later.outcome == "would_update"
    assert [(one.member, one.before, one.after) for one in later.differs] == [
        ("rule", "by 2025-04", "by 2025")
    ]
    more = {"reason": "They asked for time.", "citations": [{"evidence": item, "stance": "supports"}]}
    year = {"deadline": "D1", "reference": "D1-b", "set_on": "2025-04-10", "due_on": "2027", **more}
    assert outcomes(run(world, "extension", year)) == ["created"]
    assert outcomes(run(world, "extension", year)) == ["unchanged"]
