"""A tile has one path, and a path one spelling; what is in a file is exactly what the path says, or it is refused."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.tlog.logs import flips, vector_log
from tracker.tlog import tiles
from tracker.tlog.errors import Malformed

some = st.builds(
    tiles.Tile,
    st.none() | st.integers(0, 63),
    st.integers(0, 2**55 - 1) | st.integers(0, 5000),
    st.integers(1, 256),
)
NOT_PATHS = [
    "0/x000/001",
    "0/x000/x000/001",
    "00/000",
    "0/1",
    "0/01",
    "0/0001",
    "0/000.p/256",
    "0/000.p/0",
    "0/000.p/010",
    "0/000.p/1000",
    "0/000.p/",
    "0/000.p",
    "64/000",
    "99/000",
    "-1/000",
    "0/-01",
    "0/x01/000",
    "0/x001",
    "0/x001/",
    "0/001/000",
    "0/X001/000",
    "0/000/",
    "/000",
    "0//000",
    "0/000.p/-1",
    "0/000.P/1",
    "entries",
    "entries/",
    "Entries/000",
    "entries/000.p/256",
    "0/../000",
    "0/000?x",
    "0/000.p/1.p/1",
    "0/٠٠٠",
    "٠/000",
    "0/000.p/١",
    "0/００0",
    "0/𝟎𝟎𝟎",
]


@given(some)
def test_a_path_reads_back_as_its_tile(tile: tiles.Tile) -> None:
    assert tiles.parse(tile.path) == tile
    assert tile.path.isascii()


@pytest.mark.parametrize("path", NOT_PATHS)
def test_another_spelling_is_no_path(path: str) -> None:
    with pytest.raises(Malformed):
        tiles.parse(f"tile/{path}")


@pytest.mark.parametrize(
    "around", ["{}\n", "\n{}", " {}", "{} ", "/{}", "{}/", "{}\0", "x{}", "{}%0A", "./{}", "{}\r"]
)
def test_nothing_stands_around_a_path(around: str) -> None:
    for path in ("tile/0/000", "tile/entries/x001/000.p/7"):
        with pytest.raises(Malformed):
            tiles.parse(around.format(path))


@given(
    st.text("x0123456789/.pentris-+ \n٠１", max_size=24)
    | st.from_regex(r"[0-9]{1,2}/(x[0-9]{3}/){0,3}[0-9]{1,4}(\.p/[0-9]{1,4})?", fullmatch=True)
    | st.text()
)
@example("0/000")
def test_whatever_is_read_as_a_path_is_its_one_spelling(rest: str) -> None:
    try:
        tile = tiles.parse(f"tile/{rest}")
    except Malformed:
        return
    assert tile.path == f"tile/{rest}"
    assert re.fullmatch(r"[a-z0-9/.]+", rest)


def test_every_single_change_of_a_path_is_another_tile_or_none() -> None:
    path = "tile/0/x001/x234/067.p/112"
    for changed in flips(path.encode()):
        try:
            tile = tiles.parse(changed.decode("latin-1"))
        except Malformed:
            continue
        assert tile.path.encode() == changed
        assert tile != tiles.parse(path)


@pytest.mark.parametrize(
    ("level", "n", "width"), [(64, 0, 1), (-1, 0, 1), (0, -1, 1), (0, 2**55, 1), (0, 0, 0), (0, 0, 257)]
)
def test_there_is_no_such_tile(level: int, n: int, width: int) -> None:
    with pytest.raises(Malformed):
        tiles.Tile(level, n, width)


def test_a_number_that_no_database_takes_is_refused() -> None:
    with pytest.raises(Malformed):
        tiles.parse("tile/0/" + "x999/" * 7 + "999")


def test_the_files_of_seventy_thousand_entries() -> None:
    made = [tile.path for tile in tiles.tiles_of(70_000)]
    assert len(made) == 273 + 1 + 1 + 1 + 1
    assert made[-4:] == ["tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"]
    bundles = [tile.path for tile in tiles.bundles_of(70_000)]
    assert (len(bundles), bundles[-1]) == (274, "tile/entries/273.p/112")
    assert list(tiles.tiles_of(0)) == list(tiles.bundles_of(0)) == []
    assert [tile.path for tile in tiles.tiles_of(256)] == ["tile/0/000", "tile/1/000.p/1"]


@given(st.integers(0, 70_000), st.integers(0, 2), st.integers(0, 300), st.integers(1, 256))
def test_what_is_within_a_log_is_what_can_be_read_of_it(size: int, level: int, n: int, width: int) -> None:
    tile = tiles.Tile(level, n, width)
    there = all((n * 256 + i + 1) * 256**level <= size for i in range(width))
    assert tile.within(size) == there
    if there:
        assert len(tile.content(vector_log().read)) == 32 * width


@given(st.integers(0, 70_000))
def test_all_files_of_a_log_are_within_it_and_cover_it(size: int) -> None:
    assert all(tile.within(size) for tile in (*tiles.tiles_of(size), *tiles.bundles_of(size)))
    assert sum(tile.width for tile in tiles.bundles_of(size)) == size
    assert all(
        not tiles.Tile(one.level, one.n, one.width + 1).within(size)
        for one in tiles.tiles_of(size)
        if one.width < 256
    )


@given(st.lists(st.binary(min_size=1, max_size=70), max_size=256))
def test_a_bundle_reads_back_as_its_entries(entries: list[bytes]) -> None:
    assert tiles.parse_bundle(tiles.bundle(entries), len(entries)) == entries


def test_the_shortest_and_the_longest_entry_fit_and_no_other() -> None:
    fit = [b"a", b"b" * 65_535]
    assert tiles.parse_bundle(tiles.bundle(fit), 2) == fit
    for entry in (b"", b"c" * 65_536):
        with pytest.raises(Malformed, match="65535"):
            tiles.bundle([entry])


def test_a_changed_bundle_is_refused_or_has_other_entries() -> None:
    entries = [b"a", b"bc", b"def"]
    for changed in flips(tiles.bundle(entries)):
        try:
            assert tiles.parse_bundle(changed, 3) != entries
        except Malformed:
            continue


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0",
        b"\0\0",
        b"\0\1",
        b"\0\2a",
        b"\0\1ab",
        b"\0\1a\0",
        b"\0\1a\0\0",
        b"\0\1a\0\1b",
        b"\xff\xffa",
    ],
)
def test_a_bundle_of_one_holds_one_entry_and_nothing_else(data: bytes) -> None:
    assert tiles.parse_bundle(b"\0\1a", 1) == [b"a"]
    with pytest.raises(Malformed):
        tiles.parse_bundle(data, 1)


@pytest.mark.parametrize("length", [0, 1, 31, 33, 63, 65, 96])
def test_a_tile_of_two_has_64_bytes(length: int) -> None:
    assert tiles.parse_tile(bytes(64), 2) == [bytes(32)] * 2
    with pytest.raises(Malformed, match="64 are right"):
        tiles.parse_tile(bytes(length), 2)


def test_a_bundle_is_not_made_of_hashes() -> None:
    with pytest.raises(ValueError, match="entries"):
        tiles.parse("tile/entries/000").content(vector_log().read)
