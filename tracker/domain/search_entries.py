"""What a thing is found by: all that it is called, and its texts, taken from its content.

`tracker.domain.search` folds their words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tracker.domain.partial_days import FOREVER

#: How much of a text is looked through.
TEXT: Final = 100_000

#: Members that a thing may be called by, then those whose text is looked through; nested ones by their own names.
_TITLE: Final = (
    *("title", "name", "slug", "reference", "printed_number", "former_numbers"),
    *("names", "former_names", "aliases", "translations"),
)
_TEXT: Final = (
    "summary",
    "text",
    "description",
    "place",
    "area",
    "instrument",
    "tasks",
    "members",
    "left_note",
    "succeeded_by",
    "conflicts",
    "profession",
    "role",
    "mandates",
    "claims",
    "event",
    "readings",
    "figures",
    "scope",
    "criteria",
    "of",
    "says",
    "tags",
    "label",
    "code",
    "note",
    *_TITLE,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a thing is found by: ``title`` it is shown as, ``names`` are all that it is called, ``text`` is the rest.

    What it was found by in the past stands in entries of their own: each from a day on, and until another."""

    id: str
    kind: str
    process: str | None
    title: str
    names: str
    text: str
    from_on: str = ""
    until_on: str = FOREVER

    @property
    def is_past(self) -> bool:
        return self.until_on != FOREVER

    def says_same(self, other: Entry) -> bool:
        return (self.title, self.names, self.text) == (other.title, other.names, other.text)


def make_entry(id: str, kind: str, process: str | None, content: Mapping[str, Any]) -> Entry:
    """What a thing with this content is found by: its names in every script, and its texts."""
    title = str(content.get("title") or content.get("name") or content.get("reference") or "")
    names = "\n".join(dict.fromkeys(_join_texts({name: content.get(name) for name in _TITLE}, _TITLE)))
    rest = {name: value for name, value in content.items() if name not in _TITLE or name == "translations"}
    text = "\n".join(dict.fromkeys(_join_texts(rest, _TEXT)))
    return Entry(id, kind, process, title, names[:TEXT], text[:TEXT])


def _join_texts(content: Any, members: Sequence[str]) -> Iterator[str]:
    """Every text under these members, however deep."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping):
        for name in members:
            value = content.get(name)
            # `names` maps languages to names: there every member counts.
            yield from _join_texts(list(value.values()) if name == "names" and value else value, members)
    elif isinstance(content, Sequence):
        for text in content:
            yield from _join_texts(text, members)
