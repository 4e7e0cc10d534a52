"""What is said of a member that is at fault. Each sentence says what would be right; marshmallow's own never leave."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import fields

from tracker.domain.sentences import Sentence, sentence

REQUIRED: Final = sentence("is required")
STRING: Final = sentence("must be a string")
OBJECT: Final = sentence("must be a JSON object")
LIST: Final = sentence("must be a list")
TRUTH: Final = sentence("must be true or false")
WHOLE: Final = sentence("must be a whole number")
UNKNOWN: Final = sentence("is not known here; leave it out")
_INVALID: Final = sentence("is not valid")

#: By the name under which marshmallow keeps its own sentence.
_SENTENCES: Final = {
    "required": REQUIRED,
    "null": sentence("must not be null; leave it out or give a value"),
    "validator_failed": _INVALID,
    "invalid_utf8": sentence("must be UTF-8"),
}
#: The same for what a field takes another type than it was sent for; the nearest class counts.
_TYPES: Final[tuple[tuple[type[Any], Sentence], ...]] = (
    (fields.Boolean, TRUTH),
    (fields.Integer, WHOLE),
    (fields.DateTime, sentence("must be a date or an instant")),
    (fields.Mapping, OBJECT),
    (fields.Nested, OBJECT),
    (fields.List, LIST),
    (fields.String, STRING),
)


def require_length(least: int, most: int) -> Sentence:
    return sentence("must have %(least)s to %(most)s characters", least=least, most=most)


def require_range(least: int, most: int) -> Sentence:
    return sentence("must be a whole number from %(least)s to %(most)s", least=least, most=most)


def use_house_sentences(field: fields.Field[Any]) -> None:
    """Have a field say what is wrong in these words."""
    kind = next((sentence for of, sentence in _TYPES if isinstance(field, of)), _INVALID)
    field.error_messages = {name: _SENTENCES.get(name, kind) for name in (*field.error_messages, *_SENTENCES)}
