"""The members of a thing as an edit gives them: how they are read, set, and added to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import takewhile
from typing import Any

from marshmallow import Schema
from sqlalchemy import Column, inspect

from tracker.actions.support import holds, records
from tracker.actions.support.registry import KINDS
from tracker.actions.support.unit import Unit
from tracker.schemas.revisions import GROUNDS

Data = Mapping[str, Any]


def dump_members(row: Any, kind: str, members: AbstractSet[str]) -> dict[str, Any]:
    """Some members of a thing as they are now, in the form in which an edit gives them."""
    dumped: dict[str, Any] = KINDS[kind].edited(only=members).dump(row)
    return dumped


def load_members(edited: Schema, given: Data) -> dict[str, Any]:
    """What was dumped of an edit, as it was loaded, without the grounds of one."""
    return {name: value for name, value in edited.load(given).items() if name not in GROUNDS}


def add_parts(row: Any, kind: str, additions: Mapping[str, list[Data]]) -> dict[str, Any]:
    """The lists of parts of a thing, with these behind those that it has."""
    for name, parts in additions.items():
        records.require_room(row, name, len(parts))
    edited = KINDS[kind].edited(only=additions.keys())
    return {
        name: [*parts, *additions[name]] for name, parts in load_members(edited, edited.dump(row)).items()
    }


def set_members(unit: Unit, row: Any, kind: str, changes: Data) -> Data:
    """Give a thing what an edit changes, checked. Returns the attributes that were set."""
    records.require_kept(row)
    records.check_edit(unit, row, kind, changes)
    fields = KINDS[kind].edit(unit, row, changes)
    kept = {name: _count_kept(row, name, fields[name]) for name in list_parts(row) & fields.keys()}
    holds.require_nothing_lost(unit, row, fields, kept)
    for name, count in kept.items():
        del getattr(row, name)[count:]
    unit.session.flush()  # the old parts go first, or one that comes again would meet itself
    for name, value in fields.items():
        if name in kept:
            getattr(row, name).extend(value[kept[name] :])
        else:
            setattr(row, name, value)
    row.touch()
    records.read_back(unit, row)
    return fields


def list_parts(row: Any) -> set[str]:
    """The members of a thing that hold parts of its own."""
    return {one.key for one in inspect(type(row)).relationships if one.cascade.delete_orphan and one.uselist}


def _count_kept(row: Any, name: str, given: Sequence[Any]) -> int:
    """How many parts of a thing, from the first on, are given as they are: they stay, so it costs little to add to a
    long list. What comes behind a part that changed is written again, for the keys of the rows are its order."""
    part = inspect(type(row)).relationships[name]
    columns = [one for one in part.mapper.columns if one not in part.remote_side]
    pairs = zip(getattr(row, name), given, strict=False)
    return sum(1 for _ in takewhile(lambda pair: _is_same(*pair, columns), pairs))


def _is_same(kept: Any, given: Any, columns: Sequence[Column[Any]]) -> bool:
    """Whether a part that was just made will be as one that is kept. A key that the database gives says nothing."""
    return all(
        getattr(kept, one.key) == _find_value(given, one)
        for one in columns
        if not one.primary_key or getattr(given, one.key) is not None
    )


def _find_value(part: Any, column: Column[Any]) -> Any:
    """What a column will hold of a part that was just made."""
    value = getattr(part, column.key)
    default: Any = column.default
    if value is not None or default is None:
        return value
    return default.arg(None) if default.is_callable else default.arg
