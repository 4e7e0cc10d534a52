"""The first bytes give a hint, in bounded time, whatever they are; several kinds at once are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.files.samples import archive, document, image, name_of, saved
from tracker.files.detect import HEAD, UNKNOWN, detect

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (image("JPEG"), "image/jpeg"),
        (image("PNG"), "image/png"),
        (image("WEBP"), "image/webp"),
        (image("GIF"), "image/gif"),
        (image("TIFF"), "image/tiff"),
        (saved(document()), "application/pdf"),
        (archive(), "application/zip"),
        (b"\0\0\0\x20ftypisom" + bytes(100), "video/mp4"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "application/x-ole-storage"),
        ("Die Leute sagen: نعم، كان هناك.\n".encode(), "text/plain"),
        ("ن".encode() * HEAD, "text/plain"),  # a character is cut in two
        (b"BM, the initials of a witness, begin this text", "text/plain"),
        (EICAR, "text/plain"),
        (b"<!DOCTYPE html><title>x</title>", "text/html"),
        (b"a comment first <ScRiPt>alert(1)</sCrIpT>", "text/html"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "image/svg+xml"),
        (b'<?xml version="1.0"?><feed/>', "application/xml"),
        (rb"{\rtf1 hello}", "application/rtf"),
        (b"%!PS-Adobe-3.0", "application/postscript"),
        (b"", UNKNOWN),
        (b"\0", UNKNOWN),
        (b"BM\0\0\0", UNKNOWN),  # two bytes are chance
        ("Arabic, in an older code: كان".encode("cp1256"), UNKNOWN),
    ],
    ids=name_of,
)
def test_the_first_bytes_show_what_it_is(content: bytes, media_type: str) -> None:
    assert detect(content) == media_type


def test_a_name_or_a_second_kind_behind_the_first_changes_nothing() -> None:
    assert detect(image("JPEG") + archive()) == "image/jpeg"
    assert detect(image("JPEG")[:600] + b"<script>alert(1)</script>") == "image/jpeg"


def test_only_the_beginning_is_looked_at() -> None:
    start = b"plain text " * 1_000
    assert detect(start + bytes(1_000)) == detect(start[:HEAD]) == "text/plain"


@given(st.binary(max_size=300))
def test_any_bytes_at_all_have_an_answer(content: bytes) -> None:
    assert "/" in detect(content)
    assert detect(content) == detect(content)
