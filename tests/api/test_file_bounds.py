"""However much is sent, and however it ends: what is taken in is bounded to the byte, what does not fit leaves nothing,
and neither the memory nor the disk is filled by it. For a file alone and for one that comes with its item.
"""

from __future__ import annotations

import resource
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain, repeat
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.api.factories import Stage, dump
from tests.api.forms import FORM, PLAIN, end, form, item, part
from tests.api.test_evidence_files import FILES, HOSTILE, digest, download, kept, problem
from tests.api.test_submissions import SAID, SUBMIT

LIMIT = 1 << 20
PIECE = bytes(1 << 16)
#: How a body of a file is sent: alone, or as the last part of a call.
Wrap = Callable[[Stage, bytes], tuple[str, bytes, bytes, str]]


def alone(_stage: Stage, first: bytes) -> tuple[str, bytes, bytes, str]:
    return FILES, first, b"", "text/plain"


def together(stage: Stage, first: bytes) -> tuple[str, bytes, bytes, str]:
    head = item(stage.fill(SAID)) + part(PLAIN, b"another") + part(PLAIN, b"").removesuffix(b"\r\n")
    return SUBMIT, head + first, b"\r\n" + end(), FORM


both = pytest.mark.parametrize("way", [alone, together])


@pytest.fixture
def small(stage: Stage) -> Stage:
    """A tracker that takes files of a megabyte."""
    object.__setattr__(stage.app.extensions["tracker"].settings, "files_limit", LIMIT)
    stage.get("/v1/me")  # the day of the last use of the key is noted
    return stage


class Line:
    """A body as a server reads it from a line: these pieces, and what comes instead of more of them."""

    def __init__(self, pieces: Iterator[bytes], breaks: bool = False) -> None:
        self.pieces, self.breaks, self.taken = filter(None, pieces), breaks, 0
        self.left = memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        if not self.left:
            self.left = memoryview(next(self.pieces, b""))
        if not self.left and self.breaks:
            raise OSError("connection reset")
        said, self.left = bytes(self.left[:size]), self.left[size:]
        self.taken += len(said)
        return said


def send(stage: Stage, path: str, line: Line, media_type: str, **headers: str) -> TestResponse:
    """A body with its length, or else in chunks, under whatever digest."""
    environ: dict[str, Any] = {"wsgi.input": line, "CONTENT_TYPE": media_type}
    if length := headers.pop("length", None):
        environ["CONTENT_LENGTH"] = length
    else:
        environ |= {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    return stage.send("POST", path, headers=headers, environ_overrides=environ)


@both
@pytest.mark.parametrize("chunked", [False, True])
def test_a_file_of_exactly_the_limit_is_taken_and_one_byte_more_is_not(
    small: Stage, way: Wrap, chunked: bool
) -> None:
    for size, status in ((LIMIT + 1, 413), (LIMIT, 201)):
        path, before, after, media_type = way(small, b"")
        body = before + bytes(size) + after
        told = {"Content-Digest": digest(body)} if chunked else {"length": str(len(body))}
        was = dump(small.app)
        answer = send(small, path, Line(iter([body])), media_type, **told)
        assert answer.status_code == status, answer.data
        if status == 413:
            assert problem(answer) == "file-too-large"
            assert (kept(small), dump(small.app)) == ([], was)
    assert max(map(len, kept(small))) == LIMIT


@both
def test_ten_gigabytes_in_chunks_are_cut_off_at_the_limit_and_hold_no_memory(small: Stage, way: Wrap) -> None:
    object.__setattr__(small.app.extensions["tracker"].settings, "files_limit", limit := 32 << 20)
    path, before, _after, media_type = way(small, b"")
    was = dump(small.app)
    line = Line(chain([before], repeat(PIECE, 10 << 14)))
    tracemalloc.start()
    try:
        answer = send(small, path, line, media_type, **{"Content-Digest": digest(b"whatever")})
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (answer.status_code, problem(answer)) == (413, "file-too-large")
    assert line.taken <= limit + 2 * len(PIECE)
    assert peak < 8 << 20
    assert (kept(small), dump(small.app)) == ([], was)


def test_files_of_one_call_are_bounded_together(small: Stage) -> None:
    files = [bytes([number]) * (LIMIT - 10) for number in range(4)]
    body = form(small.fill(SAID), files)
    for told in ({"length": str(len(body))}, {"Content-Digest": digest(body)}):
        answer = send(small, SUBMIT, Line(iter([body])), FORM, **told)
        assert (answer.status_code, problem(answer), kept(small)) == (413, "file-too-large", [])


def test_a_head_that_never_ends_is_not_kept_in_memory(small: Stage) -> None:
    begun = item(small.fill(SAID)) + part(f"{PLAIN}\r\nX-Long: ", b"").removesuffix(b"\r\n\r\n\r\n")
    line = Line(chain([begun], repeat(b"y" * (1 << 16), 1 << 10)))
    answer = send(small, SUBMIT, line, FORM, **{"Content-Digest": digest(b"whatever")})
    assert (answer.status_code, problem(answer), kept(small)) == (400, "bad-request", [])
    assert line.taken < 1 << 19


@both
@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("breaks", [False, True])
def test_a_sender_who_goes_away_in_the_middle_leaves_nothing(
    small: Stage, way: Wrap, chunked: bool, breaks: bool
) -> None:
    path, before, after, media_type = way(small, b"")
    body = before + bytes(200_000) + after
    told = {"Content-Digest": digest(body)} if chunked else {"length": str(len(body))}
    was = dump(small.app)
    for size in (0, 1, len(before) // 2, len(before), len(before) + 100_000, len(body) - 3):
        answer = send(small, path, Line(iter([body[:size]]), breaks=breaks), media_type, **told)
        assert answer.status_code == 400, (size, answer.data)
        assert (kept(small), dump(small.app)) == ([], was)


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file grows beyond so many bytes: the kernel refuses the write, as it does on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@both
def test_a_disk_that_is_really_full_refuses_and_keeps_nothing_by_halves(stage: Stage, way: Wrap) -> None:
    stage.get("/v1/me")
    was, room = dump(stage.app), 16 << 20
    for size, status in ((room + 1, 507), (room, 201)):
        path, before, after, media_type = way(stage, b"")
        body = before + bytes(size) + after
        with room_for(room):
            answer = send(stage, path, Line(iter([body])), media_type, length=str(len(body)))
        assert answer.status_code == status, answer.data
        if status == 507:
            assert problem(answer) == "storage-full"
            assert (kept(stage), dump(stage.app)) == ([], was)


def test_what_is_hostile_is_kept_as_it_is_and_saved_only_when_it_comes_with_its_item(stage: Stage) -> None:
    files = [
        (
            f'Content-Disposition: form-data; name="file"; filename="a.jpg"\r\nContent-Type: {media_type}',
            content,
        )
        for content, media_type, _shown in HOSTILE.values()
    ]
    body = form(stage.fill(SAID), files)
    made = stage.send("POST", SUBMIT, body, content_type=FORM).json
    stage.ids["evidence"] = made["evidence"]["id"]
    for one, (content, media_type, shown) in zip(made["files"], HOSTILE.values(), strict=True):
        assert (one["declared_type"], one["detected_type"]) == (media_type, shown)
        back = download(stage, one["id"])
        assert back.data == content
        assert back.content_type == "application/octet-stream"
        assert back.headers["Content-Disposition"] == f'attachment; filename="{one["id"]}.bin"'
        assert back.headers["X-Content-Type-Options"] == "nosniff"
        assert back.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
