"""What a shape of the contract is, in a sentence: what it says of itself, or what its name says."""

from __future__ import annotations

import re
from typing import Any, Final

from marshmallow import Schema

from tracker.domain import text

#: How the name of a shape ends, longest first, and what that says of it.
_ENDINGS: Final = (
    ("TranslationContent", "The texts of {thing} in another language."),
    ("TranslationIn", "The texts of {thing} in another language, as you send them."),
    ("TranslationOut", "The texts of {thing} in another language."),
    ("Translation", "The texts of {thing} in another language."),
    ("Addition", "{Thing} to add, and why it is added where the whole is public."),
    ("Document", "{Thing} with all its answers, as the public sees it."),
    ("Answers", "The answers about {thing} on one track."),
    ("Content", "{Thing}, as the public sees it."),
    ("Subject", "{Thing}, as the record has it, with its kind."),
    ("Brief", "{Thing} in brief, as public lists have it."),
    ("Patch", "What an edit of {thing} changes. What is left out stays; null clears a member."),
    ("Page", "A page of a list. `next` is the address of the page that follows."),
    ("Line", "{Thing}, as a line of an export."),
    ("List", "All of them."),
    ("Row", "One organization's answer about {thing}."),
    ("Out", "{Thing}, as the record has it."),
    ("In", "{Thing}, as you send it."),
)
#: Shapes that are made on the way and have no place for a sentence of their own.
_MADE: Final = {
    "AddresseeAnswer": "The response of one addressee.",
    "AnySubject": "A subject of any kind; `kind` says which.",
    "AuditReadingIn": "Which entries of the audit trail are read.",
    "Citation": "An item that supports, contradicts or explains a status.",
    "ChangeLine": "A status change, as a line of an export.",
    "ListedReport": "A report of a committee, with its answers.",
    "NamedAddressee": "An organization that was asked, with its name.",
    "NamedFigure": "A figure, with the names of what it names.",
    "PastChange": "A status change, with what it cites.",
}


class Shapes:
    """The shapes of a document, by the names under which they stand in it."""

    def __init__(self, *first: type[Schema]) -> None:
        self._known = {one.__name__: one for one in first}

    def name(self, shape: Any) -> str:
        """The name of a shape, given as its class or as one of its objects."""
        kind = shape if isinstance(shape, type) else type(shape)
        self._known[kind.__name__] = kind
        return kind.__name__

    def describe(self, document: dict[str, Any]) -> None:
        """Give each shape its sentence. `ValueError` for one of which nothing is known."""
        for name, shape in document["components"]["schemas"].items():
            # Its own words, as far as they are its own: two shapes of one base are not the same.
            sentence: str | None = vars(self._known[name]).get("__doc__") if name in self._known else None
            words = None if sentence is None else " ".join(sentence.replace("``", "`").split())
            shape["description"] = _MADE.get(name) or words or _by_name(name)


def _by_name(name: str) -> str:
    for ending, says in _ENDINGS:
        if name.endswith(ending) and name != ending:
            words = re.findall("[A-Z][a-z]*", name.removesuffix(ending))
            thing = text.with_article(" ".join(words).lower())
            return says.format(thing=thing, Thing=thing[0].upper() + thing[1:])
    raise ValueError(f"say what {name} is: give it a docstring")
