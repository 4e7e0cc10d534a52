"""Amounts: how one is sent, and where what is no plain number goes."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

from marshmallow import ValidationError

from tracker.domain.sentences import Sentence, sentence
from tracker.schemas.fields import Text

_AMOUNT: Final = re.compile(r"^[0-9]{1,15}(\.[0-9]{1,2})?$", re.ASCII)
#: More decimals than an amount has, or thousands as some languages part them.
_FINE: Final = re.compile(r"[0-9]\.[0-9]{3}", re.ASCII)
#: A number inside of words, with or without marks between its thousands.
_NUMBER: Final = re.compile(r"[0-9]{1,3}(?:[, ][0-9]{3})+(?![0-9])|[0-9]+(?:\.[0-9]{1,2})?", re.ASCII)
#: A number whose marks people write in several ways: 1.500 and 12,50.
_MARKED: Final = re.compile(r"(?<![0-9])[0-9]+(?:[.,'’][0-9]+)+", re.ASCII)
#: A word that makes a number another one.
_MULTIPLE: Final = re.compile(
    r"[0-9] ?(?:hundred|thousand|million|billion|bn|[km])\b", re.ASCII | re.IGNORECASE
)


class Amount(Text):
    """An amount as a text of digits, so that none is lost on the way: ``"1200000.50"``. What is less certain than that
    has members of its own; the refusal of a text names them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(40, metadata={"pattern": _AMOUNT.pattern}, **kwargs)

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        if isinstance(value, int | float):
            raise ValidationError(sentence('must be digits in a string, as "1200000.50"'))
        read = super().deserialize(value, attr, data, **kwargs)
        if not isinstance(read, str):
            return read
        if not _AMOUNT.fullmatch(read):
            raise ValidationError(
                sentence(
                    'must be digits in a string, as "1200000.50"; %(remedy)s', remedy=_name_members(read)
                )
            )
        return Decimal(read)


def _name_members(given: str) -> Sentence:
    """Where the numbers in a text go."""
    if _MULTIPLE.search(given):
        return sentence("write out the number, with all its zeros")
    if _FINE.search(given):
        return sentence("give at most two decimals, and no sign between thousands")
    given = " ".join(given.split())  # no-break spaces too
    marked = _MARKED.findall(given)
    if len(marked) == 1 and not _NUMBER.fullmatch(marked[0]):
        return sentence(
            "write it without marks between thousands, and a dot before hundredths, as 1500 or 12.50"
        )
    numbers = [one.replace(",", "").replace(" ", "") for one in _NUMBER.findall(given)]
    match numbers:
        case [number]:
            return sentence(
                'send "%(number)s" as `amount` if it is exact, as `about` if nobody says exactly, or as `at_least` or'
                " `at_most`",
                number=number,
            )
        case [first, last]:
            return sentence(
                'send "%(first)s" as `at_least` and "%(last)s" as `at_most`', first=first, last=last
            )
        case _:
            return sentence("where nobody gives a number, leave it out and say the words in `source`")
