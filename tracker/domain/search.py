"""What is searched by: words folded so that two spellings of one word are one, on every database alike.

Case, diacritics, ligatures and digits of other scripts fall together; in Arabic script also the harakat, the
tatweel, the forms of alef, ya and ta marbuta, and the article with the letters that are written onto it. Nothing is
stemmed: a stem takes a language, and names have none. `search*` finds what begins so instead, and so does the last
word that was typed.

A text is found by more than its words (`list_index_words`): an Arabic word that begins with "and", "in", "to" or "like"
also without that letter, a name with Abd, Abu, al-Din or an article in each way in which it is joined
(`tracker.domain.name_spellings`), and a word with an apostrophe in it also without.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tracker.domain.errors import InvalidInput
from tracker.domain.name_spellings import list_spellings, spell_articles
from tracker.domain.sentences import sentence

#: The most words that are looked for at once; more would only narrow what is narrow already.
WORDS: Final = 16
#: How much of a word is kept, and how much is read for it: marks upon letters, which go, take time squared to sort.
WORD: Final = 64
_READ: Final = 8 * WORD

#: Letters that Unicode does not take apart, and the forms of one Arabic, Persian or Kurdish letter.
_SAME: Final = str.maketrans(
    {
        "œ": "oe",
        "æ": "ae",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ı": "i",
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",
        "ې": "ي",
        "ک": "ك",
        "ڪ": "ك",
        "ة": "ه",
        "ە": "ه",
        "ہ": "ه",
        "ھ": "ه",
        "ـ": "",
        **dict.fromkeys("ʿʾʼʻʽ", ""),
    }
)
#: The article, alone or after one letter that is written onto it; three letters have to be left.
_ARTICLE: Final = re.compile("^(?:[وفبك]?ال|[وف]?لل)(?=.{3})")


def fold_words(text: str) -> list[str]:
    """The words of a text as they are compared, in their order."""
    return [word for word, _place in _place_words(text)]


#: What parts a word and is none of its letters, as in Hay'at or Dar’a; and where it stands within a word.
_APOSTROPHES: Final = "'’‘`´"
_WITHIN: Final = re.compile(f"(?<=[^\\W\\d_])[{_APOSTROPHES}](?=[^\\W\\d_])")
#: A letter that is written onto an Arabic word, or two of them; three letters have to be left.
_JOINED: Final = re.compile("^(?:[وف][بلك]|[وفبلك])(?=[\u0621-\u064a]{3})")
#: A word in Arabic script, with the marks upon its letters; and one with "to the" before it.
_ARABIC: Final = re.compile("[\u0610-\u061a\u0620-\u065f\u0670-\u06d3]{5,}")
_DOUBLED: Final = re.compile("^[وف]?ل(ل.{3,})")


def list_index_words(text: str) -> set[str]:
    """All words by which a text is found."""
    words = fold_words(text)
    whole = fold_words(" ".join(_list_whole(text)))
    spellings = {*words, *_list_doubled(text), *whole}.union(*map(_list_bare, whole))
    if (plain := spell_articles(text)) != text:
        spellings |= list_index_words(plain)
    bare = [_list_bare(word) for word in words]
    for place, word in enumerate(words):
        spellings |= bare[place]
        nearest = slice(max(0, place - 2), place)
        before = [*words[nearest], *(one for some in bare[nearest] for one in some)]
        for spelled in (word, *bare[place]):
            spellings |= list_spellings(spelled, before, words[place + 1 : place + 3])
    return spellings


#: Words with an apostrophe, or a sign that stands for an Arabic letter, between their letters.
#: Looked for where a word begins alone: from each of its letters on, a long word would take seconds.
_PARTED: Final = re.compile(f"(?<![^\\W\\d_])[^\\W\\d_]+(?:[{_APOSTROPHES}][^\\W\\d_]+)+")
#: The two ways in which hamza stands before a long u.
_HAMZA: Final = (("ؤو", "ئو"), ("ئو", "ؤو"))


def _list_whole(text: str) -> Iterator[str]:
    """Words as others write them: without the apostrophe in it, or with hamza on its other seat."""
    yield from map(_join_parts, _PARTED.findall(text))
    for hamza, other in _HAMZA:
        if hamza in text:
            yield from (run.replace(hamza, other) for run in _ARABIC.findall(text) if hamza in run)


def _join_parts(text: str) -> str:
    return _WITHIN.sub("", text)


def _list_doubled(text: str) -> Iterator[str]:
    """Words that begin with lam themselves, behind "to the". That is written with two lams, not three: `للجنة` is "to
    the committee" (`لجنة`), or "to the garden" (`جنة`)."""
    for run in _ARABIC.findall(text):
        if (doubled := _DOUBLED.match(_fold_letters(run))) is not None:
            yield doubled[1][:WORD]


def _list_bare(word: str) -> set[str]:
    """An Arabic word without the letters that may have been written onto it: without one, and without two."""
    joined = _JOINED.match(word)
    if joined is None:
        return set()
    bare = {word[1:], word[joined.end() :]}
    return bare | {_ARTICLE.sub("", one) for one in bare}


#: A run of ASCII letters and digits and of anything beyond ASCII: the latter is looked at letter by letter.
_RUN: Final = re.compile(r"[0-9A-Za-z\u0080-\U0010ffff]+")


def _place_words(text: str) -> Iterator[tuple[str, int]]:
    """Each word of a text, folded, with the place at which it begins."""
    for run in _RUN.finditer(text):
        plain = run.group()
        if plain.isascii():
            yield plain.lower()[:WORD], run.start()
        else:
            part = _part_words if len(plain) <= WORD else _part_words.__wrapped__
            yield from ((word, run.start() + place) for word, place in part(plain))


@lru_cache(maxsize=8192)
def _part_words(run: str) -> tuple[tuple[str, int], ...]:
    """The words of a run, by the category of each letter. Most are one word that comes again; no long one is kept."""
    parts, start = [], None
    for place, letter in enumerate(f"{run} "):
        if unicodedata.category(letter)[0] in "LNM" or (start is not None and letter in "\u200c\u200d\u00ad"):
            start = place if start is None else start
        elif start is not None:
            if word := _fold(run[start:place]):
                parts.append((word, start))
            start = None
    return tuple(parts)


def _fold(word: str) -> str:
    return _ARTICLE.sub("", _fold_letters(word))[:WORD]


def _fold_letters(word: str) -> str:
    read = word[:_READ]
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", read).casefold()).translate(_SAME)
    kept = (letter for letter in bare if unicodedata.category(letter) in _KEPT)
    return "".join(str(unicodedata.digit(letter, letter)) for letter in kept)


#: Letters, numbers and marks that take a place of their own; marks that stand upon a letter go.
_KEPT: Final = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl", "No", "Mc"})


@dataclass(frozen=True, slots=True)
class Term:
    """One word that is looked for; ``begins`` where words that begin so are meant."""

    word: str
    begins: bool

    def finds(self, word: str) -> bool:
        return word.startswith(self.word) if self.begins else word == self.word


def parse_terms(query: str) -> tuple[Term, ...]:
    """What a query looks for: all of its words, the last of them and every ``word*`` as the beginning of one.

    No sign means anything else, so none can be an error. `InvalidInput` for more words than are looked for.
    """
    terms: list[Term] = []
    for piece in spell_articles(query).split():
        folded = fold_words(_join_parts(piece))
        terms += [Term(word, False) for word in folded[:-1]]
        terms += [Term(word, piece.endswith("*")) for word in folded[-1:]]
    if terms:
        terms[-1] = Term(terms[-1].word, True)
    if len(terms) > WORDS:
        raise InvalidInput.at("q", sentence("give at most %(most)s words", most=WORDS))
    return tuple(dict.fromkeys(terms))


_BEFORE: Final = 60
_LONG: Final = 240
#: How far a text is looked through for the place to show.
_LOOKED: Final = 4_000


def make_snippet(texts: Sequence[str], looked_for: Sequence[Term]) -> str:
    """A piece of the first of these texts in which a word was found, around that word, as plain text of one line; the
    beginning of the first text where none of them has one."""
    lines = [" ".join(text.split()) for text in texts]
    hits = ((line, at) for line in lines if (at := _find_first(line, looked_for)) is not None)
    line, place = next(hits, (lines[0], 0))
    start = 0 if place <= _BEFORE else line.rfind(" ", 0, place - _BEFORE) + 1
    end = start + _LONG
    if end >= len(line):
        return ("…" if start else "") + line[start:]
    cut = line.rfind(" ", start + _LONG // 2, end)
    return ("…" if start else "") + line[start : cut if cut > 0 else end] + "…"


def _find_first(line: str, looked_for: Sequence[Term]) -> int | None:
    for word, at in _place_words(line[:_LOOKED]):
        if any(term.finds(one) for term in looked_for for one in (word, *_list_bare(word))):
            return at
    return None
