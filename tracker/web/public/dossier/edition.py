"""What a dossier is made from: a process as of a day, as it was known after a public act, and what it cites.

The log of all public acts gives the moment: after its first ``place`` acts, whose root anybody computes from the log.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from markupsafe import Markup

from tracker.domain.calendars import Calendar
from tracker.domain.errors import InvalidInput
from tracker.languages.i18n import isolate, mark
from tracker.languages.texts import Text, pick_text
from tracker.public import events, feed_state, queries, tables
from tracker.public.names import translate_names
from tracker.web.public.dossier.blocks import Block, Cited, Link, Paragraph, Part
from tracker.web.public.reading import MOST_KNOWN, Document, read_list, read_numbers, read_process
from tracker.web.public.refusals import Mistaken
from tracker.web.public.visit import Visit

#: What a dossier can hold, in the order in which it stands there.
SECTIONS: Final = (
    *("summary", "committee", "deadlines", "reports", "resources", "recommendations", "disagreements"),
    *("silence", "changes", "method"),
)
#: How many items of evidence are numbered.
MOST_CITED: Final = 500
_SEMICOLON: Final = Markup("; ")
_PLACE: Final = re.compile(r"[1-9][0-9]{0,14}", re.ASCII)


@dataclass(slots=True)
class Edition:
    """One dossier while it is put together. ``numbers`` is the scoreboard; ``cited`` the evidence by its id, with its
    number."""

    visit: Visit
    process: Document
    numbers: Mapping[str, Any]
    day: date
    place: int
    root: bytes
    chosen: Sequence[str]
    cited: dict[str, int] = field(default_factory=dict)

    @property
    def since(self) -> date | None:
        return date.fromisoformat(self.visit.query["since"]) if "since" in self.visit.query else None

    @property
    def address(self) -> str:
        """The whole address that makes this again."""
        whole = {} if tuple(self.chosen) == SECTIONS else {"sections": ",".join(self.chosen)}
        since = {} if self.since is None else {"since": self.since.isoformat()}
        then = {"as_of": self.day.isoformat(), "checkpoint": str(self.place), **since, **whole}
        return self.visit.base + replace(self.visit, query={}).link_here(**then)

    @property
    def root_text(self) -> str:
        return b64encode(self.root).decode()

    @property
    def large(self) -> bool:
        """Whether the process has more than can be told as it was known at an earlier moment."""
        counted = ("recommendations", "committees", "deadlines", "reports", "indicators")
        return sum(int(self.numbers[kind]["total"]) for kind in counted) > MOST_KNOWN

    def list_things(self, kind: str, *filed: tuple[str, str], most: int) -> list[Document]:
        """The first documents of a kind in the process that are filed under all of this, with their histories."""
        briefs = read_list(self.visit, kind, *filed, ("process", self.process["id"]), most=most)
        return self.read_things([one["id"] for one in briefs])

    def read_things(self, things: list[str]) -> list[Document]:
        """The documents of these things with their histories, in this order."""
        visit = self.visit
        known = queries.read_documents(visit.connection, things, visit.now, visit.as_of, visit.known_at)
        translate_names(visit.connection, known, visit.language.code, visit.known_at)
        return [known[thing] for thing in things if thing in known]

    def call(self, named: Mapping[str, Any] | None) -> Markup:
        """What somebody or something is called in a sentence."""
        if named is None or not named["name"]:
            return self.visit.language.say("somebody who is not public")
        return isolate(named["name"])

    def link(self, page: str, text: Markup, **parts: str) -> Link:
        """A link to a page of the process."""
        return Link(self.visit.base + self.visit.link(page, process=self.process["slug"], **parts), text)

    def pick(self, document: Document, member: str) -> Text:
        return pick_text(document, member, self.visit.language.code)

    def cite(self, citations: Sequence[Mapping[str, Any]]) -> Iterator[Block]:
        """What an answer cites, as numbers of the list of evidence."""
        language = self.visit.language
        line: list[Part] = []
        for citation in citations:
            line += [
                _SEMICOLON if line else Markup(""),
                Markup("{}: ").format(language.label("stance", citation["stance"])),
            ]
            line.append(self._number(citation["evidence"]))
            if citation["locator"]:
                line.append(Markup(" ({})").format(isolate(citation["locator"])))
        if line:
            yield Paragraph(line)

    def _number(self, item: Mapping[str, Any] | None) -> Part:
        if item is None or not item["name"]:
            return self.visit.language.say("evidence that is not public")
        if item["id"] not in self.cited and len(self.cited) >= MOST_CITED:
            return self.link("evidence", isolate(item["name"]), id=item["id"])
        return Cited(self.cited.setdefault(item["id"], len(self.cited) + 1))


def open_edition(visit: Visit, slug: str) -> Edition:
    """The dossier that an address asks for. `Mistaken` names what in it cannot be; `Missing`, or `Withdrawn`."""
    chosen = _read_sections(visit)
    place, known_at = _read_place(visit)
    process = read_process(replace(visit, known_at=known_at), slug)
    if known_at is not None and feed_state.stands_since(visit.connection, process["id"], known_at):
        asked_at, known_at = known_at, None
    else:
        asked_at = known_at or visit.now
    day = visit.as_of or Calendar.from_json(process["calendar"]).today(asked_at)
    query = (
        {**visit.query, "as_of": day.isoformat()}
        if visit.query.keys() & {"as_of", "checkpoint"}
        else visit.query
    )
    then = replace(visit.in_country(process["country"]), known_at=known_at, query=query)
    root = tables.log.root(visit.connection, place)
    return Edition(then, process, _read_numbers(then, process), day, place, root, chosen)


def _read_sections(visit: Visit) -> tuple[str, ...]:
    """The sections that are asked for, in their order; all where none is named."""
    named = visit.query.get("sections")
    asked = set(SECTIONS if named is None else named.split(","))
    if unknown := sorted(asked.difference(SECTIONS)):
        raise Mistaken.value("sections", unknown[0])
    return tuple(one for one in SECTIONS if one in asked)


def _read_place(visit: Visit) -> tuple[int, datetime | None]:
    """The place of the last public act that is told of, and its moment where an address asks for it."""
    given, last = visit.query.get("checkpoint"), events.find_last_place(visit.connection)
    if given is None:
        return last, None
    if _PLACE.fullmatch(given) is None or int(given) > last:
        raise Mistaken.value("checkpoint", given)
    return int(given), events.read_moment(visit.connection, int(given))


def _read_numbers(visit: Visit, process: Document) -> Mapping[str, Any]:
    try:
        return read_numbers(visit, process)
    except InvalidInput as error:
        raise Mistaken(
            mark(
                "More than %(most)s things are counted in this process, so it is not told as it was known after"
                " an earlier public act. Leave out “checkpoint”, or use the file that was made then."
            ),
            most=str(MOST_KNOWN),
        ) from error
