"""What may stand in a text, a slug and a reference.

Control characters and bidirectional overrides let a text show something else than it says
(Unicode Technical Report 36, "Trojan Source"); they are refused, never silently removed, because
a record must hold what was sent or nothing. Arabic and Hebrew need none of them: the marks that
real right-to-left text uses (LRM, RLM, ALM) stay allowed.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Final

from tracker.domain.sentences import Sentence, sentence

SLUG: Final = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
SLUG_LENGTH: Final = 80
_SLUG: Final = re.compile(SLUG, re.ASCII)

REFERENCE: Final = r"^[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*$"
REFERENCE_LENGTH: Final = 40

#: Python makes no number of thousands of digits, and no member takes one of more than these.
_DIGITS: Final = 15

_BIDI: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINES: Final = frozenset("\n\t")
#: Letters and signs that show nothing: the fillers of Hangul, and the empty cell of Braille.
_EMPTY: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800")
#: The categories of what shows nothing by itself: spaces, what controls others, and marks without a letter.
_UNSEEN: Final = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Mn", "Me"})
#: Spaces, line breaks, and the spaces without width, as they stand around what a cell says.
_SPACES: Final = " \t\n\r\u00a0\u1680\u202f\u205f\u3000\u200b\ufeff" + "".join(
    map(chr, range(0x2000, 0x200B))
)
#: What shows nothing by itself: the soft hyphen, joiners, and the marks of a direction.
_MARKS: Final = "\u00ad\u061c\u200c\u200d\u200e\u200f\u2060" + "".join(sorted(_BIDI))
#: How much of a number that is too long for a reference is kept before its digest.
_DIGEST: Final = 8


def is_slug(value: str) -> bool:
    """Whether this can be a short name."""
    return len(value) <= SLUG_LENGTH and _SLUG.fullmatch(value) is not None


def with_article(kind: str, what: str = "") -> str:
    """A kind of thing with its article, and ``what`` it is: "an organization", "a public item of evidence"."""
    noun = "item of evidence" if kind == "evidence" else kind
    words = f"{what} {noun}".strip()
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def find_fault(value: str, *, lines: bool) -> Sentence | None:
    """What is wrong with the characters of a text, or None.

    ``lines`` says whether line feeds and tabs may stand in it.
    """
    if (value.replace("\n", "").replace("\t", "") if lines else value).isprintable():
        return None  # neither control characters, nor bidirectional ones, nor separators
    for place, letter in enumerate(value):
        if letter.isprintable():
            continue
        name = sentence(
            "%(letter)s at position %(place)s", letter="U+" + format(ord(letter), "04X"), place=place
        )
        if letter in _BIDI:
            return sentence("bidirectional control character %(name)s is not allowed", name=name)
        category = unicodedata.category(letter)
        if category == "Cs":
            return sentence("unpaired surrogate %(name)s is not allowed", name=name)
        if category == "Cc" and not (lines and letter in _LINES):
            return sentence("control character %(name)s is not allowed", name=name)
        if letter in "\u2028\u2029":
            return sentence("line separator %(name)s is not allowed; use a line feed", name=name)
    return None


def is_blank(value: str) -> bool:
    """Whether nothing of a text is to be seen."""
    return all(letter in _EMPTY or unicodedata.category(letter) in _UNSEEN for letter in value)


#: Letters and digits as a name keeps them, and runs of letters of other scripts.
_PIECE: Final = re.compile(r"[0-9A-Za-z]+|[^\W_0-9A-Za-z]+")


def make_reference(printed: str) -> str | None:
    """A short name made from a number as it is printed: ``002/24`` is 002-24, ``2(a)`` is 2-a, ``١٢/أ`` is 12-alef.
    None where it has neither letters nor digits. Words of other scripts are left out: «التوصية ١٢» is 12. Of a long one
    the beginning is kept, and a digest keeps it apart from others that begin so."""
    if len(printed) <= REFERENCE_LENGTH and re.fullmatch(REFERENCE, printed, re.ASCII):
        return printed
    pieces = [_name_letter(piece) for piece in _PIECE.findall(_to_plain(printed))]
    whole = "-".join(filter(None, pieces))
    if len(whole) <= REFERENCE_LENGTH:
        return whole or None
    return f"{whole[: REFERENCE_LENGTH - _DIGEST - 1].strip('-')}-{_digest(whole)}"


def make_slug(name: str) -> str:
    """A short name made from a name. Where letters of other scripts are left out, a digest keeps two names apart."""
    pieces = _PIECE.findall(_to_plain(name))
    kept = [piece.lower() for piece in pieces if piece.isascii()]
    short = "-".join(kept)[: SLUG_LENGTH - 12].strip("-")
    return short if short and len(kept) == len(pieces) else f"{short or 'o'}-{_digest(name)}"


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:_DIGEST]


def _to_plain(value: str) -> str:
    """Without the marks upon letters and what shows nothing, and with the digits of any script as those of ASCII."""
    bare = (
        letter
        for letter in unicodedata.normalize("NFKD", value)
        if not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf"
    )
    return to_ascii_digits("".join(bare))


def to_ascii_digits(value: str) -> str:
    """With the digits of any script as those of ASCII: ١٢ is 12."""
    return value if value.isascii() else "".join(str(unicodedata.decimal(one, one)) for one in value)


def compose_label(value: str) -> str:
    """A label as it is compared with another: composed (NFC), with single spaces, without what shows nothing."""
    seen = (letter for letter in value if unicodedata.category(letter) != "Cf")
    return " ".join(unicodedata.normalize("NFC", "".join(seen)).split())


def strip_cell(value: str) -> str:
    """A cell without the space around what it says. Control characters stay: they are refused by name."""
    return value.strip(_SPACES)


def strip_word(value: str) -> str:
    """A code, a number or a day without the space around it, and without marks that show nothing."""
    return value.strip(_SPACES + _MARKS)


def _name_letter(piece: str) -> str | None:
    """A letter of another script, which stands alone, by the first word of its name; longer ones by nothing."""
    if piece.isascii():
        return piece
    _script, sign, called = (
        unicodedata.name(piece, "").partition("LETTER ") if len(piece) == 1 else ("", "", "")
    )
    return called.split()[0].lower() if sign else None


def natural_sort_key(reference: str) -> str:
    """A sort key under which C2 comes before C10: before every number stands how many digits it has."""

    def counted(run: re.Match[str]) -> str:
        digits = run.group().lstrip("0")
        return f"{len(digits):02}{digits}"

    return re.sub(r"[0-9]+", counted, reference.casefold())


def read_digits(text: str) -> int | None:
    """A whole number that is written in plain digits, and in no more of them than any number here has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None


def make_writable(text: str | None) -> str | None:
    """A text as it can be written down: half a character (an unpaired surrogate) is a question mark."""
    return text if text is None else text.encode("utf-8", "replace").decode()
