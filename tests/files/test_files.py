"""Bytes are kept as they came, once, under a key that says nothing; what ends early leaves nothing; and whatever the
store says, only our own refusals come out. The same of a folder and of S3.
"""

from __future__ import annotations

import hashlib
import json
import re
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from tracker.domain.files import DigestMismatch, FileMissing, FileTooLarge, StorageUnavailable
from tracker.files.files import Files
from tracker.files.opening import open_files

BIG = 20_000_000  # four parts of an upload to S3
LIMIT = 30_000_000


def stream(size: int, chunk: int = 1_000_000) -> Iterator[bytes]:
    random = Random(size)
    for start in range(0, size, chunk):
        yield random.randbytes(min(chunk, size - start))


def keys(files: Files) -> list[str]:
    return [one.key for one in files.held()]


@pytest.mark.parametrize("size", [0, 1, 1_000_000, 5 << 20, BIG])
def test_what_is_put_is_found_again_byte_for_byte(files: Files, size: int) -> None:
    whole = b"".join(stream(size))
    stored = files.put(stream(size), LIMIT)
    assert (stored.size, stored.sha256) == (size, hashlib.sha256(whole).hexdigest())
    assert b"".join(files.open(stored.key)) == whole
    assert files.size(stored.key) == size
    assert files.digest(stored.key) == stored.sha256


def test_a_key_is_random_and_tells_nothing_of_the_content(files: Files) -> None:
    first, second = (files.put(stream(10), LIMIT) for _ in range(2))
    assert first.key != second.key
    assert re.fullmatch("[0-9a-hjkmnp-tv-z]{32}", first.key)
    assert first.sha256 == second.sha256


def test_a_part_can_be_read_so_that_a_broken_download_goes_on(files: Files) -> None:
    whole = b"".join(stream(3_000_000))
    key = files.put(stream(3_000_000), LIMIT).key
    assert b"".join(files.open(key, 2_500_000)) == whole[2_500_000:]
    assert b"".join(files.open(key, 10, 20)) == whole[10:20]
    assert b"".join(files.open(key, 3_000_000)) == b""
    assert b"".join(files.open(key, 2_999_999, 9_000_000)) == whole[-1:]


@pytest.mark.parametrize("limit", [0, 5_000_000, 17_500_000])
def test_a_file_above_the_limit_is_refused_midway_and_leaves_nothing(files: Files, limit: int) -> None:
    read = []

    def watched() -> Iterator[bytes]:
        for chunk in stream(BIG):
            read.append(len(chunk))
            yield chunk

    with pytest.raises(FileTooLarge, match=str(limit)):
        files.put(watched(), limit)
    assert sum(read) <= limit + 1_000_000
    assert keys(files) == []


def test_a_file_of_exactly_the_limit_is_taken_in(files: Files) -> None:
    assert files.put(stream(1_000), 1_000).size == 1_000


@pytest.mark.parametrize("failing_after", [0, 1, 17])
def test_a_reader_that_fails_leaves_nothing_and_its_error_is_its_own(
    files: Files, failing_after: int, bucket: str, s3_endpoint: str
) -> None:
    class Gone(Exception):
        pass

    def broken() -> Iterator[bytes]:
        for place, chunk in enumerate(stream(BIG)):
            if place == failing_after:
                raise Gone
            yield chunk

    with pytest.raises(Gone):
        files.put(broken(), LIMIT)
    assert keys(files) == []
    assert files.sweep_unfinished(datetime.now(UTC) + timedelta(days=1)) == 0
    name = bucket.split("/")[2]
    with urllib.request.urlopen(f"{s3_endpoint}/{name}?uploads") as answer:  # noqa: S310  # our own server
        assert b"<Upload>" not in answer.read()


@pytest.mark.parametrize("size", [0, 1_000, BIG])
def test_bytes_other_than_those_announced_leave_nothing(files: Files, size: int) -> None:
    announced = hashlib.sha256(b"".join(stream(size))).hexdigest()
    assert files.put(stream(size), LIMIT, announced.upper()).sha256 == announced
    before = keys(files)
    for other in (stream(size + 1), stream(max(size - 1, 0)) if size else stream(2)):
        with pytest.raises(DigestMismatch):
            files.put(other, LIMIT, announced)
    with pytest.raises(DigestMismatch):
        files.put(stream(size), LIMIT, "ünsinn")
    assert keys(files) == before


@pytest.mark.parametrize("size", [100, BIG])
def test_a_key_that_is_taken_is_never_written_over(
    size: int, request: pytest.FixtureRequest, tmp_path, bucket: str, s3_endpoint: str
) -> None:
    """The same randomness twice, as from a broken generator."""
    for store in (
        open_files((tmp_path / "again").as_uri(), bytes),
        open_files(bucket, bytes, endpoint=s3_endpoint),
    ):
        first = store.put(stream(size), LIMIT)
        with pytest.raises(StorageUnavailable):
            store.put(stream(size + 1), LIMIT)
        assert store.digest(first.key) == first.sha256
        assert store.sweep_unfinished(datetime.now(UTC) + timedelta(days=1)) == 0


def test_what_is_deleted_is_gone_and_may_be_deleted_again(files: Files) -> None:
    gone, stays = (files.put(stream(10), LIMIT).key for _ in range(2))
    files.delete(gone)
    files.delete(gone)
    assert keys(files) == [stays]
    for look in (files.open, files.size, files.digest, lambda key: files.open(key, 2, 5)):
        with pytest.raises(FileMissing):
            look(gone)


@pytest.mark.parametrize(
    "key",
    ["", "..", "../../etc/passwd", "/etc/passwd", "a" * 31, "a" * 33, "A" * 32, "a" * 31 + "\0", "a" * 32 + "\n",
     "a" * 31 + "/", "٣" * 32, "incoming/" + "a" * 32],
)  # fmt: skip
def test_what_is_no_key_is_a_missing_file(files: Files, key: str) -> None:
    for look in (files.open, files.size, files.digest, files.delete):
        with pytest.raises(FileMissing, match=r"^there is no such file$"):
            look(key)


def test_what_is_held_is_listed_with_its_size_and_age(files: Files) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)
    put = {files.put(stream(size), LIMIT).key: size for size in (1, 22, 333)}
    held = list(files.held())
    assert {one.key: one.size for one in held} == put
    assert all(before <= one.modified <= datetime.now(UTC) + timedelta(seconds=2) for one in held)


def test_a_key_is_in_no_repr_and_neither_is_the_place(files: Files) -> None:
    stored = files.put(stream(1), LIMIT)
    said = repr(stored) + repr(files) + repr(list(files.held()))
    assert stored.key not in said
    assert "/" not in said


def test_a_store_that_does_not_answer_is_said_without_its_address(
    bucket: str, capsys: pytest.CaptureFixture[str]
) -> None:
    files = open_files(bucket, bytes, endpoint="http://127.0.0.1:9")
    for act in (
        lambda: files.put(iter([b"x"]), 10),
        lambda: files.size("a" * 32),
        lambda: list(files.held()),
    ):
        with pytest.raises(StorageUnavailable) as refused:
            act()
        line = json.loads(capsys.readouterr().err)
        del line["timestamp"]
        assert (line["event"], line["refused"]) == ("files", "GenericError")
        told = refused.value.detail + str(refused.value.__cause__) + str(line)
        assert not re.search("127|bucket|access|evidence|aaaa", told)
        assert refused.value.__suppress_context__


def test_a_bucket_that_is_not_there_is_no_missing_file(
    s3_endpoint: str, bucket: str, capsys: pytest.CaptureFixture[str]
) -> None:
    files = open_files("s3://nowhere-at-all", bytes, endpoint=s3_endpoint)
    with pytest.raises(StorageUnavailable):
        files.put(iter([b"x"]), 10)
    assert json.loads(capsys.readouterr().err)["status"] == 404
