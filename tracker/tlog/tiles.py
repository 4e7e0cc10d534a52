"""Hash tiles and entry bundles: 256 hashes, or 256 entries, to a file that never changes once it is full.

Source: C2SP tlog-tiles. A log of any size is a set of such files and one checkpoint.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tracker.tlog.errors import Malformed
from tracker.tlog.tree import HASH_SIZE, Hash, Read

FULL: Final = 256
#: An entry is written behind its length in two bytes.
LONGEST_ENTRY: Final = 65_535
# ASCII digits and \Z, for \d takes the digits of every script and $ lets a line feed pass.
_PATH: Final = re.compile(
    r"\Atile/(0|[1-9][0-9]?|entries)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?\Z"
)
_TALLEST: Final = 63
# n * 256 stays below 2^63: code that keeps the rows in a database may compute with it.
_LAST: Final = 2**55 - 1


@dataclass(frozen=True)
class Tile:
    """One file: ``level`` is None for entries; ``width`` is 256, or less where it is the growing end of a log."""

    level: int | None
    n: int
    width: int = FULL

    def __post_init__(self) -> None:
        if self.level is not None and not 0 <= self.level <= _TALLEST:
            raise Malformed(f"the level of a tile is 0 to {_TALLEST}")
        if not 0 <= self.n <= _LAST:
            raise Malformed("the number of a tile is 0 to 2^55 - 1")
        if not 1 <= self.width <= FULL:
            raise Malformed("the width of a partial tile is 1 to 255")

    @property
    def path(self) -> str:
        """Below the prefix of the log: ``tile/0/x001/x234/067``, ``tile/entries/000.p/17``."""
        digits = str(self.n)
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        number = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        kind = "entries" if self.level is None else str(self.level)
        partial = "" if self.width == FULL else f".p/{self.width}"
        return f"tile/{kind}/{number}{partial}"

    @property
    def whole(self) -> Tile:
        """The full file of which this is the beginning."""
        return Tile(self.level, self.n)

    @property
    def first(self) -> int:
        """The index of the first entry, or of the first subtree of level ``8 * level``, in it."""
        return self.n * FULL

    def within(self, size: int) -> bool:
        """Whether a log of this size has all that is in it. An unsigned end of a log is not public yet."""
        return self.first + self.width <= size >> 8 * (self.level or 0)

    def content(self, read: Read) -> bytes:
        """The content of a hash tile, from the stored subtrees."""
        if self.level is None:
            raise ValueError("an entry bundle is made of entries, not of hashes")
        return b"".join(read(8 * self.level, self.first + i) for i in range(self.width))


def parse(path: str) -> Tile:
    """Read a path such as ``tile/0/x001/000``. There is one spelling for each tile, and no other passes."""
    match = _PATH.match(path)
    if match is None:
        raise Malformed("this is not the path of a tile")
    kind, number, width = match.groups()
    level = None if kind == "entries" else int(kind)
    tile = Tile(level, int(number.replace("/", "").replace("x", "")), int(width or FULL))
    if tile.path != path:
        raise Malformed("this is not how the path of this tile is written")
    return tile


def tiles_of(size: int) -> Iterator[Tile]:
    """The hash tiles of a log of this size: level by level, ascending, a partial one last."""
    level, count = 0, size
    while count:
        yield from _row(level, count)
        level, count = level + 1, count // FULL


def bundles_of(size: int) -> Iterator[Tile]:
    """The entry bundles of a log of this size, ascending, a partial one last."""
    return _row(None, size)


def _row(level: int | None, count: int) -> Iterator[Tile]:
    yield from (Tile(level, n) for n in range(count // FULL))
    if count % FULL:
        yield Tile(level, count // FULL, count % FULL)


def bundle(entries: Sequence[bytes]) -> bytes:
    """The content of an entry bundle: each entry behind its length, uint16, big-endian."""
    if not all(1 <= len(entry) <= LONGEST_ENTRY for entry in entries):
        raise Malformed(f"an entry has 1 to {LONGEST_ENTRY} bytes")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def parse_bundle(data: bytes, width: int) -> list[bytes]:
    """Exactly ``width`` entries, and nothing after them."""
    entries, at = [], 0
    for i in range(width):
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        if not start < at <= len(data):
            raise Malformed(f"the bundle is broken at its entry {i}: empty, or cut off")
        entries.append(data[start:at])
    if at != len(data):
        raise Malformed(f"the bundle goes on after its {width} entries")
    return entries


def parse_tile(data: bytes, width: int) -> list[Hash]:
    """Exactly ``width`` hashes."""
    if len(data) != width * HASH_SIZE:
        raise Malformed(f"the tile has {len(data)} bytes; {width * HASH_SIZE} are right")
    return [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)]
