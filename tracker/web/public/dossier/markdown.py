"""A dossier as Markdown (CommonMark, with the tables of GitHub): whatever a text of the record contains stays text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import quote

from markupsafe import Markup

from tracker.languages.i18n import Language
from tracker.web.public.dossier.blocks import (
    Block,
    Cited,
    Code,
    Heading,
    Items,
    Line,
    Link,
    Paragraph,
    Part,
    Quote,
    Section,
    State,
    Table,
)
from tracker.web.tones import family_of

#: What has a meaning anywhere in a line, for CommonMark and for those who add tables, formulas and strokes to it.
_ANYWHERE: Final = re.compile(r"([\\`*_{}\[\]<>|~&$^!@])")
#: What has one where a line begins: an item, a heading, an underline, a definition; a number with its dot.
_FIRST: Final = re.compile(r"\A(?:([-+=#:])|(\d{1,9})(?=[.)]))")
#: What is made a link although nothing marks it as one.
_BARE: Final = re.compile(r"(:)(?=//)|(?<=www)(\.)", re.IGNORECASE)
_SPACES: Final = re.compile(r"\s+")
#: What an address keeps: it can end neither itself nor a cell of a table.
_OF_ADDRESS: Final = "/:?#@!$&'()*+,;=%-._~"


def write_dossier(title: Markup, sections: Sequence[Section], language: Language) -> bytes:
    """The whole dossier."""
    return ("\n".join(_Writer(language).write(title, sections)) + "\n").encode()


def escape_text(text: str) -> str:
    """A text of the record on one line, in which no letter means anything to a reader of Markdown."""
    return _escape_first(_escape_letters(" ".join(text.split())))


def _escape_letters(text: str) -> str:
    return _BARE.sub(lambda found: f"\\{found[0]}", _ANYWHERE.sub(r"\\\1", text))


def _escape_first(line: str) -> str:
    return _FIRST.sub(lambda found: f"{found[2]}\\" if found[2] else f"\\{found[1]}", line)


class _Writer:
    def __init__(self, language: Language) -> None:
        self._language = language

    def write(self, title: Markup, sections: Sequence[Section]) -> Iterator[str]:
        yield f"# {self._write_line([title])}"
        for section in sections:
            yield from ("", f"## {self._write_line([section.title])}")
            for block in section.blocks:
                yield from ("", *self._write_block(block))

    def _write_block(self, block: Block) -> Iterator[str]:
        match block:
            case Heading(line, level):
                yield f"{'#' * level} {self._write_line(line)}"
            case Paragraph(line):
                yield self._write_line(line)
            case Quote(text):
                yield "\n>\n".join(f"> {escape_text(one)}" for one in text.paragraphs)
            case Items(lines, anchor):
                yield from (
                    f"{'-' if anchor is None else f'{number}.'} {self._write_line(line)}"
                    for number, line in enumerate(lines, start=1)
                )
            case Table(_caption, head, rows):
                yield self._write_row([[one] for one in head])
                yield f"|{' --- |' * len(head)}"
                yield from (self._write_row(row) for row in rows)
            case Code(text):
                yield from (f"    {one}" for one in text.splitlines())

    def _write_row(self, cells: Sequence[Line]) -> str:
        return f"| {' | '.join(self._write_line(cell) for cell in cells)} |"

    def _write_line(self, line: Line) -> str:
        return _escape_first("".join(map(self._write_part, line)).strip())

    def _write_part(self, part: Part) -> str:
        match part:
            case State(track, code):
                return f"**{_escape_letters(self._language.label(family_of(track), code))}**"
            case Cited(number):
                return f"\\[{number}\\]"
            case Link(address, None):
                return f"<{quote(address, safe=_OF_ADDRESS)}>"
            case Link(address, text) if text is not None:
                return f"[{self._write_text(text)}](<{quote(address, safe=_OF_ADDRESS)}>)"
            case Markup():
                return self._write_text(part)
        raise TypeError(f"{part!r} is no part of a line")

    def _write_text(self, text: Markup) -> str:
        return _escape_letters(_SPACES.sub(" ", self._language.unmark(text)))
