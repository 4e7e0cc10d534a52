"""Finished documents leave through the schemas that describe them: every member that is described, and no other.

A schema is read once and made into a function on plain data, which costs a tenth of what the schema itself would: the
values are finished, so nothing but the members is left to settle.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from marshmallow import Schema, fields

from tracker.public.document_schemas import make_brief_schema
from tracker.public.standing_schemas import PastChange

Dump = Callable[[Any], Any]


def dump_brief(kind: str, brief: Mapping[str, Any]) -> dict[str, Any]:
    """A document without its history, as the shape of its kind describes it."""
    dumped: dict[str, Any] = _make_dump(make_brief_schema(kind))(brief)
    return dumped


def dump_history(history: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The status changes of a document, as their shape describes them."""
    dump = _make_dump(PastChange)
    return [dump(change) for change in history]


@lru_cache(maxsize=256)
def _make_dump(schema: type[Schema]) -> Dump:
    """The function that takes the members of a shape out of plain data. A member that an act of an earlier version does
    not say is empty; where it cannot be, that is an error. One that may be left out is taken where it is."""
    members = [(one.data_key or name, one) for name, one in schema().dump_fields.items()]
    empty = {name: _make_empty(one) for name, one in members if one.required and _may_be_empty(one)}
    plain = tuple(name for name, one in members if one.required and _dump_of(one) is None)
    nested = tuple(
        (name, dump) for name, one in members if one.required and (dump := _dump_of(one)) is not None
    )
    others = tuple((name, _dump_of(one) or _keep) for name, one in members if not one.required)

    def dump_all(value: Mapping[str, Any]) -> dict[str, Any]:
        whole = value if empty.keys() <= value.keys() else {**empty, **value}
        dumped = {name: whole[name] for name in plain}
        for name, dump in nested:
            dumped[name] = dump(whole[name])
        for name, dump in others:
            if name in whole:
                dumped[name] = dump(whole[name])
        return dumped

    return dump_all


def _may_be_empty(field: fields.Field[Any]) -> bool:
    return field.allow_none or isinstance(field, fields.List | fields.Dict)


def _make_empty(field: fields.Field[Any]) -> Any:
    if field.allow_none:
        return None
    return [] if isinstance(field, fields.List) else {}


def _dump_of(field: fields.Field[Any]) -> Dump | None:
    """What is done with a value of a field; None where it stays as it is."""
    if isinstance(field, fields.Nested):
        return _maybe(_make_dump(type(field.schema)))
    if isinstance(field, fields.List) and (dump := _dump_of(field.inner)) is not None:
        return lambda values: [dump(one) for one in values]
    return None


def _keep(value: Any) -> Any:
    return value


def _maybe(dump: Dump) -> Dump:
    return lambda value: None if value is None else dump(value)
