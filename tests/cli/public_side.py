"""How the tests of the shipped cases read the public side."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection

from tracker.public import queries

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
Doc = dict[str, Any]


class Public:
    """What anonymous readers are told of one process."""

    def __init__(self, connection: Connection, slug: str) -> None:
        self.connection, self.id = connection, queries.find_by_slug(connection, "process", slug)

    def all(self, kind: str, as_of: str | None = None) -> list[Doc]:
        day = date.fromisoformat(as_of) if as_of else None
        return queries.list_past_briefs(self.connection, self.id, kind, NOW, day, None)

    def one(self, kind: str, reference: str, as_of: str | None = None) -> Doc:
        return next(doc for doc in self.all(kind, as_of) if doc["reference"] == reference)

    def history(self, kind: str, id: str) -> list[Doc]:
        whole: Doc = json.loads(queries.find_document(self.connection, kind, id, NOW).body)
        found: list[Doc] = whole["history"]
        return found


def answer(doc: Doc, track: str) -> Doc:
    found: Doc = next(one for one in doc["standing"] if one["track"] == track)
    return found


def state(doc: Doc, track: str) -> str:
    """The lead's answer."""
    found: str = answer(doc, track)["lead"]["state"]
    return found
