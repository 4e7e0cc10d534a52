"""What of a document follows from the day: where a date stands, what is overdue, who is silent.

Each part says on which day it changes next, so that a read after that day computes it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from tracker.domain import deadlines, met_dates, reckonings, reports, silence, standing, suspensions
from tracker.domain.calendars import name_day
from tracker.domain.partial_days import parse_day
from tracker.domain.reminders import Request
from tracker.domain.rules import Rule
from tracker.domain.text import natural_sort_key
from tracker.domain.tracks import ENDED
from tracker.public.document_model import Document, World
from tracker.public.indicators import set_series
from tracker.public.projection import Facts
from tracker.public.relations import set_relations
from tracker.public.reminders import list_reminders
from tracker.public.scoreboard import name_tag
from tracker.public.standings import in_line

Compute = Callable[[Document, Facts, World, date], None]
_ONE_DAY: Final = timedelta(days=1)
_OTHER_CALENDAR: Final = "Since then the calendar of the process has changed in these days."


def _set_timing(document: Document, facts: Facts, world: World, day: date) -> None:
    """Where the date stands on the day, under the date itself and under every reading that contradicts it.

    The fact that a date waits for meets it, on the day of the fact.
    """
    content = facts.content or {}
    owner = _make_owner(world.owner, world)
    outcome = met_dates.find_outcome(content["type"], _read_outcome(facts, world, day), owner, day)
    if outcome.state in met_dates.OPEN and (world.name(content["owner"]) or {})["name"] is None:
        outcome = met_dates.LET_GO  # what it was set for was withdrawn
    over = outcome.state in deadlines.CLOSED  # then another date waits for the fact, or none
    fact = None if owner is None or over else met_dates.find_met(content["type"], owner, day)
    met = outcome.span if outcome.state == "met" else None
    due_on = read_due_day(content, None if met is None else met.last)
    moved = due_on - date.fromisoformat(content["due_on"]) if due_on else timedelta()
    timing = _find_timing(due_on, outcome, day)
    readings = [
        deadlines.Reading(parse_day(one["due_on"]).latest + moved, one["says"], one["note"])
        for one in content["readings"]
    ]
    days = (None, None) if outcome.span is None else (outcome.span.last, outcome.span.first)
    under = deadlines.find_reading_timings(readings, day, outcome.state, days[0], not_before=days[1])
    document.brief["due_on"] = due_on and due_on.isoformat()
    rule = Rule.parse(content["rule"]) if content["rule"] else None
    document.brief["due_within"] = str(rule.period) if rule and rule.period and not moved else None
    document.brief["waits_for"] = rule.event if rule and not due_on else None
    document.brief["slip_days"] += moved.days
    _set_reckoning(document, content, world)
    document.brief["met_by_fact_on"] = fact and fact.last.isoformat()
    document.brief["met_on"] = met and met.last.isoformat()
    document.brief["met_not_before"] = met.first.isoformat() if met and met.first < met.last else None
    document.brief["unanswered_by"] = _list_unanswered(content["type"], owner, day)
    document.brief["timing"] = _to_plain(timing)
    _set_readings(document, content["readings"], under, moved=bool(moved))
    document.limit_validity(timing.turns_on)
    document.index("overdue", timing.days_overdue > 0)
    document.index("due_soon", timing.state == "due_soon")
    turns = [due_on - timedelta(days=deadlines.SOON_DAYS), due_on + _ONE_DAY] if due_on else []
    document.limit_index(*turns)
    document.limit_index(*_list_days(owner, world))


def _set_readings(
    document: Document,
    given: Sequence[Mapping[str, Any]],
    readings: Sequence[deadlines.ReadingTiming],
    *,
    moved: bool,
) -> None:
    """Each reading as its source says it, with where the date stands under it."""
    document.brief["readings"] = [
        {
            **reading.to_json(),
            "due_on": reading.reading.due_on.isoformat() if moved else one["due_on"],
            "timing": _to_plain(reading.timing),
        }
        for one, reading in zip(given, readings, strict=True)
    ]
    for reading in readings:
        document.limit_validity(reading.timing.turns_on)


def _find_timing(due_on: date | None, outcome: met_dates.Outcome, day: date) -> deadlines.Timing:
    """Where a date stands on a day by what came of it."""
    span = outcome.span
    if span is None:
        return deadlines.find_timing(due_on, day, outcome.state, None)
    return deadlines.find_timing(due_on, day, outcome.state, span.last, not_before=span.first)


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
    reported = [((one.content or {})["type"], one.firsts) for one in world.reports]
    return met_dates.Owner(world.lead, _list_answers(facts), reported, _list_asked(facts))


def _list_answers(facts: Facts) -> list[standing.Change]:
    """What is recorded of it, as far as it decides today or did when a state was first reached."""
    return list({change.id: change for change in (*facts.firsts, *facts.known)}.values())


def _list_asked(facts: Facts) -> list[str]:
    return [one["organization"] for one in (facts.content or {}).get("addressees", ())]


def _list_unanswered(type: str, owner: met_dates.Owner | None, day: date) -> list[str]:
    """Of a date by which addressees owe an answer: whose is missing. By their ids: what an organization is called is
    told by the documents that name it."""
    if owner is None or type != silence.RESPONSE_DUE:
        return []
    silent = silence.list_silent(owner.changes, owner.lead, owner.addressees, day)
    return [one for one, _looked in silent if one is not None]


def _list_days(owner: met_dates.Owner | None, world: World) -> list[date | None]:
    """The days on which something happens to it that may meet a date."""
    if owner is None:
        return []
    changes = (change for one in world.reports for change in one.firsts)
    return _list_bounds((*changes, *owner.changes))


def _list_bounds(changes: Iterable[standing.Change]) -> list[date | None]:
    """The days from which on something may be so, and from which on it is."""
    return [day for change in changes for day in (change.span.first, change.span.last)]


def _to_plain(timing: deadlines.Timing) -> dict[str, object]:
    return {name: value for name, value in timing.to_json().items() if name != "turns_on"}


def _set_release(document: Document, facts: Facts, world: World, day: date) -> None:
    """When a report was handed over, announced and published, by what the lead says on its track."""
    release = reports.find_release(facts.firsts, world.lead, day).to_json()
    document.brief |= {name: value for name, value in release.items() if name != reports.RELEASE}


def _called(facts: Facts) -> tuple[str, str]:
    """In the order of their short names, as people count."""
    return natural_sort_key(str((facts.content or {}).get("reference"))), facts.id


def _list_reports(document: Document, _facts: Facts, world: World, day: date) -> None:
    """The reports of a committee. Silence is a fact (rule 9): one that is there, and whose text is not public."""
    document.brief["reports"], document.brief["silence"] = [], []
    for report in sorted(world.reports, key=_called):
        content = report.content or {}
        release = reports.find_release(report.firsts, world.lead, day)
        named = {"id": report.id, **{name: content[name] for name in ("reference", "title", "type")}}
        document.brief["reports"].append({**named, **release.to_json()})
        if (since := release.silent_since()) is not None:
            silent = {"report": world.name(report.id), "since": since.isoformat(), "days": (day - since).days}
            document.brief["silence"].append(silent)
        document.limit_index(*_list_bounds(report.firsts))
    _file_silence(document, day)


def _find_unanswered(document: Document, facts: Facts, world: World, day: date) -> None:
    """Silence is a fact: no answer by the day on which it was due, or none when the lead looked for it. And how far
    each addressee was asked for one."""
    content = facts.content or {}
    dues = [
        silence.Due(due.id, due_on, _read_outcome(due, world, day).state)
        for due in world.owed
        if due.content is not None and due.content["type"] == silence.RESPONSE_DUE
        if (due_on := read_due_day(due.content)) is not None
    ]
    asked, issued_on = _list_asked(facts), parse_day(content["issued_on"]).latest
    changes = _list_answers(facts)
    over = met_dates.Owner(world.lead, changes).find_since("closure", ENDED["closure"], day) is not None
    silent = [] if over else silence.list_silent(changes, world.lead, asked, day)
    unanswered = silence.find_unanswered(silent, dues, issued_on)
    request = Request(world.ladder, world.lead, issued_on, changes, dues)
    document.brief["reminders"] = list(list_reminders(request, asked, world, day))
    document.brief["silence"] = []
    if unanswered is not None:
        document.limit_index(unanswered.since)
        if unanswered.since <= day:
            document.brief["silence"].append(
                {
                    "because": unanswered.because,
                    "deadline": unanswered.deadline,
                    "due_on": unanswered.due_on and unanswered.due_on.isoformat(),
                    "since": unanswered.since.isoformat(),
                    "days": (day - unanswered.since).days,
                    "confirmed_on": unanswered.confirmed_on and unanswered.confirmed_on.isoformat(),
                    "addressees": [world.name(one) for one in unanswered.addressees if one is not None],
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
    overdue = [
        {"id": due.id, "title": content["title"], "due_on": str(read_due_day(content))}
        for due in world.owed
        if (content := due.content) is not None and _still_owed(document, due, owner, world, day)
    ]
    document.brief["overdue"] = sorted(overdue, key=lambda one: (one["due_on"], one["id"]))
    document.index("overdue", bool(overdue))


def _still_owed(
    document: Document, due: Facts, owner: met_dates.Owner | None, world: World, day: date
) -> bool:
    content = due.content or {}
    due_on = read_due_day(content)
    if due_on is None:
        return False
    outcome = met_dates.find_outcome(content["type"], _read_outcome(due, world, day), owner, day)
    document.limit_index(due_on + _ONE_DAY, *_list_bounds(due.known))
    document.limit_index(*_list_days(owner, world))
    return _find_timing(due_on, outcome, day).days_overdue > 0


def _read_outcome(due: Facts, world: World, day: date) -> met_dates.Outcome:
    """What the lead says of a deadline, and since when."""
    line = [one for one in due.known if (one.track, one.assessor) == ("outcome", world.lead)]
    return met_dates.read_outcome(standing.find_standing("outcome", world.lead, line, day))


def _list_addressees(document: Document, facts: Facts, world: World, _day: date) -> None:
    """It is found by those who are named, and by those who took their place since."""
    content = facts.content or {}
    asked = [one["organization"] for one in content["addressees"]]
    for name, organizations in (("addressee", asked), ("issuer", content["issuers"])):
        for organization in organizations:
            document.index(name, organization)
            for heir in (organization, *world.heirs.get(organization, ())):
                document.index(name, in_line(heir))
    document.index("part", content["parent"] is not None)
    for tag in content["tags"]:
        document.index("tag", name_tag(tag))


#: kind of thing -> what its document has beyond its content and its standing.
COMPUTED: Final[Mapping[str, tuple[Compute, ...]]] = {
    "deadline": (_set_timing,),
    "committee": (_list_reports, _set_overdue),
    "report": (_set_release,),
    "indicator": (set_series,),
    "recommendation": (_list_addressees, _find_unanswered, _set_overdue, set_relations),
}
