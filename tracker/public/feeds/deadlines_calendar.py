"""The deadlines of a process as a calendar that programs subscribe to (RFC 5545, RFC 7986)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from icalendar import Calendar, Event, vDuration
from markupsafe import Markup
from sqlalchemy import Connection, bindparam, func, select

from tracker.domain.tracks import TRACKS
from tracker.languages.i18n import Language, get_language
from tracker.languages.texts import pick_text
from tracker.public import current, queries
from tracker.public.feeds.entries import make_urn
from tracker.public.feeds.process_head import Head
from tracker.public.names import translate_names
from tracker.public.page_addresses import choose_language, make_address, make_page_address
from tracker.public.sentences.deadlines import (
    are_read_otherwise,
    describe_slip,
    describe_timing,
    explain_date,
)
from tracker.public.tables import document, event, thing

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
#: The most dates of a calendar: the latest ones, for a calendar has no pages.
MOST_DATES: Final = 1_000
#: For how many days a calendar says that a date was withdrawn: programs that ask once a month learn of it.
SAID_FOR: Final = timedelta(days=90)
_EVERY: Final = timedelta(hours=1)
_ONE_DAY: Final = timedelta(days=1)
_OUTCOME: Final = TRACKS["outcome"]

_LATEST: Final = (
    select(document.c.id)
    .where(
        document.c.process_id == bindparam("process"),
        document.c.kind == "deadline",
        document.c.withdrawn.is_(None),
    )
    .order_by(document.c.sort_key.desc(), document.c.id)
    .limit(bindparam("most"))
)
_WITHDRAWN: Final = (
    select(thing.c.id, thing.c.changed_at)
    .join(document, document.c.id == thing.c.id)
    .where(
        document.c.process_id == bindparam("process"),
        document.c.kind == "deadline",
        document.c.withdrawn.is_not(None),
        thing.c.changed_at >= bindparam("since"),
    )
    .order_by(thing.c.changed_at.desc(), thing.c.id)
    .limit(bindparam("most"))
)
_ACTS: Final = (
    select(event.c.subject_id, func.count().label("number"))
    .where(event.c.subject_id.in_(bindparam("things", expanding=True)))
    .group_by(event.c.subject_id)
)


def write_calendar(
    connection: Connection, at: Head, base: str, now: datetime, asked: str | None = None
) -> bytes:
    """Every public date of a process as a day of its own, and those that were withdrawn lately as cancelled. ``asked``
    is the language that is asked for; None for the first of the process."""
    process = current.read_contents(connection, [at.process])[at.process]
    language = get_language(asked or choose_language(process["languages"])).in_country(process["country"])
    title = pick_text(process, "title", language.code).text
    calendar = _open_calendar(title, at.slug, base, language)
    wanted = {"process": at.process, "most": MOST_DATES}
    dates = queries.read_briefs(connection, list(connection.scalars(_LATEST, wanted)), now)
    translate_names(connection, dates, language.code)
    since = (date.fromisoformat(at.day) - SAID_FOR).isoformat()
    withdrawn = connection.execute(_WITHDRAWN, {**wanted, "since": since}).all()
    things = [brief["id"] for brief in dates] + [row.id for row in withdrawn]
    acts = {row.subject_id: row.number for row in connection.execute(_ACTS, {"things": things})}
    for brief in dates:
        if brief["due_on"] is not None:
            calendar.add_component(_make_date(brief, acts[brief["id"]], base, language))
    for row in withdrawn:
        calendar.add_component(_make_cancelled(row, acts[row.id], title, language))
    written: bytes = calendar.to_ical()
    return written


def _open_calendar(title: str, slug: str, base: str, language: Language) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//Accountability tracker//Deadlines//{language.code.upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    name = language.unmark(language.say("%(name)s: dates", name=title))
    for member in ("name", "x-wr-calname"):
        calendar.add(member, name)
    calendar.add("url", f"{base}{make_address(language.code, 'process', process=slug)}")
    calendar.add("refresh-interval", vDuration(_EVERY), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(_EVERY))
    return calendar


def _open_event(thing: str, day: date, changed_at: str, acts: int) -> Event:
    """An event of a whole day that blocks nobody's time. Each act about the date raises its number and its instant."""
    changed = datetime.fromisoformat(changed_at)
    entry = Event()
    entry.add("uid", make_urn(thing).removeprefix("urn:uuid:"))
    entry.add("dtstamp", changed)
    entry.add("last-modified", changed)
    entry.add("sequence", acts - 1)
    entry.add("dtstart", day)
    entry.add("dtend", day + _ONE_DAY)
    entry.add("transp", "TRANSPARENT")
    return entry


def _make_date(brief: Mapping[str, Any], acts: int, base: str, language: Language) -> Event:
    entry = _open_event(brief["id"], date.fromisoformat(brief["due_on"]), brief["changed_at"], acts)
    state = next(answers["lead"]["state"] for answers in brief["standing"] if answers["track"] == "outcome")
    label = language.label("outcome", state)
    owner = (brief["owner"] or {}).get("name")
    title = pick_text(brief, "title", language.code).text
    title = f"{title} ({owner})" if owner else title
    entry.add("summary", title if state == _OUTCOME.initial else f"{label}: {title}")
    entry.add("description", "\n".join(map(language.unmark, _describe_date(brief, label, language))))
    entry.add("status", "CONFIRMED")
    page = make_page_address(language.code, brief["id"], brief["reference"], brief["process"]["slug"])
    entry.add("url", f"{base}{page}")
    return entry


def _describe_date(brief: Mapping[str, Any], label: str, language: Language) -> Iterator[Markup]:
    """What the date rests on, how far it moved, and what came of it. Nothing is said that each day changes: what a
    calendar shows moves with an act alone."""
    basis = [language.label("deadline_basis", brief["basis"]), *filter(None, [brief["instrument"]])]
    yield language.say("Set by: %(what)s", what=", ".join(basis))
    yield language.say("Outcome: %(outcome)s", outcome=label)
    if brief["timing"]["days_late"] is not None:
        yield describe_timing(brief, language)
    slip = describe_slip(brief, language)
    if slip is not None:
        yield slip
    yield from explain_date(brief, language)
    for reading in brief["readings"] if are_read_otherwise(brief) else ():
        yield language.say(
            "Another date, by %(who)s: %(day)s", who=reading["says"], day=language.day(reading["due_on"])
        )


def _make_cancelled(row: Any, acts: int, process: str, language: Language) -> Event:
    """A date that was withdrawn. When it was and what it was about is said no more: it stands on the day of its
    withdrawal."""
    entry = _open_event(row.id, datetime.fromisoformat(row.changed_at).date(), row.changed_at, acts)
    entry.add("summary", language.unmark(language.say("Withdrawn: a date of %(name)s", name=process)))
    entry.add("status", "CANCELLED")
    return entry
