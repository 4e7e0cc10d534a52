"""Names as people join their parts: Abd al-Karim and Abdelkarim, Abu Khalid and Aboukhalid, Nour ed-Din and Noureddine,
عبد الكريم and عبدالكريم. All words are folded (`tracker.domain.search`); no language is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

#: What a name begins with, servant of God or father of somebody, in the ways in which each is written.
_BEGINNINGS: Final = (("عبد",), ("ابو", "ابي", "ابا"), ("abd",), ("abu", "abou", "abo"))
_ARTICLES: Final = ("al", "el", "ul")
#: The first word of such a name -> the ways in which it is written.
_FIRST: Final = {
    **{one: ways for ways in _BEGINNINGS for one in ways},
    **{f"abd{article}": ("abd",) for article in _ARTICLES},
}
#: The letters before which the article is spoken, and often written, as the letter itself.
_SUN: Final = "dnrstz"
#: Such a name, written as one word.
_ONE_WORD: Final = re.compile(
    f"^(?:(عبد)(?:ال)?|(ابو|ابي|ابا)ال|(abd)[aeiou](?:l|(?P<sun>[{_SUN}])(?=(?P=sun)))|(abou|abu|abo)l)(?=.{{3}})"
)
#: What a name ends with that is called after the faith, in the ways in which it is written.
_ENDINGS: Final = ("din", "dine", "deen")
_FAITH: Final = re.compile(f"^(.{{2,}}?)(?:الدين|[aeu][ld](?:{'|'.join(_ENDINGS)}))$")
#: The same with its article, where that is a word of its own: Nour Eddine.
_LAST: Final = frozenset(vowel + letter + end for vowel in "aeu" for letter in "ld" for end in _ENDINGS)
#: An article at the head of the rest of a name: Abd Elkarim.
_HEAD: Final = re.compile(f"^(?:{'|'.join(_ARTICLES)})(?=.{{4}})")
#: An article that is written as it is spoken: ar-Rahman, ed-Din, ash-Sham.
_SPOKEN: Final = re.compile(f"\\b([aeu])(sh|th|dh|[{_SUN}])(?=[-‐‑]\\2)", re.IGNORECASE)


def spell_articles(text: str) -> str:
    """A text in which every article is written as one: al-Rahman."""
    return _SPOKEN.sub(r"\1l", text)


def list_spellings(word: str, before: Sequence[str], following: Sequence[str]) -> set[str]:
    """The ways in which a name is written of which a word is a part, with those before it and those that follow."""
    if word in _FIRST:
        rest = [one for one in following if one not in _ARTICLES][:1]
        rest += [_HEAD.sub("", one) for one in rest]
        return {name for one in rest for name in _join(_FIRST[word], one)}
    if (name := _ONE_WORD.match(word)) is not None:
        first = next(one for one in name.groups() if one is not None)
        return _join(_FIRST[first], word[name.end() :])
    if (faith := _FAITH.match(word)) is not None:
        return {faith[1], *_list_last(word), *_join_faith(faith[1])}
    if word in _LAST or word in _ENDINGS or word == "دين":
        last = _list_last(word) if word in _LAST or not {*_ARTICLES}.isdisjoint(before) else set()
        return last.union(*(_join_faith(one) for one in before if one not in _ARTICLES))
    if word in _ARTICLES:
        return {*_ARTICLES, *(article + one for article in _ARTICLES for one in following[:1])}
    return set()


def _list_last(word: str) -> set[str]:
    """The ways in which the end of such a name is written where it stands alone."""
    return {*_ARTICLES, *_ENDINGS, *_LAST} if word.isascii() else {"دين"}


def _join_faith(name: str) -> set[str]:
    """A name and what it ends with as one word."""
    if not name.isascii():
        return {f"{name}الدين"}
    return {f"{name}{vowel}{letter}{end}" for vowel in "aeu" for letter in "ld" for end in _ENDINGS}


def _join(ways: Iterable[str], name: str) -> set[str]:
    """Each way in which the beginning of a name and the rest of it are written together, and the two words."""
    joined = {name}
    for first in ways:
        articles = _list_articles(first, name)
        joined |= {first, first + name, *(first + one + name for one in articles)}
        if first.isascii():
            joined |= {*articles, *(first + one for one in articles)}
    return joined


def _list_articles(first: str, name: str) -> tuple[str, ...]:
    """The articles before a name, also as they are spoken."""
    if not first.isascii():
        return ("ال",)
    spoken = (one[0] + name[0] for one in _ARTICLES) if name[0] in _SUN else ()
    return (*_ARTICLES, "l", *spoken)
