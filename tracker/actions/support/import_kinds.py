"""What can be imported: one registry of kinds of row. A new one is a line here, made by the module that takes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from tracker.actions.support import import_changes, import_parts, import_things
from tracker.actions.support.import_lines import Line
from tracker.actions.support.import_report import GivenRow
from tracker.actions.support.registry import KINDS
from tracker.domain.errors import InvalidInput
from tracker.domain.sentences import sentence

#: Each kind after those that it may name.
IMPORTS: Final[Mapping[str, Line]] = {
    **{kind: import_things.make_line(kind) for kind in KINDS},
    **import_parts.LINES,
    import_changes.CHANGE: import_changes.LINE,
}


def index_rows(rows: Iterable[GivenRow]) -> dict[tuple[str, str], int]:
    """By the kind and the name of what rows make, the place of the last that is called so."""
    places = {}
    for place, given in enumerate(rows):
        line = IMPORTS[given.kind]
        name = line.name_row(given.value) if line.makes else None
        if name is not None:
            places[line.makes, name] = place
    return places


def refuse_later_row(
    rows: Sequence[GivenRow], last: Mapping[tuple[str, str], int], here: int, names: Iterable[tuple[str, str]]
) -> None:
    """`InvalidInput` where what the row ``here`` names is recorded by itself, or by a row after it."""
    places = [last[name] for name in names if name in last]
    if here in places:
        raise InvalidInput(sentence("names the thing that this row records itself; leave it out"))
    if places and places[0] > here:
        row = rows[places[0]].place
        raise InvalidInput(
            sentence("%(row)s, which records it, stands after this one; a row names rows before it", row=row)
        )
