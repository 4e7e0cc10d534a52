"""How a row of an import is taken: what a kind of row is, and what an import on its way offers to it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from marshmallow import Schema

from tracker.actions.support.import_report import GivenRow, Outcome
from tracker.actions.support.import_updates import Options
from tracker.actions.support.unit import Unit
from tracker.domain.errors import FieldError, InvalidInput, Refusal
from tracker.domain.sentences import sentence
from tracker.domain.text import make_reference
from tracker.schemas.sent_values import add_sent_value

Data = Mapping[str, Any]
#: By what rows know each other: the kind, the process, and the name.
Key = tuple[str, str | None, str]
#: What an edit takes that an import says of all its rows.
_OF_ALL: Final = ("/reason", "/revision", "/since")


class Run(Protocol):
    """An import on its way, as the kinds of row see it.

    ``made`` is what was made in the unit that is open, with its row; ``there`` are the rows, ``lines`` those that
    answer on one line. ``looks``: nothing may be written; `NeedsTurn` says what a row seems to become.
    """

    rows: Sequence[GivenRow]
    options: Options
    made: dict[str, int]
    there: dict[int, None]
    lines: dict[Key, list[int]]
    looks: bool

    @property
    def unit(self) -> Unit: ...

    def find_shape(self, shape: type[Schema]) -> Schema:
        """A shape, made once."""

    def require_once(self, place: int, key: Key) -> None:
        """Refuse a row that says what an earlier row says."""

    def make_key(self, kind: str, process: str | None, name: str) -> Key:
        """By what a row is known to other rows."""

    def name_stably(self, id: str) -> str:
        """An id, or the row that makes the thing here: that has another id each time it is tried."""

    def make(self, kind: str, data: Data, place: int) -> str:
        """Make what a row says, by the act of its kind. Returns its id."""

    def is_refused(self, place: int) -> bool:
        """Whether an earlier row is refused."""

    def make_earlier(self, place: int) -> str | None:
        """Make what an earlier row would have made: it was undone with the part in which it was tried."""


@dataclass(frozen=True, slots=True)
class Line:
    """A kind of row: its shape, the permission it takes, by which members it is called in a report, and what becomes
    of one. ``makes`` is the kind of thing that other rows may name by it, ``make`` the act of a row that is one thing;
    ``same`` says of two rows that they say the same."""

    given: type[Schema]
    permission: str
    called: tuple[str, ...]
    take: Callable[[Run, int, Data], Outcome]
    makes: str = ""
    make: Callable[[Unit, Data], Any] | None = None
    same: str = "says the same"

    @property
    def members(self) -> Collection[str]:
        """The members that may be given."""
        return self.given._declared_fields.keys()

    def give_reference(self, value: Any) -> Any:
        """A row with the reference that is made from its printed number. A reference that is none is such a number."""
        if not isinstance(value, dict) or "printed_number" not in self.members:
            return value
        reference, printed = value.get("reference"), value.get("printed_number")
        number = printed if reference is None else reference
        if not isinstance(number, str) or (made := make_reference(number)) in (None, reference):
            return value
        return {**value, "reference": made, "printed_number": number if printed is None else printed}

    def name_row(self, value: Any) -> str | None:
        """What a row is called in a report."""
        value = self.give_reference(value)
        if not isinstance(value, dict):
            return None
        if len(self.called) > 1:
            return " ".join(str(value.get(name) or "?") for name in self.called)
        name = value.get(self.called[0])
        return name if isinstance(name, str) else None

    def complete_faults(self, refusal: Refusal, shape: Schema, value: Any) -> None:
        """Say what the row gives. Point at no member of it where what is wrong is said of all rows: why what is public
        is revised."""
        refusal.fields = tuple(
            FieldError(
                "",
                sentence(
                    "%(detail)s (`%(pointer)s` of the import)", detail=one.detail, pointer=one.pointer[1:]
                ),
            )
            if one.pointer in _OF_ALL and one.pointer[1:] not in self.members
            else add_sent_value(one, shape, value)
            for one in refusal.fields
        )

    def refuse_repetition(self, before: GivenRow, given: GivenRow, name: str) -> InvalidInput:
        """The refusal of a row that says what an earlier one says. Where two printed numbers make one reference, it
        says how to keep them apart."""
        numbers = [_find_number(row.value) for row in (before, given)]
        numbered = isinstance(given.value, dict) and self.name not in given.value and numbers[1] is not None
        pointer = f"/{'printed_number' if numbered else self.name}"
        if numbers[0] == numbers[1] or self.name != "reference":
            return InvalidInput.at(
                pointer, sentence("%(place)s %(same)s; give each once", place=before.place, same=self.same)
            )
        return InvalidInput.at(
            pointer,
            sentence(
                "its reference is %(name)s, as that of %(numbers)s (%(place)s); give one of the two a"
                " `reference` of its own",
                name=name,
                numbers=repr(numbers[0]),
                place=before.place,
            ),
        )

    @property
    def name(self) -> str:
        """The member by which other rows name what a row makes, and at which a repetition is at fault."""
        return self.called[-1]


def _find_number(value: Any) -> Any:
    """The number of a row as it is printed, which is its reference where it has no other."""
    return value.get("printed_number", value.get("reference")) if isinstance(value, dict) else None
