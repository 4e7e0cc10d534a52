"""What is said of a member that is at fault. Each sentence says what would be right; marshmallow's own never leave."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, Final

from marshmallow import fields

REQUIRED: Final = "is required"
STRING: Final = "must be a string"
OBJECT: Final = "must be a JSON object"
UNKNOWN: Final = "is not known here; leave it out"
MISSPELT: Final = "is not known here; is `{name}` meant?"
LENGTH: Final = "must have {min} to {max} characters, not {count}"
ONE_OF: Final = "must be one of {choices}"
RANGE: Final = "must be a whole number from {min} to {max}"

#: How near a name is to one that is meant, and how much of a long one is compared.
_NEAR: Final = 0.75
_LONGEST: Final = 64
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


def tell_unknown(name: str, known: Sequence[str]) -> str:
    """What is said of a member that is not known, where these are."""
    written = {_to_snake(one): one for one in known}
    near = get_close_matches(_to_snake(name[:_LONGEST]), written, n=1, cutoff=_NEAR)
    return MISSPELT.format(name=written[near[0]]) if near else UNKNOWN


def _to_snake(name: str) -> str:
    """A name in the writing of this house: `issuedOn` and `Issued-On` are `issued_on`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[- ]", "_", name).lower()


def use_house_sentences(field: fields.Field[Any]) -> None:
    """Have a field say what is wrong in these words."""
    kind = next((sentence for of, sentence in _TYPES if isinstance(field, of)), "is not valid")
    field.error_messages = {name: _SENTENCES.get(name, kind) for name in (*field.error_messages, *_SENTENCES)}
