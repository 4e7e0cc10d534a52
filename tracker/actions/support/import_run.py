"""An import on its way: row by row, what each becomes, and what rows name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from marshmallow import Schema

from tracker.actions.support.import_comparison import list_differences
from tracker.actions.support.import_report import (
    FaultTally,
    GivenRow,
    ImportReport,
    ImportRow,
    MadeOnTheWay,
)
from tracker.actions.support.name_resolution import NameResolver, find_by_name, fold_name
from tracker.actions.support.registry import KINDS, Kind
from tracker.actions.support.unit import Unit, open_part
from tracker.domain import text
from tracker.domain.errors import FieldError, InvalidInput, Refusal, SlugTaken
from tracker.schemas.loading import load_named_members, load_value

#: By what rows know each other: the kind, the process, and the name.
Key = tuple[str, str | None, str]
#: In place of the kind: the name of an organization, which is no short one.
_CALLED: Final = "called"


class _NeedsTurn(Exception):
    """More than a look is needed to say what would become of a row."""


@dataclass(slots=True)
class ImportRun:
    """``process`` is that of rows that name none; ``new_organizations`` says by the member that names it of which type
    an organization becomes that nobody is called.

    ``made`` are the ids of what was made in the unit that is open; ``open`` is by what rows go that were looked at
    there and are still to be tried.
    """

    rows: Sequence[GivenRow]
    process: str | None
    new_organizations: Mapping[str, str] = field(default_factory=dict)
    done: dict[int, ImportRow] = field(default_factory=dict)
    on_the_way: dict[str, MadeOnTheWay] = field(default_factory=dict)
    tally: FaultTally = field(default_factory=FaultTally)
    shapes: dict[type[Schema], Schema] = field(default_factory=dict)
    seen: dict[Key, int] = field(default_factory=dict)
    made: dict[str, int] = field(default_factory=dict)
    open: set[tuple[str, str]] = field(default_factory=set)
    looks: bool = False
    place: int = 0
    unit: Unit = field(init=False)
    names: NameResolver = field(init=False)

    def begin(self, unit: Unit, *, looks: bool = False) -> None:
        """Go on in this unit, which may only be looked at. What was tried in another is not there."""
        self.unit, self.looks = unit, looks
        self._forget()

    def _forget(self) -> None:
        self.made.clear()
        self.open.clear()
        self.names = NameResolver(self.unit.session, self._find_otherwise)

    def report(self, *, dry_run: bool, undone: bool = False) -> ImportReport:
        rows = [self.done[place] for place in range(len(self.rows))]
        made = list(self.on_the_way.values())
        if undone:
            rows = [row.undone() for row in rows]
            made = [one._replace(id=None) for one in made]
        return ImportReport(rows, dry_run, list(self.tally.kinds.values()), made)

    def look(self, place: int) -> bool:
        """Say what becomes of a row where a look is enough for that."""
        self.place = place
        try:
            self._say(place, *self._record(place))
        except _NeedsTurn:
            self._say(place, None, "created")
            self.open.update(self._list_names(self.rows[place]))
            return False
        except Refusal as refusal:
            self._refuse(place, refusal)
        return True

    def take(self, place: int) -> None:
        """Record a row, or say why it is refused."""
        self.place = place
        before = len(self.made)
        try:
            with open_part(self.unit):
                self._say(place, *self._record(place))
        except Refusal as refusal:
            self._refuse(place, refusal)
            if len(self.made) > before:  # what it would have named was undone with it
                self.unit.session.expunge_all()
                self._forget()

    def _say(self, place: int, id: str | None, outcome: str, refusal: Refusal | None = None) -> None:
        given = self.rows[place]
        value = self._with_reference(given.kind, given.value)
        name = value.get(KINDS[given.kind].name) if isinstance(value, dict) else None
        name = name if isinstance(name, str) else None
        self.done[place] = ImportRow(place, given.kind, outcome, name, id, refusal)

    def _refuse(self, place: int, refusal: Refusal) -> None:
        self._say(place, None, "refused", self.tally.add(place, refusal))

    def _record(self, place: int) -> tuple[str, str]:
        given = self.rows[place]
        kind = KINDS[given.kind]
        data = self._read(kind, given)
        process, named = data.get("process_id"), data.get(kind.name)
        if named is not None:
            self._require_once(given, place, self._key(given.kind, process, named))
            held = find_by_name(self.unit.session, given.kind, named, process)
            if held is not None:
                self._require_the_same(kind, data, held)
                return held.id, "unchanged"
        return self._make(given.kind, data, place), "created"

    def _make(self, name: str, data: Mapping[str, Any], place: int) -> str:
        if self.looks:
            raise _NeedsTurn
        made = KINDS[name].make(self.unit, data)
        self.unit.session.flush()
        self.made[made.id] = place
        if name == "organization":
            self.names.call(made.id, [data["name"], *(one["name"] for one in data.get("aliases", ()))])
        return str(made.id)

    def _require_once(self, given: GivenRow, place: int, key: Key) -> None:
        before = self.seen.setdefault(key, place)
        if before != place:
            name = KINDS[given.kind].name
            detail = f"{self.rows[before].place} has the same {name}; give each once"
            raise InvalidInput.at(f"/{name}", detail)
        if given.kind == "organization":
            for kind, called in self._list_names(given):
                self.seen.setdefault((kind, None, called), place)

    def _list_names(self, given: GivenRow) -> list[tuple[str, str]]:
        """By what other rows may know this one: its short name, and if it is an organization all that it is called."""
        value = self._with_reference(given.kind, given.value)
        short = value.get(KINDS[given.kind].name)
        names = [] if short is None else [(given.kind, short)]
        if given.kind == "organization":
            called = [value["name"], *(one["name"] for one in value.get("aliases", ()))]
            names += [(_CALLED, fold_name(one)) for one in called]
        return names

    def _key(self, kind: str, process: str | None, name: str) -> Key:
        """By what a row is known to other rows. A process that is made here has another id each time it is tried."""
        if kind == _CALLED or KINDS[kind].name == "slug":
            process = None
        elif process in self.made:
            process = f"row {self.made[process]}"
        return kind, process, name

    def _find_otherwise(self, kind: str, name: str, process: str | None, member: str) -> str | None:
        """What is not in the record: what an earlier row makes, or an organization that may be made on the way."""
        other = (
            (_CALLED, fold_name(name))
            if kind == "organization"
            else (kind, text.make_reference(name) or name)
        )
        for way, called in ((kind, name), other):
            if self.looks and (way, called) in self.open:
                raise _NeedsTurn
            place = self.seen.get(self._key(way, process, called))
            if place is not None and place < self.place and self.done[place].outcome != "refused":
                return self._make_earlier(place)
        if kind == "organization" and member in self.new_organizations:
            return self._make_organization(name, self.new_organizations[member])
        return None

    def _make_earlier(self, place: int) -> str:
        """Make what an earlier row would have made: it was undone with the part in which it was tried."""
        if self.looks:
            raise _NeedsTurn
        here, self.place = self.place, place
        id, _outcome = self._record(place)
        self.place = here
        return id

    def _make_organization(self, name: str, type: str) -> str:
        slug = wanted = text.make_slug(name)
        number = 1
        while find_by_name(self.unit.session, "organization", slug, None) is not None:
            number += 1
            slug = f"{wanted}-{number}"
        data = load_value(
            self._shape(KINDS["organization"].given), {"slug": slug, "name": name.strip(), "type": type}
        )
        id = self._make("organization", data, self.place)
        made = MadeOnTheWay("organization", slug, name.strip(), id)
        self.on_the_way.setdefault(fold_name(name), made)
        return id

    def _read(self, kind: Kind, given: GivenRow) -> dict[str, Any]:
        shape, value = self._shape(kind.given), self._with_reference(given.kind, given.value)
        if value is None and given.faults:
            raise InvalidInput(given.faults[0].detail, fields=given.faults)
        if self.process is not None and "process" in kind.members and isinstance(value, dict):
            value = {"process": self.process, **value}
        process = self._process_of(value)
        return load_named_members(
            shape,
            value,
            lambda name, kinds, member: self.names.find(name, kinds, process, member),
            given.faults,
        )

    def _with_reference(self, kind: str, value: Any) -> Any:
        """A row with the reference that is made from its printed number. A reference that is none is such a number."""
        if not isinstance(value, dict) or "printed_number" not in KINDS[kind].members:
            return value
        reference, printed = value.get("reference"), value.get("printed_number")
        number = printed if reference is None else reference
        if not isinstance(number, str) or (made := text.make_reference(number)) in (None, reference):
            return value
        return {**value, "reference": made, "printed_number": number if printed is None else printed}

    def _process_of(self, value: Any) -> str | None:
        """The id of the process in which the names of a row are looked up, where it says one."""
        named = value.get("process") if isinstance(value, dict) else None
        if not isinstance(named, str):
            return None
        try:
            return self.names.find(named, ("process",), None)
        except InvalidInput:
            return None  # the shape says so of the member itself

    def _shape(self, shape: type[Schema]) -> Schema:
        if shape not in self.shapes:
            self.shapes[shape] = shape()
        return self.shapes[shape]

    def _require_the_same(self, kind: Kind, data: Mapping[str, Any], held: Any) -> None:
        """Refuse a row that says something else than what is there."""
        if not self.unit.by.may("record.read"):
            # Whoever may not read must not learn by trying what is there.
            raise SlugTaken(f"that {kind.name} is taken", fields=[FieldError(f"/{kind.name}", "is taken")])
        differs = [
            FieldError(f"/{name}", "differs from what is recorded; edit it there with PATCH")
            for name in list_differences(self._shape(kind.given), self._shape(kind.kept), data, held)
        ]
        if differs:
            raise SlugTaken(f"{held.id} is there already under that {kind.name}", fields=differs)
