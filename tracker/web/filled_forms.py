"""A form with what stands in it: each field as a template shows it, and what is wrong with it beside it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, Final

from marshmallow import fields

from tracker.domain.errors import FieldError, Refusal, limited
from tracker.schemas.fields import Code
from tracker.schemas.list_fields import Several
from tracker.web.forms import BOUND, FILE, FILE_POINTER, Field, Form, Typed, find_member, is_day, list_places

#: A field of a row of a list, and the number of the row.
_ROW: Final = re.compile(r"[a-z_/]+?/([0-9]{1,4})/", re.ASCII)
#: A value that may be chosen, and what it is called.
Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Input:
    """One field as a template shows it."""

    place: str
    about: Field
    kind: str
    typed: Sequence[str]
    choices: Sequence[Choice]
    required: bool
    longest: int | None
    faults: Sequence[str]
    is_day: bool

    @property
    def id(self) -> str:
        return "field-" + self.place.replace("/", "-")

    @property
    def value(self) -> str:
        return self.typed[0] if self.typed else ""

    @property
    def is_untouched(self) -> bool:
        return not any(self.typed) and not self.faults

    @property
    def written(self) -> list[str]:
        """What stands in it; an empty field and one that was not sent are the same."""
        return [one for one in self.typed if one]

    @property
    def called(self) -> list[str]:
        """What the chosen codes are called, where they belong to no vocabulary."""
        words = dict(self.choices)
        return [words.get(code, code) for code in self.typed]


@dataclass(slots=True)
class FilledForm:
    """A form with what stands in it, and why it was refused. ``own`` are the fields of the form itself; ``theirs`` is
    what somebody else has written meanwhile, where that is why. ``tries``: it can be tried before it is sent.
    What is ``needed`` here never stands behind a step, which may be ``opened``."""

    form: Form
    typed: Typed
    refusal: Refusal | None = None
    choices: Mapping[str, Sequence[Choice]] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)
    theirs: Typed | None = None
    tries: bool = False
    needed: Collection[str] = ()
    opened: bool = False

    @property
    def bound(self) -> list[tuple[str, str]]:
        """The hidden fields that say what the screen shows."""
        names = [name for name in self.form.shown if self.form.kind_of(name) == BOUND]
        places = [place for name in names for place in list_places(name, self.typed) if place in self.typed]
        return [(place, self.typed[place][0]) for place in places]

    @property
    def rows(self) -> list[list[Input]]:
        """The fields, in rows: a field by itself, or those of one entry of a list."""
        inputs: list[list[Input]] = []
        for head, names in groupby(
            [name for name in self.form.shown if self.form.kind_of(name) != BOUND],
            key=lambda name: name.partition("/*/")[0] if "/*/" in name else "",
        ):
            members = list(names)
            if not head:
                inputs += [[self._input(name, name)] for name in members]
                continue
            for row in range(self._count_rows(head)):
                inputs.append([self._input(name, name.replace("*", str(row))) for name in members])
        return inputs

    @property
    def parted_rows(self) -> tuple[list[list[Input]], list[list[Input]]]:
        """The same in two: what is to be seen at once, and what stands behind a step, because it may be left out, is
        empty, and nothing is wrong with it."""
        rows = self.rows
        rest = [row for row in rows if self._is_spare(row) or self._may_wait(row)]
        return [row for row in rows if row not in rest], rest

    def _may_wait(self, row: Sequence[Input]) -> bool:
        return all(one.about.rest and one.is_untouched and one.about.name not in self.needed for one in row)

    def _is_spare(self, row: Sequence[Input]) -> bool:
        """Whether it is one row more of a list that has some."""
        number = _ROW.match(row[0].place)
        return number is not None and number[1] != "0" and all(one.is_untouched for one in row)

    @property
    def inputs(self) -> list[Input]:
        return [one for row in self.rows for one in row]

    @property
    def faults(self) -> list[tuple[str, Field | None, str, str]]:
        """What is wrong: the field it stands in, or none, the place that it names, and what would be right."""
        known = {one.place: one for one in self.inputs}
        listed: list[tuple[str, Field | None, str, str]] = []
        for fault in self._list_faults():
            if self.form.file is not None and fault.pointer == FILE_POINTER:
                listed.append(("field-file", self.form.file, FILE, fault.detail))
                continue
            at = _nearest(fault.pointer, known)
            id, about = (known[at].id, known[at].about) if at else ("", None)
            listed.append((id, about, fault.pointer.lstrip("/"), fault.detail))
        return listed

    @property
    def file_faults(self) -> list[str]:
        """What is wrong with the files that were chosen."""
        return [one.detail for one in self._list_faults() if one.pointer == FILE_POINTER]

    def _list_faults(self) -> list[FieldError]:
        return [] if self.refusal is None else limited(self.refusal.fields)

    @property
    def differences(self) -> list[tuple[Input, Input]]:
        """The fields in which somebody else wrote something other meanwhile: what is typed here, and what is there."""
        if self.theirs is None:
            return []
        pairs = [
            (one, replace(one, typed=self.theirs.get(one.place, ())))
            for one in self.inputs
            if one.kind != "password"
        ]
        return [(mine, other) for mine, other in pairs if mine.written != other.written]

    def _count_rows(self, head: str) -> int:
        rows, member = self.form.count_rows(head, self.typed), find_member(self.form.shape, head)
        return min(rows + 1, member.most if isinstance(member, Several) else rows + 1)

    def _input(self, name: str, place: str) -> Input:
        about, member = self.form.shown[name], self.form.members[name]
        faults = self._list_faults()
        return Input(
            place,
            about,
            self._kind(name),
            self.typed.get(place, ()),
            self.choices.get(name) or _list_codes(member),
            (bool(member.required) or name in self.form.needs) and "/*/" not in name,
            getattr(member, "longest", None),
            [one.detail for one in faults if one.pointer.lstrip("/") == place],
            is_day(member),
        )

    def _kind(self, name: str) -> str:
        kind = self.form.kind_of(name)
        return "select" if kind == "text" and name in self.choices else kind


def _list_codes(member: fields.Field[Any]) -> list[Choice]:
    of = member.inner if isinstance(member, Several) else member
    if not isinstance(of, Code):
        return []
    return [(code, code) for check in of.validators for code in getattr(check, "choices", ())]


def _nearest(pointer: str, known: Mapping[str, Input]) -> str:
    """The field that a pointer names, or that holds what it names."""
    steps = pointer.lstrip("/").split("/")
    for length in range(len(steps), 0, -1):
        if (place := "/".join(steps[:length])) in known:
            return place
    return next((place for place in known if place.startswith(pointer.lstrip("/") + "/") and pointer), "")
