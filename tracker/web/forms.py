"""Forms: the shape of an act as people fill it in, and what is wrong with it beside the field that is wrong.

A form names the members of a marshmallow shape, the same that REST reads. What kind of field a member has follows from
the shape. `figures/*/amount` is a member of each entry of a list: as many rows as there are, and an empty one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from marshmallow import Schema, fields, missing

from tracker.domain.text import read_digits, strip_word, to_ascii_digits
from tracker.schemas.amounts import Amount
from tracker.schemas.day_fields import Day, Moment, PartialDay
from tracker.schemas.fields import Code, Text, Truth, Whole
from tracker.schemas.list_fields import Several, Table
from tracker.schemas.loading import Find, load_named_members, load_value

#: How the fields of the form itself begin, which no act reads.
OWN: Final = "."
#: Whose form it is; what makes it acted on once; the version that it was made from; the kept form that it began with.
TOKEN, ONCE, VERSION, KEPT = ".token", ".once", ".version", ".kept"
#: Of a kept form: the parameters of the page on which it was typed.
ASKED: Final = ".asked"
#: The versions of the things that a decision is about, as they were shown.
VERSIONS: Final = ".versions"
#: Buttons that send a form without acting: for one row more of each list, to go on with it later, to see what follows;
#: and one that acts, and opens what waits next.
MORE, KEEP, TRY, NEXT = ".more", ".keep", ".try", ".next"
#: The field for files, which stands behind all others.
FILE, FILE_POINTER = ".file", "/.file"
#: The kind of a hidden field that always says what the screen shows, whatever was sent.
BOUND: Final = "bound"
#: An hour as a browser sends it: its form says that it is read in UTC.
_LOCAL: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:00)?", re.ASCII)
#: What is read in the digits of any script: a keyboard for Arabic has its own.
_IN_DIGITS: Final = (Amount, Day, PartialDay, Whole)
_PLACE: Final = re.compile(r"[0-9]{1,4}", re.ASCII)
_ROW: Final = re.compile(r"(?P<head>[a-z_/]+?)/(?P<row>[0-9]{1,4})/(?P<tail>.+)", re.ASCII)
#: What was typed: the names of fields, each with what stands in it; a box that takes several has several.
Typed = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Field:
    """A member of the shape as people see it: ``label`` and ``hint`` are ids of texts, ``vocabulary`` names the codes
    whose labels are shown, and ``kind`` the sort of field where it does not follow from the shape. ``suggests`` names
    a list of names that may be typed, and ``group`` is the id of the text above an entry of a list. A field of the
    ``rest`` stands behind a step where it is empty and nothing is wrong with it."""

    name: str
    label: str
    hint: str = ""
    vocabulary: str = ""
    kind: str = ""
    autocomplete: str = ""
    suggests: str = ""
    group: str = ""
    rest: bool = False


class Form:
    """A declared form. ``edits``: what is emptied is taken away, and not left as it is; the members in ``needs`` cannot
    be. ``file`` is its field for files, where it has one."""

    def __init__(
        self,
        shape: type[Schema],
        *shown: Field,
        button: str,
        edits: bool = False,
        needs: Collection[str] = (),
        file: Field | None = None,
    ) -> None:
        self.shape, self.button, self.edits, self.needs = shape(), button, edits, frozenset(needs)
        self.file = file
        self.shown = {one.name: one for one in shown}
        self.members = {name: find_member(self.shape, name) for name in self.shown}
        #: The lists whose entries have fields.
        self.lists = dict.fromkeys(name.partition("/*/")[0] for name in self.shown if "/*/" in name)

    @property
    def is_long(self) -> bool:
        """Whether somebody may want to go on with it later."""
        return any(self.kind_of(name) == "textarea" for name in self.shown)

    @property
    def is_listed(self) -> bool:
        """Whether it has rows, of which somebody may want one more."""
        return any("/*/" in name for name in self.shown if self.kind_of(name) != BOUND)

    def is_secret(self, place: str) -> bool:
        """Whether a field holds what is kept nowhere: a password, or whose form it is."""
        name = _star(place)
        return place == TOKEN or (name in self.shown and self.kind_of(name) == "password")

    def kind_of(self, name: str) -> str:
        return self.shown[name].kind or _kind_of(self.members[name])

    def load(self, typed: Typed, find: Find | None = None) -> dict[str, Any]:
        """What was typed as the shape reads it; `InvalidInput` points at what is wrong. Without empty rows: see
        `drop_empty_rows`. ``find`` tells the id of what is named otherwise."""
        read: dict[str, Any] = {}
        for name, member in self.members.items():
            for place in list_places(name, typed):
                value = self._read(name, member, typed.get(place, ()))
                if value is None:
                    value = self._empty(name, member, place, typed)
                if value is not missing:
                    _put(read, place, value)
        for name in self.lists:
            value = self._empty(name, find_member(self.shape, name), name, typed)
            if value is not missing and not self.count_rows(name, typed):
                _put(read, name, value)
        closed = _close_lists(read)
        return (
            load_value(self.shape, closed) if find is None else load_named_members(self.shape, closed, find)
        )

    def drop_empty_rows(self, typed: Typed) -> dict[str, list[str]]:
        """The same with those rows of lists alone that hold something, numbered without a gap."""
        filled = {_split_row(place)[:2] for place, values in typed.items() if any(values)}
        numbers: dict[str, dict[str, int]] = {}
        kept: dict[str, list[str]] = {}
        for place, values in sorted(typed.items(), key=lambda one: _order(one[0])):
            head, row, tail = _split_row(place)
            if not row:
                kept[place] = list(values)
            elif (head, row) in filled:
                known = numbers.setdefault(head, {})
                kept[f"{head}/{known.setdefault(row, len(known))}/{tail}"] = list(values)
        return kept

    def count_rows(self, name: str, typed: Typed) -> int:
        """How many rows a list has in what was typed."""
        rows = (_split_row(place) for place in typed)
        return max((int(row) + 1 for head, row, _tail in rows if head == name), default=0)

    def keep_known(self, typed: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
        """Of what was sent, the fields of this form."""
        known: dict[str, list[str]] = {}
        for place, value in typed:
            if _star(place) in self.shown:
                known.setdefault(place, []).append(value.replace("\r\n", "\n"))
        return known

    def renew_bound(self, typed: Typed, values: Mapping[str, Any]) -> dict[str, list[str]]:
        """What was typed, with what the screen shows now in its bound fields."""
        bound = {name for name in self.shown if self.kind_of(name) == BOUND}
        kept = {place: list(given) for place, given in typed.items() if _star(place) not in bound}
        return kept | {place: given for place, given in self.write(values).items() if _star(place) in bound}

    def write(self, values: Mapping[str, Any]) -> dict[str, list[str]]:
        """Values as they stand in the fields, as REST answers them."""
        typed: dict[str, list[str]] = {}
        for name in self.shown:
            for place, value in _walk(values, name.split("/")):
                if value is not None:
                    typed[place] = [_write(one) for one in (value if isinstance(value, list) else [value])]
                    if self.kind_of(name) == "lines":
                        typed[place] = ["\n".join(typed[place])]
                    elif self.kind_of(name) == "pairs":
                        typed[place] = ["\n".join(f"{key}: {one}" for key, one in value.items())]
        return typed

    def _read(self, name: str, member: fields.Field[Any], given: Sequence[str]) -> Any:
        kind = self.kind_of(name)
        if isinstance(member, Truth):
            return any(given)
        if kind == "checkboxes":
            return list(given) or None
        text = given[0] if given else ""
        if not text.strip():
            return None
        if kind == "lines":
            return [line.strip() for line in text.split("\n") if line.strip()]
        if kind == "pairs":
            pairs = (line.partition(":") for line in text.split("\n") if line.strip())
            return {key.strip(): one.strip() for key, _colon, one in pairs}
        if kind == "datetime-local" and _LOCAL.fullmatch(text.strip()):
            return f"{text.strip()[:16]}:00Z"
        if isinstance(member, _IN_DIGITS):
            text = to_ascii_digits(strip_word(text))
        if isinstance(member, Whole) and (number := read_digits(text)) is not None:
            return number
        return text if kind in ("textarea", "password") else text.strip()

    def _empty(self, name: str, member: fields.Field[Any], place: str, typed: Typed) -> Any:
        """What is read of a field in which nothing stands: in an edit nothing, and no text where there must be one. Of
        rows and boxes a browser sends nothing, where none is left."""
        several = isinstance(member, (Several, Table))
        sent = place in typed or name in self.lists or self.kind_of(name) == "checkboxes"
        if several and (member.required or (self.edits and sent)):
            return [] if isinstance(member, Several) else {}
        if not self.edits or not sent:
            return missing
        return None if member.allow_none else "" if name in self.needs else missing


def read_pairs(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The fields of the form itself."""
    return {name: value for name, value in pairs if name.startswith(OWN)}


def find_member(shape: Schema, name: str) -> fields.Field[Any]:
    """The field of the shape that a path names."""
    member: Any = None
    for step in name.split("/"):
        if step == "*":
            member = member.inner
            continue
        member = (shape if member is None else member.schema).fields[step]
    inner: fields.Field[Any] = member
    return inner


def is_day(member: fields.Field[Any] | None) -> bool:
    """Whether a member is a day, or as much of one as is known."""
    return isinstance(member.inner if isinstance(member, Several) else member, (Day, PartialDay))


def _kind_of(member: fields.Field[Any]) -> str:
    """What sort of field a member has."""
    if member.metadata.get("format") == "password":
        return "password"
    if isinstance(member, Code):
        return "select"
    if isinstance(member, Several):
        return "checkboxes" if isinstance(member.inner, Code) else "lines"
    simple = (
        (Truth, "checkbox"),
        (Day, "date"),
        (Moment, "datetime-local"),
        (Whole, "number"),
        (Table, "pairs"),
    )
    for of, kind in simple:
        if isinstance(member, of):
            return kind
    return "textarea" if isinstance(member, Text) and member.lines else "text"


def _star(place: str) -> str:
    return "/".join("*" if _PLACE.fullmatch(step) else step for step in place.split("/"))


def _split_row(place: str) -> tuple[str, str, str]:
    """A field of a row: the list, the number of the row, the member; another has no row."""
    match = _ROW.fullmatch(place)
    return (match["head"], match["row"], match["tail"]) if match else (place, "", "")


def _order(place: str) -> tuple[str, int]:
    head, row, _tail = _split_row(place)
    return head, int(row or 0)


def list_places(name: str, typed: Typed) -> Iterator[str]:
    """The fields that a name stands for: itself, or one in each row."""
    if "*" not in name:
        yield name
        return
    head, _, tail = name.partition("/*/")
    parts = (_split_row(place) for place in typed)
    rows = sorted({int(row) for above, row, _tail in parts if above == head})
    yield from (f"{head}/{row}/{tail}" for row in rows)


def _put(read: dict[str, Any], place: str, value: Any) -> None:
    *above, last = place.split("/")
    for step in above:
        read = read.setdefault(step, {})
    read[last] = value


def _close_lists(read: Any) -> Any:
    """What was read with lists in place of numbered members."""
    if not isinstance(read, dict):
        return read
    closed = {step: _close_lists(value) for step, value in read.items()}
    return list(closed.values()) if closed and all(_PLACE.fullmatch(step) for step in closed) else closed


def _walk(values: Any, steps: list[str], at: str = "") -> Iterator[tuple[str, Any]]:
    if not steps:
        yield at[1:], values
    elif steps[0] == "*":
        for row, value in enumerate(values or ()):
            yield from _walk(value, steps[1:], f"{at}/{row}")
    elif isinstance(values, Mapping) and steps[0] in values:
        yield from _walk(values[steps[0]], steps[1:], f"{at}/{steps[0]}")


def _write(value: Any) -> str:
    return ("on" if value else "") if isinstance(value, bool) else str(value)
