"""What becomes of the columns of a table, as a map and a call say it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Use:
    """What a column is used for: the member, dotted where nested; what stands between the pieces of a list in a cell;
    what its words are here (``values``); of how many letters at most its beginning is taken (``beginning``). Of each
    piece only what a ``pattern`` finds is taken, of one with a group what that holds. With ``after`` it is put behind
    what another column says in the same member, with this between."""

    member: str
    separator: str | None = None
    values: Mapping[str, str] | None = None
    beginning: int | None = None
    pattern: re.Pattern[str] | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Columns and constants that say one fact of what a row is about: a dated status change. A row in which one of the
    members that it ``needs`` is empty says nothing of it."""

    columns: dict[str, list[Use]]
    constants: dict[str, str]
    needs: tuple[str, ...] = ("effective_on",)


@dataclass(slots=True)
class ImportMap:
    """``columns`` maps a column to its uses; ``constants`` a member to what every row says; ``changes`` are the facts
    of a wide table, each in columns of its own; ``new_organizations`` maps the member that names an organization to
    the type of which it becomes where nobody is called so; ``header`` is the line with the names of the columns. A
    digest of the columns in ``identified_by`` is the reference of rows that have no number. ``others``: a column
    that is named in no map is the member that is called so."""

    columns: dict[str, list[Use]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    changes: list[Facts] = field(default_factory=list)
    new_organizations: dict[str, str] = field(default_factory=dict)
    separator: str = ";"
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    header: str | None = None
    date_formats: list[str] = field(default_factory=list)
    identified_by: list[str] = field(default_factory=list)
    others: bool = False

    @property
    def header_line(self) -> int:
        return int(self.header or 1)


#: How the table is read: what a map file says in one word, and a call may say too.
SINGLE: Final = ("separator", "delimiter", "encoding", "sheet", "header")
