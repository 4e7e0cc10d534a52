"""What is said of a member that is at fault says what would be right; marshmallow's own words never leave."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest
from marshmallow import Schema, ValidationError, fields, validate

from tracker.api.http.endpoint import ENDPOINTS
from tracker.schemas.loading import list_faults

#: What is sent in place of a value: of every type of JSON, and strings that fit nowhere.
WRONG: list[Any] = [
    None,
    True,
    1,
    -1.5,
    10**12,
    "",
    " ",
    "x" * 70_000,
    "no such",
    [],
    [1],
    {},
    {"x": 1},
    [{"x": 1}],
]


def words() -> list[re.Pattern[str]]:
    """The sentences of marshmallow, with anything where they have a place for a value."""
    found = set(Schema._default_error_messages.values())
    for _name, kind in inspect.getmembers(fields, inspect.isclass):
        found |= set(getattr(kind, "default_error_messages", {}).values())
    for _name, kind in inspect.getmembers(validate, inspect.isclass):
        messages = [
            value for name, value in vars(kind).items() if "message" in name and isinstance(value, str)
        ]
        found |= set(messages)
    return [re.compile(re.sub(r"\\{[^}]*\\}", ".*", re.escape(one))) for one in found if one != "{input}"]


WORDS = words()
SHAPES = list(
    dict.fromkeys(
        shape for one in ENDPOINTS for shape in (one.body, one.form, one.query) if shape is not None
    )
)


def said_of(shape: Schema) -> Iterator[tuple[str, str]]:
    """Every fault that is found with a shape where each member in turn, and each at once, is something else."""
    bodies: list[dict[str, Any]] = [{}, {"stranger": 1}]
    for name, field in shape.fields.items():
        bodies += [{field.data_key or name: value} for value in WRONG]
        bodies += [{field.data_key or name: [inner]} for inner in WRONG]
    for body in bodies:
        try:
            shape.load(body)
        except ValidationError as error:
            yield from ((one.pointer, one.detail) for one in list_faults(error.messages_dict))


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_what_is_wrong_is_said_in_the_words_of_the_house(shape: type[Schema]) -> None:
    heard = {detail for _pointer, detail in said_of(shape())}
    assert heard or shape.__name__ == "ImportIn"
    assert [detail for detail in heard if any(one.fullmatch(detail) for one in WORDS)] == []
    assert [detail for detail in heard if not re.match(r"[a-z]", detail)] == []


def test_the_words_of_marshmallow_are_known() -> None:
    assert any(one.fullmatch("Missing data for required field.") for one in WORDS)
    assert any(one.fullmatch("Longer than maximum length 80.") for one in WORDS)
    assert any(one.fullmatch("Unknown field.") for one in WORDS)
