"""What became, or would become, of the rows of an import; what is wrong, by kind of fault."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from tracker.domain.errors import FieldError, Refusal, limited, shorten_fields
from tracker.schemas.loading import drop_places

#: The most faults that are told of one row, the most rows whose own faults are told, and the most kinds of fault.
MOST_FAULTS: Final = 10
MOST_ROWS: Final = 1000
MOST_KINDS: Final = 100
#: How many rows a kind of fault names.
FIRST: Final = 5
#: In the detail of a fault: what differs from row to row.
_OWN: Final = re.compile(r"'[^']*'|\"[^\"]*\"|[0-9]+")


@dataclass(frozen=True, slots=True)
class GivenRow:
    """A row as it is given. ``place`` says where it stands, as a person counts; ``faults`` what its reader found wrong
    with it, so that all of it is told at once."""

    kind: str
    value: Any
    place: str
    faults: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportRow:
    """What became, or would become, of one row. ``name`` is its slug or reference."""

    row: int
    kind: str
    outcome: str
    name: str | None = None
    id: str | None = None
    refusal: Refusal | None = None

    def undone(self) -> ImportRow:
        """What became of it, where it was only tried."""
        return (
            self if self.outcome != "created" else ImportRow(self.row, self.kind, "would_create", self.name)
        )


class MadeOnTheWay(NamedTuple):
    """A thing that a row named and nobody knew. ``name`` is its slug, ``called`` what the row calls it."""

    kind: str
    name: str
    called: str
    id: str | None


@dataclass(slots=True)
class FaultKind:
    """A fault that rows have in common. ``detail`` is that of the first of them, ``first`` the places of some."""

    pointer: str
    detail: str
    count: int = 0
    first: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """``rows`` have their refusals as far as there are not more than `MOST_ROWS`; ``faults`` counts all.
    ``made`` is what rows named and nobody knew."""

    rows: Sequence[ImportRow]
    dry_run: bool
    faults: Sequence[FaultKind] = ()
    made: Sequence[MadeOnTheWay] = ()

    @property
    def refused(self) -> list[tuple[int, Refusal]]:
        """The places that are refused, and why."""
        return [(row.row, row.refusal) for row in self.rows if row.refusal is not None]

    @property
    def recorded(self) -> bool:
        """Whether the rows are in the record now."""
        return not self.dry_run and not self.faults

    @property
    def totals(self) -> dict[str, int]:
        """How many are (or would be) created, unchanged and refused; and how many go by no name, so that the same
        import would record them once more."""
        count = Counter(row.outcome for row in self.rows)
        return {
            "created": count["created"] + count["would_create"],
            "unchanged": count["unchanged"],
            "refused": count["refused"],
            "unnamed": sum(row.name is None and row.outcome != "refused" for row in self.rows),
        }


def is_of_kind(kind: FaultKind, fault: FieldError) -> bool:
    """Whether a fault of a row is of this kind."""
    return _bare(kind.pointer, kind.detail) == _bare(fault.pointer, fault.detail)


def _bare(pointer: str, detail: str) -> tuple[str, str]:
    return drop_places(pointer), _OWN.sub("…", detail)


class FaultTally:
    """Counts what is wrong, and forgets what would be too much to tell."""

    def __init__(self) -> None:
        self.kinds: dict[tuple[str, str], FaultKind] = {}
        self._rows = 0

    def add(self, row: int, refusal: Refusal) -> Refusal | None:
        """Count a refusal; returned as far as the row is to tell it."""
        said = [(one.pointer, one.detail) for one in refusal.fields] or [("", refusal.detail)]
        for pointer, detail in (*said, *(("", f"missing: {one}") for one in refusal.missing)):
            key = _bare(pointer, detail)
            if key not in self.kinds and len(self.kinds) >= MOST_KINDS:
                key, detail = ("", "…"), "other faults"  # noqa: PLW2901  # one kind for all the rest
            kind = self.kinds.setdefault(key, FaultKind(key[0], shorten_fields(detail)))
            kind.count += 1
            if len(kind.first) < FIRST:
                kind.first.append(row)
        self._rows += 1
        if self._rows > MOST_ROWS:
            return None
        refusal.fields = tuple(limited(refusal.fields, MOST_FAULTS))
        return refusal
