"""The queue of open work: what waits is entered by the act that makes it wait, and goes with the act that settles it.

After any acts in any order it equals what is found by reading the whole record; what each entry is for, and for whom,
is told one by one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from tests.conftest import Clock
from tests.draws import draws
from tests.public import random_acts
from tests.public.factories import KEEPERS, Seeded, prepare
from tests.revising import revise_record
from tests.world import World
from tracker.actions import (
    consent,
    custody,
    deadlines,
    evidence,
    proposals,
    publication,
    questions,
    redaction,
    revisions,
    standings,
    statuses,
)
from tracker.actions.operations import rebuild
from tracker.actions.support import unit, work_queue, work_queue_pages
from tracker.actions.support.lookup import MODELS
from tracker.domain import ids, people
from tracker.domain.consent import PURPOSES
from tracker.domain.errors import WrongAssessor
from tracker.domain.partial_days import find_latest
from tracker.domain.parts import Followed, diverge
from tracker.domain.people import Actor
from tracker.domain.reckonings import compute_due_day
from tracker.domain.rules import Rule
from tracker.domain.silence import find_answer, find_responses
from tracker.domain.tracks import TRACKS
from tracker.domain.work_queue import KINDS
from tracker.files.files import Stored
from tracker.public import events, log
from tracker.store.answers import Line, read_last_run
from tracker.store.citations import find_verification
from tracker.store.database import db
from tracker.store.deadlines import Deadline, find_replacement
from tracker.store.evidence import Evidence
from tracker.store.people import find_person_by_name
from tracker.store.processes import Process
from tracker.store.proposals import Proposal
from tracker.store.questions import Question
from tracker.store.recommendations import Recommendation
from tracker.store.statuses import StatusChange, list_approved, to_change
from tracker.store.subjects import Subject
from tracker.store.viewer import Viewer
from tracker.store.work_queue import CUSTODIANS, OpenWork

Told = tuple[str, str, str, str | None]


def waiting(world: World, by: Actor, **asked: str) -> list[tuple[str, str]]:
    """What waits for somebody: kinds, and what it is about."""
    rows, _following = work_queue_pages.read_page(Viewer(world.session, by), world.clock(), asked, None, 200)
    return [(row["kind"], row["change_id"] or row["subject_id"]) for row in rows]


def of_kind(world: World, by: Actor, kind: str) -> list[str]:
    return [about for _kind, about in waiting(world, by, kind=kind)]


# ---------------------------------------------------------------- the whole of it, from the record


def entered(session: Session) -> set[Told]:
    """What the queue says."""
    return {(row.kind, row.reader, row.about, row.basis) for row in session.scalars(select(OpenWork))}


def naive(world: World) -> set[Told]:
    """The same, by reading everything: but for what a watchdog is told of its own verdicts."""
    session = world.session
    rows = [session.get_one(MODELS[ids.kind_of(id) or ""], id) for id in session.scalars(select(Subject.id))]
    waits = select(Proposal).where(Proposal.decision == "proposed")
    proposed = session.scalars(waits.where(Proposal.thing_id.in_(select(Subject.id))))
    found: set[Told] = {(one.kind, "", one.id, None) for one in proposed}
    found |= {
        ("question", to_whom(world, one), one.id, None)
        for one in session.scalars(select(Question))
        if one.answered_at is None and "withdrawn" not in (one.item.publication, one.item.process.publication)
    }
    changes = list(session.scalars(select(StatusChange)))
    asked = {(one.subject_id, one.track) for one in changes if one.decision == "proposed"}
    found |= {("proposal", "", one.id, None) for one in changes if one.decision == "proposed"}
    for row in rows:
        if "withdrawn" in (row.publication, row.process.publication):
            continue
        own = [one for one in changes if one.subject_id == row.id]
        found |= {("returned", one.proposed_by, one.id, None) for one in own if came_back(one, own)}
        found |= set(unsupported(world, row))
        if isinstance(row, Evidence) and (row.id, "verification") not in asked:
            state = find_verification(session, [row.id], date.max)[row.id]
            found |= {("review", "", row.id, None)} if state in ("unreviewed", "in_review") else set()
        if isinstance(row, Deadline) and (row.id, "outcome") not in asked:
            outcome = standings.read_outcome(session, row, date.max).state
            owed = outcome == "pending" and row.due_on is not None  # what waits for an event is not overdue
            found |= {("overdue", "", row.id, None)} if owed else set()
    found |= {("reckoning", "", one, None) for one in reckoned_otherwise(world)}
    asked = [row for row in rows if isinstance(row, Recommendation)]
    found |= {("parts", "", row.id, None) for row in asked if has_open_part(world, row, asked)}
    found |= {("reminder", "", about, None) for row in asked for about in to_remind(world, row)}
    return found


def to_remind(world: World, row: Recommendation) -> Iterator[str]:
    """Whom somebody has to ask, or to remind, some day."""
    if row.publication != "published" or row.process.publication == "withdrawn":
        return
    said = {
        one["track"]: one
        for one in standings.read_standing(world.session, row.id, world.clock(), date.max)["answers"]
    }
    dates = world.session.scalars(select(Deadline).where(Deadline.owner_id == row.id)).unique()
    due = [
        standings.read_standing(world.session, one.id, world.clock(), date.max)["answers"][0]["lead"]["state"]
        for one in dates
        if (one.type, one.publication) == ("government_response_due", "published") and one.due_on
    ]
    given_up = due and not any(state in ("pending", "missed") for state in due)
    if said["closure"]["lead"]["state"] != "open" or given_up:
        return
    own = [to_change(one) for one in list_approved(world.session, row.id, "response")]
    steps = TRACKS["reminder"].codes
    for one in said["reminder"]["by_addressee"]:
        answered = find_answer(find_responses(own, row.process.lead_id, one["addressee"]))
        later = any(steps.index(step["step"]) > steps.index(one["state"]) for step in row.process.reminders)
        if one["asked"] and one["addressee"] and later and answered is None:
            yield f"{row.id} {one['addressee']}"


def to_whom(world: World, question: Question) -> str:
    """Who answers: the desk what the submitter asks, and the submitter what the desk asks."""
    return "" if question.by_owner else world.watchdog


def reckoned_otherwise(world: World) -> Iterator[str]:
    """The open dates whose rule gives something else now."""
    for row in world.session.scalars(select(Deadline)).unique():
        if None in (row.rule, row.due_on) or "withdrawn" in (row.publication, row.process.publication):
            continue
        outcome = standings.read_outcome(world.session, row, date.max).state
        found = compute_due_day(
            Rule.parse(row.rule or ""), row.event_on or find_latest(row.set_on), row.process.days
        )
        before = {name: value for name, value in (row.reckoning or {}).items() if name != "sentence"}
        same = {name: value for name, value in found.to_json().items() if name != "sentence"} == before
        if (
            outcome in ("pending", "suspended")
            and not same
            and find_replacement(world.session, row.id) is None
        ):
            yield row.id


def has_open_part(world: World, whole: Recommendation, asked: list[Recommendation]) -> bool:
    """Whether a recommendation is over, and one of its public parts is not."""

    def follow(one: Recommendation) -> Followed:
        answers = standings.read_standing(world.session, one.id, world.clock(), date.max)["answers"]
        states = {answer["track"]: answer["lead"]["state"] for answer in answers}
        return Followed(states["implementation"], states["closure"])

    if "withdrawn" in (whole.publication, whole.process.publication):
        return False
    parts = [one for one in asked if one.parent_id == whole.id and one.publication == "published"]
    return diverge(follow(whole), map(follow, parts))


def came_back(change: StatusChange, own: list[StatusChange]) -> bool:
    if change.decision != "returned":
        return False
    alike = [
        one
        for one in own
        if (one.track, one.assessor_id, one.replies_to_id)
        == (change.track, change.assessor_id, change.replies_to_id)
    ]
    return not [one for one in alike if one is not change and one.created_at >= change.decided_at]


def unsupported(world: World, subject: Subject) -> Iterator[Told]:
    for reader, unsealed in (("", False), (CUSTODIANS, True)):
        found = standings.read_standing(world.session, subject.id, world.clock(), date.max, unsealed=unsealed)
        for answer in found["answers"]:
            for one in (answer["lead"], *answer["others"]):
                if one["basis"] not in (None, "supported", "unevidenced") and not looked_at(
                    world, one, unsealed
                ):
                    yield ("basis", reader, one["change"], one["basis"])


def looked_at(world: World, answer: dict[str, Any], unsealed: bool) -> bool:
    """Whether the last answer cites all that speaks against it, and was proposed when that stood as it stands."""
    change = world.session.get_one(StatusChange, answer["change"])
    runs = read_last_run(world.session, Line.of(change))
    last = world.session.get_one(StatusChange, runs[0].id)
    cited = {one.evidence_id for one in last.citations}
    rows = [world.session.get_one(StatusChange, one.id) for one in runs]
    for citation in (citation for row in rows for citation in row.citations):
        item = world.session.get_one(Evidence, citation.evidence_id)
        if item.protection == "sealed" and not unsealed:
            continue
        state = find_verification(world.session, [item.id], date.max)[item.id]
        fell = state in ("disputed", "refuted", "withdrawn") or item.publication == "withdrawn"
        against = fell if citation.stance == "supports" else state in ("verified", "corroborated")
        judged = [
            one
            for one in world.session.scalars(select(StatusChange).where(StatusChange.subject_id == item.id))
            if one.decision == "approved" and one.track == "verification"
        ]
        turned = item.withdrawn_at or max((one.decided_at for one in judged), default=item.created_at)
        if citation.stance != "context" and against and (item.id not in cited or turned >= last.created_at):
            return False
    return answer["basis"] == "contested"


def holds(world: World) -> None:
    told = {one for one in entered(world.session) if one[0] != "basis" or one[1] in ("", CUSTODIANS)}
    assert told == naive(world)
    with world.act(world.editor) as act:
        assert work_queue.find_differences(act.session, act.now) == []


def protect(world: World, draw: Random) -> None:
    item = random_acts._any_of(world, draw, Evidence)
    level = draw.choice(["public", "partner", "confidential", "confidential", "sealed"])
    world.protect(item.id, level, by=draw.choice([world.editor, draw_keeper(world, draw)]))


def let(world: World, draw: Random) -> None:
    """Decide on something that waits for an approver."""
    waits = select(Proposal).where(Proposal.decision == "proposed", Proposal.kind != "redaction")
    waiting = world.session.scalars(waits.order_by(Proposal.id)).all()
    if waiting and draw.random() < 0.4:
        with world.act(world.approver) as act:
            proposals.decide_proposal(act, draw.choice(waiting).id, draw.choice(["approve", "return"]))


def edit(world: World, draw: Random) -> None:
    """Propose a revision of what is public, or edit what is not."""
    drawn = [random_acts._any_of(world, draw, Recommendation) for _ in range(3)]
    asked = next((one for one in drawn if one.publication == "published"), drawn[0])
    data = {"title": f"Vetting {draw.randrange(9)}", "reason": "It was misspelt."}
    with world.act(world.editor) as act:
        revisions.edit_thing(act, asked.id, "recommendation", data, asked.version)


def copy(world: World, draw: Random) -> None:
    """A copy of a file, for everybody."""
    item, key = random_acts._any_of(world, draw, Evidence), f"{draw.randrange(2**64):032x}"
    stored = Stored(key, 5, hashlib.sha256(key.encode()).hexdigest())
    with world.act(world.editor) as act:
        custody.add_file(act, item.id, custody.ReceivedFile("public_derivative", stored, None, "text/plain"))


def redact(world: World, draw: Random) -> None:
    item = random_acts._any_of(world, draw, Evidence)
    if draw.random() < 0.3:
        with world.act(draw_keeper(world, draw)) as act:
            redaction.redact_thing(act, item.id, "minor")


def reckon(world: World, draw: Random) -> None:
    process = random_acts._any_of(world, draw, Process)
    zone = {**process.calendar, "time_zone": draw.choice(["Asia/Damascus", "America/Toronto", "UTC"])}
    with world.act(world.editor) as act:
        revise_record(act, process.id, "process", {"calendar": zone}, process.version)


def declare(world: World, draw: Random) -> None:
    """A holiday, declared late."""
    process = random_acts._any_of(world, draw, Process)
    day = date(2025, 3, 10) + timedelta(days=draw.randrange(200))
    days = [*process.calendar["holidays"], {"on": day.isoformat(), "name": "Declared late"}]
    with world.act(world.editor) as act:
        changes = {"calendar": {**process.calendar, "holidays": days}}
        revise_record(act, process.id, "process", changes, process.version)


def plan(world: World, draw: Random) -> None:
    """A date that a calendar decides on, and a holiday that moves it."""
    world.deadline(type="hearing_scheduled", rule="200 working days")
    declare(world, draw)


def draw_keeper(world: World, draw: Random) -> Actor:
    found = find_person_by_name(world.session, draw.choice(KEEPERS))
    assert found is not None
    return found.actor


def keeper(world: World) -> Actor:
    found = find_person_by_name(world.session, "a keeper")
    return world.person("a keeper", "custodian") if found is None else found.actor


def suggest(world: World, draw: Random) -> None:
    """Something that nobody decides on yet."""
    asked = random_acts._any_of(world, draw, Recommendation)
    world.propose(
        asked.id,
        "implementation",
        "stalled",
        proposer=world.reviewer,
        effective_on=random_acts._day(world, draw),
    )


def lower(world: World, _draw: Random) -> None:
    """Ask that more may read an item; nobody lets it yet."""
    item = world.item(publish=False, protection="confidential")
    world.protect(item, "public", by=world.editor)


def finish(world: World, draw: Random) -> None:
    """Ask that a new draft becomes public; nobody decides yet."""
    draft = world.recommendation(f"D{draw.randrange(10**6)}", publish=False)
    with world.act(world.editor) as act:
        publication.propose_publication(act, [draft])


def agree(world: World, draw: Random) -> None:
    """Say that people agreed to little, and then to more, which nobody lets yet."""
    item = world.item(publish=False, protection="confidential")
    for most in (1, len(PURPOSES)):
        purposes = draw.sample(PURPOSES, most)
        data = {"basis": "informed_consent", "purposes": purposes, "reason": "They were asked again."}
        with world.act(world.editor) as act:
            consent.correct_consent(act, item, data)


def inquire(world: World, draw: Random) -> None:
    """Ask about an item of a watchdog, from either side; now and then the other side answers."""
    item = world.item(publish=False, protection="confidential", watchdog_id=world.watchdog)
    for asker, answerer in draw.sample([(world.editor, world.watcher), (world.watcher, world.editor)], 2):
        with world.act(asker) as act:
            asked = questions.ask_question(act, item, "Where was it filmed?").id
        if draw.random() < 0.5:
            with world.act(answerer) as act:
                questions.answer_question(act, asked, "On the roof.")


def split(world: World, draw: Random) -> None:
    """Close a whole; now and then its part, too."""
    whole = world.recommendation(f"W{draw.randrange(10**6)}")
    part = world.recommendation(f"P{draw.randrange(10**6)}", parent_id=whole)
    for one in (whole, part)[: draw.randint(1, 2)]:
        world.answer(one, "closure", "no_longer_applicable")


def send_back(world: World, draw: Random) -> None:
    """Return what somebody proposed of something new."""
    asked = world.recommendation(f"B{draw.randrange(10**6)}")
    made = world.propose(asked, "implementation", "stalled")
    with world.act(world.approver) as act:
        statuses.return_status_change(act, made.id, "Say more.")


STEPS = {
    **random_acts.STEPS,
    **{step.__name__: step for step in (protect, let, edit, copy, redact, reckon, declare, plan)},
    **{step.__name__: step for step in (suggest, lower, finish, agree, inquire, send_back, split)},
}
SEQUENCES = st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 2**20)), max_size=30)


@settings(
    max_examples=draws(8), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=SEQUENCES)
def test_the_queue_is_what_the_record_says_whatever_was_done(
    steps: list[tuple[str, int]], seeded: Seeded, tmp_path: Path
) -> None:
    with seeded.copied(tmp_path, len(steps)) as world:
        random_acts.run(world, steps, STEPS)
        holds(world)


def test_it_is_what_the_record_says_on_either_database(record: World) -> None:
    draw, kinds = Random(12), set()  # these draws soon have one of each
    always = (
        *("submit", "protect", "copy", "edit", "redact", "suggest"),
        *("lower", "finish", "agree", "inquire", "send_back", "plan", "split", "set_ladder"),
    )
    prepare(record)
    for _ in range(12):
        names = [*(draw.choice(sorted(STEPS)) for _ in range(8)), *always]
        random_acts.run(record, [(name, draw.randrange(2**20)) for name in names], STEPS)
        holds(record)
        kinds |= {kind for kind, *_rest in entered(record.session)}
        if kinds == set(KINDS):  # each kind waited and was right; the draws above go on with whatever is done
            break
    assert kinds == set(KINDS), KINDS.keys() - kinds


def test_what_was_done_to_the_queue_is_found_and_mended(world: World) -> None:
    item = world.item(state=None)
    asked = world.recommendation("C1")
    world.propose(asked, "implementation", "stalled")
    before = entered(world.session)
    for statement in (
        f"DELETE FROM open_work WHERE about = '{item}'",  # noqa: S608  # our own id
        "UPDATE open_work SET state = 'implemented' WHERE kind = 'proposal'",
        "INSERT INTO open_work SELECT 'overdue', reader, subject_id, since, process_id, subject_id, assessor_id, track,"
        " state, basis, items, due_on, reason, author_id, submitter_id FROM open_work WHERE kind = 'proposal'",
    ):
        with world.act(world.editor) as act:
            act.session.connection().execute(text(statement))
            act.audit("revise", asked)
        with world.act(world.editor) as act:
            assert any("queue of open work" in one for one in rebuild.check_public_side(act))
        with world.act(world.editor) as act:
            rebuild.rebuild_public_side(act)
        with world.act(world.editor) as act:
            assert rebuild.check_public_side(act) == []
        assert entered(world.session) == before


# ---------------------------------------------------------------- proposals


def test_a_proposal_waits_for_whoever_decides_and_did_not_make_it(world: World) -> None:
    asked = world.recommendation("C1")
    change = world.propose(asked, "implementation", "stalled", proposer=world.reviewer).id
    assert of_kind(world, world.approver, "proposal") == [change]
    for by in (
        world.reviewer,
        world.editor,
        world.watcher,
        keeper(world),
    ):  # its author too may decide: not this
        assert of_kind(world, by, "proposal") == []
    with world.act(world.approver) as act:
        statuses.approve_status_change(act, change)
    assert of_kind(world, world.approver, "proposal") == []


def test_a_verification_does_not_wait_for_whoever_submitted_the_item(world: World) -> None:
    with world.act(world.reviewer) as act:
        data = {
            "process_id": world.process,
            "title": "x",
            "type": "media_report",
            "acquired_from": "official",
        }
        item = evidence.submit_evidence(act, data).id
    change = world.propose(item, "verification", "verified").id
    assert of_kind(world, world.reviewer, "proposal") == []
    assert of_kind(world, world.approver, "proposal") == [change]


def test_a_proposal_that_came_back_waits_for_its_author_until_it_is_made_anew(
    world: World, clock: Clock
) -> None:
    asked = world.recommendation("C1")
    change = world.propose(asked, "implementation", "stalled")
    with world.act(world.approver) as act:
        statuses.return_status_change(act, change.id, "Cite the decree.")
    assert of_kind(world, world.editor, "returned") == [change.id]
    assert of_kind(world, world.reviewer, "returned") == []
    assert "proposal" not in [kind for kind, _about in waiting(world, world.approver)]
    clock.move(hours=1)
    world.propose(asked, "implementation", "underway", assessor=world.watchdog, cites=(world.item(),))
    assert of_kind(world, world.editor, "returned") == [change.id]  # another's answer
    again = world.propose(asked, "implementation", "stalled")
    assert of_kind(world, world.editor, "returned") == []
    with world.act(world.editor) as act:
        statuses.retract_status_change(act, again.id)
    assert waiting(world, world.editor, kind="returned") == []


# ---------------------------------------------------------------- review


def test_an_item_waits_to_be_reviewed_by_others_of_the_desk(world: World) -> None:
    item = world.item(state=None, publish=False)
    assert of_kind(world, world.reviewer, "review") == [item]
    for by in (
        world.editor,
        world.approver,
        world.watcher,
    ):  # its submitter, and who proposes nothing of the kind
        assert of_kind(world, by, "review") == []
    change = world.propose(item, "verification", "in_review", proposer=world.reviewer).id
    assert of_kind(world, world.reviewer, "review") == []  # now it waits for a decision
    with world.act(world.approver) as act:
        statuses.approve_status_change(act, change)
    assert of_kind(world, world.reviewer, "review") == [item]
    world.verify(item, "verified")
    assert of_kind(world, world.reviewer, "review") == []


def test_an_item_that_was_taken_back_or_sealed_waits_for_no_review(world: World) -> None:
    taken, sealed = (world.item(state=None, publish=False, protection="confidential") for _ in range(2))
    with world.act(world.editor) as act:
        evidence.retract_evidence(act, taken, "It is another's.")
    world.protect(sealed, "sealed")
    assert of_kind(world, world.reviewer, "review") == []
    both = replace(world.reviewer, roles=frozenset({"editor", "custodian"}))
    assert of_kind(world, both, "review") == [sealed]


def test_who_is_of_another_organization_reviews_for_its_own_processes_only(world: World) -> None:
    item = world.item(state=None, publish=False)
    for organization, found in ((world.press, []), (world.lead, [item])):
        assert of_kind(world, replace(world.reviewer, organization=organization), "review") == found
    with pytest.raises(WrongAssessor):  # and that is why
        world.propose(
            item, "verification", "verified", proposer=replace(world.reviewer, organization=world.press)
        )


# ---------------------------------------------------------------- basis (rule 4)

FALLS = {
    "disputed": ("contested", lambda world, item: world.verify(item, "disputed")),
    "refuted": ("unsupported", lambda world, item: world.verify(item, "refuted")),
    "judged withdrawn": ("unsupported", lambda world, item: world.verify(item, "withdrawn")),
    "withdrawn": ("unsupported", lambda world, item: world.withdraw(item)),
    "raised in protection": ("unsupported", lambda world, item: world.protect(item, "confidential")),
}


@pytest.mark.parametrize("fall", FALLS)
def test_when_an_item_falls_what_rests_on_it_waits_in_that_same_transaction(
    world: World, clock: Clock, fall: str
) -> None:
    basis, make_fall = FALLS[fall]
    item, asked = world.item(), world.recommendation("C1")
    change = world.answer(asked, "implementation", "underway", cites=(item,)).id
    theirs = world.answer(asked, "implementation", "underway", cites=(item,), assessor=world.watchdog).id
    assert of_kind(world, world.editor, "basis") == []
    clock.move(days=2)
    make_fall(world, item)
    fallen = clock()
    clock.move(days=2)
    rows, _following = work_queue_pages.read_page(
        Viewer(world.session, world.editor), clock(), {"kind": "basis"}, None, 9
    )
    assert {row["change_id"] for row in rows} == {change, theirs}
    for row in rows:
        assert (row["basis"], row["state"], row["since"]) == (basis, "underway", fallen)
        assert [one["evidence"] for one in row["items"]] == [item]
    assert of_kind(world, world.watcher, "basis") == [theirs]


def test_one_commit_makes_the_item_fall_and_enters_what_rests_on_it_or_does_neither(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, asked = world.item(), world.recommendation("C1")
    world.answer(asked, "implementation", "underway", cites=(item,))
    change = world.propose(item, "verification", "refuted", proposer=world.reviewer).id
    commits: list[object] = []
    event.listen(db.engine, "commit", commits.append)

    def approve() -> None:
        with world.act(world.approver) as act:
            statuses.approve_status_change(act, change)

    with monkeypatch.context() as broken:
        broken.setattr(log, "extend_log", lambda _connection: 1 / 0)  # the last step before the commit
        with pytest.raises(ZeroDivisionError):
            approve()
    assert (commits, of_kind(world, world.editor, "basis")) == ([], [])
    assert of_kind(world, world.approver, "proposal") == [change]
    approve()
    assert (len(commits), len(of_kind(world, world.editor, "basis"))) == (1, 1)


def test_what_is_sealed_counts_for_the_desk_as_it_did_and_for_custodians_as_it_is(world: World) -> None:
    item, asked = world.item(publish=False, protection="confidential"), world.recommendation("C1")
    change = world.answer(asked, "implementation", "underway", cites=(item,)).id
    world.verify(item, "refuted")

    def waits() -> tuple[list[str], list[str]]:
        holds(world)
        return of_kind(world, world.editor, "basis"), of_kind(world, keeper(world), "basis")

    assert waits() == ([change], [change])
    world.protect(item, "sealed")
    assert waits() == ([], [change])
    both = replace(world.editor, roles=frozenset({"editor", "custodian"}))
    world.lower(
        item, "confidential", by=both, let_by=replace(keeper(world), roles=world.approver.roles | both.roles)
    )
    assert waits() == ([change], [change])


def test_evidence_that_stands_again_takes_the_status_from_the_queue(world: World) -> None:
    item, asked = world.item(), world.recommendation("C1")
    world.answer(asked, "implementation", "underway", cites=(item,))
    disputed = world.verify(item, "disputed").id
    assert len(of_kind(world, world.editor, "basis")) == 1
    world.verify(item, "verified", corrects=disputed)
    assert of_kind(world, world.editor, "basis") == []


def test_a_contradiction_that_two_people_looked_at_waits_for_nobody_until_something_changes(
    world: World, clock: Clock
) -> None:
    one, other, asked = world.item(), world.item(publisher_id=world.daily), world.recommendation("C1")
    both = [{"evidence": one, "stance": "supports"}, {"evidence": other, "stance": "contradicts"}]
    clock.move(hours=1)
    known = world.answer(asked, "implementation", "stalled", citations=both).id
    assert of_kind(world, world.editor, "basis") == []
    clock.move(hours=1)
    world.verify(one, "disputed")
    assert of_kind(world, world.editor, "basis") == [known]
    clock.move(hours=1)
    said = world.propose(asked, "implementation", "stalled", confirms=True, citations=both)
    clock.move(hours=1)
    for state in ("in_review", "disputed"):
        world.verify(one, state)
    with world.act(world.approver) as act:
        statuses.approve_status_change(act, said.id)
    assert of_kind(world, world.editor, "basis") == [said.id]  # it changed after it was looked at
    clock.move(hours=1)
    world.answer(asked, "implementation", "stalled", confirms=True, citations=both)
    assert of_kind(world, world.editor, "basis") == []
    standing = standings.read_standing(world.session, asked, clock(), None)["answers"]
    assert {one["lead"]["basis"] for one in standing if one["track"] == "implementation"} == {"contested"}


def test_a_confirmation_that_leaves_out_what_contradicts_it_keeps_the_status_in_the_queue(
    world: World, clock: Clock
) -> None:
    one, other, asked = world.item(), world.item(publisher_id=world.daily), world.recommendation("C1")
    world.answer(asked, "implementation", "stalled", cites=(one, other))
    clock.move(hours=1)
    world.verify(one, "disputed")
    clock.move(hours=1)
    said = world.answer(asked, "implementation", "stalled", confirms=True, cites=(other,)).id
    assert of_kind(world, world.editor, "basis") == [said]


def test_so_does_another_answer_and_the_withdrawal_of_its_subject(world: World) -> None:
    item = world.item()
    first, second = world.recommendation("C1"), world.recommendation("C2")
    for asked in (first, second):
        world.answer(asked, "implementation", "underway", cites=(item,))
    world.verify(item, "refuted")
    assert len(of_kind(world, world.editor, "basis")) == 2
    world.answer(first, "implementation", "stalled", effective_on=date(2025, 7, 1))
    world.withdraw(second)
    assert of_kind(world, world.editor, "basis") == []


def test_demands_that_grow_put_a_status_into_the_queue_and_so_do_addressees(world: World) -> None:
    item, asked = world.item(), world.recommendation("C1")
    world.answer(asked, "implementation", "underway", cites=(item,))
    for kind, thing, changes, back in (
        ("process", world.process, {"evidence_policy": {"implementation.underway": {"items": 2}}}, {}),
        (
            "process",
            world.process,
            {"evidence_policy": {"implementation.underway": {"not_addressee": True, "items": 1}}},
            None,
        ),
        ("organization", world.press, {"part_of_id": world.government}, {"part_of_id": None}),
    ):
        revise(world, kind, thing, changes)
        if back is None:
            continue
        [row] = work_queue_pages.read_page(
            Viewer(world.session, world.editor), world.clock(), {"kind": "basis"}, None, 9
        )[0]
        assert (row["basis"], row["items"]) == ("weakened", [])
        revise(world, kind, thing, back or {"evidence_policy": {}})
        assert of_kind(world, world.editor, "basis") == []


def revise(world: World, kind: str, thing: str, changes: dict[str, Any]) -> None:
    with world.act(world.editor) as act:
        row = act.session.get_one(MODELS[kind], thing)
        revise_record(act, thing, kind, changes, row.version)


def test_a_watchdog_is_told_nothing_of_items_that_it_may_not_know(world: World) -> None:
    """The desk recorded its verdict on what it never saw: what becomes of that must not show."""
    asked = world.recommendation("C1")
    hidden = world.item(publish=False, protection="confidential")
    own = world.item(publish=False, protection="confidential", watchdog_id=world.watchdog)
    shown = world.item()
    change = world.answer(
        asked, "implementation", "underway", cites=(hidden, own, shown), assessor=world.watchdog
    ).id
    world.verify(hidden, "refuted")
    assert of_kind(world, world.editor, "basis") == [change]
    assert of_kind(world, world.watcher, "basis") == []
    world.verify(own, "disputed")
    [told] = work_queue_pages.read_page(Viewer(world.session, world.watcher), world.clock(), {}, None, 9)[0]
    assert (told["basis"], [one["evidence"] for one in told["items"]]) == ("contested", [own])
    world.protect(own, "sealed")  # from its submitter too
    assert of_kind(world, world.watcher, "basis") == []
    [row] = work_queue_pages.read_page(
        Viewer(world.session, world.editor), world.clock(), {"kind": "basis"}, None, 9
    )[0]
    assert [one["evidence"] for one in row["items"]] == [hidden]


def test_a_whole_that_is_over_waits_as_long_as_a_part_of_it_is_not(world: World) -> None:
    whole, cites = world.recommendation("C1"), (world.item(), world.item(publisher_id=world.daily))
    part = world.recommendation("C1a", parent_id=whole)
    world.answer(whole, "closure", "closed_implemented", cites=cites)
    [row] = work_queue_pages.read_page(Viewer(world.session, world.editor), world.clock(), {}, None, 9)[0]
    told = [row[name] for name in ("kind", "subject_id", "track", "state")]
    assert told == ["parts", whole, "closure", "closed_implemented"]
    world.answer(part, "implementation", "implemented", cites=cites)
    assert of_kind(world, world.editor, "parts") == []
    world.answer(part, "implementation", "regressed", cites=cites, effective_on=date(2025, 7, 1))
    assert of_kind(world, world.editor, "parts") == [whole]
    revise(world, "recommendation", part, {"parent_id": None})
    assert of_kind(world, world.editor, "parts") == []
    revise(world, "recommendation", part, {"parent_id": whole})
    assert of_kind(world, world.editor, "parts") == [whole]
    world.withdraw(part)
    assert of_kind(world, world.editor, "parts") == []
    other = world.recommendation("C2")
    world.recommendation("C2a", parent_id=other)
    world.answer(other, "implementation", "implemented", cites=cites)
    assert of_kind(world, world.editor, "parts") == [other]


def test_what_waits_of_a_thing_as_a_whole_stays_when_the_evidence_of_one_answer_falls(world: World) -> None:
    whole, cites = world.recommendation("C1"), (world.item(), world.item(publisher_id=world.daily))
    world.recommendation("C1a", parent_id=whole)
    world.answer(whole, "implementation", "implemented", cites=cites)
    ladder = [{"step": "asked", "after_days": 1}, {"step": "reminded", "after_days": 9}]
    revise(world, "process", world.process, {"reminders": ladder})
    asked = world.recommendation("C2", addressees=[{"organization_id": world.lead}])
    world.answer(asked, "reminder", "asked", cites=cites)
    for state in ("disputed", "verified", "in_review"):
        world.verify(cites[0], state)
        assert of_kind(world, world.editor, "parts") == [whole]
        assert asked in of_kind(world, world.editor, "reminder")


# ---------------------------------------------------------------- dates, protection


def test_a_date_that_passed_is_in_the_queue_from_the_day_after_and_no_act_is_needed(
    world: World, clock: Clock
) -> None:
    due = world.deadline(rule="639 days")  # 8 December 2026
    assert world.session.get_one(Deadline, due).due_on == date(2026, 12, 8)
    clock.now = clock.now.replace(month=12, day=8, hour=20, minute=59)
    assert of_kind(world, world.editor, "overdue") == []
    clock.move(minutes=1)  # in Damascus it is the ninth
    assert of_kind(world, world.editor, "overdue") == of_kind(world, world.approver, "overdue") == [due]
    assert of_kind(world, world.watcher, "overdue") == []
    revise(world, "process", world.process, {"calendar": {"time_zone": "UTC", "weekend": [], "holidays": []}})
    assert of_kind(world, world.editor, "overdue") == []
    clock.move(hours=3)
    assert of_kind(world, world.editor, "overdue") == [due]
    change = world.propose(due, "outcome", "missed", effective_on=date(2026, 12, 9)).id
    assert of_kind(world, world.editor, "overdue") == []
    with world.act(world.approver) as act:
        statuses.return_status_change(act, change, "They handed it over.")
    assert of_kind(world, world.editor, "overdue") == [due]
    world.withdraw(world.process)
    assert of_kind(world, world.editor, "overdue") == []


def test_no_date_of_what_was_withdrawn_is_overdue(world: World) -> None:
    body = world.make_committee("twice")
    due = world.deadline(owner_id=body, type="review_date")
    assert of_kind(world, world.editor, "overdue") == [due]
    world.withdraw(body)
    assert of_kind(world, world.editor, "overdue") == []


def test_an_answer_meets_the_date_by_which_it_was_due(world: World) -> None:
    asked = world.recommendation("C1")
    due = world.deadline(owner_id=asked, type="government_response_due")
    far = world.deadline(due_on=date.max - timedelta(days=1), rule=None)
    assert of_kind(world, world.editor, "overdue") == [due]
    world.answer(asked, "response", "awaiting", confirms=True)
    assert of_kind(world, world.editor, "overdue") == [due]
    world.answer(asked, "response", "noted", cites=(world.item(),))
    assert of_kind(world, world.editor, "overdue") == []
    assert far not in {about for _kind, _reader, about, _basis in entered(world.session)}


def test_an_extension_that_is_approved_takes_the_old_date_and_brings_the_new_one(world: World) -> None:
    due = world.deadline()
    data = {"set_on": date(2025, 3, 10), "due_on": date(2025, 5, 1), "reason": "Later."}
    cites = [{"evidence": world.item(), "stance": "supports"}]
    with world.act(world.editor) as act:
        new, change = deadlines.extend_deadline(act, due, {**data, "citations": cites})
        later, proposal = new.id, change.id
    with world.act(world.approver) as act:
        statuses.approve_status_change(act, proposal)
    assert of_kind(world, world.editor, "overdue") == [later]


def test_what_is_to_be_lowered_waits_for_another_person(world: World) -> None:
    item = world.item(publish=False, protection="confidential")
    world.protect(item, "public", by=replace(world.reviewer, roles=frozenset({"editor", "approver"})))
    assert of_kind(world, world.approver, "lowering") == [item]
    assert of_kind(world, world.reviewer, "lowering") == of_kind(world, world.editor, "lowering") == []
    world.decide(item, "return")
    assert of_kind(world, world.approver, "lowering") == []


def test_a_redaction_waits_for_the_other_custodians_and_then_for_nobody(world: World) -> None:
    first, second = world.person("keeper", "custodian"), world.person("second", "custodian")
    item = world.item(publish=False, protection="confidential")
    world.withdraw(item)
    world.protect(item, "sealed")  # so that the order changes nothing of the item itself
    with world.act(first) as act:
        redaction.redact_thing(act, item, "minor")
    assert of_kind(world, second, "redaction") == [item]
    for by in (first, world.approver, world.editor):
        assert of_kind(world, by, "redaction") == []
    with world.act(second) as act:
        redaction.redact_thing(act, item, "minor")
    assert waiting(world, second, kind="redaction") == []


def test_the_redaction_of_one_public_act_waits_with_its_subject_and_says_which_act(world: World) -> None:
    first, second = world.person("keeper", "custodian"), world.person("second", "custodian")
    asked = world.recommendation("C1")
    change = world.answer(asked, "implementation", "not_started")
    [act_id] = [
        one.body["id"]
        for one in events.list_about(world.session.connection(), asked)
        if one.body.get("change", {}).get("id") == change.id
    ]
    with world.act(first) as act:
        redaction.redact_words(act, act_id, "minor")
    rows, _following = work_queue_pages.read_page(
        Viewer(world.session, second), world.clock(), {"kind": "redaction"}, None, 200
    )
    assert [(row["subject_id"], row["change_id"]) for row in rows] == [(asked, None)]
    assert world.session.get_one(Proposal, rows[0]["proposal_id"]).target_id == act_id
    with world.act(second) as act:
        redaction.redact_words(act, act_id, "minor")
    assert waiting(world, second, kind="redaction") == []


def test_the_redaction_of_an_organization_waits_in_the_list_of_redactions_alone(world: World) -> None:
    first, second = world.person("keeper", "custodian"), world.person("second", "custodian")
    union = world.organization("union", "watchdog")
    world.withdraw(union)
    with world.act(first) as act:
        redaction.redact_thing(act, union, "minor")
    assert waiting(world, second, kind="redaction") == []


def test_a_key_that_is_limited_opens_no_more_of_the_queue(world: World) -> None:
    asked = world.recommendation("C1")
    world.propose(asked, "implementation", "stalled")
    for scope in ({"record.read_own", "status.decide"}, {"record.read"}):
        limited = replace(world.approver, scope=frozenset(scope))
        assert of_kind(world, limited, "proposal") == []
    assert of_kind(world, replace(world.approver, scope=frozenset(people.PERMISSIONS)), "proposal")


def test_what_an_import_takes_back_leaves_nothing_in_the_queue(world: World) -> None:
    before = entered(world.session)
    with world.act(world.editor) as act, unit.open_part(act) as undo:
        data = {
            "process_id": world.process,
            "title": "x",
            "type": "media_report",
            "acquired_from": "official",
        }
        evidence.submit_evidence(act, data)
        act.session.flush()
        undo()
    assert entered(world.session) == before
