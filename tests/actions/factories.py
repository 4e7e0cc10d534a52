"""Things of each kind with a marker in every member that takes words, public and answered; and who destroys them."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.public.assertions import dump
from tests.revising import revise_record
from tests.world import World
from tracker.actions import (
    evidence,
    redaction,
    resources,
    sealed_fields,
    statuses,
    watchdogs,
)
from tracker.domain.people import Actor
from tracker.domain.tracks import SUBJECTS
from tracker.sealing.sealer import Sealer
from tracker.store.consent import Consent
from tracker.store.questions import Question

MARK = "zqmarkerthatmustgo"
SEALER = Sealer([bytes(range(32))], lambda n: bytes(range(n)))
TRANSLATIONS = [{"language": "ar", "translator": MARK, "title": MARK}]
FIGURE = {"as_of": date(2025, 4, 1), "source": MARK, "unit": MARK}
KINDS = ("process", "organization", *SUBJECTS)
#: kind -> a track of it, and an answer.
_ANSWERS = {
    "committee": ("stage", "lapsed"),
    "report": ("release", "withheld"),
    "resource": ("delivery", "withheld"),
    "indicator": ("procedure", "not_begun"),
    "deadline": ("outcome", "missed"),
    "recommendation": ("implementation", "not_started"),
    "evidence": ("verification", "verified"),
}


def marked(world: World, kind: str) -> str:
    """A public thing of this kind; where something can be answered of it, it was, in the same words."""
    made: str = globals()[f"_{kind}"](world)
    if kind in _ANSWERS:
        answered(world, made, *_ANSWERS[kind])
    return made


def answered(world: World, thing: str, track: str, state: str, **more: Any) -> str:
    said = {
        "reason": MARK,
        "label": {"scheme": "x", "label": MARK},
        "citations": [{"evidence": world.item(), "stance": "context", "locator": MARK}],
        **more,
    }
    change = world.propose(thing, track, state, proposer=world.reviewer, **said)
    with world.act(world.approver) as act:
        statuses.approve_status_change(act, change.id, MARK)
    return change.id


def keepers(world: World) -> tuple[Actor, Actor]:
    return world.person("keeper", "custodian"), world.person("second keeper", "custodian")


def both(world: World, keepers: tuple[Actor, Actor], thing: str, reason: str = "witness_safety") -> None:
    for one in keepers:
        with world.act(one) as act:
            redaction.redact_thing(act, thing, reason)


def left(world: World) -> list[str]:
    """The tables that still hold the marker."""
    return [table for table, rows in dump(world.session).items() if MARK in repr(rows).lower()]


def _process(world: World) -> str:
    holidays = [{"on": "2025-04-17", "name": MARK}]
    calendar = {"time_zone": "Asia/Damascus", "weekend": ["friday"], "holidays": holidays}
    words = dict.fromkeys(("title", "summary", "place"), MARK)
    figures = [{"figure": "counted", "of": MARK, **FIGURE}]
    told = {**words, "calendar": calendar, "translations": TRANSLATIONS, "figures": figures}
    return world.make_process(MARK, **told)


def _organization(world: World) -> str:
    made = world.organization(MARK, "watchdog", name=MARK, website=f"https://{MARK}.test", contact=MARK)
    with world.act(world.editor) as act:
        revise_record(act, made, "organization", {"aliases": [{"name": MARK, "note": MARK}]}, 2)
        watchdogs.register_watchdog(act, made, {"since": date(2025, 1, 1), "conflicts": MARK})
    with world.act(world.admin) as act:
        watchdogs.set_registration(act, made, "suspended", MARK)
    return made


def _committee(world: World) -> str:
    made = world.make_committee(MARK, name=MARK, names={"fr": MARK}, instrument=MARK, note=MARK)
    world.add(made, "members", name=MARK, aliases=[MARK], role=MARK, profession=MARK)
    world.add(made, "mandates", instrument=MARK, adopted_on=date(2025, 3, 9), tasks=[MARK], note=MARK)
    world.add(made, "figures", figure="counted", of=MARK, **FIGURE)
    return made


def _report(world: World) -> str:
    claims = [{"date": "2025-07", "event": MARK, "says": MARK}]
    figures = [{"figure": "counted", "of": MARK, **FIGURE}]
    told = {"title": MARK, "note": MARK, "claims": claims, "figures": figures}
    return world.report(MARK, **told, dated_on=date(2025, 7, 13))


def make_resource(world: World, *, publish: bool = True) -> str:
    figure = {"figure": "needed", "of": MARK, **FIGURE}
    told = {"title": MARK, "unit": MARK, "note": MARK, "reference": MARK, "figures": [figure]}
    told["translations"] = TRANSLATIONS
    with world.act(world.editor) as act:
        about = {"process_id": world.process, "committee_id": world.committee, "type": "budget"}
        made = resources.record_resource(act, {**about, **told}).id
    return world.publish(made) if publish else made


def _resource(world: World) -> str:
    return make_resource(world)


def _indicator(world: World) -> str:
    words = dict.fromkeys(("title", "scope", "criteria", "note"), MARK)
    figure = {"figure": "counted", "stage": "tried", "of": MARK, **FIGURE}
    return world.indicator(MARK, **words, figures=[figure], translations=TRANSLATIONS)


def _deadline(world: World) -> str:
    reading = {"due_on": "2025-05-01", "says": MARK, "note": MARK}
    words = dict.fromkeys(("title", "reference", "instrument", "note"), MARK)
    return world.deadline(**words, readings=[reading], translations=TRANSLATIONS)


def _recommendation(world: World) -> str:
    words = dict.fromkeys(("title", "text", "note"), MARK)
    tags = [{"scheme": "x", "code": MARK, "label": MARK}]
    return world.recommendation(MARK, **words, tags=tags, translations=TRANSLATIONS)


def _evidence(world: World) -> str:
    words = ("description", "rights", "area", "title", "licence", "reference")
    links = dict.fromkeys(("source_url", "archived_url"), f"https://{MARK}.test")
    data: dict[str, Any] = {
        "process_id": world.process,
        "type": "testimony_summary",
        "acquired_from": "confidential_source",
        "publisher_id": world.press,
        "watchdog_id": world.watchdog,
        "protection": "public",
        "occurred_from": date(2025, 3, 6),
        "country": "SY",
        "translations": TRANSLATIONS,
        **dict.fromkeys(words, MARK),
        **links,
    }
    with world.act(world.editor) as act:
        item = evidence.submit_evidence(act, data)
        sealed_fields.keep_sealed_fields(act, item, {"creator": MARK}, SEALER)
        agreed = Consent(evidence_id=item.id, basis="informed_consent", purposes=["publish_attributed"])
        asked = {"asked_at": act.now, "asked_by": act.by.id, "answered_at": act.now, "answered_by": act.by.id}
        question = {"id": act.new_id("question"), "by_owner": True, "text": MARK, "answer": MARK, **asked}
        world.session.add_all([agreed, Question(evidence_id=item.id, **question)])
        made = item.id
    world.protect(made, "confidential", reason=MARK)
    world.lower(made, "public", reason=MARK)
    world.publish(made)
    world.release(made)
    return made
