"""When a thing begins, and each of its parts: on a day of its own, whenever it was recorded.

As of an earlier day it was not there. What began in a month or a year is there from the first day of it on: it may
have been, and what is asked of a past day leaves nothing out that may have been. A thing that gives no such day begins
on the day, in UTC, on which it was published here; a part begins with the thing that it is part of. Processes are what
the record is about: they have no first day. An organization has one only where somebody says when it was founded: it
is older than this record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from tracker.domain.calendars import Calendar
from tracker.domain.ids import kind_of
from tracker.domain.names import CALLED, find_name
from tracker.domain.partial_days import parse_day
from tracker.domain.reports import find_first_mention
from tracker.domain.rules import Rule
from tracker.public.document_model import World
from tracker.public.past_parts import IDENTITY, OWN_DAY, tell_parts
from tracker.public.projection import ANSWERED, Facts, Told

Content = Mapping[str, Any]
Reports = Iterable[Facts]
#: Parts of a committee by which one knows that it is there; what others count is no sign of it.
_OF_THE_BODY: Final = ("members", "mandates")
#: Kinds that do not begin when they are published here.
_TIMELESS: Final = frozenset({"process", "organization"})


def _earliest(days: Iterable[str | None]) -> str | None:
    return min((day for day in days if day is not None), default=None)


def _of_report(content: Content, facts: Facts, _reports: Reports) -> str | None:
    """The day that it bears, or the first on which it was awaited no more, whichever comes first."""
    first = find_first_mention(facts.firsts)
    return _earliest((content["dated_on"], None if first is None else first.isoformat()))


def _of_committee(content: Content, _facts: Facts, reports: Reports) -> str | None:
    """The day on which it was established; where nobody says, the first day on which anything of it is known."""
    parts = (part[OWN_DAY[name]] for name in _OF_THE_BODY for part in content[name])
    written = (_of_report(one.content, one, ()) for one in reports if one.content)
    return content["established_on"] or _earliest((*parts, *written))


def _of_figures(content: Content, _facts: Facts, _reports: Reports) -> str | None:
    return _earliest(figure["as_of"] for figure in content["figures"])


#: kind of thing -> its own day.
_OWN: Final[Mapping[str, Callable[[Content, Facts, Reports], str | None]]] = {
    "process": lambda *_more: None,
    "organization": lambda content, *_more: content["founded_on"],
    "committee": _of_committee,
    "report": _of_report,
    "resource": _of_figures,
    "indicator": _of_figures,
    "deadline": lambda content, *_more: content["set_on"],
    "recommendation": lambda content, *_more: content["issued_on"],
    "evidence": lambda content, *_more: content["published_on"],
}
#: kind of thing -> its parts.
_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "committee": ("members", "mandates", "figures"),
    "organization": ("member_of",),
    **dict.fromkeys(("process", "report", "resource", "recommendation", "indicator"), ("figures",)),
    "deadline": ("stays", "refused_extensions"),
}
#: What an organization or a part says happened later: the member with the day, and those that belong to it.
_LATER: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "organization": {"ended_on": ()},
    "members": {"to_on": ("left_because", "left_note", "succeeded_by")},
    "member_of": {"to_on": ()},
    "stays": {"resumed_on": ("days", "due_on", "sentence")},
}


def find_first_day(facts: Facts, reports: Reports = ()) -> str:
    """The day on which a thing begins, as JSON writes it; empty for what has none. ``reports`` are those of a
    committee."""
    kind = kind_of(facts.id) or ""
    if not facts.content:
        return ""
    if own := _OWN[kind](facts.content, facts, reports):
        return parse_day(own).earliest.isoformat()
    return "" if kind in _TIMELESS else (facts.published_at or "")[: len("2026-11-23")]


def list_cuts(facts: Facts, reports: Reports = ()) -> Iterator[str]:
    """The days, or months or years, from which on more is so of a thing that lists and numbers follow from: it begins,
    its date is known, its clock stands still or goes on, a number of an indicator is told, the world changed."""
    if facts.content:
        days = [find_first_day(facts, reports), _find_since(facts.content)]
        days += (one.since for one in facts.told)
        for stay in facts.content.get("stays", ()):
            days += (stay["from_on"], stay["resumed_on"])
        if kind_of(facts.id) == "indicator":
            days += (figure["as_of"] for figure in facts.content["figures"])
        yield from filter(None, days)


#: What a deadline says only from the day of its event on.
_OF_EVENT: Final = ("event_on", "event_evidence", "due_on", "baseline_due_on", "reckoning")


def _find_since(content: Content) -> str | None:
    """From which day on a deadline knows its event; None for other things, and for what counts back from a day: that
    was known before."""
    since: str | None = content.get("event_on")
    return None if since is None or Rule.parse(content["rule"]).backward else since


def cut_facts(facts: Facts, day: date, reports: Reports = ()) -> Facts | None:
    """What of a thing was so by a day; None where it begins later. ``reports`` are those of a committee."""
    if find_first_day(facts, reports) > day.isoformat():
        return None
    until = day.isoformat()
    reached = tell_content(facts, day)
    reached.changes = [one for one in reached.changes if (one["not_before"] or one["effective_on"]) <= until]
    return reached


def tell_content(facts: Facts, day: date) -> Facts:
    """The same with what it said of itself on a day."""
    members = tell_members(facts, day)
    return replace(
        members, content=_cut_content(kind_of(facts.id) or "", members.content or {}, day.isoformat())
    )


def list_content_days(facts: Facts) -> Iterator[date]:
    """The days from which on a thing says something else of itself, in no order."""
    kind, content = kind_of(facts.id) or "", facts.content or {}
    days: list[str | None] = [one.since for one in facts.told]
    days += (_find_since(content), *(content.get(name) for name in _LATER.get(kind, ())))
    for name in _PARTS.get(kind, ()):
        for part in content.get(name, ()):
            days += (part[OWN_DAY[name]], *(part[later] for later in _LATER.get(name, ())))
    former = content.get("former_names", ())
    days += (one["from_on"] for one in former)
    yield from (date.fromisoformat(one["to_on"]) + timedelta(days=1) for one in former)
    yield from (parse_day(one).earliest for one in days if one)


def cut_world(world: World, day: date) -> World:
    """The same of what a thing stands among: its process, the deadlines that are set for it, what it is set for itself,
    the reports that meet a date, and the recommendations that name it."""
    world = _cut_process(world, day.isoformat())
    owner = None if world.owner is None else cut_facts(world.owner, day, world.reports)
    owed, reports, related = (
        [cut for one in several if (cut := cut_facts(one, day)) is not None]
        for several in (world.owed, world.reports, world.related)
    )
    return replace(world, owed=owed, owner=owner, reports=reports, related=related)


def _cut_process(world: World, day: str) -> World:
    """With what decided on everything in its process on a day."""
    if not world.deciding:
        return world
    then = next(one for one in reversed(world.deciding) if one["from_on"] <= day)
    process = {**(world.process or {}), **{name: then[name] for name in _DECIDING}}
    return replace(world, process=process, calendar=Calendar.from_json(then["calendar"]))


#: What has days of its own, or is the address of a thing: it is told as it is now.
_ON_EVERY_DAY: Final = frozenset(
    {
        *("slug", "reference", "former_names", "ended_on"),
        *("established_on", "dated_on", "founded_on", "set_on", "issued_on", "published_on"),
    }
)
#: What of a process decides on the documents of all that is in it. The one that leads it stays once it is public.
_DECIDING: Final = ("calendar", "reminders", "stale_after_days")
#: What is reckoned from another member.
_RECKONED: Final = dict.fromkeys(("baseline_due_on", "granted_days_late", "reckoning", "slip_days"), "due_on")


def tell_members(facts: Facts, day: date) -> Facts:
    """The same with its members as they were on a day: without an update that holds from a later day on, and without
    what corrected that. A name has days of its own; of a part see `tracker.public.past_parts`."""
    if not facts.content or all(one.since <= day.isoformat() for one in facts.told):
        return facts
    kind = kind_of(facts.id) or ""
    kept = {*_ON_EVERY_DAY, *_PARTS.get(kind, ()), CALLED.get(kind)}
    if _find_since(facts.content) is not None:
        kept |= {"event_on", "event_evidence"}
    content, revised = dict(facts.content), list[int]()
    for name in content.keys() - kept:
        day_said = _find_said(facts, _RECKONED.get(name, name), day.isoformat())
        content[name] = day_said.content.get(name, content[name])  # words that were redacted are not told
        if name in ANSWERED.get(kind, ()):
            revised.append(day_said.seq if day_said.members else 0)
    for name in IDENTITY.keys() & _PARTS.get(kind, ()):
        content[name] = tell_parts(facts.told, name, day.isoformat())
    return replace(facts, content=content, text_seq=max(revised, default=facts.text_seq))


def list_deciding(facts: Facts) -> list[dict[str, Any]]:
    """What of a process decides on all that is in it, from each day on from which that was something else; empty where
    it never was. ``from_on`` is "" for the time before the first of these days."""
    if not facts.told_until or not facts.content:
        return []
    listed: list[dict[str, Any]] = []
    for since in sorted({"", *(one.since for one in facts.told)}):
        content = tell_members(facts, date.fromisoformat(since) if since else date.min).content or {}
        deciding = {name: content[name] for name in _DECIDING}
        if not listed or any(listed[-1][name] != one for name, one in deciding.items()):
            listed.append({"from_on": since, **deciding})
    return listed if len(listed) > 1 else []


def _find_said(facts: Facts, name: str, day: str) -> Told:
    """The act that said last what holds of a member on a day."""
    latest, late = facts.told[0], False
    for telling in facts.told:
        if not telling.members or name in telling.members:
            late = telling.since > day if telling.since else late
            latest = latest if late else telling
    return latest


def _cut_content(kind: str, content: Content, day: str) -> dict[str, Any]:
    """The content with the parts that had begun by this day, and without what was done with them later."""
    cut = dict(content)
    if (_find_since(content) or "") > day:
        cut |= dict.fromkeys(_OF_EVENT)
    for name in _PARTS.get(kind, ()):
        begun = [part for part in content.get(name, ()) if (part[OWN_DAY[name]] or "") <= day]
        cut[name] = [_drop_later(part, _LATER.get(name, {}), day) for part in begun]
    return _cut_names(kind, _drop_later(cut, _LATER.get(kind, {}), day), day)


def _cut_names(kind: str, content: dict[str, Any], day: str) -> dict[str, Any]:
    """With the name of that day, and the former ones that it had had by then."""
    if kind not in CALLED:
        return content
    former = content.get("former_names", ())
    name = find_name(content[CALLED[kind]], former, date.fromisoformat(day))
    return {**content, CALLED[kind]: name, "former_names": [one for one in former if one["to_on"] < day]}


def _drop_later(part: Content, later: Mapping[str, tuple[str, ...]], day: str) -> dict[str, Any]:
    gone = [one for name, more in later.items() if (part[name] or "") > day for one in (name, *more)]
    return {**part, **dict.fromkeys(gone)}
