"""What of a document follows from the day: where a date stands, what is overdue, who is silent.

Each part says on which day it changes next, so that whoever reads after that day computes it anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from tracker.domain import deadlines, standing
from tracker.public.fold import Facts, changes
from tracker.public.parts import Document, World

Compute = Callable[[Document, Facts, World, date], None]
_ONE_DAY: Final = timedelta(days=1)


def _deadline(document: Document, facts: Facts, _world: World, day: date) -> None:
    """Where the date stands on the day, under the date itself and under every reading that contradicts it."""
    content = facts.content or {}
    lead = next(one["lead"] for one in document.brief["standing"] if one["track"] == "outcome")
    settled = date.fromisoformat(lead["since"]) if lead["since"] else None
    due_on = date.fromisoformat(content["due_on"])
    timing = deadlines.timing(due_on, day, lead["state"], settled)
    readings = [
        deadlines.Reading(date.fromisoformat(one["due_on"]), one["says"], one["note"])
        for one in content["readings"]
    ]
    under = deadlines.readings_timing(readings, day, lead["state"], settled)
    document.brief["timing"] = _plain(timing)
    document.brief["readings"] = [{**one.to_json(), "timing": _plain(one.timing)} for one in under]
    for one in (timing, *(reading.timing for reading in under)):
        document.turns(one.turns_on)
    document.files("overdue", timing.days_overdue > 0)
    document.files("due_soon", timing.state == "due_soon")
    for boundary in (due_on - timedelta(days=deadlines.SOON_DAYS), due_on + _ONE_DAY):
        if timing.turns_on is not None and boundary > day:
            document.refiles(boundary)


def _plain(timing: deadlines.Timing) -> dict[str, object]:
    return {name: value for name, value in timing.to_json().items() if name != "turns_on"}


def _silence(document: Document, facts: Facts, _world: World, day: date) -> None:
    """Silence is a fact (rule 9): a report that was handed over and never published."""
    silence = []
    for report in (facts.content or {})["reports"]:
        delivered = _day(report["delivered_on"])
        published = _day(report["published_on"])
        if delivered is None or (published is not None and published <= day):
            continue
        if delivered > day:
            document.refiles(delivered)
            continue
        since = delivered.isoformat()
        silence.append({"report": report["title"], "since": since, "days": (day - delivered).days})
        document.turns(day + _ONE_DAY)
        document.refiles(published)
    document.brief["silence"] = silence
    document.files("silent", bool(silence))


def _overdue(document: Document, _facts: Facts, world: World, day: date) -> None:
    """The deadlines set for it that have passed while the thing is still owed."""
    found = [
        {"id": due.id, "title": content["title"], "due_on": content["due_on"]}
        for due in world.owed
        if (content := due.content) is not None and _still_owed(document, due, content, world, day)
    ]
    document.brief["overdue"] = sorted(found, key=lambda one: (one["due_on"], one["id"]))
    document.files("overdue", bool(found))


def _still_owed(document: Document, due: Facts, content: Mapping[str, Any], world: World, day: date) -> bool:
    if due.withdrawn is not None:
        return False
    line = [one for one in changes(due) if (one.track, one.assessor) == ("outcome", world.lead)]
    lead = standing.stand("outcome", world.lead, line, day)
    due_on = date.fromisoformat(content["due_on"])
    for turning in (due_on + _ONE_DAY, *(change.effective_on for change in line)):
        if turning > day:
            document.refiles(turning)
    return deadlines.timing(due_on, day, lead.state, lead.since).days_overdue > 0


def _addressees(document: Document, facts: Facts, _world: World, _day: date) -> None:
    content = facts.content or {}
    for one in content["addressees"]:
        document.files("addressee", one["organization"])
    for tag in content["tags"]:
        document.files("tag", f"{tag['scheme']}:{tag['code']}")


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


#: kind of thing -> what its document has beyond its content and its standing.
COMPUTED: Final[Mapping[str, tuple[Compute, ...]]] = {
    "deadline": (_deadline,),
    "committee": (_silence, _overdue),
    "recommendation": (_addressees, _overdue),
}
