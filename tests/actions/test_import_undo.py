"""An approved batch of an import is taken back by its own act, of two people and for a reason.

Contract: what the batch made is withdrawn, or thrown away where it is a draft still; its status changes are corrected
to what stood before; its revisions give back what they took. What others have changed or named since is left and named.
No history is lost.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tests.actions.test_deadlines import extend
from tests.actions.test_import_batches import (
    ASKED,
    ROWS,
    bring_in,
    decide,
    go_on,
    pending,
    published,
    ready,  # noqa: F401  # a fixture
    small_parts,  # noqa: F401  # a fixture
)
from tests.actions.test_imports import run, run_rows
from tests.actions.test_replies import reply
from tests.world import World
from tracker.actions import import_batches, import_undo, proposals, publication, revisions, statuses
from tracker.domain.errors import AlreadyDone, InvalidInput, NotFound, NotPublished, SelfApproval, WrongKind
from tracker.domain.tracks import TRACKS
from tracker.store import answers
from tracker.store.answers import Line
from tracker.store.deadlines import Deadline
from tracker.store.organizations import Organization
from tracker.store.processes import Process
from tracker.store.proposals import Proposal
from tracker.store.recommendations import Recommendation
from tracker.store.statuses import StatusChange
from tracker.store.subjects import Subject

PROCESS = {
    "title": "Another",
    "summary": "What happened.",
    "country": "SY",
    "lead": "desk",
    "calendar": {"time_zone": "Asia/Damascus", "weekend": ["friday"], "holidays": []},
}
WHY = "It was the list of another year."


def propose(world: World, batch: str, reason: str = WHY) -> str:
    with world.act(world.editor) as act:
        return import_undo.propose_undo(act, batch, reason).id


def undo(world: World, batch: str, reason: str = WHY) -> list[dict[str, str]]:
    """Take a batch back, all of it. Returns what is left."""
    waits = propose(world, batch, reason)
    decide(world, waits, "approve")
    go_on(world)
    said = proposals.describe_proposal(world.session, world.session.get_one(Proposal, waits))
    left: list[dict[str, str]] = said["payload"]["left"]
    assert said["payload"]["left_count"] == len(left)
    return left


def find(world: World, reference: str) -> Any:
    world.session.rollback()
    world.session.expire_all()
    named = Subject.reference == reference
    return world.session.scalars(select(Recommendation).where(named)).one()


def stands(world: World, subject: str, track: str, assessor: str) -> str:
    world.session.rollback()
    last = next(answers.iterate_answers(world.session, Line(subject, track, assessor)), None)
    return TRACKS[track].initial if last is None else str(last.to_state)


def answer(world: World, subject: str, state: str, day: int, **more: Any) -> str:
    said = {"subject": subject, "track": "implementation", "state": state, "reason": "It was seen."}
    with world.act(world.editor) as act:
        change = statuses.propose_status_change(act, {**said, "effective_on": date(2025, 4, day), **more})
    with world.act(world.approver) as act:
        statuses.approve_status_change(act, change.id)
    return change.id


def changes(subject: str, *days: tuple[str, int]) -> list[tuple[str, Any]]:
    said = {
        "subject": subject,
        "subject_kind": "recommendation",
        "track": "implementation",
        "reason": "A list.",
    }
    return [("change", {**said, "state": state, "effective_on": f"2025-04-{day:02}"}) for state, day in days]


def approve(world: World, rows: list[tuple[str, Any]], **said: Any) -> str:
    batch = bring_in(world, rows, **said)
    decide(world, batch, "approve")
    go_on(world)
    return batch


def test_what_a_batch_made_is_withdrawn_by_two_people_with_the_reason(ready: World) -> None:  # noqa: F811
    batch = approve(ready, ROWS)
    waits = propose(ready, batch)
    assert published(ready) == ["R1", "R2"]
    with pytest.raises(SelfApproval):
        decide(ready, waits, "approve", replace(ready.editor, roles=frozenset({"editor", "approver"})))
    decide(ready, waits, "approve")
    one, two = find(ready, "R1"), find(ready, "R2")
    assert (one.publication, one.withdrawn_because) == ("withdrawn", WHY)
    assert two.publication == "withdrawn"
    made = ready.session.scalars(select(Organization).where(Organization.name == "New one")).one()
    assert made.publication == "withdrawn"
    kept = ready.session.scalars(select(StatusChange.decision).where(StatusChange.subject_id == one.id)).all()
    assert kept == ["approved"] * 3
    with pytest.raises(AlreadyDone):
        propose(ready, batch)


def test_a_batch_that_nobody_approved_is_not_taken_back(ready: World) -> None:  # noqa: F811
    batch = approve(ready, [("recommendation", ASKED)])
    waits = bring_in(ready, [("recommendation", {**ASKED, "reference": "R2"})])
    with pytest.raises(AlreadyDone):
        propose(ready, waits)
    assert undo(ready, batch) == []
    assert published(ready) == []


def revises(subject: str) -> list[Any]:
    return [Proposal.thing_id == subject, Proposal.kind == "revision"]


def ended(world: World, model: Any, subject: str) -> str:
    """What became of the change, or the revision, of a thing."""
    about = [model.subject_id == subject] if model is StatusChange else revises(subject)
    world.session.expire_all()
    return str(world.session.scalars(select(model.decision).where(*about)).one())


@pytest.mark.usefixtures("small_parts")
def test_what_stayed_open_is_thrown_away_or_returned(ready: World) -> None:  # noqa: F811
    nine, eight, seven = (ready.recommendation(name) for name in ("R9", "R8", "R7"))
    rows = [("recommendation", {**ASKED, "reference": f"R{number}"}) for number in (1, 2, 3)]
    rows += [
        *changes(nine, ("not_started", 5)),
        *changes(eight, ("not_started", 5)),
        *(
            ("recommendation", {**ASKED, "reference": name, "title": "Another title"})
            for name in ("R9", "R7")
        ),
    ]
    batch = bring_in(ready, rows, reason="A list.")
    decide(ready, batch, "approve")
    while pending(ready) != ["import"]:
        go_on(ready, 1)
    run(ready, "organization", {"slug": "late", "name": "Late", "type": "media"}, process=None)
    with ready.act(ready.editor) as act:
        row = act.session.get_one(Recommendation, find(ready, "R3").id)
        row.issuer_id = act.session.scalars(select(Organization.id).where(Organization.slug == "late")).one()
        act.audit("revise", row.id)
    ready.withdraw(nine)
    stale = ready.session.scalars(select(Proposal.id).where(*revises(seven))).one()
    with ready.act(ready.editor) as act:
        wanted = {"title": "Better", "reason": "It was misread."}
        proposal = revisions.edit_thing(act, seven, "recommendation", wanted, None)
    decide(ready, proposal.id, "approve")
    with ready.act(ready.editor) as act:
        act.session.expire_all()
        statuses.retract_status_change(
            act, act.session.scalars(select(StatusChange.id).where(StatusChange.subject_id == eight)).one()
        )
    go_on(ready)
    assert published(ready) == ["R1", "R2", "R7", "R8"]
    assert (ended(ready, StatusChange, nine), ready.session.get_one(Proposal, stale).decision) == (
        "proposed",
        "proposed",
    )
    assert undo(ready, batch) == []
    assert published(ready) == ["R7", "R8"]
    assert (ended(ready, StatusChange, nine), ready.session.get_one(Proposal, stale).decision) == (
        "returned",
        "returned",
    )
    assert ended(ready, Proposal, nine) == "retracted"  # with the thing that was withdrawn
    thrown_away = ready.session.scalars(select(Recommendation).where(Subject.former_reference == "R3")).one()
    assert (thrown_away.publication, thrown_away.reference) == ("withdrawn", None)


def test_statuses_go_back_to_what_stood_before_by_corrections(ready: World) -> None:  # noqa: F811
    nine = ready.recommendation("R9")
    answer(ready, nine, "no_evidence", 1)
    batch = approve(ready, changes(nine, ("stalled", 5), ("not_started", 7), ("stalled", 8)))
    assert stands(ready, nine, "implementation", ready.lead) == "stalled"
    assert undo(ready, batch) == []
    assert stands(ready, nine, "implementation", ready.lead) == "no_evidence"
    query = select(StatusChange).where(StatusChange.subject_id == nine).order_by(StatusChange.number)
    line = ready.session.scalars(query).all()
    assert [one.act for one in line] == ["move"] * 4 + ["correction"] * 3
    assert [one.corrects_id for one in line[4:]] == [one.id for one in line[1:4]]
    last = line[-1]
    assert (last.to_state, last.reason) == ("no_evidence", WHY)
    assert (last.proposed_by, last.decided_by) == (ready.editor.id, ready.approver.id)


def test_a_status_that_was_the_first_goes_back_to_the_beginning(ready: World) -> None:  # noqa: F811
    nine = ready.recommendation("R9")
    batch = approve(ready, changes(nine, ("not_started", 5)))
    assert undo(ready, batch) == []
    assert stands(ready, nine, "implementation", ready.lead) == "not_assessed"


def test_what_was_answered_since_is_left_and_named(ready: World) -> None:  # noqa: F811
    nine, eight = ready.recommendation("R9"), ready.recommendation("R8")
    batch = approve(ready, [*changes(nine, ("not_started", 5)), *changes(eight, ("not_started", 5))])
    [first, second] = list_changes(ready, nine), list_changes(ready, eight)
    answer(ready, nine, "stalled", 9)
    answer(ready, eight, "stalled", 5, corrects=second[0])
    assert undo(ready, batch) == [
        {"act": first[0], "problem": "changed-since"},
        {"act": second[0], "problem": "already-done"},
    ]
    assert stands(ready, nine, "implementation", ready.lead) == "stalled"


def list_changes(world: World, subject: str) -> list[str]:
    query = select(StatusChange.id).where(StatusChange.subject_id == subject).order_by(StatusChange.number)
    return list(world.session.scalars(query))


def test_what_others_changed_or_named_since_is_left_and_named(ready: World) -> None:  # noqa: F811
    rows = [("recommendation", {**ASKED, "reference": f"R{number}"}) for number in (1, 2, 3, 4)]
    batch = approve(ready, [*rows, *changes("R2", ("not_started", 5))])
    one, two, three = (find(ready, name).id for name in ("R1", "R2", "R3"))
    with ready.act(ready.editor) as act:
        wanted = {"title": "Better", "reason": "It was misread."}
        proposal = revisions.edit_thing(act, one, "recommendation", wanted, None)
    decide(ready, proposal.id, "approve")
    answer(ready, two, "stalled", 9)
    ready.recommendation("child", parent_id=three)
    left = undo(ready, batch)
    change = list_changes(ready, two)[0]
    assert left == [
        {"act": one, "problem": "changed-since"},
        {"act": change, "problem": "changed-since"},
        {"act": two, "problem": "changed-since"},
        {"act": three, "problem": "named-by-others"},
    ]
    assert published(ready) == ["R1", "R2", "R3", "child"]


def test_a_revision_gives_back_what_it_took_except_what_was_changed_since(ready: World) -> None:  # noqa: F811
    nine, eight = ready.recommendation("R9"), ready.recommendation("R8")
    new = {"title": "New title", "text": "New text.", "addressees": [{"organization": ready.ministry}]}
    rows = [("recommendation", {**ASKED, "reference": name, **new}) for name in ("R9", "R8")]
    batch = approve(ready, rows, reason="A list.")
    with ready.act(ready.editor) as act:
        wanted = {"title": "Another", "reason": "It was misread."}
        proposal = revisions.edit_thing(act, eight, "recommendation", wanted, None)
    decide(ready, proposal.id, "approve")
    [revised] = [one["act"] for one in undo(ready, batch)]
    assert ready.session.get_one(Proposal, revised).thing_id == eight
    back, kept = find(ready, "R9"), find(ready, "R8")
    assert (back.title, back.text) == ("Recommendation R9", "Vet the forces.")
    assert [one.organization_id for one in back.addressees] == [ready.government]
    assert (kept.title, kept.text) == ("Another", "Vet the forces.")
    with ready.act(ready.approver) as act:
        publication.withdraw_thing(act, nine, "It was another.")


def test_a_revision_of_what_was_withdrawn_since_is_left(ready: World) -> None:  # noqa: F811
    nine = ready.recommendation("R9")
    batch = approve(
        ready, [("recommendation", {**ASKED, "reference": "R9", "title": "New"})], reason="A list."
    )
    ready.withdraw(nine)
    assert [one["problem"] for one in undo(ready, batch)] == ["changed-since"]


def test_a_process_goes_with_all_that_came_with_it_and_stays_where_others_added(ready: World) -> None:  # noqa: F811
    made = [("process", {**PROCESS, "slug": slug}) for slug in ("north", "south")]
    calls = [("recommendation", {**ASKED, "process": slug}) for slug in ("north", "south")]
    report = run_rows(ready, [*made, *calls], propose=True)
    batch = str(report.batch)
    decide(ready, batch, "approve")
    south = ready.session.scalars(select(Process.id).where(Process.slug == "south")).one()
    ready.recommendation("later", process_id=south, publish=False)
    assert undo(ready, batch) == [{"act": south, "problem": "named-by-others"}]
    gone = ready.session.scalars(select(Subject.publication).where(Subject.id == report.rows[2].id)).one()
    assert gone == "withdrawn"


def test_an_extension_of_a_batch_falls_with_its_status(ready: World) -> None:  # noqa: F811
    due = ready.deadline(reference="D1")
    new, change = extend(ready, due, ready.item(title="The decree"))
    with ready.act(ready.editor) as act:
        batch = str(import_batches.propose_batch(act, [change.id], None))
    decide(ready, batch, "approve")
    assert ready.session.get_one(Deadline, new.id).publication == "published"
    assert undo(ready, batch) == []
    ready.session.expire_all()
    assert ready.session.get_one(Deadline, new.id).publication == "withdrawn"
    assert stands(ready, due, "outcome", ready.lead) == "pending"


@pytest.mark.usefixtures("small_parts")
def test_a_batch_is_not_taken_back_while_it_is_carried_out(ready: World) -> None:  # noqa: F811
    batch = bring_in(ready)
    decide(ready, batch, "approve")
    with pytest.raises(AlreadyDone, match="being carried out"):
        propose(ready, batch)
    go_on(ready)
    waits = propose(ready, batch)
    decide(ready, waits, "approve")
    assert pending(ready) == ["undo"]
    go_on(ready)
    assert published(ready) == []


def test_only_a_batch_is_taken_back_and_for_a_reason_that_everybody_may_read(ready: World) -> None:  # noqa: F811
    nine = ready.recommendation("R9")
    draft = ready.recommendation("R8", publish=False)
    batch = approve(
        ready, [("recommendation", {**ASKED, "reference": "R9", "title": "New"})], reason="A list."
    )
    revision = ready.session.scalars(select(Proposal.id).where(*revises(nine))).one()
    with pytest.raises(WrongKind):
        propose(ready, revision)
    with pytest.raises(NotFound):
        propose(ready, "prp_00000000000000000000000000")
    with pytest.raises(NotPublished):
        propose(ready, batch, f"It was {draft}.")
    with pytest.raises(InvalidInput):
        propose(ready, batch, "Redacted: witness_safety")
    waits = propose(ready, batch)
    with pytest.raises(AlreadyDone):
        propose(ready, batch)
    decide(ready, waits, "return", note="It was this year's.")
    assert (
        "left"
        not in proposals.describe_proposal(ready.session, ready.session.get_one(Proposal, waits))["payload"]
    )
    assert propose(ready, batch)


def test_a_reply_is_left_because_nobody_corrects_one(ready: World) -> None:  # noqa: F811
    verdict = ready.answer(ready.recommendation("R9"), "implementation", "not_started")
    said = reply(ready, verdict, assessor=ready.government)
    with ready.act(ready.editor) as act:
        batch = str(import_batches.propose_batch(act, [said.id], None))
    decide(ready, batch, "approve")
    assert undo(ready, batch) == [{"act": said.id, "problem": "already-done"}]
