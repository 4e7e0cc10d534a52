"""An import on its way: row by row, what each becomes, and what rows name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from marshmallow import Schema
from sqlalchemy import inspect

from tracker.actions.support.import_kinds import IMPORTS, index_rows, refuse_later_row
from tracker.actions.support.import_lines import Key, Line
from tracker.actions.support.import_report import (
    LATER,
    FaultTally,
    GivenRow,
    ImportReport,
    ImportRow,
    MadeOnTheWay,
    Outcome,
)
from tracker.actions.support.import_updates import NeedsTurn, Options
from tracker.actions.support.name_resolution import NameResolver, find_free_slug, find_id, fold_name
from tracker.actions.support.unit import Unit, open_part
from tracker.domain import text
from tracker.domain.errors import ForbiddenMove, InvalidInput, NotPublished, OwnEvidence, Refusal
from tracker.domain.sentences import sentence
from tracker.schemas.loading import load_named_members, load_value
from tracker.store.change_rows import ChangeRow

#: What stands in the way of a row until others have decided, beside what a refusal calls missing: somebody else has to
#: say it, or an earlier answer has to stand.
_WAITS: Final = (ForbiddenMove, OwnEvidence)
#: In place of the kind: the name of an organization, which is no short one.
_CALLED: Final = "called"
#: How many rows are made again to try one, each for the next. A row that hangs on more is told as what it seems to be.
_DEEPEST: Final = 20


@dataclass(slots=True)
class ImportRun:
    """``process`` is the id of that of rows that name none.

    ``called`` are the names of organizations that were made on the way, by each id that one had while it was tried;
    ``named`` are the organizations that rows name where others may be made. ``made`` are the ids of what was made in
    the unit that is open, ``there`` the rows; ``open`` is by what rows go of which more than a look would be needed,
    ``deep`` by what those go that hang on too many others to be tried, ``later`` those that wait; ``last`` is the row
    that is called so, the last of several; ``lines`` the rows that answer on one line.
    """

    rows: Sequence[GivenRow]
    process: str | None
    options: Options = field(default_factory=Options)
    done: dict[int, ImportRow] = field(default_factory=dict)
    on_the_way: dict[str, MadeOnTheWay] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)
    named: dict[str, None] = field(default_factory=dict)
    tally: FaultTally = field(default_factory=FaultTally)
    shapes: dict[type[Schema], Schema] = field(default_factory=dict)
    seen: dict[Key, int] = field(default_factory=dict)
    last: dict[tuple[str, str], int] = field(default_factory=dict)
    refused: dict[tuple[str, str], int] = field(default_factory=dict)
    later: dict[tuple[str, str], int] = field(default_factory=dict)
    lines: dict[Key, list[int]] = field(default_factory=dict)
    made: dict[str, int] = field(default_factory=dict)
    there: dict[int, None] = field(default_factory=dict)
    open: set[tuple[str, str]] = field(default_factory=set)
    deep: set[tuple[str, str]] = field(default_factory=set)
    looks: bool = False
    place: int = 0
    depth: int = 0
    unit: Unit = field(init=False)
    names: NameResolver = field(init=False)

    def begin(self, unit: Unit, *, looks: bool = False) -> None:
        """Go on in this unit, which may only be looked at. What was tried in another is not there."""
        self.unit, self.looks = unit, looks
        self._forget(0, 0)

    def _forget(self, made: int, there: int) -> None:
        """Of what was made, and of the rows that are there, nothing is left but so many."""
        for id in list(self.made)[made:]:
            del self.made[id]
        for place in list(self.there)[there:]:
            del self.there[place]
        self.names = NameResolver(self.unit.viewer, self._find_otherwise)

    def report(self, *, dry_run: bool, undone_from: int | None = None) -> ImportReport:
        """What became of the rows; those from a place on were only tried."""
        rows = [
            self.done.get(place) or ImportRow(place, given.kind, "refused")
            for place, given in enumerate(self.rows)
        ]
        made = list(self.on_the_way.values())
        if undone_from is not None:
            rows = [row.undone() if row.row >= undone_from else row for row in rows]
            made = [one._replace(id=None) for one in made]
        faults = list(self.tally.kinds.values())
        return ImportReport(rows, dry_run, faults, made, named=list(self.named), called=self.called)

    def look(self, place: int) -> bool:
        """Say what becomes of a row where a look is enough for that."""
        self.place = place
        try:
            self._say(place, self._record(place))
        except NeedsTurn as turn:
            self._say(place, turn.seems)
            self.open.update(self._list_names(self.rows[place]))
            return False
        except Refusal as refusal:
            self._refuse(place, refusal)
        return True

    def take(self, place: int) -> None:
        """Record a row, or say why it is refused."""
        self.place = place
        before = len(self.made), len(self.there)
        try:
            with open_part(self.unit):
                self._say(place, self._record(place))
            return
        except Refusal as refusal:
            self._refuse(place, refusal)
        except NeedsTurn as turn:
            self._say(place, turn.seems)
            self.deep.update(self._list_names(self.rows[place]))
        if (len(self.made), len(self.there)) != before:  # what it would have named was undone
            self.unit.session.expunge_all()
            self._forget(*before)

    def take_with_others(self, place: int) -> bool:
        """The same, where all is undone if a row is refused: no row is a part that could be undone by itself. Returns
        whether it was recorded."""
        if self.rows[place].may_wait:
            self.take(place)
        else:
            self.place = place
            try:
                self._say(place, self._record(place))
            except Refusal as refusal:
                self._refuse(place, refusal)
        return self.done[place].outcome != "refused"

    def _say(self, place: int, outcome: Outcome, refusal: Refusal | None = None) -> None:
        given = self.rows[place]
        name = text.make_writable(IMPORTS[given.kind].name_row(given.value))
        more = (refusal, outcome.differs, outcome.proposal, given.stays_draft)
        self.done[place] = ImportRow(place, given.kind, outcome.outcome, name, outcome.id, *more)

    def _refuse(self, place: int, refusal: Refusal) -> None:
        line, given = IMPORTS[self.rows[place].kind], self.rows[place]
        line.complete_faults(refusal, self.find_shape(line.given), given.value)
        if given.may_wait and (refusal.missing or isinstance(refusal, _WAITS)):
            self.later.update(dict.fromkeys(self._list_names(given), place))
            self._say(place, Outcome(LATER), refusal)
        else:
            if (name := line.name_row(given.value)) is not None:
                self.refused.setdefault((given.kind, name), place)
            self._say(place, Outcome("refused"), self.tally.add(place, refusal))

    def _record(self, place: int) -> Outcome:
        given = self.rows[place]
        line = IMPORTS[given.kind]
        return line.take(self, place, self._read(line, given))

    def make(self, kind: str, data: Mapping[str, Any], place: int) -> str:
        """Make what a row says, by the act of its kind. Returns its id."""
        act = IMPORTS[kind].make
        if self.looks or act is None:
            raise NeedsTurn
        made = act(self.unit, data)
        self.unit.session.flush()
        # No act reads a row again for its id.
        id = made.id if isinstance(made, ChangeRow) else inspect(made).identity[0]
        self.made[id] = place
        self.there[place] = None
        if kind == "organization":
            self.names.call(id, [data["name"], *(one["name"] for one in data.get("aliases", ()))])
        return str(id)

    def require_once(self, place: int, key: Key) -> None:
        """Refuse a row that says what an earlier row says."""
        given, before = self.rows[place], self.seen.setdefault(key, place)
        if before != place:
            raise IMPORTS[given.kind].refuse_repetition(self.rows[before], given, key[-1])
        if given.kind == "organization":
            for kind, called in self._list_names(given):
                self.seen.setdefault((kind, None, called), place)

    def _list_names(self, given: GivenRow) -> list[tuple[str, str]]:
        """By what other rows may know this one: its short name, and if it is an organization all that it is called."""
        line = IMPORTS[given.kind]
        value = line.give_reference(given.value)
        short = value.get(line.name) if line.makes else None
        names = [] if short is None else [(line.makes, short)]
        if given.kind == "organization":
            called = [value["name"], *(one["name"] for one in value.get("aliases", ()))]
            names += [(_CALLED, fold_name(one)) for one in called]
        return names

    def make_key(self, kind: str, process: str | None, name: str) -> Key:
        """By what a row is known to other rows."""
        if kind == _CALLED or IMPORTS[kind].called == ("slug",):
            process = None
        return kind, process and self.name_stably(process), name

    def name_stably(self, id: str) -> str:
        """An id, or the row that makes the thing here: that has another id each time it is tried."""
        return f"row {self.made[id]}" if id in self.made else id

    def _find_otherwise(self, kind: str, name: str, process: str | None, member: str) -> str | None:
        """What is not in the record: what an earlier row makes, or an organization that may be made on the way."""
        other = (
            (_CALLED, fold_name(name))
            if kind == "organization"
            else (kind, text.make_reference(name) or name)
        )
        for way, called in ((kind, name), other):
            if (self.looks and (way, called) in self.open) or (way, called) in self.deep:
                raise NeedsTurn
            if self.later.get((way, called), self.place) < self.place:
                first = self.rows[self.later[way, called]].place
                raise NotPublished(
                    sentence(
                        "%(first)s, which records %(name)s, waits itself", first=first, name=repr(name[:64])
                    ),
                    missing=[name],
                )
            place = self.seen.get(self.make_key(way, process, called))
            if place is not None and place < self.place and not self.is_refused(place):
                made = self.make_earlier(place)
                if self.rows[place].kind == kind:
                    return made
                return find_id(self.unit.session, kind, called, process)
        refused = self.refused.get((kind, other[1] if kind != "organization" else name))
        if refused is not None and refused < self.place:
            raise InvalidInput(
                sentence(
                    "%(place)s, which records %(name)s, is refused",
                    place=self.rows[refused].place,
                    name=repr(name[:64]),
                )
            )
        if kind == "organization" and member in self.options.new_organizations:
            return self._make_organization(name, self.options.new_organizations[member])
        self.last = self.last or index_rows(self.rows)
        refuse_later_row(self.rows, self.last, self.place, [(kind, name), (kind, other[1])])
        return None

    def is_refused(self, place: int) -> bool:
        """Whether an earlier row is refused."""
        return place in self.done and self.done[place].outcome == "refused"

    def make_earlier(self, place: int) -> str | None:
        """Make what an earlier row would have made: it was undone with the part in which it was tried."""
        if self.looks or self.depth >= _DEEPEST:
            raise NeedsTurn
        here, self.place = self.place, place
        self.depth += 1
        try:
            made = self._record(place)
        finally:
            self.place = here
            self.depth -= 1
        return made.id if made.outcome == "created" else None

    def _make_organization(self, name: str, type: str) -> str:
        slug = find_free_slug(self.unit.session, name)
        called = " ".join(name.split())  # a cell may break its lines anywhere
        given = {"slug": slug, "name": called, "type": type}
        try:
            data = load_value(self.find_shape(IMPORTS["organization"].given), given)
        except InvalidInput as refusal:  # there is no such organization to point into
            raise InvalidInput(
                sentence("no organization can be called so: %(detail)s", detail=refusal.fields[0].detail)
            ) from None
        id = self.make("organization", data, self.place)
        made = MadeOnTheWay("organization", slug, called, id)
        self.on_the_way.setdefault(fold_name(name), made)
        self.called[id] = called
        return id

    def _read(self, kind: Line, given: GivenRow) -> dict[str, Any]:
        shape, value = self.find_shape(kind.given), kind.give_reference(given.value)
        if value is None and given.faults:
            raise InvalidInput(given.faults[0].detail, fields=given.faults)
        if self.process is not None and "process" in kind.members and isinstance(value, dict):
            value = {"process": self.process, **value}
        process = self._process_of(value)
        narrow = value.get("subject_kind") if isinstance(value, dict) else None

        def find(name: str, kinds: tuple[str, ...], member: str) -> str:
            wanted = (narrow,) if member == "subject" and narrow in kinds else kinds
            id = self.names.find(name, wanted, process, member)
            if member in self.options.new_organizations:
                self.named[id] = None
            return id

        return load_named_members(shape, value, find, given.faults)

    def _process_of(self, value: Any) -> str | None:
        """The id of the process in which the names of a row are looked up, where it says one."""
        named = value.get("process") if isinstance(value, dict) else None
        if not isinstance(named, str):
            return None
        try:
            return self.names.find(named, ("process",), None)
        except InvalidInput:
            return None  # the shape says so of the member itself

    def find_shape(self, shape: type[Schema]) -> Schema:
        if shape not in self.shapes:
            self.shapes[shape] = shape()
        return self.shapes[shape]
