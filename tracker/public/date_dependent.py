"""What of a document follows from the day: where a date stands, what is overdue, who is silent.

Each part says on which day it changes next, so that whoever reads after that day computes it anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from tracker.domain import deadlines, met_dates, reckonings, silence, standing, suspensions
from tracker.domain.calendars import name_day
from tracker.domain.rules import Rule
from tracker.public.document_model import Document, World
from tracker.public.projection import Facts

Compute = Callable[[Document, Facts, World, date], None]
_ONE_DAY: Final = timedelta(days=1)
_OTHER_CALENDAR: Final = "Since then the calendar of the process has changed in these days."


def _set_timing(document: Document, facts: Facts, world: World, day: date) -> None:
    """Where the date stands on the day, under the date itself and under every reading that contradicts it.

    The fact that a date waits for meets it, on the day of the fact.
    """
    content = facts.content or {}
    lead = next(one["lead"] for one in document.brief["standing"] if one["track"] == "outcome")
    owner = _make_owner(world.owner, world)
    said = (lead["state"], _parse_day(lead["since"]))
    outcome, settled = met_dates.find_outcome(content["type"], said, owner, day)
    over = outcome in deadlines.CLOSED  # then another date waits for the fact, or none
    met = None if owner is None or over else met_dates.find_met_day(content["type"], owner, day)
    due_on = read_due_day(content, settled if outcome == "met" else None)
    moved = due_on - date.fromisoformat(content["due_on"]) if due_on else timedelta()
    timing = deadlines.find_timing(due_on, day, outcome, settled)
    readings = [
        deadlines.Reading(date.fromisoformat(one["due_on"]) + moved, one["says"], one["note"])
        for one in content["readings"]
    ]
    under = deadlines.find_reading_timings(readings, day, outcome, settled)
    document.brief["due_on"] = due_on and due_on.isoformat()
    document.brief["waits_for"] = None if due_on or not content["rule"] else Rule.parse(content["rule"]).event
    document.brief["slip_days"] += moved.days
    _set_reckoning(document, content, world)
    document.brief["met_by_fact_on"] = met and met.isoformat()
    document.brief["timing"] = _to_plain(timing)
    document.brief["readings"] = [{**one.to_json(), "timing": _to_plain(one.timing)} for one in under]
    for one in (timing, *(reading.timing for reading in under)):
        document.limit_validity(one.turns_on)
    document.index("overdue", timing.days_overdue > 0)
    document.index("due_soon", timing.state == "due_soon")
    turns = [due_on - timedelta(days=deadlines.SOON_DAYS), due_on + _ONE_DAY] if due_on else []
    _days_ahead(document, day, *turns, settled)
    _days_ahead(document, day, *_list_days(owner))


def _set_reckoning(document: Document, content: Mapping[str, Any], world: World) -> None:
    """What moved the date since it was set, and whether the calendar of the process has changed since it was reckoned:
    its sentence says so."""
    reckoning = content["reckoning"] or {}
    other = world.calendar is not None and not reckonings.is_current(reckoning, world.calendar)
    document.brief["calendar_changed"] = other
    more = [_OTHER_CALENDAR] * other + suspensions.describe_stays(content["stays"])
    if more:
        given = f"Set for {name_day(date.fromisoformat(content['due_on']))}." if content["due_on"] else ""
        sentence = " ".join([reckoning.get("sentence") or given, *more]).strip()
        document.brief["reckoning"] = {**reckoning, "due_on": document.brief["due_on"], "sentence": sentence}


def read_due_day(content: Mapping[str, Any], met_on: date | None = None) -> date | None:
    """The date as the content of a deadline tells it, moved by the days that stood still; None while it waits for an
    event."""
    if content["due_on"] is None:
        return None
    due_on = date.fromisoformat(content["due_on"])
    return suspensions.find_due_day_when_met(due_on, content["stays"], met_on)


def _make_owner(facts: Facts | None, world: World) -> met_dates.Owner | None:
    """What a date is set for, as `tracker.domain.met_dates` asks of it."""
    if facts is None or not facts.content:
        return None
    reports = [
        {"type": one["type"], **{name: _parse_day(one[name]) for name in ("delivered_on", "published_on")}}
        for one in facts.content.get("reports", ())
    ]
    answers = {change.id: change for change in (*facts.responses, *facts.known)}
    return met_dates.Owner(world.lead, list(answers.values()), reports)


def _list_days(owner: met_dates.Owner | None) -> list[date | None]:
    """The days on which something happens to it that may meet a date."""
    if owner is None:
        return []
    days = [one[name] for one in owner.reports for name in ("delivered_on", "published_on")]
    return [*days, *(change.effective_on for change in owner.changes)]


def _days_ahead(document: Document, day: date, *boundaries: date | None) -> None:
    """The document turns, and is found by something else, on those of these days that lie ahead."""
    for boundary in boundaries:
        if boundary is not None and boundary > day:
            document.limit_index(boundary)


def _to_plain(timing: deadlines.Timing) -> dict[str, object]:
    return {name: value for name, value in timing.to_json().items() if name != "turns_on"}


def _find_unpublished_reports(document: Document, facts: Facts, _world: World, day: date) -> None:
    """Silence is a fact (rule 9): a report that was handed over and never published."""
    document.brief["silence"] = []
    for report in (facts.content or {})["reports"]:
        delivered = _parse_day(report["delivered_on"])
        published = _parse_day(report["published_on"])
        if delivered is None or (published is not None and published <= day):
            continue
        _days_ahead(document, day, delivered, published)
        if delivered <= day:
            since = delivered.isoformat()
            days = (day - delivered).days
            document.brief["silence"].append({"report": report["title"], "since": since, "days": days})
    _file_silence(document, day)


def _find_unanswered(document: Document, facts: Facts, world: World, day: date) -> None:
    """Silence is a fact: no answer by the day on which it was due, or none when the lead looked for it."""
    content = facts.content or {}
    dues = [
        silence.Due(due.id, due_on, _find_said(due, world, day)[0])
        for due in world.owed
        if due.content is not None and due.withdrawn is None and due.content["type"] == silence.RESPONSE_DUE
        if (due_on := read_due_day(due.content)) is not None
    ]
    recorded = silence.find_responses(facts.responses, world.lead)
    found = silence.find_unanswered(recorded, dues, date.fromisoformat(content["issued_on"]), day)
    document.brief["silence"] = []
    if found is not None:
        _days_ahead(document, day, found.since)
        if found.since <= day:
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
    _file_silence(document, day)


def _file_silence(document: Document, day: date) -> None:
    """While a silence lasts its days are counted, so the document turns with each."""
    silent = bool(document.brief["silence"])
    document.index("silent", silent)
    if silent:
        document.limit_validity(day + _ONE_DAY)


def _set_overdue(document: Document, facts: Facts, world: World, day: date) -> None:
    """The deadlines set for it that have passed while the thing is still owed."""
    owner = _make_owner(facts, world)
    found = [
        {"id": due.id, "title": content["title"], "due_on": str(read_due_day(content))}
        for due in world.owed
        if (content := due.content) is not None and _still_owed(document, due, owner, world, day)
    ]
    document.brief["overdue"] = sorted(found, key=lambda one: (one["due_on"], one["id"]))
    document.index("overdue", bool(found))


def _still_owed(
    document: Document, due: Facts, owner: met_dates.Owner | None, world: World, day: date
) -> bool:
    content = due.content or {}
    due_on = read_due_day(content)
    if due.withdrawn is not None or due_on is None:
        return False
    outcome, settled = met_dates.find_outcome(content["type"], _find_said(due, world, day), owner, day)
    _days_ahead(document, day, due_on + _ONE_DAY, settled, *(change.effective_on for change in due.known))
    _days_ahead(document, day, *_list_days(owner))
    return deadlines.find_timing(due_on, day, outcome, settled).days_overdue > 0


def _find_said(due: Facts, world: World, day: date) -> tuple[str, date | None]:
    """What the lead says of a deadline, and since when."""
    line = [one for one in due.known if (one.track, one.assessor) == ("outcome", world.lead)]
    found = standing.find_standing("outcome", world.lead, line, day)
    return found.state, found.since


def _list_addressees(document: Document, facts: Facts, _world: World, _day: date) -> None:
    content = facts.content or {}
    for one in content["addressees"]:
        document.index("addressee", one["organization"])
    for tag in content["tags"]:
        document.index("tag", f"{tag['scheme']}:{tag['code']}")


def _parse_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


#: kind of thing -> what its document has beyond its content and its standing.
COMPUTED: Final[Mapping[str, tuple[Compute, ...]]] = {
    "deadline": (_set_timing,),
    "committee": (_find_unpublished_reports, _set_overdue),
    "recommendation": (_list_addressees, _find_unanswered, _set_overdue),
}
