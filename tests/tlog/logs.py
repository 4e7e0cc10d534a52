"""Logs made with the pure functions alone: a store in memory, and the files that a server would hand out."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from tracker.tlog import keys, note, tiles, tree
from tracker.tlog.checkpoint import Checkpoint

ORIGIN = "tracker.example/log"
KEY = keys.PrivateKey(ORIGIN, keys.LOG, bytes(range(32)))
OTHER = keys.PrivateKey(ORIGIN, keys.LOG, bytes(32))
WITNESS = keys.PrivateKey("witness.example/w1", keys.WITNESS, b"\x42" * 32)

Files = dict[str, bytes]


def flips(data: bytes) -> Iterable[bytes]:
    """Every byte changed in several ways, left out, doubled, and preceded by others; and every beginning."""
    for at, byte in enumerate(data):
        for other in {byte ^ 1, byte ^ 0x20, byte ^ 0x80, 0, 0x0A, 0x20, 0xFF} - {byte}:
            yield data[:at] + bytes([other]) + data[at + 1 :]
        yield data[:at] + data[at + 1 :]
        for other in (byte, 0, 0x0A, 0x20, 0x3D):
            yield data[:at] + bytes([other]) + data[at:]
        yield data[:at]
    for other in (b"\n", b" ", b"=", b"\0", data[-1:], data):
        yield data + other


@cache
def vectors() -> Any:
    packed = Path(__file__).with_name("vectors.json.gz").read_bytes()
    return json.loads(gzip.decompress(packed))


def vector_leaf(i: int) -> bytes:
    return b"tracker-vector-%d" % i


class Log:
    """What a database would hold."""

    def __init__(self, entries: Iterable[bytes] = ()) -> None:
        self.entries: list[bytes] = []
        self.hashes: dict[tuple[int, int], bytes] = {}
        for entry in entries:
            self.add(entry)

    def add(self, entry: bytes) -> None:
        for level, n, made in tree.append(len(self.entries), tree.leaf_hash(entry), self.read):
            assert (level, n) not in self.hashes
            self.hashes[level, n] = made
        self.entries.append(entry)

    def read(self, level: int, n: int) -> bytes:
        return self.hashes[level, n]

    def checkpoint(self, size: int | None = None, origin: str = ORIGIN) -> Checkpoint:
        size = len(self.entries) if size is None else size
        return Checkpoint(origin, size, tree.root(size, self.read))

    def signed(self, size: int | None = None, key: keys.PrivateKey = KEY) -> bytes:
        return note.sign(self.checkpoint(size, key.name).text, key)

    def file(self, tile: tiles.Tile) -> bytes:
        if tile.level is None:
            return tiles.bundle(self.entries[tile.first : tile.first + tile.width])
        return tile.content(self.read)

    def files(self, size: int | None = None, key: keys.PrivateKey = KEY) -> Files:
        size = len(self.entries) if size is None else size
        made = [*tiles.tiles_of(size), *tiles.bundles_of(size)]
        return {"checkpoint": self.signed(size, key)} | {tile.path: self.file(tile) for tile in made}


@cache
def vector_log() -> Log:
    """The 70,000 entries of the vectors. Nobody may add to it."""
    return Log(map(vector_leaf, range(70_000)))


def export(files: Files, folder: Path) -> Path:
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return folder
