"""Acts that agree with the log, in a temporary database: feeds are compared with them, and memory stays small."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import dataclass
from typing import Any, Final

_TABLES: Final = """
CREATE TABLE act (id TEXT PRIMARY KEY, place INTEGER, subject TEXT, process TEXT, digest BLOB);
CREATE INDEX act_subject ON act (subject, place);
CREATE INDEX act_process ON act (process, place);
CREATE TABLE change (id TEXT PRIMARY KEY, subject TEXT, track TEXT, assessor TEXT, state TEXT);
CREATE TABLE content (subject TEXT PRIMARY KEY, text TEXT);
"""


def digest(act: dict[str, Any]) -> bytes:
    """What two copies of an act have in common; a feed leaves out the content."""
    members = {name: value for name, value in act.items() if name != "content"}
    return hashlib.sha256(json.dumps(members, sort_keys=True).encode()).digest()


@dataclass(frozen=True, slots=True)
class Act:
    """What is kept of an act: its rows, read before the first is written."""

    row: tuple[str, int, str | None, str | None, bytes]
    change: tuple[str, str, str, str, str] | None
    content: tuple[str, str] | None

    @classmethod
    def read(cls, index: int, act: dict[str, Any]) -> Act:
        """Of an act at this index. Raises KeyError or TypeError where members are missing."""
        change = None
        if "change" in act:
            told_change = act["change"]
            change = (
                told_change["id"],
                act["subject"],
                told_change["track"],
                told_change["assessor"],
                told_change["to"],
            )
        content = (act["subject"], json.dumps(act["content"])) if "content" in act else None
        return cls((act["id"], index, act["subject"], act["process"], digest(act)), change, content)


class VerifiedActs:
    """The acts that were verified so far. SQLite writes to a file without a name when it needs room."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("", isolation_level=None)
        self._rows.executescript(_TABLES + "BEGIN")

    def close(self) -> None:
        self._rows.close()

    def add(self, act: Act) -> None:
        """Raises ValueError where another act has the same id."""
        try:
            self._rows.execute("INSERT INTO act VALUES (?, ?, ?, ?, ?)", act.row)
            if act.change:
                self._rows.execute("INSERT INTO change VALUES (?, ?, ?, ?, ?)", act.change)
        except sqlite3.Error:
            raise ValueError("another act has its id") from None
        if act.content:
            self._rows.execute("INSERT OR REPLACE INTO content VALUES (?, ?)", act.content)

    def has(self, id: str, shown: dict[str, Any]) -> bool:
        """Whether this act was verified, and says the same."""
        same: bool = self._one("SELECT digest FROM act WHERE id = ?", id) == (digest(shown),)
        return same

    def count(self, process: str) -> int:
        """How many acts there are of a process."""
        number = self._one("SELECT count(*) FROM act WHERE process = ?", process)
        return int(number[0]) if number else 0

    def last(self, subject: str) -> tuple[str, int] | None:
        """The id and index of the last act about a thing."""
        query = "SELECT id, place FROM act WHERE subject = ? ORDER BY place DESC LIMIT 1"
        row: tuple[str, int] | None = self._one(query, subject)
        return row

    def change(self, id: str) -> tuple[str, str, str, str] | None:
        """What a status change is about, on which track, whose it is, and to which state."""
        query = "SELECT subject, track, assessor, state FROM change WHERE id = ?"
        row: tuple[str, str, str, str] | None = self._one(query, id)
        return row

    def content(self, subject: str) -> dict[str, Any]:
        """What the last act with a content says of a thing."""
        row = self._one("SELECT text FROM content WHERE subject = ?", subject)
        members: dict[str, Any] = json.loads(row[0]) if row else {}
        return members

    def _one(self, query: str, *given: str) -> Any:
        return self._rows.execute(query, given).fetchone()
