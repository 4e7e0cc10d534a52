"""Many things at once into the record: under the rules, in the shapes and by the acts of one at a time.

All or nothing: one row that is refused, and nothing is recorded. What is there already under its name (the slug of an
organization or a process, the reference of a subject) is left alone where it says the same, and refused where it does
not: edits are made one at a time, on the version that was read. A thing without a name is not recognised again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from marshmallow import Schema

from tracker.actions.support.name_resolution import NameResolver, find_by_name
from tracker.actions.support.registry import KINDS, Kind
from tracker.actions.support.unit import Unit, open_part
from tracker.domain.errors import FieldError, InvalidInput, Refusal, SlugTaken, limited
from tracker.schemas.loading import load_named_members, load_value
from tracker.store.database import hold_loaded

Data = Mapping[str, Any]
#: The most faults that the report names of one row.
MOST_FAULTS: Final = 10


@dataclass(frozen=True, slots=True)
class ImportRow:
    """What became, or would become, of one row. ``name`` is its slug or reference."""

    row: int
    kind: str
    outcome: str
    name: str | None = None
    id: str | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class ImportReport:
    rows: list[ImportRow]
    dry_run: bool

    @property
    def refused(self) -> list[tuple[int, Refusal]]:
        """The places that are refused, and why."""
        return [(row.row, row.refusal) for row in self.rows if row.refusal is not None]

    @property
    def recorded(self) -> bool:
        """Whether the rows are in the record now."""
        return not self.dry_run and not self.refused

    @property
    def totals(self) -> dict[str, int]:
        """How many are (or would be) created, unchanged and refused; and how many go by no name, so that the same
        import would record them once more."""
        count = Counter(row.outcome for row in self.rows)
        return {
            "created": count["created"] + count["would_create"],
            "unchanged": count["unchanged"],
            "refused": count["refused"],
            "unnamed": sum(row.name is None and row.refusal is None for row in self.rows),
        }


def import_rows(
    unit: Unit,
    rows: Iterable[tuple[str, Any]],
    *,
    process: str | None = None,
    dry_run: bool = True,
    told: Callable[[], None] = lambda: None,
    **audited: Any,
) -> ImportReport:
    """Record rows, each with its kind, or find out what would become of them.

    ``process``, an id or a slug, is that of rows that name none. ``told`` is called after each row.
    """
    listed = list(rows)
    for permission in sorted({"record.write", *(KINDS[kind].permission for kind, _given in listed)}):
        unit.by.require(permission)
    if process is not None and not any("process" in KINDS[kind].members for kind, _given in listed):
        raise InvalidInput.at("/process", "these things belong to no process; leave it out")
    run = _Run(unit, _find_process(unit, process))
    with hold_loaded(unit.session), open_part(unit) as undo:
        for kind, given in listed:
            run.take(kind, given)
            told()
        report = ImportReport(run.done, dry_run)
        if created := report.totals["created"]:
            unit.audit("import", unit.by.id, rows=len(listed), created=created, **audited)
        if not report.recorded:
            undo()
            report = ImportReport([_undo_report(row) for row in run.done], dry_run)
    return report


def _undo_report(row: ImportRow) -> ImportRow:
    return row if row.outcome != "created" else ImportRow(row.row, row.kind, "would_create", row.name)


def _find_process(unit: Unit, given: str | None) -> str | None:
    if given is None:
        return None
    try:
        return NameResolver(unit.session).find(given, ("process",), None)
    except InvalidInput as refusal:
        raise InvalidInput.at("/process", refusal.detail) from None


@dataclass(slots=True)
class _Run:
    """An import on its way."""

    unit: Unit
    process: str | None
    done: list[ImportRow] = field(default_factory=list)
    names: NameResolver = field(init=False)
    shapes: dict[type[Schema], Schema] = field(default_factory=dict)
    seen: dict[tuple[str, str | None, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = NameResolver(self.unit.session)

    def take(self, name: str, given: Any) -> None:
        place, kind = len(self.done), KINDS[name]
        called_by = given.get(kind.name) if isinstance(given, dict) else None
        called_by = called_by if isinstance(called_by, str) else None
        try:
            with open_part(self.unit):
                id, outcome = self._record(name, kind, given, place)
            self.done.append(ImportRow(place, name, outcome, called_by, id))
        except Refusal as refusal:
            refusal.fields = tuple(limited(refusal.fields, MOST_FAULTS))
            self.done.append(ImportRow(place, name, "refused", called_by, None, refusal))

    def _record(self, name: str, kind: Kind, given: Any, place: int) -> tuple[str, str]:
        data = self._read(kind, given)
        process, named = data.get("process_id"), data.get(kind.name)
        if named is not None:
            before = self.seen.setdefault((name, process, named), place)
            if before != place:
                detail = f"row {before} of this import has the same {kind.name}; give each once"
                raise InvalidInput.at(f"/{kind.name}", detail)
            held = find_by_name(self.unit.session, name, named, process)
            if held is not None:
                self._require_the_same(kind, data, held)
                return held.id, "unchanged"
        made = kind.make(self.unit, data)
        self.unit.session.flush()
        return made.id, "created"

    def _read(self, kind: Kind, given: Any) -> dict[str, Any]:
        shape = self._shape(kind.given)
        if self.process is not None and "process" in kind.members and isinstance(given, dict):
            given = {"process": self.process, **given}
        process = self._process_of(given)
        return load_named_members(shape, given, lambda name, kinds: self.names.find(name, kinds, process))

    def _process_of(self, given: Any) -> str | None:
        """The id of the process in which the names of a row are looked up, where it says one."""
        named = given.get("process") if isinstance(given, dict) else None
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
