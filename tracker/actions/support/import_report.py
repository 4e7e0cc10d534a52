"""What became, or would become, of the rows of an import; what is wrong, by kind of fault."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from tracker.actions.support.import_comparison import Difference
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
    with it, so that all of it is told at once. ``may_wait``: where others have to decide something first, it is left
    for a later import of the same. ``stays_draft``: nobody is asked to publish it.
    """

    kind: str
    value: Any
    place: str
    faults: tuple[FieldError, ...] = ()
    may_wait: bool = False
    stays_draft: bool = False


#: What became of a row, and what is said of it where it was only tried.
TRIED: Final = {"created": "would_create", "updated": "would_update", "proposed": "would_propose"}
#: What became of a row that waits for what others decide.
LATER: Final = "later"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a row: the ``id`` of the thing, what ``differs`` in it, and the ``proposal`` that waits where it
    is public."""

    outcome: str
    id: str | None = None
    differs: tuple[Difference, ...] = ()
    proposal: str | None = None


@dataclass(frozen=True, slots=True)
class ImportRow:
    """What became, or would become, of one row. ``name`` is its slug or reference."""

    row: int
    kind: str
    outcome: str
    name: str | None = None
    id: str | None = None
    refusal: Refusal | None = None
    differs: tuple[Difference, ...] = ()
    proposal: str | None = None
    stays_draft: bool = False

    def undone(self) -> ImportRow:
        """What became of it, where it was only tried. What was there before keeps its id."""
        if self.outcome not in TRIED:
            return self
        id = None if self.outcome == "created" else self.id
        return replace(self, outcome=TRIED[self.outcome], id=id, proposal=None)


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
    ``made`` is what rows named and nobody knew, ``batch`` is the proposal to approve all of it; ``named`` are the
    organizations that rows name where others may be made, drafts of an earlier import too; ``called`` names those that
    were made and are in no record, by the ids that differences have."""

    rows: Sequence[ImportRow]
    dry_run: bool
    faults: Sequence[FaultKind] = ()
    made: Sequence[MadeOnTheWay] = ()
    batch: str | None = None
    named: Sequence[str] = ()
    called: Mapping[str, str] = field(default_factory=dict)

    @property
    def refused(self) -> list[tuple[int, Refusal]]:
        """The places that are refused, and why."""
        return [
            (row.row, row.refusal)
            for row in self.rows
            if row.outcome == "refused" and row.refusal is not None
        ]

    @property
    def recorded(self) -> bool:
        """Whether the rows are in the record now."""
        return not self.dry_run and not self.faults

    @property
    def acts(self) -> list[str]:
        """What another person may decide on: what was recorded, and what was recorded before and is not public yet."""
        rows = [
            row.proposal or row.id
            for row in self.rows
            if row.outcome != "withdrawn" and (row.proposal or not row.stays_draft)
        ]
        return [id for id in (*(one.id for one in self.made), *self.named, *rows) if id is not None]

    @property
    def counts(self) -> dict[str, int]:
        """What was done, as the audit trail has it; empty where nothing was."""
        made = {name: count for name, count in self.totals.items() if name in TRIED and count}
        return {**made, "organizations": len(self.made)} if self.made else made

    @property
    def totals(self) -> dict[str, int]:
        """How many rows are (or would be) what; and how many go by no name, so that the same import would record them
        once more."""
        count = Counter(row.outcome for row in self.rows)
        done = {name: count[name] + count[tried] for name, tried in TRIED.items()}
        return {
            **done,
            **{name: count[name] for name in ("unchanged", "waiting", "withdrawn", LATER, "refused")},
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
        faults = [(one.pointer, one.detail) for one in refusal.fields] or [("", refusal.detail)]
        for pointer, detail in (*faults, *(("", f"missing: {one}") for one in refusal.missing)):
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
