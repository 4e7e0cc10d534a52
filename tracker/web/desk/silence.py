"""Whom to ask again: those who were asked and have not answered, and what nobody has verified for too long. Both are
facts of the public side, computed for the day; they are in no queue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from tracker.domain.tracks import SUBJECTS
from tracker.languages.i18n import mark
from tracker.schemas.fields import Code, Id, Strict, Text
from tracker.web.desk.member_words import MANY
from tracker.web.desk.public_verdicts import Document, list_public, read_public_place
from tracker.web.desk.view import Shown, Visit, view

#: How many things a page names, and how many of a kind the first screen counts.
PAGE: Final = 100
#: The kinds of subject that can be silent, and those whose answers grow stale: of evidence they do not.
SILENT: Final = ("recommendation", "committee")
STALE: Final = tuple(kind for kind in SUBJECTS if kind != "evidence")
#: Why something is silence -> in words.
BECAUSE: Final[Mapping[str, str]] = {
    "past_due": mark("The day by which the answer was due has passed."),
    "no_due_day": mark("The lead looked and found no answer."),
    "not_published": mark("The report is there, and its text is not public."),
}


@dataclass(frozen=True, slots=True)
class Summary:
    """How many there are, ``more`` where that is not all, and since when the oldest is so."""

    count: int
    more: bool
    oldest: date | None


class _SilenceQuery(Strict):
    """Of which process, of which kind, and where the page begins."""

    process = Id("process", sought=True)
    kind = Code(SILENT)
    after = Text(2_000)


class _StaleQuery(_SilenceQuery):
    kind = Code(STALE)


def sum_up_silence(desk: Visit) -> Summary:
    return _sum_up(desk, "silent", SILENT, _list_silences)


def sum_up_stale(desk: Visit) -> Summary:
    return _sum_up(desk, "stale", STALE, _list_stale)


@view("/silence", permission="record.read", query=_SilenceQuery)
def show_silence(desk: Visit) -> Shown:
    items, shown = _read_page(desk, "silent", SILENT)
    rows = sorted((row for one in items for row in _list_silences(desk, one)), key=lambda row: row["since"])
    counted = Counter(who for row in rows for who in row["who"])
    return {
        **shown,
        "title": desk.language.say("Who has not answered"),
        "rows": rows,
        "counted": counted.most_common(),
        "because": BECAUSE,
    }


@view("/stale", permission="record.read", query=_StaleQuery)
def show_stale(desk: Visit) -> Shown:
    items, shown = _read_page(desk, "stale", STALE)
    rows = sorted((row for one in items for row in _list_stale(desk, one)), key=lambda row: row["since"])
    return {**shown, "title": desk.language.say("What nobody has verified for too long"), "rows": rows}


def _read_page(desk: Visit, fact: str, kinds: tuple[str, ...]) -> tuple[list[Document], Shown]:
    """The things of one kind of which a fact is so, the first kind that has some; and what both screens show."""
    asked = {fact: "true"} | {name: desk.query[name] for name in ("process",) if name in desk.query}
    wanted = (desk.query["kind"],) if "kind" in desk.query else kinds
    place = read_public_place(desk)
    pages = ((one, *list_public(desk, one, asked, place, PAGE)) for one in wanted)
    kind, items, last = next((page for page in pages if page[1]), (wanted[0], [], None))
    known = [one for one in items if desk.by.works_on(one["process"]["id"])]
    return known, {
        "kind": kind,
        "kinds": [(one, MANY[one], desk.link_here(kind=one, after=None)) for one in kinds],
        "next_page": None if last is None else desk.link_here(kind=kind, after=desk.sign_place(last)),
    }


def _sum_up(desk: Visit, fact: str, kinds: tuple[str, ...], list_rows: Any) -> Summary:
    """Of each kind the first things are looked at, of each process that the reader works on."""
    limits = [{}] if desk.by.processes is None else [{"process": one} for one in sorted(desk.by.processes)]
    days: list[date] = []
    more = False
    for kind in kinds:
        for limit in limits:
            items, last = list_public(desk, kind, {fact: "true"} | limit, None, PAGE)
            more = more or last is not None
            days += [date.fromisoformat(row["since"]) for one in items for row in list_rows(desk, one)]
    return Summary(len(days), more, min(days, default=None))


def _list_silences(desk: Visit, document: Document) -> Iterator[Shown]:
    """Of a thing each silence: who has not answered, why that is one, and since when."""
    for silence in document["silence"]:
        yield {
            **_name(desk, document),
            "since": silence["since"],
            "because": silence.get("because", "not_published"),
            "who": [who["name"] for who in silence.get("addressees", ()) if who["name"]],
            "letters": [
                (who["name"], desk.link(f"/things/{document['id']}/letter", addressee=who["id"]))
                for who in silence.get("addressees", ())
                if who["name"]
            ],
            "report": (silence.get("report") or {}).get("name"),
        }


def _list_stale(desk: Visit, document: Document) -> Iterator[Shown]:
    """Of a thing each answer of the lead that nobody has verified for too long, and where one looks again."""
    for answer in document["standing"]:
        for row in answer.get("by_addressee") or [answer["lead"]]:
            if row["stale"]:
                addressee = row.get("addressee") or {}
                yield {
                    **_name(desk, document),
                    "track": answer["track"],
                    "state": row["state"],
                    "since": row["verified_on"],
                    "who": addressee.get("name"),
                    "again": desk.link(
                        f"/subjects/{document['id']}/propose",
                        track=answer["track"],
                        state=row["state"],
                        addressee=addressee.get("id"),
                    ),
                }


def _name(desk: Visit, document: Document) -> Shown:
    return {
        "name": document.get("title") or document["name"],
        "short": document.get("reference"),
        "process": document["process"]["name"],
        "href": desk.link(f"/things/{document['id']}"),
    }
