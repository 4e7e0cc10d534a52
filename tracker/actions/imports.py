"""Many things at once into the record: under the rules, in the shapes and by the acts of one at a time.

All or nothing: one row that is refused, and nothing is recorded. What is there already under its name (the slug of an
organization or a process, the reference of a subject) is left alone where it says the same, and refused where it does
not: edits are made one at a time, on the version that was read. A thing without a name is not recognised again.

A dry run looks at the rows without the right to write. What would be recorded is tried by the act itself and undone,
some rows at a time, so that other writers do not wait for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema
from sqlalchemy.orm import Session

from tracker.actions.support.import_report import FaultTally, GivenRow, ImportReport, ImportRow
from tracker.actions.support.name_resolution import NameResolver, find_by_name
from tracker.actions.support.registry import KINDS, Kind
from tracker.actions.support.unit import Unit, open_part
from tracker.domain.errors import FieldError, InvalidInput, Refusal, SlugTaken
from tracker.domain.pending_updates import AT_ONCE
from tracker.domain.people import Actor
from tracker.schemas.loading import load_named_members, load_value
from tracker.store.database import hold_loaded

Data = Mapping[str, Any]
Opened = Callable[[], AbstractContextManager[Unit]]


def import_rows(
    unit: Unit,
    rows: Iterable[GivenRow],
    *,
    process: str | None = None,
    told: Callable[[], None] = lambda: None,
    **audited: Any,
) -> ImportReport:
    """Record rows, all or none.

    ``process``, an id or a slug, is that of rows that name none. ``told`` is called after each row.
    """
    listed = list(rows)
    _require_permitted(unit.by, listed, process)
    run = _Run(listed, _find_process(unit.session, process))
    run.begin(unit)
    with hold_loaded(unit.session), open_part(unit) as undo:
        for place in range(len(listed)):
            run.take(place)
            told()
        report = run.report(dry_run=False)
        if created := report.totals["created"]:
            unit.audit("import", unit.by.id, rows=len(listed), created=created, **audited)
        if not report.recorded:
            undo()
            return run.report(dry_run=False, undone=True)
    return report


def try_rows(
    view: Opened,
    turn: Opened | None,
    rows: Iterable[GivenRow],
    *,
    process: str | None = None,
    told: Callable[[], None] = lambda: None,
    at_once: int = AT_ONCE,
) -> ImportReport:
    """What would become of rows. Nothing is recorded.

    ``view`` gives a unit that only looks; that is enough for most of what can be wrong. ``turn`` gives one that may
    write, for at most ``at_once`` rows, of what would be created; without it they are told as what they seem to be.
    """
    listed = list(rows)
    with view() as unit:
        _require_permitted(unit.by, listed, process)
        run = _Run(listed, _find_process(unit.session, process))
    for first in range(0, len(listed), at_once):
        places = range(first, min(first + at_once, len(listed)))
        with view() as unit, hold_loaded(unit.session):
            run.begin(unit, looks=True)
            left = [place for place in places if not run.look(place)]
        if turn is not None and left:
            with turn() as unit, hold_loaded(unit.session), open_part(unit) as undo:
                run.begin(unit)
                for place in left:
                    run.take(place)
                undo()
                unit.session.expunge_all()  # what is tried next may get the same keys
        for _place in places:
            told()
    return run.report(dry_run=True, undone=True)


def _require_permitted(by: Actor, rows: Sequence[GivenRow], process: str | None) -> None:
    for permission in sorted({"record.write", *(KINDS[row.kind].permission for row in rows)}):
        by.require(permission)
    if process is not None and not any("process" in KINDS[row.kind].members for row in rows):
        raise InvalidInput.at("/process", "these things belong to no process; leave it out")


def _find_process(session: Session, given: str | None) -> str | None:
    if given is None:
        return None
    try:
        return NameResolver(session).find(given, ("process",), None)
    except InvalidInput as refusal:
        raise InvalidInput.at("/process", refusal.detail) from None


class _NeedsTurn(Exception):
    """More than a look is needed to say what would become of a row."""


@dataclass(slots=True)
class _Run:
    """An import on its way. ``made`` are the ids of what it made in the unit that is open; ``open`` are the kinds and
    names of rows that were looked at there and are still to be tried."""

    rows: Sequence[GivenRow]
    process: str | None
    done: dict[int, ImportRow] = field(default_factory=dict)
    tally: FaultTally = field(default_factory=FaultTally)
    shapes: dict[type[Schema], Schema] = field(default_factory=dict)
    seen: dict[tuple[str, str | None, str], int] = field(default_factory=dict)
    made: dict[str, int] = field(default_factory=dict)
    open: set[tuple[str, Any]] = field(default_factory=set)
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
        self.names = NameResolver(self.unit.session, self._find_earlier)

    def report(self, *, dry_run: bool, undone: bool = False) -> ImportReport:
        rows = [self.done[place] for place in range(len(self.rows))]
        if undone:
            rows = [
                ImportRow(row.row, row.kind, "would_create", row.name) if row.outcome == "created" else row
                for row in rows
            ]
        return ImportReport(rows, dry_run, list(self.tally.kinds.values()))

    def look(self, place: int) -> bool:
        """Say what becomes of a row where a look is enough for that."""
        self.place = place
        try:
            self._say(place, *self._record(place))
        except _NeedsTurn:
            self._say(place, None, "created")
            self.open.add((self.rows[place].kind, self.done[place].name))
            return False
        except Refusal as refusal:
            self._refuse(place, refusal)
        return True

    def take(self, place: int) -> None:
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
        name = given.value.get(KINDS[given.kind].name) if isinstance(given.value, dict) else None
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
            before = self.seen.setdefault(self._key(given.kind, process, named), place)
            if before != place:
                detail = f"{self.rows[before].place} has the same {kind.name}; give each once"
                raise InvalidInput.at(f"/{kind.name}", detail)
            held = find_by_name(self.unit.session, given.kind, named, process)
            if held is not None:
                self._require_the_same(kind, data, held)
                return held.id, "unchanged"
        if self.looks:
            raise _NeedsTurn
        made = kind.make(self.unit, data)
        self.unit.session.flush()
        self.made[made.id] = place
        return made.id, "created"

    def _key(self, kind: str, process: str | None, name: str) -> tuple[str, str | None, str]:
        """By what a row is known to other rows. A process that is made here has another id each time it is tried."""
        if KINDS[kind].name == "slug":
            process = None
        elif process in self.made:
            process = f"row {self.made[process]}"
        return kind, process, name

    def _find_earlier(self, kind: str, name: str, process: str | None) -> str | None:
        """What an earlier row would have made, made now: it was undone with the part in which it was tried."""
        if self.looks and (kind, name) in self.open:
            raise _NeedsTurn
        place = self.seen.get(self._key(kind, process, name))
        if place is None or place >= self.place or self.done[place].outcome == "refused":
            return None
        if self.looks:
            raise _NeedsTurn
        here, self.place = self.place, place
        id, _outcome = self._record(place)
        self.place = here
        return id

    def _read(self, kind: Kind, given: GivenRow) -> dict[str, Any]:
        shape, value = self._shape(kind.given), given.value
        if value is None and given.faults:
            raise InvalidInput(given.faults[0].detail, fields=given.faults)
        if self.process is not None and "process" in kind.members and isinstance(value, dict):
            value = {"process": self.process, **value}
        process = self._process_of(value)
        return load_named_members(
            shape, value, lambda name, kinds: self.names.find(name, kinds, process), given.faults
        )

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

    def _require_the_same(self, kind: Kind, data: Data, held: Any) -> None:
        """Refuse a row that says something else than what is there. What it leaves out it says nothing of."""
        if not self.unit.by.may("record.read"):
            # Whoever may not read must not learn by trying what is there.
            raise SlugTaken(f"that {kind.name} is taken", fields=[FieldError(f"/{kind.name}", "is taken")])
        shape = self._shape(kind.given)
        kept = self._shape(kind.kept).dump(held)
        said = load_value(shape, {name: kept[name] for name in shape.fields if kept.get(name) is not None})
        differs = [
            FieldError(f"/{name}", "differs from what is recorded; edit it there with PATCH")
            for name, member in shape.fields.items()
            if (key := member.attribute or name) in data and not _find_same(data[key], said.get(key))
        ]
        if differs:
            raise SlugTaken(f"{held.id} is there already under that {kind.name}", fields=differs)


def _find_same(given: Any, held: Any) -> bool:
    """Whether two values of a member say the same; the database keeps lists in an order of its own."""
    if not isinstance(given, list) or not isinstance(held, list):
        return bool(given == held)
    left = list(held)
    for one in given:
        like = next((place for place, other in enumerate(left) if _covers_members(one, other)), None)
        if like is None:
            return False
        del left[like]
    return not left


def _covers_members(given: Any, held: Any) -> bool:
    """Whether a piece says nothing else than the one that is kept, with what it leaves out filled in."""
    if isinstance(given, dict) and isinstance(held, dict):
        return all(held.get(name) == value for name, value in given.items())
    return bool(given == held)
