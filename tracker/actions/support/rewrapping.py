"""The keys of what is sealed, wrapped again with the newest sealing key: a page of rows at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from tracker.sealing.sealer import SealedBox, Sealer


class Sealed(Protocol):
    """A row with a box in it."""

    @property
    def wrapped(self) -> bytes: ...

    @property
    def content(self) -> bytes: ...


Row = TypeVar("Row", bound=Sealed)


def rewrap_rows(
    sealer: Sealer,
    rows: Sequence[Row],
    place: Callable[[Row], str],
    keep: Callable[[Row, bytes], object],
    *,
    name: Callable[[Row], str] | None = None,
) -> tuple[int, str | None]:
    """Wrap the keys of these rows again: how many were, and the place of the last row, from which to go on.

    ``name`` is as what a row was sealed, where that is not its ``place``. ``keep`` writes a key. An interrupted run
    begins again: what is wrapped with the newest key already is passed over.
    """
    done = 0
    for row in rows:
        before = SealedBox(row.wrapped, row.content)
        if not sealer.is_current(before):
            keep(row, sealer.rewrap(before, (name or place)(row)).wrapped)
            done += 1
    return done, place(rows[-1]) if rows else None
