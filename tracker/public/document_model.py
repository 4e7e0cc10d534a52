"""What a document is put together from: the world it stands in, and itself while it grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tracker.domain.calendars import Calendar
from tracker.domain.reminders import Ladder
from tracker.public.projection import Facts


@dataclass(frozen=True, slots=True)
class World:
    """What a document needs to know beyond its own facts.

    ``names`` maps ids to ``{"id", "name", "slug"}``; ``process`` is the content of the process, None for things
    outside of any; ``owed`` are the facts of the deadlines that are set for the thing, ``owner`` those of the committee
    or recommendation that a deadline is set for, ``reports`` those of the reports of the committee that either is;
    ``related`` those of the recommendations and indicators whose public acts name a recommendation, whatever they say
    of it;
    ``heirs`` for each organization those that took its place, at any distance; ``pending_since`` since when work on a
    process is pending; ``deciding`` what of the process was otherwise on other days (`first_days.list_deciding`).
    """

    names: Mapping[str, Mapping[str, Any]]
    process_id: str | None = None
    process: Mapping[str, Any] | None = None
    calendar: Calendar | None = None
    owed: Sequence[Facts] = ()
    owner: Facts | None = None
    reports: Sequence[Facts] = ()
    pending_since: str | None = None
    related: Sequence[Facts] = ()
    heirs: Mapping[str, Sequence[str]] = field(default_factory=dict)
    deciding: Sequence[Mapping[str, Any]] = ()

    def name(self, thing: str | None) -> Mapping[str, Any] | None:
        return None if thing is None else self.names.get(thing, {"id": thing, "name": None, "slug": None})

    @property
    def lead(self) -> str:
        return str(self.process["lead"]) if self.process else ""

    @property
    def ladder(self) -> Ladder:
        return self.process["reminders"] if self.process else ()

    @property
    def stale_after(self) -> int:
        return int(self.process["stale_after_days"]) if self.process else 0


@dataclass(slots=True)
class Document:
    """A finished document as of a ``day``, and what lists find it by.

    ``valid_until`` is the first day on which its computed part changes, ``reindex_on`` the first on which what lists
    find it by does; None if it never does. ``turned_on`` is the last day, up to its own, on which that did.
    """

    id: str
    kind: str
    day: date
    brief: dict[str, Any]
    history: list[dict[str, Any]]
    facets: set[tuple[str, str]] = field(default_factory=set)
    valid_until: date | None = None
    reindex_on: date | None = None
    turned_on: date | None = None

    def limit_validity(self, day: date | None) -> None:
        """It changes on that day, where that lies ahead."""
        if day is not None and day > self.day and (self.valid_until is None or day < self.valid_until):
            self.valid_until = day

    def limit_index(self, *days: date | None) -> None:
        """It changes on these days, and so does what lists find it by."""
        for day in days:
            if day is None:
                continue
            if day > self.day:
                self.limit_validity(day)
                self.reindex_on = day if self.reindex_on is None else min(day, self.reindex_on)
            else:
                self.turned_on = day if self.turned_on is None else max(day, self.turned_on)

    def index(self, name: str, value: object) -> None:
        """Lists find it under this; yes and no as JSON writes them."""
        self.facets.add((name, str(value).lower() if isinstance(value, bool) else str(value)))
