"""The tree is that of RFC 6962, written down naively; a proof holds for one index, one size and one root only."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tlog.logs import Log, vector_leaf, vector_log
from tracker.tlog import tree
from tracker.tlog.errors import BadProof
from tracker.tlog.rebuild import Rebuilt

READ = vector_log().read
SMALL = 40
sizes = st.integers(1, 70_000)
#: Where a tile fills up, at the lowest level and at the one above.
EDGES = (1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 65_792, 65_793)


def naive(leaves: list[bytes]) -> bytes:
    """MTH as RFC 6962, 2.1, defines it: split from above, again and again."""
    if not leaves:
        return tree.EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return tree.node_hash(naive(leaves[:k]), naive(leaves[k:]))


def leaf(i: int) -> bytes:
    return tree.leaf_hash(vector_leaf(i))


def leaves(size: int) -> list[bytes]:
    return [leaf(i) for i in range(size)]


@pytest.mark.parametrize("size", EDGES)
def test_the_root_is_the_naive_one_where_tiles_fill_up(size: int) -> None:
    right = naive(leaves(size))
    assert tree.root(size, READ) == right
    assert tree.fold(leaves(size)) == right


@given(st.integers(0, 3000))
def test_the_root_is_the_naive_one_everywhere(size: int) -> None:
    assert tree.root(size, READ) == tree.fold(leaves(size)) == naive(leaves(size))


@given(sizes, st.data())
def test_a_tree_rebuilt_from_bundles_knows_its_root_now_and_then(size: int, data: st.DataObject) -> None:
    since = data.draw(st.integers(0, size))
    rebuilt = Rebuilt(since)
    for first in range(0, size, 256):
        rebuilt.add([READ(0, i) for i in range(first, min(first + 256, size))])
    assert rebuilt.root() == tree.root(size, READ)
    assert rebuilt.root_since() == tree.root(since, READ)
    for tile, hashes in rebuilt.above():
        assert b"".join(hashes) == tile.content(READ)


def test_an_append_stores_each_complete_subtree_once_and_no_other() -> None:
    log = Log(map(vector_leaf, range(600)))
    complete = {(level, n) for level in range(10) for n in range(600 >> level)}
    assert set(log.hashes) == complete
    assert all(log.hashes[key] == READ(*key) for key in complete)


def test_an_append_reads_and_a_proof_reads_few_hashes() -> None:
    asked: list[tuple[int, int]] = []

    def counting(level: int, n: int) -> bytes:
        asked.append((level, n))
        return READ(level, n)

    for work in (
        lambda: tree.root(69_999, counting),
        lambda: tree.inclusion_proof(12_345, 69_999, counting),
        lambda: tree.consistency_proof(12_345, 69_999, counting),
        lambda: list(tree.append(65_535, leaf(65_535), counting)),
    ):
        asked.clear()
        work()
        assert len(asked) <= 2 * 17


@given(sizes, st.data())
def test_a_proof_of_an_entry_holds_there_and_nowhere_else(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    path = tree.inclusion_proof(index, size, READ)
    root = tree.root(size, READ)
    tree.verify_inclusion(leaf(index), index, size, path, root)
    other = data.draw(st.integers(0, size + 2).filter(lambda i: i != index))
    with pytest.raises(BadProof):
        tree.verify_inclusion(leaf(index), other, size, path, root)
    if other < size:
        with pytest.raises(BadProof):
            tree.verify_inclusion(leaf(other), index, size, path, root)
    with pytest.raises(BadProof):
        tree.verify_inclusion(leaf(index), index, size, path, tree.leaf_hash(root))
    with pytest.raises(BadProof):
        tree.verify_inclusion(leaf(index), index, size, [*path, root], root)
    if path:
        with pytest.raises(BadProof):
            tree.verify_inclusion(leaf(index), index, size, path[:-1], root)


def test_in_small_trees_no_proof_of_an_entry_holds_under_the_root_of_another_size() -> None:
    roots = [tree.root(size, READ) for size in range(SMALL)]
    for size in range(1, SMALL):
        for index in range(size):
            path = tree.inclusion_proof(index, size, READ)
            for other in range(1, SMALL):
                if other == size:
                    tree.verify_inclusion(leaf(index), index, size, path, roots[size])
                    continue
                with pytest.raises(BadProof):
                    tree.verify_inclusion(leaf(index), index, other, path, roots[other])


@given(sizes, st.data())
def test_a_proof_of_growth_holds_for_its_sizes_and_roots_only(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(0, new))
    path = tree.consistency_proof(old, new, READ)
    was, now = tree.root(old, READ), tree.root(new, READ)
    tree.verify_consistency(old, new, path, was, now)
    wrong = tree.leaf_hash(now)
    refused = [
        (old, new, path, wrong, now),
        (old, new, [*path, now], was, now),
        (new + 1, new, path, was, now),
    ]
    if old:  # every tree begins with the empty one, whatever its root
        refused.append((old, new, path, was, wrong))
    if path:
        refused.append((old, new, path[:-1], was, now))
    for case in refused:
        with pytest.raises(BadProof):
            tree.verify_consistency(*case)


def test_in_small_trees_no_proof_of_growth_holds_for_another_pair_of_sizes() -> None:
    roots = [tree.root(size, READ) for size in range(SMALL)]
    for new in range(2, SMALL, 3):
        for old in range(1, new):
            path = tree.consistency_proof(old, new, READ)
            for other in range(1, new + 1):
                if other == old:
                    continue
                with pytest.raises(BadProof):
                    tree.verify_consistency(other, new, path, roots[other], roots[new])
                with pytest.raises(BadProof):
                    tree.verify_consistency(old, new, path, roots[other], roots[new])


def test_every_changed_byte_of_a_proof_is_found() -> None:
    size, index, old = 21, 13, 11
    root, was = tree.root(size, READ), tree.root(old, READ)
    inclusion = tree.inclusion_proof(index, size, READ)
    growth = tree.consistency_proof(old, size, READ)
    for changed in changes(inclusion):
        with pytest.raises(BadProof):
            tree.verify_inclusion(leaf(index), index, size, changed, root)
    for changed in changes(growth):
        with pytest.raises(BadProof):
            tree.verify_consistency(old, size, changed, was, root)


def changes(path: list[bytes]) -> Iterator[list[bytes]]:
    for i, one in enumerate(path):
        yield path[:i] + path[i + 1 :]
        yield [*path[:i], one, *path[i:]]
        for at in range(256):
            bit = (int.from_bytes(one, "big") ^ 1 << at).to_bytes(32, "big")
            yield [*path[:i], bit, *path[i + 1 :]]


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_hash_has_32_bytes(length: int) -> None:
    root = tree.root(2, READ)
    with pytest.raises(BadProof, match="32"):
        tree.verify_inclusion(leaf(0), 0, 2, [bytes(length)], root)
    with pytest.raises(BadProof, match="32"):
        tree.verify_consistency(2, 2, [], bytes(length), bytes(length))


def test_a_node_cannot_be_passed_off_as_an_entry() -> None:
    """The second-preimage trick on trees without prefixes: show the two children as if they were one entry."""
    children = READ(0, 0) + READ(0, 1)
    assert tree.leaf_hash(children) != READ(1, 0)


def test_no_proof_is_made_for_what_is_not_there() -> None:
    for index, size in ((0, 0), (5, 5), (-1, 5)):
        with pytest.raises(ValueError, match="not one of"):
            tree.inclusion_proof(index, size, READ)
        with pytest.raises(BadProof, match="not one of"):
            tree.verify_inclusion(leaf(0), index, size, [], leaf(0))
    with pytest.raises(ValueError, match="beginning"):
        tree.consistency_proof(6, 5, READ)
