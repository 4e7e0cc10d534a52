"""What `tracker export` wrote, as rows for another tracker.

Things come under their names, each after those that it names, and then the approved status changes, in the order in
which they were decided. A date that took the place of another is a row of its own, with the status change that put it
off; the mandates of a committee are rows behind it. What was a draft stays one.

What has no reference is called by its id there, so that it is met again. Left behind are what another tracker gives
itself (ids, versions, instants), what nobody had decided, what was withdrawn, watchdogs that were suspended, and what
desk and watchdogs asked each other. A history comes as it was corrected. Replies are left: they name a status change
that has another id here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from tracker.actions.support.import_changes import CHANGE
from tracker.actions.support.import_kinds import IMPORTS
from tracker.actions.support.import_report import GivenRow
from tracker.actions.support.registry import KINDS
from tracker.domain import ids
from tracker.domain.deadlines import REPLACED
from tracker.domain.errors import InvalidInput
from tracker.domain.publication import PUBLISHED, WITHDRAWN
from tracker.domain.watchdogs import REGISTRATIONS
from tracker.schemas.loading import identify_members
from tracker.tables.row_files import Rows, split_lines

Line = dict[str, Any]
Numbered = tuple[int, Line]

#: The kinds of line in the order of the rows: figures and dates name evidence, which names nothing that comes later.
_FIRST: Final = ("organization", "watchdog", "process", "evidence")
_ORDER: Final = (*_FIRST, *(kind for kind in KINDS if kind not in _FIRST))
REGISTERED: Final = REGISTRATIONS[0]
#: The members by which a thing names others of its kind.
_OTHERS: Final = (
    *("part_of", "parent", "replaces", "starts_with", "successor_of", "member_of", "repeats"),
    "derived_from",
)


def read_export(raw: bytes) -> Rows:
    """The rows of an export; `InvalidInput` where it was cut off."""
    lines = list(split_lines(raw))
    end = lines[-1][1] if lines else None
    if not isinstance(end, dict) or end.get("kind") != "end" or end.get("count") != len(lines) - 1:
        raise InvalidInput(
            "this is no whole export: its last line does not count the others; name a --kind, or export again"
        )
    return _Export([(number, line) for number, line in lines[:-1] if isinstance(line, dict)]).read_rows()


class _Export:
    def __init__(self, lines: list[Numbered]) -> None:
        self.by_kind: dict[str, list[Numbered]] = {kind: [] for kind in (*_ORDER, CHANGE)}
        for number, line in lines:
            gone = line.get("publication") == WITHDRAWN or line.get("standing", REGISTERED) != REGISTERED
            if line.get("kind") in self.by_kind and not gone:
                self.by_kind[line["kind"]].append((number, line))
        named = [line for kind in KINDS for _number, line in self.by_kind[kind]]
        for line in named:
            if "slug" not in line and not line.get("reference"):
                line["reference"] = line["id"].replace("_", "-")  # an id is the other tracker's
        self.names = {line["id"]: line.get("slug") or line["reference"] for line in named}
        self.changes = sorted(self.by_kind[CHANGE], key=_find_moment)
        self.extensions = {
            line["subject"]: line
            for _number, line in self.changes
            if line.get("decision") == "approved" and line.get("to") in REPLACED
        }
        self.replaced = {line.get("replaces") for _number, line in self.by_kind["deadline"]}
        self.standing = list(self._list_standing())
        self.told: set[str] = set()

    def read_rows(self) -> Rows:
        rows = [
            row
            for kind in _ORDER
            for number, line in _list_named_first(self.by_kind[kind])
            for row in self._make_rows(line, f"line {number}")
        ]
        self.told |= {self.extensions[one]["id"] for one in self.replaced if one in self.extensions}
        rows += self._make_changes()
        left = len(self.changes) - len(self.told)
        note = f"{left} status changes are left: replies, what was corrected, and what is not decided"
        return Rows(rows, notes=[note] if left else [])

    def _make_rows(self, line: Line, place: str) -> Iterator[GivenRow]:
        closes = self.extensions.get(line.get("replaces"))
        if closes is not None:
            yield from self._make_changes(line["replaces"], before=closes["id"])
            mandate_row = {
                **line,
                "deadline": line["replaces"],
                "reason": closes["reason"],
                "citations": closes["citations"],
            }
            yield GivenRow("extension", self._name("extension", mandate_row), place, may_wait=True)
            return
        draft = "publication" in line and line["publication"] != PUBLISHED
        row = self._name(line["kind"], line)
        yield GivenRow(line["kind"], row, place, may_wait=True, stays_draft=draft)
        for mandate in line.get("mandates", ()):
            mandate_row = self._name(
                "mandate", {**mandate, "process": line["process"], "committee": line["id"]}
            )
            yield GivenRow("mandate", mandate_row, place, may_wait=True)

    def _make_changes(self, subject: str | None = None, before: str | None = None) -> Iterator[GivenRow]:
        """The changes that are not told yet: all, or those on a subject before one of them."""
        for number, line in self.standing:
            if line["id"] == before:
                return
            if subject in (None, line["subject"]) and line["id"] not in self.told:
                self.told.add(line["id"])
                yield self._make_change(line, f"line {number}")

    def _list_standing(self) -> Iterator[Numbered]:
        """The approved changes, as they were corrected. What a correction takes back to what stood before is none."""
        approved = [one for one in self.changes if one[1].get("decision") == "approved"]
        corrected = {line.get("corrects") for _number, line in approved}
        for number, line in approved:
            back = line.get("corrects") is not None and line.get("from") == line.get("to")
            if line.get("act") != "reply" and line["id"] not in corrected and not back:
                yield number, line

    def _make_change(self, line: Line, place: str) -> GivenRow:
        row = {
            **line,
            "state": line["to"],
            "subject_kind": ids.kind_of(line["subject"]),
            "confirms": line["act"] == "confirmation" or None,
            "corrects": None,
        }
        return GivenRow(CHANGE, self._name(CHANGE, row), place, may_wait=True)

    def _name(self, kind: str, line: Mapping[str, Any]) -> Line:
        """What a row of this kind takes of a line, with names in place of ids."""
        shape = IMPORTS[kind].given()
        row = {name: line[name] for name in shape.fields if line.get(name) is not None}
        given, _unknown = identify_members(shape, row, lambda id, _kinds, _member: self.names.get(id) or id)
        return dict(given)


def _find_moment(numbered: Numbered) -> tuple[str, str, int]:
    number, line = numbered
    return line.get("decided_at") or "", line.get("effective_on") or "", number


def _list_others(line: Line) -> set[Any]:
    """What has to be there before a thing."""
    names = (line.get(name) for name in _OTHERS)
    others = {
        one
        for value in names
        for one in (value if isinstance(value, list) else [value])
        if not isinstance(one, dict)
    }
    return others | {one["organization"] for one in line.get("member_of") or ()}


def _list_named_first(things: Iterable[Numbered]) -> list[Numbered]:
    """A whole before its parts. What names each other in a circle is left as it stands: the act will say so."""
    waiting, order = list(things), []
    while waiting:
        there = {line.get("id") for _number, line in waiting}
        ready = [one for one in waiting if not _list_others(one[1]) & there] or waiting
        order += ready
        done = {number for number, _line in ready}
        waiting = [one for one in waiting if one[0] not in done]
    return order
