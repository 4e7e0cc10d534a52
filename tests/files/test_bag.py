"""A package of evidence is a bag that the Library of Congress's own program finds valid, made in flat memory; and one
that is not whole is no ZIP at all.
"""

from __future__ import annotations

import hashlib
import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import bagit
import pytest

from tracker.domain.files import FileMissing
from tracker.files.bag import Packed, bag

WHEN = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
CONTENT = {"evd_1/one.jpg": b"picture", "evd_1/two": b"", "evd_2/deposition.pdf": b"x" * 100_000}


def packed(name: str, content: bytes) -> Packed:
    chunks = (content[place : place + 1000] for place in range(0, len(content), 1000))
    return Packed(name, chunks, hashlib.sha256(content).hexdigest())


def files() -> Iterator[Packed]:
    return (packed(name, content) for name, content in CONTENT.items())


def unpacked(sent: bytes, where: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(sent)) as archive:
        assert archive.testzip() is None
        archive.extractall(where)
    (root,) = where.iterdir()
    return root


def test_the_program_of_the_library_of_congress_finds_it_valid(tmp_path: Path) -> None:
    said = {"Source-Organization": "Le Bureau — مكتب", "External-Identifier": "evd_1"}
    root = unpacked(b"".join(bag("package-1", files(), said, WHEN)), tmp_path)
    found = bagit.Bag(str(root))
    found.validate()
    assert found.version_info == (1, 0)
    assert found.info == {**said, "Bagging-Date": "2026-11-24", "Payload-Oxum": "100007.3"}
    assert {name: (root / "data" / name).read_bytes() for name in CONTENT} == CONTENT
    assert set(found.tagfile_entries()) == {"bagit.txt", "bag-info.txt", "manifest-sha256.txt"}


def test_the_same_program_sees_when_a_byte_was_changed_afterwards(tmp_path: Path) -> None:
    root = unpacked(b"".join(bag("package-1", files(), {}, WHEN)), tmp_path)
    (root / "data" / "evd_1" / "one.jpg").write_bytes(b"picturE")
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(root)).validate()


def test_the_same_files_make_the_same_bytes() -> None:
    assert b"".join(bag("a", files(), {}, WHEN)) == b"".join(bag("a", files(), {}, WHEN))


def test_an_empty_package_is_a_bag_too(tmp_path: Path) -> None:
    root = unpacked(b"".join(bag("empty", iter(()), {}, WHEN)), tmp_path)
    assert (root / "manifest-sha256.txt").read_bytes() == b""
    assert "Payload-Oxum: 0.0" in (root / "bag-info.txt").read_text()


def test_bytes_that_are_not_those_recorded_end_it_so_that_nobody_takes_it_for_whole() -> None:
    sent = io.BytesIO()
    with pytest.raises(FileMissing):
        sent.writelines(bag("a", [*files(), Packed("bad", [b"other"], "0" * 64)], {}, WHEN))
    assert b"other" in sent.getvalue()
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(sent)


def test_a_receiver_who_goes_away_leaves_nothing_open() -> None:
    sending = bag("a", files(), {}, WHEN)
    next(sending)
    next(sending)
    sending.close()  # type: ignore[attr-defined]  # a generator; a warning would be an error here


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../x", "a/../b", "/etc/passwd", "a//b", "a/", "a\\b", "c:x", "a\nb", "a\rb", "100%", "a\0b",
     ".hidden", "صورة.jpg", "a b", "x" * 101, "a/b/c/d/e/f"],
)  # fmt: skip
def test_a_name_that_is_not_plain_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="a plain name of its own"):
        list(bag("a", [packed(name, b"x")], {}, WHEN))


def test_two_files_of_one_name_are_refused_also_where_case_does_not_count() -> None:
    with pytest.raises(ValueError, match="a plain name of its own"):
        list(bag("a", [packed("one", b"x"), packed("One", b"y")], {}, WHEN))


@pytest.mark.parametrize(
    ("folder", "information"),
    [
        ("..", {}),
        ("a/b", {}),
        ("", {}),
        ("a", {"Contact": "a\nPayload-Oxum: 0.0"}),
        ("a", {"Con: tact": "a"}),
    ],
)
def test_what_is_said_of_a_bag_stays_on_its_line(folder: str, information: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"a folder is named|one line of text"):
        bag(folder, files(), information, WHEN)


def test_a_large_package_takes_no_memory() -> None:
    piece = bytes(1 << 20)
    digest = hashlib.sha256()
    for _ in range(64):
        digest.update(piece)
    large = Packed("large", (piece for _ in range(64)), digest.hexdigest())
    tracemalloc.start()
    sent = sum(len(part) for part in bag("a", [large], {}, WHEN))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sent > 64 << 20
    assert peak < 8 << 20
