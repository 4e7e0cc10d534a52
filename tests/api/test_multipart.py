"""A body in parts is read exactly, however it is cut into pieces on its way; what could be read in two ways is refused,
and none of it is held but the head of a part.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.api.forms import BETWEEN, ITEM, PLAIN, end, part
from tracker.http.early_refusals import BadRequest
from tracker.http.multipart import read_parts
from tracker.http.refusals import UnsupportedMediaType

#: What a parser of lines trips over.
TRICKY = st.lists(
    st.sampled_from(
        [
            b"\r",
            b"\n",
            b"\r\n",
            b"--",
            b"-",
            b"\r\n--",
            b"--" + BETWEEN[:9].encode(),
            b"x",
            b"\0",
            b" ",
            b"\xff",
        ]
    ),
    max_size=12,
).map(b"".join)


def cut(body: bytes, sizes: list[int]) -> Iterator[bytes]:
    at = 0
    while at < len(body):
        size = sizes[at % len(sizes)]
        yield body[at : at + size]
        at += size


def read(body: bytes, sizes: list[int] | None = None) -> list[tuple[str, str, bytes]]:
    pieces = cut(body, sizes or [1 << 16])
    return [(one.name, one.media_type, b"".join(one.chunks)) for one in read_parts(BETWEEN.encode(), pieces)]


@given(
    contents=st.lists(TRICKY, min_size=1, max_size=4),
    sizes=st.lists(st.integers(1, 40), min_size=1, max_size=5),
)
@example(contents=[b"\r", b"\n", b""], sizes=[1])
@example(contents=[b"\r\n\r\n--", b"\n\n"], sizes=[7])
def test_what_is_in_a_part_comes_out_byte_for_byte_in_whatever_pieces_it_arrives(
    contents: list[bytes], sizes: list[int]
) -> None:
    body = b"".join(part(PLAIN, one) for one in contents) + end()
    for sent in (body, b"\r\n" + body, body.removesuffix(b"\r\n")):
        assert read(sent, sizes) == [("file", "text/plain", one) for one in contents]


def test_a_part_that_is_not_read_is_passed_over() -> None:
    body = part(PLAIN, b"a" * 200_000) + part(ITEM, b"{}") + end()
    assert [one.name for one in read_parts(BETWEEN.encode(), cut(body, [1 << 16]))] == ["file", "item"]


def test_a_head_says_more_than_is_read_of_it() -> None:
    more = f"{PLAIN}; charset=utf-8\r\nX-Seen: 1\r\nContent-Length: 1\r\nContent-Transfer-Encoding: binary"
    assert read(part(more, b"a") + end()) == [("file", "text/plain", b"a")]


WHOLE = part(PLAIN, b"content") + end()
LINE = f"--{BETWEEN}".encode()
UNREADABLE = {
    "nothing": b"",
    "no boundary": b"content",
    "another boundary": WHOLE.replace(BETWEEN.encode(), b"another"),
    "something before it": b"preamble\r\n" + WHOLE,
    "no part": end(),
    "lines that end with LF": WHOLE.replace(b"\r\n", b"\n"),
    "lines that end with CR": WHOLE.replace(b"\r\n", b"\r"),
    "something behind it": WHOLE + b"epilogue",
    "much behind it": WHOLE + bytes(200_000),
    "no end": part(PLAIN, b"content"),
    "cut off in a head": WHOLE[:40],
    "cut off in the content": part(PLAIN, b"content")[:-5],
    "cut off in the boundary": WHOLE[:-8],
    "no head": LINE + b"\r\n\r\ncontent\r\n" + end(),
    "no disposition": part("Content-Type: text/plain", b"") + end(),
    "another disposition": part('Content-Disposition: attachment; name="file"', b"") + end(),
    "no name": part("Content-Disposition: form-data", b"") + end(),
    "a head that is not UTF-8": LINE + b'\r\nContent-Disposition: form-data; name="\xff"\r\n\r\n\r\n' + end(),
    "a header twice": part(f"{PLAIN}\r\nContent-Type: image/png", b"") + end(),
    "a flood of headers": part(PLAIN + "".join(f"\r\nX-{n}: y" for n in range(20)), b"") + end(),
    "a header without an end": part(f"{PLAIN}\r\nX-Long: {'y' * 200_000}", b"") + end(),
    "a digest of a part": part(f"{PLAIN}\r\nContent-Digest: sha-256=:x:", b"") + end(),
    "a part that is packed": part(f"{PLAIN}\r\nContent-Encoding: gzip", b"") + end(),
    "a part in base64": part(f"{PLAIN}\r\nContent-Transfer-Encoding: base64", b"YQ==") + end(),
    "the boundary in a part": part(PLAIN, b"a\r\n" + LINE + b"more\r\n") + end(),
}  # fmt: skip


@pytest.mark.parametrize("name", UNREADABLE)
@pytest.mark.parametrize("size", [1 << 16, 7])
def test_what_cannot_be_read_in_one_way_only_is_refused(name: str, size: int) -> None:
    with pytest.raises(BadRequest):
        read(UNREADABLE[name], [size])


def test_parts_within_a_part_are_refused() -> None:
    nested = PLAIN.replace("text/plain", "multipart/mixed; boundary=b")
    with pytest.raises(UnsupportedMediaType):
        read(part(nested, b"--b--") + end())


@given(cuts=st.lists(st.integers(1, 30), min_size=1, max_size=4))
def test_spaces_behind_a_boundary_are_no_content_whenever_they_arrive(cuts: list[int]) -> None:
    spaced = part(PLAIN, b"one") + part(PLAIN, b"two").replace(LINE, LINE + b" \t ") + LINE + b"-- \r\n"
    assert [content for _name, _type, content in read(spaced, cuts)] == [b"one", b"two"]


@pytest.mark.parametrize("at", range(1, len(BETWEEN) + 12))
def test_the_last_boundary_may_arrive_in_two_pieces(at: int) -> None:
    """Where these are cut between its hyphens, the parser alone makes a CR of its line the end of the file."""
    first, last = part(PLAIN, b"content").removesuffix(b"\r\n"), b"\r\n" + end()
    pieces = iter([first + last[:at], last[at:]])
    assert [b"".join(one.chunks) for one in read_parts(BETWEEN.encode(), pieces)] == [b"content"]
