"""Anything a person could do, drawn at random: most of it makes sense, some of it is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from tests.revising import revise_record
from tests.world import World
from tracker.actions import deadlines, publication, statuses
from tracker.actions.support import public_events
from tracker.actions.support.lookup import MODELS
from tracker.domain.errors import NotFound, Refusal
from tracker.domain.figures import QUANTITIES
from tracker.domain.measures import MEASURES
from tracker.domain.reminders import STEPS as STEPS_OF_REMINDERS
from tracker.domain.tracks import list_tracks_of
from tracker.store.committees import Committee
from tracker.store.deadlines import Deadline
from tracker.store.evidence import Evidence
from tracker.store.organizations import Organization
from tracker.store.processes import Process
from tracker.store.recommendations import Recommendation
from tracker.store.statuses import StatusChange, list_approved
from tracker.store.subjects import Subject

Step = Callable[[World, Random], None]


def _any_of(world: World, draw: Random, model: Any) -> Any:
    rows = world.session.scalars(select(model).order_by(model.id)).unique().all()
    if not rows:
        raise NotFound("there is none yet")
    return draw.choice(rows)


def _day(world: World, draw: Random) -> date:
    return world.clock().date() - timedelta(days=draw.randrange(0, 700))


def propose(world: World, draw: Random) -> None:
    subject = _any_of(world, draw, Subject)
    track = draw.choice(list_tracks_of(subject.kind))
    items = list(world.session.scalars(select(Evidence.id).where(Evidence.process_id == subject.process_id)))
    approved = list_approved(world.session, subject.id, track.code)
    more: dict[str, Any] = {}
    roll = draw.random()
    if approved and roll < 0.25:
        more["corrects"] = draw.choice(approved).id
    elif approved and roll < 0.5:
        more["confirms"] = True
    if track.code == "closure" and draw.random() < 0.5:
        more["superseded_by"] = _any_of(world, draw, Recommendation).id
    if draw.random() < 0.3:
        more["not_before"] = date(2025, 4, 1)
    state = approved[-1].to_state if more.get("confirms") else draw.choice(track.codes)
    state = "superseded" if "superseded_by" in more else state
    who = draw.choice([world.lead, world.lead, world.watchdog, world.government])
    change = world.propose(
        subject.id,
        track.code,
        state,
        assessor=world.lead if track.holder != "any" else who,
        proposer=world.reviewer,
        effective_on=_day(world, draw),
        citations=[
            {"evidence": item, "stance": draw.choice(["supports", "supports", "contradicts", "context"])}
            for item in draw.sample(items, min(len(items), draw.randrange(5)))
        ],
        **more,
    )
    if draw.random() < 0.85:
        with world.act(world.approver) as act:
            statuses.approve_status_change(act, change.id)


def answer(world: World, draw: Random) -> None:
    """On the track that people ask about most, with much evidence: most of these are let stand."""
    asked = _any_of(world, draw, Recommendation)
    own = list_approved(world.session, asked.id, "implementation", world.lead)
    items = list(world.session.scalars(select(Evidence.id).where(Evidence.publication != "withdrawn")))
    act: dict[str, Any] = {}
    if own and draw.random() < 0.6:
        act = draw.choice([{"corrects": draw.choice(own).id}, {"confirms": True}])
    state = own[-1].to_state if "confirms" in act else draw.choice(["underway", "implemented", "stalled"])
    cites = () if "confirms" in act else tuple(draw.sample(items, draw.randrange(1, len(items) + 1)))
    day = world.clock().date() if "confirms" in act else _day(world, draw)
    world.answer(asked.id, "implementation", state, cites=cites, effective_on=day, **act)


def reply(world: World, draw: Random) -> None:
    """To any verdict, by anybody: some of it makes no sense."""
    verdict = _any_of(world, draw, StatusChange)
    items = list(world.session.scalars(select(Evidence.id)))
    data = {
        "subject": verdict.subject_id,
        "replies_to": verdict.id,
        "assessor": draw.choice([world.lead, world.watchdog, world.government]),
        "effective_on": draw.choice([verdict.effective_on, world.clock().date()]),
        "reason": "We see it otherwise.",
        "citations": [
            {"evidence": item, "stance": "supports"}
            for item in draw.sample(items, min(len(items), draw.randrange(3)))
        ],
    }
    with world.act(world.reviewer) as act:
        made = statuses.propose_status_change(act, data)
    with world.act(world.approver) as act:
        statuses.approve_status_change(act, made.id)


def ask_by(world: World, draw: Random) -> None:
    """A day by which a recommendation is to be answered."""
    asked = _any_of(world, draw, Recommendation)
    days = f"{draw.randrange(1, 900)} days"
    world.deadline(owner_id=asked.id, type="government_response_due", rule=days, publish=draw.random() < 0.8)


def respond(world: World, draw: Random) -> None:
    """An answer of the addressee, or that there is none still."""
    asked, item = _any_of(world, draw, Recommendation), _any_of(world, draw, Evidence)
    whose = [one.organization_id for one in asked.addressees]
    said: dict[str, Any] = {"effective_on": _day(world, draw), "addressee": draw.choice([None, *whose])}
    if draw.random() < 0.4:
        world.answer(asked.id, "response", "awaiting", confirms=True, **said)
    elif draw.random() < 0.4:
        world.answer(asked.id, "reminder", draw.choice(STEPS_OF_REMINDERS), **said)
    else:
        state = draw.choice(["accepted", "rejected", "noted", "not_addressed"])
        world.answer(asked.id, "response", state, cites=(item.id,), **said)


def set_ladder(world: World, draw: Random) -> None:
    """After how many days who has not answered is asked again."""
    steps = draw.sample(range(len(STEPS_OF_REMINDERS)), draw.randrange(1, 4))
    ladder = [
        {"step": STEPS_OF_REMINDERS[one], "after_days": draw.randrange(1, 400)} for one in sorted(steps)
    ]
    row = world.session.get_one(Process, world.process)
    with world.act(world.editor) as act:
        revise_record(act, row.id, "process", {"reminders": ladder}, row.version)


def decide(world: World, draw: Random) -> None:
    change = _any_of(world, draw, StatusChange)
    with world.act(world.approver) as act:
        if draw.random() < 0.5:
            statuses.approve_status_change(act, change.id)
        else:
            statuses.return_status_change(act, change.id, "no")


def verify(world: World, draw: Random) -> None:
    item = _any_of(world, draw, Evidence)
    state = draw.choice(["verified", "verified", "disputed", "refuted", "withdrawn", "in_review"])
    world.verify(item.id, state, effective_on=_day(world, draw))


def submit(world: World, draw: Random) -> None:
    public = draw.random() < 0.7
    world.item(
        state=draw.choice([None, "verified"]),
        publish=public,
        protection="public" if public else "confidential",
        publisher_id=draw.choice([None, world.press, world.daily, world.ministry]),
    )


def record(world: World, draw: Random) -> None:
    reference = f"R{draw.randrange(10**6)}"
    publish = draw.random() < 0.7
    if draw.random() < 0.4:
        world.make_committee(reference, publish=publish)
        return
    others = list(world.session.scalars(select(Recommendation.id).order_by(Recommendation.id)))
    world.recommendation(
        reference,
        publish=publish,
        parent_id=draw.choice([None, *others]),
        repeats=draw.sample(others, min(len(others), draw.randrange(2))),
    )


def set_deadline(world: World, draw: Random) -> None:
    rule = f"{draw.randrange(1, 300)} {draw.choice(['days', 'working days'])}"
    event: dict[str, Any] = {}
    if draw.random() < 0.4:  # it waits for an event, or did
        rule += " after the hearing"
        if draw.random() < 0.6:
            item = _any_of(world, draw, Evidence).id
            event = {"event_on": _day(world, draw), "event_evidence_id": item}
    world.deadline(rule=rule, publish=draw.random() < 0.7, **event)


def suspend(world: World, draw: Random) -> None:
    """Stop the clock of a date, or let it go on."""
    due, item = _any_of(world, draw, Deadline), _any_of(world, draw, Evidence)
    said = list_approved(world.session, due.id, "outcome", world.lead)
    if said and draw.random() < 0.2:
        corrected = {"corrects": draw.choice(said).id}
        world.answer(due.id, "outcome", "pending", effective_on=said[-1].effective_on, **corrected)
    elif said and said[-1].to_state == "suspended":
        day = said[-1].effective_on + timedelta(days=draw.randrange(90))
        world.answer(
            due.id, "outcome", draw.choice(["pending", "waived"]), cites=(item.id,), effective_on=day
        )
    else:
        world.answer(due.id, "outcome", "suspended", cites=(item.id,), effective_on=_day(world, draw))


def extend(world: World, draw: Random) -> None:
    old, item = _any_of(world, draw, Deadline), _any_of(world, draw, Evidence)
    data = {
        "set_on": old.set_on,
        "due_on": (old.due_on or old.set_on.latest) + timedelta(days=draw.randrange(1, 90)),
        "reason": "Later.",
        "citations": [{"evidence": item.id, "stance": "supports"}],
    }
    with world.act(world.editor) as act:
        _new, change = deadlines.extend_deadline(act, old.id, data)
    with world.act(world.approver) as act:
        if draw.random() < 0.7:
            statuses.approve_status_change(act, change.id)
        else:
            statuses.return_status_change(act, change.id, "no")


def publish(world: World, draw: Random) -> None:
    row = _any_of(world, draw, draw.choice(list(MODELS.values())))
    if world.waiting(row.id, "publication") is None:
        with world.act(world.editor) as act:
            publication.propose_publication(act, [row.id])
    if draw.random() < 0.8:
        world.decide(row.id, kind="publication")


def withdraw(world: World, draw: Random) -> None:
    model = draw.choice([Subject, Subject, Subject, Organization])
    if draw.random() < 0.4:  # else there would soon be nothing left to act on
        world.withdraw(_any_of(world, draw, model).id)


def revise(world: World, draw: Random) -> None:
    row = _any_of(world, draw, draw.choice(list(MODELS.values())))
    organizations = list(world.session.scalars(select(Organization.id).order_by(Organization.id)))
    name = f"Name {draw.randrange(100)}"
    asked = list(world.session.scalars(select(Recommendation.id).order_by(Recommendation.id)))
    body = {"committee_id": _any_of(world, draw, Committee).id}
    figures = [
        {
            "figure": "counted",
            "of": name,
            "about": draw.randrange(99),
            "as_of": _day(world, draw),
            "source": name,
            "organization_id": draw.choice(organizations),
        }
    ]
    changes: dict[str, dict[str, Any]] = {
        "organization": draw.choice(
            [
                {"name": name},
                {"part_of_id": draw.choice([None, *organizations])},
                {"successor_of": draw.sample(organizations, draw.randrange(3))},
                {
                    "member_of": [
                        {"organization_id": one, "from_on": None, "to_on": _day(world, draw)}
                        for one in draw.sample(organizations, draw.randrange(2))
                    ]
                },
                {"former_names": [{"name": name, "from_on": None, "to_on": _day(world, draw).isoformat()}]},
                {"contact": name},
            ]
        ),
        "process": draw.choice(
            [
                {"title": name},
                {"stale_after_days": draw.randrange(1, 400)},
                {"figures": figures},
                {"evidence_policy": {"implementation.underway": {"items": draw.randrange(4)}}},
            ]
        ),
        "recommendation": draw.choice(
            [
                {"title": name},
                {"figures": figures},
                {"issuers": draw.sample(organizations, draw.randrange(1, 4))},
                {"parent_id": draw.choice([None, *asked])},
                {
                    "addressees": [
                        {"organization_id": one} for one in draw.sample(organizations, draw.randrange(4))
                    ]
                },
            ]
        ),
        "committee": {"name": name},
        "report": draw.choice(
            [
                *(
                    {"figures": figures},
                    {"title": name},
                    {"type": "interim"},
                    {"dated_on": _day(world, draw)},
                ),
                *(body, {"issuer_id": draw.choice(organizations)}),
            ]
        ),
        "resource": draw.choice([{"title": name}, body, {"recommendation_id": draw.choice(asked)}]),
        "indicator": draw.choice(
            [{"title": name}, {"figures": _count(world, draw)}, {"recommendations": draw.sample(asked, 1)}]
        ),
        "deadline": draw.choice([{"title": name}, {"owner_id": draw.choice([*body.values(), *asked])}]),
        "evidence": {"title": name},
    }
    kind = public_events.kind_of(row)
    with world.act(world.editor) as act:
        revise_record(act, row.id, kind, changes[kind], row.version)


def report(world: World, draw: Random) -> None:
    delivered = _day(world, draw)
    days = {"delivered": delivered, "published": delivered + timedelta(days=draw.randrange(90))}
    more = draw.choice([{}, {"dated_on": delivered}, {"type": "interim"}])
    given = {state: days[state] for state in draw.sample(list(days), draw.randrange(3))}
    world.report(f"report {draw.randrange(9)}", publish=draw.random() < 0.8, **given, **more)


def _count(world: World, draw: Random) -> list[dict[str, Any]]:
    """Numbers of an indicator on one day or two; some of them cannot all be right."""
    who = list(world.session.scalars(select(Organization.id).order_by(Organization.id)))
    numbers = []
    for day in sorted({_day(world, draw) for _ in range(draw.randrange(1, 3))}):
        given = {"figure": "counted", "as_of": day, "source": "S", "organization_id": draw.choice(who)}
        stages = draw.sample(MEASURES["prosecutions"].codes, draw.randrange(1, 4))
        numbers += [
            {**given, "stage": stage, draw.choice(QUANTITIES): draw.randrange(99)} for stage in stages
        ]
    return numbers


def follow(world: World, draw: Random) -> None:
    asked = _any_of(world, draw, Recommendation)
    named = draw.choice([[], [asked.id]])
    more = {"figures": _count(world, draw), "recommendations": named}
    world.indicator(f"trials {draw.randrange(9)}", publish=draw.random() < 0.8, **more)


def pass_time(world: World, draw: Random) -> None:
    world.clock.move(hours=draw.choice([1, 24, 24 * 40]))  # type: ignore[attr-defined]  # the clock of a test


STEPS: dict[str, Step] = {
    step.__name__: step
    for step in (
        propose,
        answer,
        reply,
        ask_by,
        respond,
        set_ladder,
        decide,
        verify,
        submit,
        record,
        set_deadline,
        suspend,
        extend,
        publish,
        withdraw,
        revise,
        report,
        follow,
        pass_time,
    )
}


def run(world: World, steps: Sequence[tuple[str, int]], known: Mapping[str, Any] = STEPS) -> None:
    """Do these, each with a seed of its own; what is refused is not done."""
    for name, seed in steps:
        with suppress(Refusal):
            known[name](world, Random(seed))
