"""How a refusal repeats what was sent: shortened, and without signs that garble a log or a terminal.

Which values may be repeated at all stands with the shapes (`tracker.schemas.sent_values`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from typing import Any, Final

from tracker.domain.errors import FieldError, InvalidInput
from tracker.domain.sentences import sentence

#: The most characters of a value, and the most entries of a list of them.
MOST: Final = 60
_ENTRIES: Final = 5
#: A larger number is shown as its digits.
_LARGEST: Final = 10**15
#: What the key of an account begins with, which somebody may send in the wrong place.
_KEY: Final = "trk_"
_CODE: Final = re.compile(r"[A-Za-z0-9_.:/+-]{1,60}", re.ASCII)

#: A value as it is shown: JSON, and never an object.
Shown = str | int | float | bool | list[Any]


class Repeats(Enum):
    """What a shape repeats of texts that it refuses: all of them; those that look like codes, where what stands there
    by mistake may be words of a witness; none."""

    WORDS = "words"
    CODES = "codes"
    NOTHING = "nothing"


def escape_signs(text: str, keep: str = "") -> str:
    """The text with a code in place of what shows nothing or turns the direction: control characters, line breaks and
    marks of direction, but for those to ``keep``."""
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() or one in keep else one.encode("unicode_escape").decode() for one in text
    )


def shorten_value(text: str, most: int = MOST) -> str:
    """A text as it is repeated."""
    return escape_signs(text if len(text) <= most else text[: most - 1] + "…")


def quote_value(text: str) -> str:
    """The same inside of a sentence, in quotes."""
    return f"'{shorten_value(text)}'"


def refuse_parameter(name: str, given: str, right: str) -> InvalidInput:
    """The refusal of a parameter where nobody reads more than its detail: it ``must be`` what is ``right``."""
    fault = FieldError(name, sentence("must be %(right)s", right=right), shorten_value(given))
    return InvalidInput(
        sentence(
            "%(name)s must be %(right)s, not %(given)s", name=name, right=right, given=quote_value(given)
        ),
        fields=[fault],
    )


def show_value(value: Any, repeats: Repeats = Repeats.WORDS) -> Shown | None:
    """A value that was sent, as a refusal repeats it; None where it is not repeated: an object, or what may be words
    where only codes are repeated."""
    if repeats is Repeats.NOTHING:
        return None
    if isinstance(value, list):
        shown = [None if isinstance(one, list) else show_value(one, repeats) for one in value[:_ENTRIES]]
        return None if len(value) > _ENTRIES or None in shown else shown
    show = _SHOW.get(type(value))
    return None if show is None or _may_be_secret(value, repeats) else show(value)


def _may_be_secret(value: Any, repeats: Repeats) -> bool:
    if not isinstance(value, str):
        return False
    return _KEY in value or (repeats is Repeats.CODES and not _CODE.fullmatch(value))


def _show_number(value: Any) -> Shown:
    number: int | float = value
    return number if abs(number) < _LARGEST else shorten_value(str(value))


_SHOW: Final[dict[type, Callable[[Any], Shown]]] = {
    str: shorten_value,
    bool: bool,
    int: _show_number,
    float: _show_number,
}
