"""Which passwords are guessed first: those that fall into few pieces that everybody tries.

A piece is one of the 3,000 commonest passwords, a row of keys or letters, one character repeated, a year, or else a
single character. NIST SP 800-63B-4, 3.1.1.2 asks to refuse what is commonly used; at fifteen characters that is above
all a common password twice, or with a year or a row of digits behind it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from typing import Final

#: A password of so many pieces is too easy.
FEW: Final = 3
#: So many different characters are too few.
_FEW_CHARACTERS: Final = 4
_ROWS: Final = ("01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz")
_SHORTEST_ROW: Final = 3
_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}", re.ASCII)


def is_easy(password: str, name: str) -> bool:
    """Whether a password is guessed early. ``name`` is what its owner is called."""
    plain = password.casefold()
    few = len(set(plain)) <= _FEW_CHARACTERS or count_pieces(plain) <= FEW
    return few or name.casefold() in plain


def count_pieces(plain: str) -> int:
    """The least number of pieces that make up a password in small letters."""
    least = [0]
    for end in range(1, len(plain) + 1):
        starts = range(max(0, end - _longest_piece()), end - 1)
        pieces = (start for start in starts if _is_piece(plain[start:end]))
        least.append(1 + min(least[start] for start in (end - 1, *pieces)))
    return least[-1]


def _is_piece(part: str) -> bool:
    row = len(part) >= _SHORTEST_ROW and any(part in keys or part[::-1] in keys for keys in _ROWS)
    known = row or part in list_common_passwords() or len(set(part)) == 1
    return known or _YEAR.fullmatch(part) is not None


@lru_cache(maxsize=1)
def list_common_passwords() -> frozenset[str]:
    """The commonest passwords, in small letters."""
    kept = resources.files(__package__).joinpath("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line for line in kept.splitlines() if not line.startswith("#"))


@lru_cache(maxsize=1)
def _longest_piece() -> int:
    return max(map(len, (*list_common_passwords(), *_ROWS)))
