"""A log built again from its entries, to be held against what is stored and what was signed of it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from tracker.database.log_storage import Log, encode_entry
from tracker.tlog import tree
from tracker.tlog.checkpoint import Checkpoint

#: How many entries are rebuilt between two looks at what is stored.
_BATCH = 1024


class RebuiltLog:
    """A log built again from its entries. Only the hashes at the growing edge are kept, whatever its size."""

    def __init__(self, of: Log, name: str) -> None:
        self._log, self.name = of, name
        self.size = 0
        self._edge: dict[int, tuple[int, bytes]] = {}

    def check(self, connection: Connection) -> Iterator[str]:
        """Each entry out of order, each stored hash that does not follow from the entries."""
        made: dict[tuple[int, int], bytes] = {}
        for index, entry in self._log.all(connection):
            if index != self.size:
                yield f"{self.name}: entry {self.size} is missing"
                return
            # The hashes of the edge are read until all of the new ones are made.
            for level, n, node in list(tree.append(self.size, tree.leaf_hash(entry), self._read)):
                self._edge[level] = (n, node)
                made[level, n] = node
            self.size += 1
            if len(made) >= 2 * _BATCH:
                yield from self._differing(connection, made)
                made.clear()
        yield from self._differing(connection, made)
        right = sum(self.size >> level for level in range(self.size.bit_length()))
        stored = connection.scalar(select(func.count()).select_from(self._log.hash))
        if stored != right:
            yield f"{self.name}: {stored} hashes are stored, and {right} follow from its {self.size} entries"

    def _differing(self, connection: Connection, made: dict[tuple[int, int], bytes]) -> Iterator[str]:
        column = self._log.hash.c
        for level in sorted({level for level, _n in made}):
            wanted = {n: found for (at, n), found in made.items() if at == level}
            query = select(column.n, column.hash).where(
                column.level == level, column.n >= min(wanted), column.n <= max(wanted)
            )
            stored = {n: encode_entry(found) for n, found in connection.execute(query)}
            for n in sorted(n for n in wanted if stored.get(n) != wanted[n]):
                first, last = n << level, ((n + 1) << level) - 1
                yield f"{self.name}: the stored hash over entries {first} to {last} does not follow from them"

    def _read(self, level: int, n: int) -> bytes:
        """The hash beside the one that is made: the last that was complete at its level."""
        at, node = self._edge[level]
        assert at == n  # noqa: S101  # else the tree was not made in order
        return node

    def root(self, connection: Connection, size: int) -> bytes:
        """From the stored hashes, each of which was held against the entries."""
        return self._log.root(connection, size)


def check_root(connection: Connection, rebuilt: RebuiltLog, at: Checkpoint, whose: str) -> Iterator[str]:
    if at.size > rebuilt.size:
        yield f"{whose}: {at.size} entries were signed, and {rebuilt.size} are there"
        return
    try:
        root = rebuilt.root(connection, at.size)
    except LookupError as error:
        yield f"{whose}: {error}"
        return
    if root != at.root:
        yield f"{whose}: what was signed does not follow from the entries that are there"
