"""The tree of somebody's log, made again from its leaves as they come in, bundle by bundle.

Of full bundles only the root is kept (32 bytes for 256 entries), so a log of ten million entries fits in a laptop.
"""

from __future__ import annotations

from collections.abc import Sequence

from tracker.tlog.tiles import FULL, Tile
from tracker.tlog.tree import Hash, fold


class Rebuilt:
    """Leaf hashes of a whole log, added in order; ``since`` is a smaller size of which the root is wanted too."""

    def __init__(self, since: int = 0) -> None:
        self._since = since
        self._full: list[Hash] = []
        self._rest: Hash | None = None
        self._rest_since: Hash | None = None

    def add(self, leaves: Sequence[Hash]) -> None:
        """The leaf hashes of the next bundle: 256 of them, fewer for the last one."""
        at, within = divmod(self._since, FULL)
        if at == len(self._full) and within:
            self._rest_since = fold(leaves[:within])
        if len(leaves) == FULL:
            self._full.append(fold(leaves))
        else:
            self._rest = fold(leaves)

    def bundles(self) -> tuple[Hash, ...]:
        """The root of each bundle; the last one may not be full."""
        return (*self._full, *([] if self._rest is None else [self._rest]))

    def root(self) -> Hash:
        """The root over all that was added."""
        return fold(self.bundles())

    def root_since(self) -> Hash:
        """The root over the first ``since`` leaves."""
        rest = [] if self._rest_since is None else [self._rest_since]
        return fold([*self._full[: self._since // FULL], *rest])

    def above(self) -> list[tuple[Tile, list[Hash]]]:
        """The hash tiles above the lowest level, with the hashes that follow from the leaves."""
        made: list[tuple[Tile, list[Hash]]] = []
        row, level = self._full, 1
        while row:
            for n in range(-(-len(row) // FULL)):
                part = row[n * FULL : (n + 1) * FULL]
                made.append((Tile(level, n, len(part)), part))
            row = [fold(row[n * FULL : (n + 1) * FULL]) for n in range(len(row) // FULL)]
            level += 1
        return made
