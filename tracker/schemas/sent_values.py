"""What a refusal repeats of what was sent: codes, ids, days, numbers and short names; no free text, nothing secret."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from marshmallow import Schema, fields

from tracker.domain.errors import FieldError
from tracker.domain.sent_values import Repeats, Shown, show_value
from tracker.schemas.amounts import Amount
from tracker.schemas.day_fields import Day, Moment, PartialDay
from tracker.schemas.fields import Code, Country, Digits, Id, Link, Text, Whole
from tracker.schemas.list_fields import Table

#: The fields of a known form. A `Text` is one where it has a pattern or names something. A `Link` is none: addresses
#: carry keys. One without them is repeated where words are.
_OF_KNOWN_FORM: Final = (Amount, Code, Country, Day, Digits, Id, Moment, PartialDay, Whole, fields.Boolean)
#: Signs of an address that may carry a key.
_KEYS: Final = frozenset("@?#")


def add_sent_value(fault: FieldError, shape: Schema, sent: Any) -> FieldError:
    """A fault with the value that was sent there, as far as it may be repeated."""
    return fault if fault.value is not None else replace(fault, value=_find_value(shape, sent, fault.pointer))


def repeats_value(field: fields.Field[Any] | None) -> bool:
    """Whether what is sent for a field is of a known form."""
    return isinstance(field, _OF_KNOWN_FORM) or (isinstance(field, Text) and field.has_form)


def find_repeats(shape: Schema | type[Schema]) -> Repeats:
    """What a shape repeats of the texts that it refuses."""
    return getattr(shape, "refusals_repeat", Repeats.NOTHING)


def find_member(shape: Schema, name: str) -> fields.Field[Any] | None:
    """A member of a shape by its name on the wire."""
    return next((one for at, one in shape.fields.items() if name == (one.data_key or at)), None)


def _find_value(shape: Schema, sent: Any, pointer: str) -> Shown | None:
    """The value at a pointer into what was sent, or that of a parameter."""
    node: Schema | fields.Field[Any] | None = shape
    repeats, value = find_repeats(shape), sent
    for step in _read_steps(pointer):
        node, value = _step_into(node, step), _step_into_value(value, step)
        if isinstance(node, fields.Nested):
            node = node.schema
            repeats = find_repeats(node)
    if isinstance(node, fields.List):
        node = node.inner
    return show_value(value, repeats) if _may_repeat(node, value, repeats) else None


def _may_repeat(node: Schema | fields.Field[Any] | None, value: Any, repeats: Repeats) -> bool:
    if isinstance(node, Link):
        return repeats is Repeats.WORDS and isinstance(value, str) and not _KEYS & set(value)
    if type(node) is fields.Raw:  # an act reads what it is
        return isinstance(value, int | float)
    return isinstance(node, fields.Field) and repeats_value(node)


def _read_steps(pointer: str) -> list[str]:
    if not pointer.startswith("/"):
        return [pointer]
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _step_into(node: Schema | fields.Field[Any] | None, step: str) -> Schema | fields.Field[Any] | None:
    match node:
        case Schema():
            return find_member(node, step)
        case Table():
            return node.value_field
        case fields.List():
            return node.inner
        case _:
            return None


def _step_into_value(value: Any, step: str) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
        return value[int(step)]
    return None
