"""A stranger finds out whatever is wrong with a log, and is told what; and takes no good log for a bad one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tlog.logs import KEY, OTHER, WITNESS, Files, Log, flips, vector_leaf, vector_log
from tracker.tlog import note, tiles, tree
from tracker.tlog.checkpoint import Checkpoint
from tracker.tlog.errors import NotServed, Unreachable, WrongLog
from tracker.tlog.keys import PublicKey
from tracker.tlog.verify import Fetch, verify

SIZE = 600
ROOT = vector_log().checkpoint(SIZE)


def small(size: int = SIZE) -> Files:
    return vector_log().files(size)


def reading(files: Files) -> Fetch:
    def fetch(path: str) -> bytes:
        if path not in files:
            raise NotServed(path, 404)
        return files[path]

    return fetch


def findings(
    files: Files, remembered: Checkpoint | None = None, key: PublicKey = KEY.public
) -> tuple[str, ...]:
    with pytest.raises(WrongLog) as wrong:
        verify(reading(files), key, remembered)
    assert wrong.value.note == files["checkpoint"]
    return wrong.value.findings


def edited(size: int, *changes: tuple[int, bytes]) -> Log:
    """Another history: these entries are others."""
    entries = [vector_leaf(i) for i in range(size)]
    for index, entry in changes:
        entries[index] = entry
    return Log(entries)


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 512, 600, 65_536, 65_537, 70_000])
def test_a_good_log_is_verified(size: int) -> None:
    done = verify(reading(small(size)), KEY.public)
    assert done.checkpoint == vector_log().checkpoint(size)
    assert done.note == vector_log().signed(size)


@given(st.integers(0, 1200), st.data())
def test_a_log_that_grew_is_verified(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(0, new))
    done = verify(reading(small(new)), KEY.public, vector_log().checkpoint(old))
    assert done.checkpoint.size == new


def test_every_file_is_read_once() -> None:
    asked: list[str] = []

    def fetch(path: str) -> bytes:
        asked.append(path)
        return small()[path]

    verify(fetch, KEY.public)
    assert sorted(asked) == sorted(small())


def test_progress_is_told_up_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    verify(reading(small()), KEY.public, progress=lambda done, total: told.append((done, total)))
    assert told == [(256, SIZE), (512, SIZE), (SIZE, SIZE)]


def test_full_files_stand_in_for_partial_ones_that_were_dropped() -> None:
    """The log grew between checkpoint and bundles, and the server has dropped the old ends."""
    files = small(1024) | {"checkpoint": vector_log().signed(SIZE)}
    assert "tile/0/002.p/88" not in files
    files["tile/1/000.p/2"] = small()["tile/1/000.p/2"]
    assert verify(reading(files), KEY.public).checkpoint == ROOT


def test_an_edited_entry_is_named() -> None:
    files = small()
    entries = [vector_leaf(i) for i in range(256)]
    entries[17] = b"something else"
    files["tile/entries/000"] = tiles.bundle(entries)
    assert findings(files) == ("entry 17 differs: its hash is not the signed one, in tile/0/000 at byte 544",)


def test_two_entries_that_changed_places_are_named() -> None:
    files = small()
    entries = [vector_leaf(i) for i in range(256)]
    entries[3], entries[200] = entries[200], entries[3]
    files["tile/entries/000"] = tiles.bundle(entries)
    assert [one.split(":")[0] for one in findings(files)] == ["entry 3 differs", "entry 200 differs"]


def test_a_dropped_last_entry_is_told() -> None:
    files = small()
    files["tile/entries/002.p/88"] = tiles.bundle([vector_leaf(i) for i in range(512, 599)])
    assert findings(files) == (
        "tile/entries/002.p/88: the bundle is broken at its entry 87: empty, or cut off",
    )


def test_an_entry_too_many_is_told() -> None:
    files = small()
    files["tile/entries/002.p/88"] += tiles.bundle([b"one more"])
    assert findings(files) == ("tile/entries/002.p/88: the bundle goes on after its 88 entries",)


@pytest.mark.parametrize("path", ["tile/0/001", "tile/0/002.p/88"])
def test_a_forged_hash_is_named_by_tile_and_byte(path: str) -> None:
    files = small()
    files[path] = files[path][:64] + bytes(32) + files[path][96:]
    index = tiles.parse(path).first + 2
    assert findings(files) == (f"{path} byte 64: this is not the hash of entry {index}",)


def test_a_forged_hash_higher_up_is_named() -> None:
    files = small()
    files["tile/1/000.p/2"] = files["tile/1/000.p/2"][:32] + bytes(32)
    assert findings(files) == ("tile/1/000.p/2 byte 32: this is not the hash of the tile below it",)
    files = small(70_000)
    files["tile/2/000.p/1"] = bytes(32)
    assert findings(files) == ("tile/2/000.p/1 byte 0: this is not the hash of the tile below it",)


def test_an_entry_whose_hashes_were_forged_to_fit_does_not_fit_the_signature() -> None:
    files = edited(SIZE, (17, b"something else")).files() | {"checkpoint": vector_log().signed(SIZE)}
    (told,) = findings(files)
    assert told.startswith("the entries give the root ")
    assert told.endswith(f"signed was {note.text.to_base64(ROOT.root)}, for size 600")


def test_entries_and_hashes_that_were_both_changed_are_told() -> None:
    files = small()
    files["tile/entries/000"] = tiles.bundle([b"other", *(vector_leaf(i) for i in range(1, 256))])
    files["tile/0/000"] = bytes(32) + files["tile/0/000"][32:]
    told = findings(files)
    assert told[0].startswith("the entries give the root ")
    assert told[1].startswith("entry 0 differs from its hash in tile/0/000 at byte 0")


def test_another_key_is_not_the_key() -> None:
    files = vector_log().files(SIZE, OTHER)
    assert findings(files) == ("checkpoint: none of the known keys has signed this note",)


def test_a_witness_cannot_speak_for_the_log() -> None:
    text = ROOT.text
    files = small() | {"checkpoint": note.Note(text, (note.signature(WITNESS, text, 1),)).data}
    assert "does not speak for the log" in findings(files, key=WITNESS.public)[0]


def test_a_log_that_shrank_is_told() -> None:
    assert findings(small(599), ROOT) == ("checkpoint size shrank from 600 to 599",)
    assert findings(small(0), ROOT) == ("checkpoint size shrank from 600 to 0",)


def test_a_fork_of_the_same_size_is_told_with_both_roots() -> None:
    fork = edited(SIZE, (599, b"something else"))
    (told,) = findings(fork.files(), ROOT)
    assert told.startswith("fork: two roots were signed for size 600: ")
    assert note.text.to_base64(ROOT.root) in told
    assert note.text.to_base64(fork.checkpoint().root) in told


@pytest.mark.parametrize("old", [1, 17, 255, 256, 257, 511, 512, 599])
def test_a_log_that_grew_from_another_history_is_told(old: int) -> None:
    fork = edited(SIZE, (old - 1, b"something else"))
    verify(reading(fork.files()), KEY.public)
    (told,) = findings(fork.files(), vector_log().checkpoint(old))
    assert told.startswith(f"rewritten: the first {old} entries are not those that were signed")
    assert verify(reading(fork.files()), KEY.public, vector_log().checkpoint(old - 1))


def test_a_log_by_another_name_is_told() -> None:
    other = Checkpoint("other.example/log", SIZE, ROOT.root)
    assert findings(small(), other) == ("the log was other.example/log and is now tracker.example/log",)


def test_an_empty_log_has_the_empty_root_only() -> None:
    text = Checkpoint(ROOT.origin, 0, tree.leaf_hash(b"")).text
    assert "signed was" in findings({"checkpoint": note.sign(text, KEY)})[0]


def test_a_bundle_that_is_withheld_is_told_and_the_rest_is_verified() -> None:
    files = small()
    del files["tile/entries/001"]
    assert findings(files) == ("tile/entries/001 is not served (404)",)
    files["tile/0/002.p/88"] = bytes(32) + files["tile/0/002.p/88"][32:]
    assert findings(files)[1:] == ("tile/0/002.p/88 byte 0: this is not the hash of entry 512",)


@pytest.mark.parametrize("path", ["tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2", "tile/entries/002.p/88"])
def test_a_file_that_is_missing_is_told(path: str) -> None:
    files = small()
    del files[path]
    assert findings(files) == (f"{path} is not served (404)",)


def test_where_entries_and_hashes_are_both_missing_the_reading_ends() -> None:
    files = small()
    del files["tile/entries/001"], files["tile/0/001"]
    assert findings(files)[-1] == "nothing from entry 256 on can be verified"


def test_many_findings_are_counted() -> None:
    files = small()
    files["tile/0/000"] = bytes(8192)
    told = findings(files)
    assert len(told) == 21
    assert told[-1] == "and 236 more"


def test_every_changed_byte_of_every_file_of_a_small_log_is_found() -> None:
    files = vector_log().files(3)
    assert verify(reading(files), KEY.public)
    for path, data in files.items():
        for changed in flips(data):
            with pytest.raises(WrongLog):
                verify(reading(files | {path: changed}), KEY.public, workers=1)


def test_a_log_that_cannot_be_asked_is_not_called_wrong() -> None:
    def broken(path: str) -> bytes:
        if path == "checkpoint":
            return small()[path]
        raise Unreachable(f"{path}: no connection")

    with pytest.raises(Unreachable):
        verify(broken, KEY.public)
    with pytest.raises(NotServed):
        verify(reading({}), KEY.public)
