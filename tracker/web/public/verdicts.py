"""Who says what of a thing, on what evidence: the lead first, everybody else beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tracker.languages.texts import pick_text
from tracker.web.public.reading import Document

Row = Mapping[str, Any]
#: What an answer rests on, which the status change tells that gave it.
_OF_THE_CHANGE = ("citations", "rests_on_undisclosed")


def find_answers(document: Document, track: str) -> dict[str, Any]:
    """The answers on one track."""
    answers: dict[str, Any] = next(one for one in document["standing"] if one["track"] == track)
    return answers


def show_implementation(brief: Document, language: str) -> dict[str, Any]:
    """A recommendation of a list, with its name in a language and the lead's answer on its implementation."""
    state = find_answers(brief, "implementation")["lead"]["state"]
    return {**brief, "name": pick_text(brief, "title", language), "state": state}


def list_verdicts(document: Document, track: str) -> list[dict[str, Any]]:
    """The answer of the lead, then those of others, each with what it cites as far as the history tells."""
    answers = find_answers(document, track)
    rows = [{**answers["lead"], "leads": True}, *({**one, "leads": False} for one in answers["others"])]
    return _add_grounds(document, [row for row in rows if row["change"] or row["leads"]])


def list_responses(document: Document) -> list[dict[str, Any]]:
    """What each addressee of a recommendation answered, with what that rests on. Of a recommendation that names no
    addressee there is one row, of nobody."""
    return _add_grounds(document, find_answers(document, "response")["by_addressee"])


def _add_grounds(document: Document, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The same with what each cites, as far as the history tells."""
    changes = {change["id"]: change for change in document["history"]}
    return [
        {**row, **{name: changes.get(row["change"], {}).get(name) for name in _OF_THE_CHANGE}} for row in rows
    ]


def list_answered(answers: Row) -> list[Row]:
    """The answers that somebody gave, the lead's first."""
    return [row for row in (answers["lead"], *answers["others"]) if row["change"]]
