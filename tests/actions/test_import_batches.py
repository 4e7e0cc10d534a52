"""A batch of an import takes two people: one imports it, another decides on all of it at once.

Contract: approved, everything in it is public and stands, each by its own act and in its own name; a small batch whole
or not at all, a large one in parts that go on by themselves; returned or retracted, its changes and revisions are.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from tests.actions.test_import_changes import LIFE
from tests.actions.test_imports import ASKED, outcomes, run, run_rows
from tests.world import CALENDAR, World
from tracker.actions import batch_acts, import_batches, import_undo, proposals
from tracker.actions.imports import import_in_parts
from tracker.actions.operations.pending_work import run_pending_updates
from tracker.actions.people import OPERATOR
from tracker.actions.support import pending_updates
from tracker.actions.support.import_report import GivenRow
from tracker.actions.support.import_updates import Options
from tracker.domain.errors import NotPermitted, NotPublished, SelfApproval, StaleProposal
from tracker.public import feed_state, queries
from tracker.store.audit import AuditEntry
from tracker.store.database import core_connection
from tracker.store.import_batches import list_acts
from tracker.store.organizations import Organization
from tracker.store.pending_updates import list_pending
from tracker.store.proposals import Proposal
from tracker.store.recommendations import Recommendation
from tracker.store.statuses import StatusChange
from tracker.store.subjects import Subject

CALLS = [{**ASKED, "addressees": [{"organization": "New one"}]}, {**ASKED, "reference": "R2", "parent": "R1"}]
ROWS = [
    *(("recommendation", row) for row in CALLS),
    *(("change", {**row, "subject_kind": "recommendation", "assessor": "watchdog"}) for row in LIFE[2:3]),
    *(("change", {**row, "subject_kind": "recommendation"}) for row in (LIFE[0], LIFE[1])),
]
NEW = {"addressees.organization": "authority"}


@pytest.fixture
def ready(world: World) -> World:
    """A world in which the issuer of the calls, and those who are asked, are public."""
    for id in (world.watchdog, world.government, world.ministry):
        row = world.session.get_one(Organization, id)
        if row.publication == "draft":
            world.publish(id)
    return world


def bring_in(world: World, rows: list[tuple[str, Any]] = ROWS, **said: Any) -> str:
    report = run_rows(world, rows, process="coast", propose=True, new_organizations=NEW, **said)
    assert report.recorded, report.faults
    assert report.batch is not None
    return report.batch


def decide(world: World, batch: str, decision: str, by: Any = None, **said: Any) -> Proposal:
    with world.act(by or world.approver) as act:
        return proposals.decide_proposal(act, batch, decision, **said)


def published(world: World) -> list[str]:
    world.session.rollback()
    world.session.expire_all()
    query = select(Subject.reference).where(
        Subject.kind == "recommendation", Subject.publication == "published"
    )
    return sorted(filter(None, world.session.scalars(query)))


def decisions(world: World) -> list[str]:
    world.session.rollback()
    query = select(StatusChange.decision).where(StatusChange.reason == LIFE[0]["reason"])
    return list(world.session.scalars(query))


def test_what_was_imported_is_approved_as_one(ready: World) -> None:
    batch = bring_in(ready, reason="The list of ten years.")
    proposal = ready.session.get_one(Proposal, batch)
    assert (proposal.kind, proposal.thing_id) == ("import", ready.process)
    assert len(list_acts(ready.session, batch)) == 6
    assert published(ready) == []
    with pytest.raises(SelfApproval):
        decide(ready, batch, "approve", replace(ready.editor, roles=frozenset({"editor", "approver"})))
    decide(ready, batch, "approve")
    assert published(ready) == ["R1", "R2"]
    assert decisions(ready) == ["approved"] * 3
    made = ready.session.scalars(select(Organization).where(Organization.name == "New one")).one()
    assert made.publication == "published"
    verbs = ready.session.scalars(select(AuditEntry.verb).where(AuditEntry.person_id == ready.approver.id))
    assert list(verbs).count("publish") >= 3


def test_an_import_without_the_word_asks_nobody(ready: World) -> None:
    report = run(ready, "recommendation", *CALLS, new_organizations=NEW)
    assert (report.recorded, report.batch) == (True, None)
    again = run(ready, "recommendation", *CALLS, new_organizations=NEW, propose=True)
    assert (outcomes(again), again.batch is not None) == (["unchanged"] * 2, True)
    third = run(ready, "recommendation", *CALLS, new_organizations=NEW, propose=True)
    assert third.batch == again.batch
    refused = run(ready, "recommendation", {**ASKED, "issuer": "nobody"}, propose=True)
    assert refused.batch is None


def test_a_small_batch_is_approved_whole_or_not_at_all(ready: World) -> None:
    rows = [*ROWS, ("recommendation", {**ASKED, "reference": "R3", "issuer": "desk-to-be"})]
    run(ready, "organization", {"slug": "desk-to-be", "name": "To be", "type": "media"}, process=None)
    batch = bring_in(ready, rows)
    with pytest.raises(NotPublished):
        decide(ready, batch, "approve")
    assert (published(ready), decisions(ready)) == ([], ["proposed"] * 3)


def test_it_is_decided_on_what_was_imported(ready: World) -> None:
    batch = bring_in(ready)
    run(ready, "recommendation", {**CALLS[1], "title": "Mended"})
    with pytest.raises(StaleProposal) as refused:
        decide(ready, batch, "approve")
    [field] = refused.value.fields
    changed = field.pointer.removeprefix("/versions/")
    read = {changed: 2}
    decide(ready, batch, "approve", versions=read)
    assert published(ready) == ["R1", "R2"]


def test_who_decides_may_decide_on_statuses_too(ready: World) -> None:
    publisher = ready.person("publisher", "approver")
    batch = bring_in(ready)
    with pytest.raises(NotPermitted):
        decide(
            ready, batch, "approve", replace(publisher, scope=frozenset({"record.publish", "record.read"}))
        )


@pytest.mark.parametrize(("decision", "by"), [("return", "approver"), ("retract", "editor")])
def test_a_batch_that_is_not_approved_takes_its_changes_with_it(ready: World, decision: str, by: str) -> None:
    run(ready, "recommendation", {**ASKED, "reference": "R9"})
    nine = ready.session.scalars(select(Recommendation).where(Recommendation.reference == "R9")).one()
    ready.publish(nine.id)
    rows = [*ROWS, ("recommendation", {**ASKED, "reference": "R9", "title": "Another title"})]
    batch = bring_in(ready, rows, reason="It was misread.")
    decide(ready, batch, decision, getattr(ready, by))
    ended = "returned" if decision == "return" else "retracted"
    assert decisions(ready) == [ended] * 3
    revision = ready.session.scalars(select(Proposal).where(Proposal.kind == "revision")).one()
    assert revision.decision == ended
    assert published(ready) == ["R9"]


def test_a_revision_of_a_batch_is_approved_with_it(ready: World) -> None:
    union = {"slug": "union", "name": "Union", "type": "media"}
    run(ready, "organization", union, process=None)
    made = ready.session.scalars(select(Organization).where(Organization.slug == "union")).one()
    ready.publish(made.id)
    for name in ("Union two", "Union three"):
        again = {**union, "name": name}
        report = run(ready, "organization", again, process=None, propose=True, reason="It was misread.")
        assert outcomes(report) == ["proposed"]
        decide(ready, str(report.batch), "approve")
        ready.session.rollback()
        ready.session.expire_all()
        assert ready.session.get_one(Organization, made.id).name == name
    new = {"slug": "new", "name": "New", "type": "media"}
    report = run(ready, "organization", new, process=None, propose=True)
    assert ready.session.get_one(Proposal, report.batch).thing_id == report.rows[0].id
    with ready.act(ready.editor) as act:
        assert import_batches.propose_batch(act, [ready.process], None) is None


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of two acts, so that a few rows are a large batch."""
    work = pending_updates.WORK
    for module, kinds in ((import_batches, ("import_check", "import")), (import_undo, ("undo",))):
        monkeypatch.setattr(module, "_AT_ONCE", 2)
        for kind in kinds:
            monkeypatch.setitem(work, kind, replace(work[kind], at_once=2))
    monkeypatch.setattr("tracker.store.import_batches._IDS", 3)
    monkeypatch.setattr(batch_acts, "_IDS", 3)


def go_on(world: World, most: int | None = None) -> int:
    world.session.rollback()
    return run_pending_updates(world.session, lambda: world.act(OPERATOR), most)


def pending(world: World) -> list[str]:
    return [one.kind for one in list_pending(world.session) if one.kind in ("import_check", "import", "undo")]


@pytest.mark.usefixtures("small_parts")
def test_of_a_large_batch_nothing_is_public_before_all_of_it_was_tried(ready: World) -> None:
    batch = bring_in(ready)
    decide(ready, batch, "approve")
    assert (published(ready), pending(ready)) == ([], ["import_check"])
    assert feed_state.list_marked(core_connection(ready.session)) == []
    assert go_on(ready, 1) == 1
    assert (published(ready), pending(ready)) == ([], ["import_check"])
    assert go_on(ready, 1) == 1
    assert pending(ready) == ["import"]
    assert feed_state.list_marked(core_connection(ready.session)) == [ready.process]
    go_on(ready)
    assert (published(ready), decisions(ready)) == (["R1", "R2"], ["approved"] * 3)
    assert pending(ready) == []
    assert feed_state.list_marked(core_connection(ready.session)) == []


@pytest.mark.usefixtures("small_parts")
def test_each_process_of_a_large_batch_says_that_it_is_being_updated(ready: World) -> None:
    other = ready.make_process("other")
    new = {"slug": "third", "title": "New", "summary": "New.", "lead": "desk", "calendar": CALENDAR}
    rows: list[tuple[str, Any]] = [("recommendation", {**ASKED, "process": "coast"})]
    rows += [
        ("recommendation", {**ASKED, "reference": f"R{number}", "process": "other"}) for number in (2, 3)
    ]
    rows += [("process", new), ("recommendation", {**ASKED, "reference": "R4", "process": "third"})]
    rows.append(
        ("change", {**LIFE[0], "subject_kind": "recommendation", "process": "other", "subject": "R2"})
    )
    report = run_rows(ready, rows, propose=True, new_organizations=NEW)
    assert report.recorded, report.faults
    decide(ready, str(report.batch), "approve")
    seen: list[set[str]] = []
    while go_on(ready, 1):
        seen.append(set(feed_state.list_marked(core_connection(ready.session))))
        assert not seen[-1] or {ready.process, other} <= seen[-1]
        with ready.act(OPERATOR) as act:
            assert pending_updates.find_wrong_marks(act) == []
    assert (max(map(len, seen)), seen[-1], pending(ready)) == (3, set(), [])


def count_public_answers(world: World) -> dict[str, int]:
    """How many answers the public finds to each recommendation that it finds."""
    found = queries.list_past_briefs(
        core_connection(world.session), world.process, "recommendation", world.clock(), None, None
    )
    return {
        one["reference"]: sum(other["lead"]["change"] is not None for other in one["standing"])
        for one in found
    }


@pytest.mark.usefixtures("small_parts")
def test_a_thing_of_a_large_batch_is_never_public_without_what_the_batch_says_of_it(ready: World) -> None:
    calls = [("recommendation", {**ASKED, "reference": f"R{number}"}) for number in (1, 2, 3)]
    answers = [
        ("change", {**LIFE[0], "subject_kind": "recommendation", "subject": f"R{number}"})
        for number in (3, 2, 1)
    ]
    batch = bring_in(ready, [*calls, *answers])
    decide(ready, batch, "approve")
    seen = []
    while go_on(ready, 1):
        seen.append(count_public_answers(ready))
    assert seen[-1] == {"R1": 1, "R2": 1, "R3": 1}
    assert {count for found in seen for count in found.values()} == {1}
    assert any(0 < len(found) < 3 for found in seen), "it became public in parts"


@pytest.mark.usefixtures("small_parts")
def test_a_large_batch_becomes_public_as_a_whole_or_not_at_all(ready: World) -> None:
    run(ready, "organization", {"slug": "late", "name": "Late", "type": "media"}, process=None)
    rows = [*ROWS, ("recommendation", {**ASKED, "reference": "R3", "issuer": "late"})]
    batch = bring_in(ready, [*rows, ("change", {**LIFE[0], "subject": ready.recommendation("R9")})])
    ready.withdraw(
        ready.session.scalars(select(Recommendation.id).where(Recommendation.reference == "R9")).one()
    )
    decide(ready, batch, "approve")
    go_on(ready)
    assert (published(ready), decisions(ready), pending(ready)) == ([], ["proposed"] * 4, [])
    proposal = ready.session.get_one(Proposal, batch)
    assert proposal.decision == "returned"
    assert proposal.note is not None
    assert proposal.note.startswith("2 of 8 acts cannot be approved, so nothing was done.")
    refused = proposals.describe_proposal(ready.session, proposal)["payload"]["refused"]
    [third] = ready.session.scalars(select(Recommendation.id).where(Recommendation.reference == "R3"))
    assert refused[0] == {"act": third, "problem": "not-published"}
    assert [one["problem"] for one in refused[1:]] == ["already-done"]
    ready.publish(ready.session.scalars(select(Organization.id).where(Organization.slug == "late")).one())
    again = bring_in(ready, rows)
    assert again != batch
    decide(ready, again, "approve")
    go_on(ready)
    assert (published(ready), sorted(decisions(ready))) == (
        ["R1", "R2", "R3"],
        ["approved"] * 3 + ["proposed"],
    )


@pytest.mark.usefixtures("small_parts")
def test_what_cannot_stand_by_the_time_of_its_part_stays_open(ready: World) -> None:
    rows = [("recommendation", {**ASKED, "reference": f"R{number}"}) for number in range(1, 8)]
    report = run_rows(ready, rows, process="coast", propose=True)
    batch, gone = str(report.batch), str(report.rows[3].id)
    decide(ready, batch, "approve")
    while pending(ready) != ["import"]:
        go_on(ready, 1)
    assert published(ready) == ["R1", "R2"]
    ready.withdraw(gone)
    run(ready, "organization", {"slug": "late", "name": "Late", "type": "media"}, process=None)
    with ready.act(ready.editor) as act:
        row = act.session.get_one(Recommendation, str(report.rows[4].id))
        row.issuer_id = act.session.scalars(select(Organization.id).where(Organization.slug == "late")).one()
        act.audit("revise", row.id)
    go_on(ready)
    assert published(ready) == ["R1", "R2", "R3", "R6", "R7"]
    assert list_pending(ready.session) == []
    entries = ready.session.scalars(select(AuditEntry).where(AuditEntry.verb == "publish"))
    assert {one.person_id for one in entries if one.target_id == report.rows[5].id} == {ready.approver.id}


@pytest.mark.usefixtures("small_parts")
def test_a_large_batch_is_returned_in_parts_too(ready: World) -> None:
    batch = bring_in(ready)
    decide(ready, batch, "return", note="Not this list.")
    go_on(ready)
    assert (decisions(ready), published(ready)) == (["returned"] * 3, [])


def test_of_a_large_batch_the_first_acts_are_told(ready: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposals, "SHOWN", 2)
    batch = ready.session.get_one(Proposal, bring_in(ready))
    said = proposals.describe_proposal(ready.session, batch)
    acts = list_acts(ready.session, batch.id)
    assert said["payload"] == {"acts": acts[:2], "count": 6, "refused": []}
    assert len(said["versions"]) == 2


def in_parts(world: World, rows: list[tuple[str, Any]], **said: Any) -> Any:
    given = [GivenRow(kind, row, f"line {place}") for place, (kind, row) in enumerate(rows, 2)]
    options = Options("coast", NEW, **said)
    return import_in_parts(lambda: world.act(world.editor), given, options=options, at_once=2)


def test_an_import_in_parts_records_the_same_and_goes_on_where_it_was_stopped(ready: World) -> None:
    report = in_parts(ready, ROWS, propose=True)
    assert (outcomes(report), report.recorded) == (["created"] * 5, True)
    decide(ready, str(report.batch), "approve")
    assert published(ready) == ["R1", "R2"]
    more = [*ROWS, ("recommendation", {**ASKED, "reference": "R3"})]
    again = in_parts(ready, more)
    assert (outcomes(again), again.batch) == (["unchanged"] * 5 + ["created"], None)


def test_a_row_that_is_refused_now_ends_an_import_in_parts(ready: World) -> None:
    rows = [("recommendation", {**ASKED, "reference": f"R{n}"}) for n in range(1, 6)]
    rows[3][1]["issuer"] = "nobody"
    report = in_parts(ready, rows)
    assert outcomes(report) == ["created"] * 2 + ["would_create"] + ["refused"] * 2
    assert not report.recorded
    kept = ready.session.scalars(select(Recommendation.reference).order_by(Recommendation.reference))
    assert list(kept) == ["R1", "R2"]


def test_what_was_published_meanwhile_is_passed_over(ready: World) -> None:
    batch = bring_in(ready, [("recommendation", row) for row in (ASKED, {**ASKED, "reference": "R2"})])
    [first] = list_acts(ready.session, batch, most=1)
    ready.publish(first)
    read = {first: 2}
    decide(ready, batch, "approve", versions=read)
    assert published(ready) == ["R1", "R2"]
