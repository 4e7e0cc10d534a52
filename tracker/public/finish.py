"""From facts to a finished document: names put beside ids, standing folded, computed time added.

One pure function, `finish`, used when an act writes a document, when a reader comes after midnight, and when
somebody asks how things stood on a day: so all three cannot but agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from tracker.domain import deadlines, ids, silence, standing
from tracker.domain.calendars import Calendar
from tracker.public.fold import Facts, changes
from tracker.public.replies import beside
from tracker.public.shapes import REFERENCES

#: How many status changes a document carries; older ones are in its history.
HISTORY: Final = 100


@dataclass(frozen=True, slots=True)
class World:
    """What a document needs to know beyond its own facts.

    ``names`` maps ids to ``{"id", "name", "slug"}``; ``process`` is the content of the process, None for things
    outside of any. ``beside`` are the other things that the document looks at (`tracker.public.related`).
    """

    names: Mapping[str, Mapping[str, Any]]
    process_id: str | None = None
    process: Mapping[str, Any] | None = None
    calendar: Calendar | None = None
    beside: tuple[Facts, ...] = ()

    def name(self, thing: str | None) -> Mapping[str, Any] | None:
        return None if thing is None else self.names.get(thing, {"id": thing, "name": None, "slug": None})

    @property
    def lead(self) -> str:
        return str(self.process["lead"]) if self.process else ""


@dataclass(slots=True)
class Document:
    """A finished document. ``turns_on`` is the first day on which its computed part changes; None if it never does."""

    id: str
    kind: str
    brief: dict[str, Any]
    history: list[dict[str, Any]]
    facets: set[tuple[str, str]] = field(default_factory=set)
    turns_on: date | None = None

    def turns(self, day: date | None) -> None:
        if day is not None and (self.turns_on is None or day < self.turns_on):
            self.turns_on = day


def finish(facts: Facts, world: World, day: date) -> Document:
    """The document of a published thing as of a day in the time zone of its process."""
    kind = ids.kind_of(facts.id) or ""
    content = dict(facts.content or {})
    document = Document(facts.id, kind, {}, _history(facts, world))
    document.brief = {
        "id": facts.id,
        "kind": kind,
        **_named(kind, content, world),
        "published_at": facts.published_at,
        "revised_at": facts.revised_at,
    }
    if facts.process not in (None, facts.id):
        document.brief["process"] = world.name(facts.process)
        document.facets.add(("process", facts.process))
        _stand(document, facts, world, day)
        if kind in _COMPUTED:
            _COMPUTED[kind](document, facts, world, day)
    document.facets |= {
        (name, content[name]) for name in ("type", "body_type", "country") if content.get(name)
    }
    document.facets |= {(name, content[name]) for name in REFERENCES[kind] if content.get(name)}
    return document


def _named(kind: str, content: dict[str, Any], world: World) -> dict[str, Any]:
    named = {
        name: world.name(value) if name in REFERENCES[kind] else value for name, value in content.items()
    }
    if "addressees" in named:
        named["addressees"] = [
            {"organization": world.name(one["organization"]), "role": one["role"]}
            for one in content["addressees"]
        ]
    return named


def _history(facts: Facts, world: World) -> list[dict[str, Any]]:
    """The last status changes, newest first, with the names of who assessed and of what is cited."""
    return [
        {
            **{name: value for name, value in change.items() if name != "order"},
            "assessor": world.name(change["assessor"]),
            "replies_to": change.get("replies_to"),
            "verdict_by": world.name(change.get("verdict_by")),
            "citations": [{**one, "evidence": world.name(one["evidence"])} for one in change["citations"]],
        }
        for change in reversed(facts.changes[-HISTORY:])
    ]


def _stand(document: Document, facts: Facts, world: World, day: date) -> None:
    """Every assessor's answer on every track, the lead's marked, and what it makes the document findable by."""
    said = {change["id"]: change for change in facts.changes}
    known = changes(facts)
    stale_after = int((world.process or {}).get("stale_after_days", 0))

    def row(one: standing.Standing) -> dict[str, Any]:
        stale_on = one.stale_on(stale_after)
        if stale_on is not None and stale_on > day:
            document.turns(stale_on)
        change = said.get(one.change or "", {})
        return {
            "assessor": world.name(one.assessor),
            "state": one.state,
            "since": one.since and one.since.isoformat(),
            "not_before": one.not_before and one.not_before.isoformat(),
            "verified_on": one.verified_on and one.verified_on.isoformat(),
            "basis": one.basis if one.change else None,
            "stale": stale_on is not None and stale_on <= day,
            "reason": change.get("reason"),
            "change": one.change,
            **beside(one, facts, known, world.name, day),
            "may_be": one.may_be
            and {
                "state": one.may_be.state,
                "not_before": one.may_be.not_before.isoformat(),
                "effective_on": one.may_be.effective_on.isoformat(),
            },
        }

    for change in known:
        for turning in (change.effective_on, change.not_before):
            if turning is not None and turning > day:
                document.turns(turning)
    answers = standing.standing(document.kind, world.lead, known, day)
    document.brief["standing"] = [
        {
            "track": answer.track,
            "lead": row(answer.lead),
            "others": [row(other) for other in answer.others],
            "diverges": answer.diverges,
        }
        for answer in answers
    ]
    for answer in answers:
        document.facets.add((answer.track, answer.lead.state))
        if answer.diverges:
            document.facets.add(("diverges", answer.track))
        if answer.lead.change and answer.lead.basis != "supported":
            document.facets.add(("basis", answer.lead.basis))


def _lead_of(document: Document, track: str) -> dict[str, Any]:
    lead: dict[str, Any] = next(one["lead"] for one in document.brief["standing"] if one["track"] == track)
    return lead


def _deadline(document: Document, facts: Facts, world: World, day: date) -> None:
    """Where the date stands on the day, under the date itself and under every reading that contradicts it.

    Of a date by which an answer is due, what was answered tells: the day of the answer is that on which it was met.
    """
    content = facts.content or {}
    lead = _lead_of(document, "outcome")
    recorded = [change for asked in world.beside for change in changes(asked)]
    answer = silence.answered_on(silence.responses(recorded, world.lead))
    since = date.fromisoformat(lead["since"]) if lead["since"] else None
    outcome, settled = silence.settled(lead["state"], since, answer)
    timing = deadlines.timing(date.fromisoformat(content["due_on"]), day, outcome, settled)
    readings = [
        deadlines.Reading(date.fromisoformat(one["due_on"]), one["says"], one["note"])
        for one in content["readings"]
    ]
    under = deadlines.readings_timing(readings, day, outcome, settled)
    document.brief["answered_on"] = answer.isoformat() if answer and answer <= day else None
    document.brief["timing"] = _plain(timing)
    document.brief["readings"] = [{**one.to_json(), "timing": _plain(one.timing)} for one in under]
    for one in (timing, *(reading.timing for reading in under)):
        document.turns(one.turns_on)


def _plain(timing: deadlines.Timing) -> dict[str, object]:
    return {name: value for name, value in timing.to_json().items() if name != "turns_on"}


def _committee(document: Document, facts: Facts, _world: World, day: date) -> None:
    """Silence is a fact (rule 9): a report that was handed over and never published."""
    document.brief["silence"] = []
    for report in (facts.content or {})["reports"]:
        published = report["published_on"] and date.fromisoformat(report["published_on"])
        if report["delivered_on"] and not (published and published <= day):
            since = date.fromisoformat(report["delivered_on"])
            if not published:
                document.facets |= {("silent", report["delivered_on"]), ("silence", "not_published")}
            if _silent(document, since, day):
                document.brief["silence"].append(
                    {"report": report["title"], "since": since.isoformat(), "days": (day - since).days}
                )


def _recommendation(document: Document, facts: Facts, world: World, day: date) -> None:
    """Silence is a fact: no answer by the day on which it was due, or none when the lead looked for it."""
    content = facts.content or {}
    document.facets |= {("addressee", one["organization"]) for one in content["addressees"]}
    dues = [
        silence.Due(one.id, date.fromisoformat(due["due_on"]), _outcome(one, world, day))
        for one in world.beside
        if (due := one.content) is not None
    ]
    found = silence.unanswered(
        silence.responses(changes(facts), world.lead), dues, date.fromisoformat(content["issued_on"]), day
    )
    document.brief["silence"] = []
    if found is None:
        return
    document.facets |= {("silent", found.since.isoformat()), ("silence", found.because)}
    if _silent(document, found.since, day):
        document.brief["silence"].append(
            {
                "because": found.because,
                "deadline": found.deadline,
                "due_on": found.due_on and found.due_on.isoformat(),
                "since": found.since.isoformat(),
                "days": (day - found.since).days,
                "confirmed_on": found.confirmed_on and found.confirmed_on.isoformat(),
                "addressees": [world.name(one["organization"]) for one in content["addressees"]],
            }
        )


def _silent(document: Document, since: date, day: date) -> bool:
    """Whether a silence has begun. While it lasts the document turns every day; before, on the day it begins."""
    begun = since <= day
    document.turns(date.fromordinal(day.toordinal() + 1) if begun else since)
    return begun


def _outcome(deadline: Facts, world: World, day: date) -> str:
    own = [one for one in changes(deadline) if one.assessor == world.lead]
    return standing.stand("outcome", world.lead, own, day).state


_COMPUTED: Final = {
    "deadline": _deadline,
    "committee": _committee,
    "recommendation": _recommendation,
}
