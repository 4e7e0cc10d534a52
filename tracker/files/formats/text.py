"""Plain text: UTF-8, and no character that cannot be seen, for such characters can mark a copy as one person's."""

from __future__ import annotations

import codecs
import unicodedata
from typing import Final

from tracker.domain.files import NotCheckable
from tracker.domain.sentences import sentence
from tracker.files.formats.data import Data

_SLICE: Final = 1 << 16
#: Invisible, but part of how Arabic, Kurdish, Persian and Indic languages are written.
_WRITING: Final = frozenset("\t\n\r\u200c\u200d\u200e\u200f\u061c")
#: Control, format, private, and unassigned characters.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Co", "Cn"})
#: Called letters or marks, and yet nothing is seen of them: fillers, joiners, variation selectors.
_BLANK: Final = frozenset(
    map(chr, (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x2800, 0x3164, 0xFFA0))
) | frozenset(map(chr, (*range(0xFE00, 0xFE0F), *range(0xE0100, 0xE01F0))))


def traces(data: Data) -> list[str]:
    decode = codecs.getincrementaldecoder("utf-8")().decode
    faults: set[str] = set()
    for place in range(0, len(data), _SLICE):
        try:
            text = decode(data[place : place + _SLICE], place + _SLICE >= len(data))
        except UnicodeDecodeError:
            raise NotCheckable(sentence("text is taken in UTF-8 only")) from None
        characters = set(text[1:] if place == 0 and text.startswith("\ufeff") else text) - _WRITING
        faults |= {f"the invisible character U+{ord(one):04X}" for one in characters if _unseen(one)}
        if len(faults) > 20:
            raise NotCheckable(
                sentence("this is not plain text: it is full of characters that cannot be seen")
            )
    return sorted(faults)


def _unseen(character: str) -> bool:
    return unicodedata.category(character) in _UNSEEN or character in _BLANK
