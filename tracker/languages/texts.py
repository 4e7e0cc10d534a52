"""Texts of the record in the language of a page: the translation where there is one, the original beside it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tracker.languages.i18n import LANGUAGES, direction_of

#: How long a line is that was wrapped because it was full.
_FULL: Final = 60


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its language, None where nobody says which it is. ``translator`` is None for an original."""

    text: str
    language: str | None
    translated: bool = False
    translator: str | None = None

    @property
    def paragraphs(self) -> list[str]:
        """The text as it is read: a line that was only wrapped goes on, and an empty line begins a paragraph."""
        return [unwrap_lines(one) for one in self.text.strip().split("\n\n") if one.strip()]

    @property
    def direction(self) -> str:
        return direction_of(self.language)


def unwrap_lines(text: str) -> str:
    """The same without line feeds after a full line; after a short one they are meant."""
    lines = text.strip().split("\n")
    return "".join(
        f"{line}{' ' if len(line) >= _FULL else chr(10)}" for line in lines[:-1]
    ) + lines[-1]  # fmt: skip


def pick_text(document: Mapping[str, Any], member: str, code: str) -> Text:
    """A text of a document in this language, else as it was written."""
    wanted = list_texts(document, member)
    return next((one for one in wanted if _speaks(one.language, code)), wanted[0])


def list_texts(document: Mapping[str, Any], member: str) -> list[Text]:
    """A text in all its languages, the original first."""
    original = Text(str(document.get(member) or ""), document.get("language"))
    translated = [
        Text(one[member], one["language"], translated=True, translator=one["translator"])
        for one in document.get("translations", ())
        if one.get(member)
    ]
    named = [Text(name, tag) for tag, name in (document.get("names") or {}).items() if member == "name"]
    return [original, *translated, *named, *(_list_aliases(document) if member == "name" else ())]


def _list_aliases(document: Mapping[str, Any]) -> Iterator[Text]:
    """What an organization is called in other languages. With a note it is a misprint, or what others call it. Its name
    is English where it is written in Latin letters, and an abbreviation of that is no translation."""
    latin = any("LATIN" in unicodedata.name(letter, "") for letter in str(document.get("name") or ""))
    for alias in document.get("aliases", ()):
        if (
            alias["language"]
            and not alias["note"]
            and not (latin and _speaks(alias["language"], LANGUAGES[0]))
        ):
            yield Text(alias["name"], alias["language"], translated=True)


def _speaks(tag: str | None, code: str) -> bool:
    return tag is not None and tag.partition("-")[0] == code
