"""What feeds carry, put together from finished documents and public acts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, select

from tracker.domain.calendars import Calendar
from tracker.domain.errors import Withdrawn
from tracker.domain.tracks import TRACKS
from tracker.public import event_queries, log
from tracker.public.events import encode_json
from tracker.public.names import read_names
from tracker.public.redaction import find_cause
from tracker.public.tables import checkpoint, event, head

#: How many acts one page of a change feed carries.
PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Head:
    """All that has to be known to tell whether the bytes of a feed are still right.

    ``signed`` is the size of the first checkpoint that covers the last act; None until there is one.
    """

    process: str
    slug: str
    seq: int
    edition: int
    day: str
    signed: int | None


HEAD: Final = select(
    head.c.process_id,
    head.c.slug,
    head.c.seq,
    head.c.edition,
    head.c.withdrawn,
    head.c.content,
    select(func.min(checkpoint.c.size)).where(checkpoint.c.size >= head.c.seq).scalar_subquery(),
).where(head.c.slug == bindparam("slug"))


#: The last act of a process before a place.
PLACE_BEFORE: Final = select(func.max(event.c.seq)).where(
    event.c.process_id == bindparam("process"), event.c.seq < bindparam("before")
)


class Heads:
    """Reads heads. The time zone of a process is worked out once a day begins, not once a request."""

    def __init__(self) -> None:
        self._days: dict[str, tuple[bytes, str, datetime, datetime]] = {}

    def read(self, row: tuple[Any, ...], now: datetime) -> Head:
        """Where a process stands, and which day it is there, from a row of `HEAD`. `Withdrawn` with the reason."""
        process, slug, seq, edition, withdrawn, content, signed = row
        if withdrawn is not None:
            raise Withdrawn(withdrawn)
        return Head(process, slug, seq, edition, self._day(process, bytes(content), now), signed)

    def _day(self, process: str, content: bytes, now: datetime) -> str:
        known = self._days.get(process)
        if known is None or known[0] != content or not known[2] <= now < known[3]:
            calendar = Calendar.from_json(json.loads(content)["calendar"])
            today = calendar.today(now)
            known = (
                content,
                today.isoformat(),
                calendar.starts(today),
                calendar.starts(today + timedelta(days=1)),
            )
            self._days[process] = known
        return known[1]


def build_changes_feed(connection: Connection, at: Head, base: str, before: int | None) -> bytes:
    """The public acts of a process, newest first, as JSON Feed 1.1 (jsonfeed.org/version/1.1)."""
    page = event_queries.list_events(connection, at.process, before, PAGE)
    said = [json.loads(body) for _seq, body in page.items]
    names = read_names(connection, _list_mentioned(said))
    title = (names.get(at.process) or {}).get("name") or at.slug
    own = f"{base}/feeds/{at.slug}/changes.json"
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{title}: changes",
        "description": "Every public act on this process, newest first.",
        "home_page_url": f"{base}/v1/public/processes/{at.process}",
        "feed_url": own if before is None else f"{own}?before={before}",
        "_tracker": {"checkpoint": read_checkpoint(connection, at)},
        "items": [_make_item(act, names, base) for act in said],
    }
    if page.more:
        feed["next_url"] = f"{own}?before={page.items[-1][0]}"
    return encode_json(feed)


def read_checkpoint(connection: Connection, at: Head) -> str | None:
    """The signed checkpoint that covers what the feed says, to be held against the log and against what others saw."""
    if at.signed is None:
        return None
    found = log.find_covering_checkpoint(connection, at.signed)
    return found and found[1].decode()


def _list_mentioned(acts: list[dict[str, Any]]) -> set[str]:
    things = {act[member] for act in acts for member in ("subject", "process", "assessor") if act.get(member)}
    who = ("assessor", "addressee", "verdict_by")
    return things | {act["change"][name] for act in acts for name in who if act.get("change", {}).get(name)}


def _make_item(act: Mapping[str, Any], names: Mapping[str, Mapping[str, Any]], base: str) -> dict[str, Any]:
    url = f"{base}/v1/public/events/{act['id']}"
    title, text = _describe_change(act, names)
    return {
        "id": url,
        "url": url,
        "title": title,
        "content_text": text,
        "date_published": act["at"],
        "tags": [act["kind"], act["subject_kind"]],
        "_tracker": {name: value for name, value in act.items() if name != "content"},
    }


def _describe_change(act: Mapping[str, Any], names: Mapping[str, Mapping[str, Any]]) -> tuple[str, str]:
    """An act in plain words: a title, and what there is to say of it."""

    def name(thing: str) -> str:
        return str((names.get(thing) or {}).get("name") or "something withdrawn")

    subject = name(act["subject"])
    if "basis" in act:
        who = f"{name(act['assessor'])}{', in its reply' if 'replies_to' in act else ''}"
        said = f"{who}, {_track_label(act['track'])}: its evidence is now {act['basis']}, was {act['was']}."
        return f"{subject}: evidence {act['basis']}", said
    if "change" in act:
        change = act["change"]
        verb = {"confirmation": "still", "correction": "corrected to"}.get(change["act"], "now")
        state = TRACKS[change["track"]].state(change["to"]).label.lower()
        if "verdict_by" in change:
            by, to = name(change["assessor"]), name(change["verdict_by"])
            verdict = f'"{state}" ({_track_label(change["track"])})'
            said = f"{by}, to {to}, which says {verdict}, on {change['effective_on']}: {change['reason']}"
            return f"{subject}: {by} replies to {to}", said
        whose = f", {name(change['addressee'])}" if change["addressee"] else ""
        who = f"{name(change['assessor'])}, {_track_label(change['track'])}{whose}, as of {change['effective_on']}"
        return f"{subject}: {verb} {state}", f"{who}: {change['reason']}"
    if "refs" in act:
        what = "The words of an earlier act were" if "event" in act else "Its content was"
        return f"{subject}: redacted", f"{what} destroyed, for {find_cause(act['reason'])}."
    verb = str(act["kind"]).rpartition(".")[2]
    return (
        f"{subject}: {verb}",
        f"Withdrawn: {act['reason']}" if "reason" in act else f"{subject} was {verb}.",
    )


def _track_label(code: str) -> str:
    return TRACKS[code].question
