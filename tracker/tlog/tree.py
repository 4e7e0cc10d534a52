"""The Merkle tree of RFC 6962, 2.1, over a store that holds complete subtrees only.

Subtree (level, n) covers the leaves n * 2^level to (n + 1) * 2^level - 1. Once complete its hash never changes, so a
store only ever gains rows. All that is made here from a store asks it through ``read(level, n)``, O(log size) times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import Final, TypeAlias

from tracker.tlog.errors import BadProof

Hash: TypeAlias = bytes
#: The hash of the complete subtree (level, n); what lies beyond the size asked for is never asked for.
Read: TypeAlias = Callable[[int, int], Hash]

HASH_SIZE: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()


def leaf_hash(entry: bytes) -> Hash:
    """The hash of an entry as a leaf; its prefix keeps leaves and nodes apart (RFC 6962, 2.1)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: Hash, right: Hash) -> Hash:
    """The hash of two subtrees side by side."""
    return sha256(b"\x01" + left + right).digest()


def append(size: int, leaf: Hash, read: Read) -> Iterator[tuple[int, int, Hash]]:
    """The (level, n, hash) to store when a leaf is added to a tree of this size; two on average."""
    level, n, made = 0, size, leaf
    yield level, n, made
    while n % 2:
        made = node_hash(read(level, n - 1), made)
        level, n = level + 1, n // 2
        yield level, n, made


def root(size: int, read: Read) -> Hash:
    """The root of the first ``size`` leaves."""
    return _span(0, size, read) if size else EMPTY_ROOT


def fold(hashes: Sequence[Hash]) -> Hash:
    """The root over hashes of subtrees that are equally high; the last one may be lower.

    Pairing level by level, with an odd last one carried up, gives the tree that RFC 6962 splits from above.
    """
    if not hashes:
        return EMPTY_ROOT
    row = list(hashes)
    while len(row) > 1:
        odd = row[-1:] if len(row) % 2 else []
        row = [sha256(b"\x01" + a + b).digest() for a, b in zip(row[::2], row[1::2], strict=False)] + odd
    return row[0]


def inclusion_proof(index: int, size: int, read: Read) -> list[Hash]:
    """PATH(index, D[0:size]) of RFC 6962, 2.1.1: from the sibling of the leaf up to the child of the root."""
    if not 0 <= index < size:
        raise ValueError(f"entry {index} is not one of {size}")
    low, high, path = 0, size, []
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_span(middle, high, read))
            high = middle
        else:
            path.append(_span(low, middle, read))
            low = middle
    return path[::-1]


def consistency_proof(old: int, new: int, read: Read) -> list[Hash]:
    """PROOF(old, D[0:new]) of RFC 6962, 2.1.2: that a tree of ``old`` leaves is the beginning of one of ``new``.

    Empty for two equal sizes, and for the empty tree, with which every tree begins.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a log of {old} is not the beginning of one of {new}")
    if old == 0:
        return []
    low, high, path = 0, new, []
    while old < high:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(_span(middle, high, read))
            high = middle
        else:
            path.append(_span(low, middle, read))
            low = middle
    if low:
        path.append(_span(low, high, read))
    return path[::-1]


def verify_inclusion(leaf: Hash, index: int, size: int, proof: Sequence[Hash], root: Hash) -> None:
    """Refuse with `BadProof` unless the leaf is at this index of the tree of this size and root."""
    if not 0 <= index < size:
        raise BadProof(f"entry {index} is not one of {size}")
    sides = _sides(index, size - 1)
    _fits(proof, len(sides), leaf, root)
    if _climb(leaf, proof, sides) != root:
        raise BadProof(f"the proof does not lead from entry {index} to this root")


def verify_consistency(old: int, new: int, proof: Sequence[Hash], old_root: Hash, new_root: Hash) -> None:
    """Refuse with `BadProof` unless the tree of size ``old`` is the beginning of that of size ``new``."""
    if not 0 <= old <= new:
        raise BadProof(f"a log of {old} is not the beginning of one of {new}")
    if old in {0, new}:
        _fits(proof, 0, old_root, new_root)
        if old_root != (new_root if old else EMPTY_ROOT):
            raise BadProof(f"there are two roots for the size {old}")
        return
    # The climb begins at the last complete subtree of the old tree. Where that is all of it, its hash is the old root
    # itself, and the proof leaves it out.
    level = (old & -old).bit_length() - 1
    path = [old_root, *proof] if old == 1 << level else list(proof)
    sides = _sides((old - 1) >> level, (new - 1) >> level)
    _fits(path, 1 + len(sides), old_root, new_root)
    lefts = [one for one, left in zip(path[1:], sides, strict=True) if left]
    if _climb(path[0], lefts, [True] * len(lefts)) != old_root:
        raise BadProof(f"the proof does not lead to the root of size {old}")
    if _climb(path[0], path[1:], sides) != new_root:
        raise BadProof(f"the proof does not lead to the root of size {new}")


def _sides(at: int, last: int) -> list[bool]:
    """On the way up from node ``at`` of a row that ends at ``last``: is the sibling on the left? One for each sibling.

    A node at the end of its row without a sibling is carried up as it is (RFC 9162, 2.1.3.2).
    """
    sides = []
    while last:
        if at % 2 or at < last:
            sides.append(at % 2 == 1)
        at, last = at // 2, last // 2
    return sides


def _climb(start: Hash, siblings: Sequence[Hash], left: Sequence[bool]) -> Hash:
    made = start
    for sibling, is_left in zip(siblings, left, strict=True):
        made = node_hash(sibling, made) if is_left else node_hash(made, sibling)
    return made


def _fits(path: Sequence[Hash], right: int, *roots: Hash) -> None:
    if any(len(one) != HASH_SIZE for one in (*path, *roots)):
        raise BadProof(f"a hash has {HASH_SIZE} bytes")
    if len(path) != right:
        raise BadProof("the proof is too long or too short for these sizes")


def _split(count: int) -> int:
    """The largest power of two below ``count``, which is 2 or more."""
    return 1 << ((count - 1).bit_length() - 1)


def _span(low: int, high: int, read: Read) -> Hash:
    """The root over the leaves low to high - 1, where low is where a split of RFC 6962 begins."""
    level = ((high - low) & -(high - low)).bit_length() - 1
    made = read(level, (high >> level) - 1)
    for above in range(level + 1, (high - low).bit_length()):
        if (high - low) >> above & 1:
            made = node_hash(read(above, (high >> above) - 1), made)
    return made
