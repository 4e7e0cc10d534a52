"""What is said of a member that is at fault. Each sentence says what would be right; marshmallow's own never leave."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, Final

from marshmallow import fields

from tracker.domain.sentences import Sentence, sentence

REQUIRED: Final = sentence("is required")
STRING: Final = sentence("must be a string")
OBJECT: Final = sentence("must be a JSON object")
LIST: Final = sentence("must be a list")
TRUTH: Final = sentence("must be true or false")
UNKNOWN: Final = sentence("is not known here; leave it out")
_INVALID: Final = sentence("is not valid")

#: How near a name is to one that is meant, and how much of a long one is compared.
_NEAR: Final = 0.75
_LONGEST: Final = 64
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
    (fields.Integer, sentence("must be a whole number")),
    (fields.DateTime, sentence("must be a date or an instant")),
    (fields.Mapping, OBJECT),
    (fields.Nested, OBJECT),
    (fields.List, LIST),
    (fields.String, STRING),
)


def require_length(least: int, most: int, count: int) -> Sentence:
    return sentence(
        "must have %(least)s to %(most)s characters, not %(count)s", least=least, most=most, count=count
    )


def require_range(least: int, most: int) -> Sentence:
    return sentence("must be a whole number from %(least)s to %(most)s", least=least, most=most)


def require_choice(choices: Sequence[str]) -> Sentence:
    return sentence("must be one of %(choices)s", choices=", ".join(choices))


def tell_unknown(name: str, known: Sequence[str]) -> Sentence:
    """What is said of a member that is not known, where these are."""
    written = {_to_snake(one): one for one in known}
    near = get_close_matches(_to_snake(name[:_LONGEST]), written, n=1, cutoff=_NEAR)
    if not near:
        return UNKNOWN
    return sentence("is not known here; is `%(name)s` meant?", name=written[near[0]])


def _to_snake(name: str) -> str:
    """A name in the writing of this house: `issuedOn` and `Issued-On` are `issued_on`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[- ]", "_", name).lower()


def use_house_sentences(field: fields.Field[Any]) -> None:
    """Have a field say what is wrong in these words."""
    kind = next((sentence for of, sentence in _TYPES if isinstance(field, of)), _INVALID)
    field.error_messages = {name: _SENTENCES.get(name, kind) for name in (*field.error_messages, *_SENTENCES)}
