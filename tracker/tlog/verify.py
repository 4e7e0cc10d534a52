"""A whole log of somebody else, verified: signature, every entry, every hash, and that it only grew.

Nothing that the log serves is believed but what its key signed. The tree is made from the entries; the hash tiles are
compared with it, and where the signed root does not follow from the entries they help to find which were changed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeAlias

from tracker.tlog import proof
from tracker.tlog.checkpoint import Checkpoint
from tracker.tlog.errors import BadSignature, Malformed, NotServed, WrongLog
from tracker.tlog.keys import PublicKey
from tracker.tlog.rebuild import Rebuilt
from tracker.tlog.text import to_base64
from tracker.tlog.tiles import FULL, Tile, bundles_of, parse_bundle, parse_tile
from tracker.tlog.tree import HASH_SIZE, Hash, fold, leaf_hash

#: The bytes at a path below the prefix of the log; raises `NotServed`, or `Unreachable`. Called from several threads.
Fetch: TypeAlias = Callable[[str], bytes]
#: Told how many entries of how many are done.
Progress: TypeAlias = Callable[[int, int], None]
#: What is in a tile or bundle; or what is wrong with it.
_Loaded: TypeAlias = list[bytes] | str

CHECKPOINT: Final = "checkpoint"
#: So many findings are told one by one; who changed everything is not worth a million lines.
_TOLD: Final = 20


@dataclass(frozen=True)
class Verified:
    """A log that is what it should be. Keep ``note``: its checkpoint is what to remember next time.

    ``bundles`` has the root of each bundle, so that entries that are read again are known to be the same.
    """

    checkpoint: Checkpoint
    note: bytes
    bundles: tuple[Hash, ...] = ()

    def entries(self, fetch: Fetch, workers: int = 8) -> Iterator[bytes]:
        """Every entry again, a few bundles in memory. Raises `WrongLog` where they are others than before."""
        for (bundle, loaded), root in zip(
            _ahead(fetch, bundles_of(self.checkpoint.size), workers), self.bundles, strict=True
        ):
            if isinstance(loaded, str) or fold([leaf_hash(entry) for entry in loaded]) != root:
                raise WrongLog((f"{bundle.path}: it is no longer what was served before",), self.note)
            yield from loaded

    def has_grown_from(self, old: Checkpoint, fetch: Fetch) -> bool:
        """Whether a smaller log, or this one, is the beginning of this log."""
        whole, rest = divmod(old.size, FULL)
        hashes = list(self.bundles[:whole])
        if rest:
            [(_bundle, loaded)] = _ahead(fetch, list(bundles_of(self.checkpoint.size))[whole : whole + 1], 1)
            leaves = [] if isinstance(loaded, str) else [leaf_hash(entry) for entry in loaded]
            if fold(leaves) != self.bundles[whole]:
                return False
            hashes.append(fold(leaves[:rest]))
        return fold(hashes) == old.root


def verify(
    fetch: Fetch,
    key: PublicKey,
    remembered: Checkpoint | None = None,
    progress: Progress | None = None,
    workers: int = 8,
) -> Verified:
    """Read the whole log; hold it against its signature, against itself, and against what was seen before.

    Raises `WrongLog`, with what was found, where it is wrong; `Unreachable` where it cannot be asked, and `NotServed`
    where it has no checkpoint: then nothing is known.
    """
    signed = fetch(CHECKPOINT)
    try:
        opened = proof.open_checkpoint(signed, key)
    except (Malformed, BadSignature) as error:
        raise WrongLog((f"checkpoint: {error}",), signed) from None
    changed = _contradiction(remembered, opened)
    if changed:
        raise WrongLog((changed,), signed)
    audit = _Audit(opened, remembered)
    audit.read(fetch, progress, workers)
    if audit.found_wrong:
        raise WrongLog(audit.findings(), signed)
    return Verified(opened, signed, audit.bundles())


def _contradiction(old: Checkpoint | None, new: Checkpoint) -> str | None:
    """What two checkpoints alone give away; each is signed, so the two together are evidence."""
    if old is None:
        return None
    if new.origin != old.origin:
        return f"the log was {old.origin} and is now {new.origin}"
    if new.size < old.size:
        return f"checkpoint size shrank from {old.size} to {new.size}"
    if new.size == old.size and new.root != old.root:
        roots = f"{to_base64(old.root)} before, {to_base64(new.root)} now"
        return f"fork: two roots were signed for size {new.size}: {roots}"
    return None


class _Audit:
    """One reading of one log."""

    def __init__(self, checkpoint: Checkpoint, remembered: Checkpoint | None) -> None:
        self._found = checkpoint
        self._remembered = remembered
        self.found_wrong = 0
        self._told: list[str] = []
        since = remembered.size if remembered else 0
        self._by_entries = Rebuilt(since)
        self._by_tiles = Rebuilt(since)
        self._differ: list[tuple[Tile, int]] = []

    def findings(self) -> tuple[str, ...]:
        """The first of them, and how many more."""
        more = self.found_wrong - len(self._told)
        return (*self._told, *([f"and {more} more"] if more else []))

    def bundles(self) -> tuple[Hash, ...]:
        """The roots of the bundles, when nothing was found wrong."""
        return self._by_entries.bundles()

    def read(self, fetch: Fetch, progress: Progress | None, workers: int) -> None:
        """All that a log of the signed size has to serve."""
        size = self._found.size
        pairs = (tile for bundle in bundles_of(size) for tile in (bundle, Tile(0, bundle.n, bundle.width)))
        answers = _ahead(fetch, pairs, workers)
        for (bundle, entries), (tile, hashes) in zip(answers, answers, strict=True):
            if not self._take(bundle, entries, tile, hashes):
                self._tell(f"nothing from entry {bundle.first} on can be verified")
                return
            if progress:
                progress(bundle.first + bundle.width, size)
        expected = self._judge().above()
        served = _ahead(fetch, (tile for tile, _ in expected), workers)
        for (tile, right), (_, hashes) in zip(expected, served, strict=True):
            self._compare(tile, right, hashes)

    def _take(self, bundle: Tile, entries: _Loaded, tile: Tile, hashes: _Loaded) -> bool:
        """One bundle and the hash tile over it. Where one is missing the other stands in, so that the rest is told."""
        for loaded in (entries, hashes):
            if isinstance(loaded, str):
                self._tell(loaded)
        served = None if isinstance(hashes, str) else hashes
        leaves = served if isinstance(entries, str) else [leaf_hash(entry) for entry in entries]
        if leaves is None:
            return False
        served = leaves if served is None else served
        if leaves != served:
            self._differ += [(tile, i) for i in range(bundle.width) if leaves[i] != served[i]]
        self._by_entries.add(leaves)
        self._by_tiles.add(served)
        return True

    def _judge(self) -> Rebuilt:
        """Say whether entries or hash tiles were changed: that which gives the signed root is right. Returns it."""
        signed = self._found.root
        right = self._by_entries
        if right.root() == signed:
            sentence = "{path} byte {byte}: this is not the hash of entry {index}"
        elif self._by_tiles.root() == signed:
            right = self._by_tiles
            sentence = "entry {index} differs: its hash is not the signed one, in {path} at byte {byte}"
        else:
            sentence = (
                "entry {index} differs from its hash in {path} at byte {byte}; neither is what was signed"
            )
            roots = f"the entries give the root {to_base64(right.root())}, signed was {to_base64(signed)}"
            self._tell(f"{roots}, for size {self._found.size}")
        for tile, i in self._differ:
            self._tell(sentence.format(index=tile.first + i, path=tile.path, byte=i * HASH_SIZE))
        old = self._remembered
        if old and right.root_since() != old.root:
            roots = f"{to_base64(old.root)} before, {to_base64(right.root_since())} now"
            self._tell(f"rewritten: the first {old.size} entries are not those that were signed: {roots}")
        return right

    def _compare(self, tile: Tile, right: list[Hash], hashes: _Loaded) -> None:
        if isinstance(hashes, str):
            self._tell(hashes)
            return
        for i, (ours, served) in enumerate(zip(right, hashes, strict=True)):
            if ours != served:
                self._tell(f"{tile.path} byte {i * HASH_SIZE}: this is not the hash of the tile below it")

    def _tell(self, sentence: str) -> None:
        self.found_wrong += 1
        if len(self._told) < _TOLD:
            self._told.append(sentence)


def _load(fetch: Fetch, tile: Tile) -> _Loaded:
    """What is in it. A partial file may be dropped once the full one is there, so the full one stands in for it."""
    fault = ""
    for file in dict.fromkeys((tile, tile.whole)):
        try:
            data = fetch(file.path)
            return (parse_bundle if tile.level is None else parse_tile)(data, file.width)[: tile.width]
        except NotServed as error:
            fault = fault or str(error)
        except Malformed as error:
            return f"{file.path}: {error}"
    return fault


def _ahead(fetch: Fetch, tiles: Iterable[Tile], workers: int) -> Iterator[tuple[Tile, _Loaded]]:
    """Each in its turn, while the next ones are under way; at most a few are held in memory."""
    pool = ThreadPoolExecutor(workers)
    waiting: deque[tuple[Tile, Future[_Loaded]]] = deque()
    try:
        for tile in tiles:
            waiting.append((tile, pool.submit(_load, fetch, tile)))
            if len(waiting) > 2 * workers:
                first, coming = waiting.popleft()
                yield first, coming.result()
        for first, coming in waiting:
            yield first, coming.result()
    finally:
        pool.shutdown(cancel_futures=True)
