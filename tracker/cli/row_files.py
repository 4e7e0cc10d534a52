"""Files of rows: lines of JSON, a list in JSON, and what `tracker export` wrote. Tables: `tracker.cli.table_files`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from tracker.actions.support.import_kinds import IMPORTS
from tracker.actions.support.import_report import GivenRow
from tracker.actions.support.registry import KINDS
from tracker.domain import strict_json
from tracker.domain.errors import InvalidInput
from tracker.domain.publication import WITHDRAWN
from tracker.schemas.loading import identify_members

_MARK: Final = b"\xef\xbb\xbf"
#: A file is the operator's own: it may hold more than a body that a stranger sends.
_MOST_VALUES: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows, each with the place where it stands in the file, as a person counts.

    ``columns`` names the column that a member was read from, ``unread`` those that nothing was read from; ``notes``
    says what was recognised of the file, ``new_organizations`` what becomes of those that nobody knows.
    """

    rows: list[GivenRow]
    columns: dict[str, str] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    new_organizations: dict[str, str] = field(default_factory=dict)

    def column(self, pointer: str) -> str | None:
        """The column that a pointer into a row leads back to."""
        steps = [step for step in pointer.split("/") if step and not step.isdigit()]
        path = ".".join(steps)
        near = [
            name
            for name in self.columns
            if f"{name}.".startswith(f"{path}.") or f"{path}.".startswith(f"{name}.")
        ]
        return self.columns[near[0]] if path and near else None


def read_list(raw: bytes, kind: str) -> Rows:
    """A JSON list of rows."""
    value = strict_json.parse_json(raw.removeprefix(_MARK), "the file", _MOST_VALUES)
    if not isinstance(value, list):
        raise InvalidInput("the file must hold a JSON list of rows")
    return Rows([GivenRow(kind, row, f"row {number}") for number, row in enumerate(value, 1)])


def read_lines(raw: bytes, kind: str) -> Rows:
    """One JSON object on each line."""
    return Rows([GivenRow(kind, row, f"line {number}") for number, row in _split_lines(raw)])


def _split_lines(raw: bytes) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(raw.removeprefix(_MARK).split(b"\n"), 1):
        if line.strip():
            yield number, strict_json.parse_json(line, f"line {number}")


def read_export(raw: bytes) -> Rows:
    """What an import takes of an export: things under their names, each after those that it names.

    The mandates of a committee are rows behind it. Left behind are what another tracker gives itself (ids, versions,
    instants, publication), what is done in acts of its own (extensions, analyses, status changes), and what has been
    withdrawn.
    """
    found = list(_split_lines(raw))
    end = found[-1][1] if found else None
    if not isinstance(end, dict) or end.get("kind") != "end" or end.get("count") != len(found) - 1:
        raise InvalidInput(
            "this is no whole export: its last line does not count the others; name a --kind, or export again"
        )
    things = [(number, line) for number, line in found[:-1] if line.get("kind") in KINDS]
    names = {line["id"]: line.get("slug") or line.get("reference") for _number, line in things}
    kept = [(number, line) for number, line in things if line.get("publication") != WITHDRAWN]
    order = [one for kind in KINDS for one in _named_first([one for one in kept if one[1]["kind"] == kind])]
    return Rows([row for number, line in order for row in _make_rows(line, names, f"line {number}")])


def _make_rows(line: dict[str, Any], names: dict[str, str | None], place: str) -> Iterator[GivenRow]:
    row = _require_rows(line, names)
    yield GivenRow(line["kind"], row, place)
    shape = IMPORTS["mandate"].given()
    for mandate in line.get("mandates", ()):
        said = {name: mandate[name] for name in shape.fields if mandate.get(name) is not None}
        named = {"process": row["process"], "committee": row["reference"]}
        yield GivenRow("mandate", {**said, **named}, place)


def _require_rows(line: dict[str, Any], names: dict[str, str | None]) -> dict[str, Any]:
    shape = KINDS[line["kind"]].given()
    row = {name: line[name] for name in shape.fields if line.get(name) is not None}
    given, _unknown = identify_members(shape, row, lambda id, _kinds, _member: names.get(id) or id)
    return dict(given)


def _list_earlier(line: dict[str, Any]) -> set[Any]:
    """What has to be there before a thing."""
    return {
        *(line.get(name) for name in ("part_of", "parent")),
        *(line.get("successor_of") or ()),
        *(one["organization"] for one in line.get("member_of") or ()),
        *(line.get("repeats") or ()),
    }


def _named_first(things: Iterable[tuple[int, dict[str, Any]]]) -> list[tuple[int, dict[str, Any]]]:
    """A whole before its parts. What names each other in a circle is left as it stands: the act will say so."""
    waiting, order = list(things), []
    while waiting:
        there = {line["id"] for _number, line in waiting}
        ready = [one for one in waiting if not _list_earlier(one[1]) & there] or waiting
        order += ready
        waiting = [one for one in waiting if one not in ready]
    return order
