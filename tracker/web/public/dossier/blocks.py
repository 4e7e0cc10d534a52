"""What a dossier is made of: sections of blocks, which are written as a page and as Markdown.

A part of a line is a `Markup` of ours, in which everything of the record is isolated, a `State`, a `Cited` or a `Link`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from tracker.languages.texts import Text


@dataclass(frozen=True, slots=True)
class State:
    """A state of a track."""

    kind: ClassVar[str] = "state"
    track: str
    code: str


@dataclass(frozen=True, slots=True)
class Cited:
    """The number of an item in the list of evidence."""

    kind: ClassVar[str] = "cited"
    number: int


@dataclass(frozen=True, slots=True)
class Link:
    """A whole address. ``text`` is None where the address itself is shown."""

    kind: ClassVar[str] = "link"
    address: str
    text: Markup | None = None


Part = Markup | State | Cited | Link
Line = Sequence[Part]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below that of its section; ``level`` is 3 or 4."""

    kind: ClassVar[str] = "heading"
    line: Line
    level: int = 3


@dataclass(frozen=True, slots=True)
class Paragraph:
    kind: ClassVar[str] = "paragraph"
    line: Line


@dataclass(frozen=True, slots=True)
class Quote:
    """A text as somebody wrote it."""

    kind: ClassVar[str] = "quote"
    text: Text


@dataclass(frozen=True, slots=True)
class Items:
    """A list; ``anchor`` and the number of an item make the address of that item."""

    kind: ClassVar[str] = "items"
    lines: Sequence[Line]
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    kind: ClassVar[str] = "table"
    caption: Markup
    head: Sequence[Markup]
    rows: Sequence[Sequence[Line]]


@dataclass(frozen=True, slots=True)
class Code:
    """What is copied letter by letter."""

    kind: ClassVar[str] = "code"
    text: str


Block = Heading | Paragraph | Quote | Items | Table | Code


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    title: Markup
    blocks: Sequence[Block]


def join_lines(lines: Iterable[Line], between: Markup) -> Line:
    """Lines after one another as one."""
    joined: list[Part] = []
    for line in lines:
        joined += [between, *line] if joined else line
    return joined


def list_sentences(sentences: Iterable[Markup | None]) -> Iterator[Block]:
    """One paragraph of these sentences; none where there are none."""
    line = join_lines(([one] for one in sentences if one is not None), Markup(" "))
    if line:
        yield Paragraph(line)
