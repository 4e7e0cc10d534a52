"""What a shape makes of a value, and what it finds wrong with it, as JSON Pointers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from marshmallow import Schema, ValidationError, fields

from tracker.domain.errors import FieldError, InvalidInput
from tracker.domain.sentences import sentence
from tracker.domain.strict_json import escape_pointer_step
from tracker.schemas.fields import Id
from tracker.schemas.list_fields import Several
from tracker.schemas.sentences import OBJECT

#: What a name stands for: the id, given the name, the kinds of thing that are wanted, and the member that names it, as
#: ``addressees.organization``. `InvalidInput` for none.
Find = Callable[[str, tuple[str, ...], str], str]


def load_value(shape: Schema, value: Any) -> dict[str, Any]:
    """A value as a shape reads it; `InvalidInput` points at every member that is at fault."""
    if not isinstance(value, dict):
        raise InvalidInput.at("", OBJECT)
    try:
        loaded: dict[str, Any] = shape.load(value)
    except ValidationError as error:
        faults = list(list_faults(error.messages_dict))
        raise InvalidInput(sentence("one or more members are not valid"), fields=faults) from None
    return loaded


def load_named_members(
    shape: Schema, value: Any, find: Find, known_faults: Sequence[FieldError] = ()
) -> dict[str, Any]:
    """The same for a value in which things may go by another name than their id; ``find`` tells the id. What is known
    to be wrong with it is told with what is found here."""
    known, unknown = identify_members(shape, value, find)
    unknown = [*known_faults, *unknown]
    try:
        loaded = load_value(shape, known)
    except InvalidInput as refusal:
        at = {one.pointer for one in unknown}
        others = [one for one in refusal.fields if not {one.pointer, drop_places(one.pointer)} & at]
        raise InvalidInput(refusal.detail, fields=[*unknown, *others]) from None
    if unknown:
        raise InvalidInput(unknown[0].detail, fields=unknown)
    return loaded


def drop_places(pointer: str) -> str:
    """A pointer as the reader of a table knows it, who cuts lists from cells: without the places in lists."""
    return "".join(f"/{step}" for step in pointer.split("/")[1:] if not step.isdigit())


def identify_members(shape: Schema, value: Any, find: Find) -> tuple[Any, list[FieldError]]:
    """The value with ids in place of names at every depth, and the members whose names stand for nothing."""
    unknown: list[FieldError] = []
    return _load_members(value, shape, find, "", unknown), unknown


def _load_members(value: Any, shape: Schema, find: Find, pointer: str, unknown: list[FieldError]) -> Any:
    if not isinstance(value, dict):
        return value
    return {
        name: _load_one(one, shape.fields.get(name), find, pointer + escape_pointer_step(name), unknown)
        for name, one in value.items()
    }


def _load_one(
    value: Any, field: fields.Field[Any] | None, find: Find, pointer: str, unknown: list[FieldError]
) -> Any:
    """A value of a member; a name that stands for nothing is left as it is and written down."""
    if isinstance(field, Id) and isinstance(value, str):
        try:
            return find(value, field.kinds, drop_places(pointer)[1:].replace("/", "."))
        except InvalidInput as refusal:
            unknown.append(FieldError(pointer, refusal.detail))
    elif isinstance(field, Several) and isinstance(value, list) and len(value) <= field.most:
        return [
            _load_one(one, field.inner, find, f"{pointer}/{place}", unknown)
            for place, one in enumerate(value)
        ]
    elif isinstance(field, fields.Nested):
        return _load_members(value, field.schema, find, pointer, unknown)
    return value


def list_members_naming(shape: Schema, kind: str, path: str = "") -> Iterator[str]:
    """The members of a shape that name a thing of a kind, as ``addressees.organization``."""
    for name, member in shape.fields.items():
        inner = member.inner if isinstance(member, Several) else member
        if isinstance(inner, Id) and kind in inner.kinds:
            yield f"{path}{name}"
        elif isinstance(inner, fields.Nested):
            yield from list_members_naming(inner.schema, kind, f"{path}{name}.")


def list_faults(messages: Any, pointer: str = "") -> Iterator[FieldError]:
    """Marshmallow's nested messages as JSON Pointers; under `_schema` it speaks of the value itself."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from list_faults(
                inner, pointer if name == "_schema" else pointer + escape_pointer_step(name)
            )
        return
    for detail in messages:
        if isinstance(detail, Mapping):
            yield from list_faults(detail, pointer)
        else:
            yield FieldError(pointer, detail)
