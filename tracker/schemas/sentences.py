"""What is said of a member that is at fault. Each sentence says what would be right; marshmallow's own never leave."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import fields

REQUIRED: Final = "is required"
STRING: Final = "must be a string"
OBJECT: Final = "must be a JSON object"
UNKNOWN: Final = "is not known here; leave it out"
LENGTH: Final = "must have {min} to {max} characters"
RANGE: Final = "must be a whole number from {min} to {max}"

#: By the name under which marshmallow keeps its own sentence.
_SENTENCES: Final = {
    "required": REQUIRED,
    "null": "must not be null; leave it out or give a value",
    "validator_failed": "is not valid",
    "invalid_utf8": "must be UTF-8",
}
#: The same for what a field takes another type than it was sent for; the nearest class counts.
_TYPES: Final[tuple[tuple[type[Any], str], ...]] = (
    (fields.Boolean, "must be true or false"),
    (fields.Integer, "must be a whole number"),
    (fields.DateTime, "must be a date or an instant"),
    (fields.Mapping, OBJECT),
    (fields.Nested, OBJECT),
    (fields.List, "must be a list"),
    (fields.String, STRING),
)


def use_house_sentences(field: fields.Field[Any]) -> None:
    """Have a field say what is wrong in these words."""
    kind = next((sentence for of, sentence in _TYPES if isinstance(field, of)), "is not valid")
    field.error_messages = {name: _SENTENCES.get(name, kind) for name in (*field.error_messages, *_SENTENCES)}
