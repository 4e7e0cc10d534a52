"""WebP (RFC 9649): one still picture and its transparency may stay."""

from __future__ import annotations

from typing import Final

from tracker.domain.files import NotCheckable
from tracker.domain.sentences import sentence
from tracker.files.formats.data import Data, check_pixels, part

_PICTURE: Final = frozenset({b"VP8 ", b"VP8L"})
_DRAWING: Final = _PICTURE | {b"VP8X", b"ALPH"}
_NAMED: Final = {
    b"EXIF": "Exif: the device, the time, often the place",
    b"XMP ": "XMP: author, tools, history",
    b"ICCP": "a colour profile (it can name a device)",
    b"C2PA": "C2PA: who made it, with what and when",
}


def traces(data: Data) -> list[str]:
    end = 8 + int.from_bytes(part(data, 4, 4), "little")
    faults: list[str] = []
    seen: set[bytes] = set()
    place = 12
    while place < end:
        kind, length = part(data, place, 4), int.from_bytes(part(data, place + 4, 4), "little")
        head = part(data, place + 8, min(length, 10))
        part(data, place + 8 + length - 1, 1 + length % 2)
        if length % 2 and data[place + 8 + length] != 0:
            raise NotCheckable(sentence("a chunk of the WebP is not padded as it should be"))
        if kind in _NAMED:
            faults.append(_NAMED[kind])
        elif kind not in _DRAWING:
            faults.append("a chunk of a kind that is not known here, as of an animation")
        elif kind in seen:
            raise NotCheckable(sentence("the WebP holds more than one picture"))
        elif kind == b"VP8X":
            _check_canvas(head, length)
        seen.add(kind)
        place += 8 + length + length % 2
    if place != end or len(seen & _PICTURE) != 1:
        raise NotCheckable(sentence("the WebP is not as long as it says, or holds no picture"))
    if end < len(data):
        faults.append("bytes after the end of the picture")
    return faults


def _check_canvas(head: bytes, length: int) -> None:
    if length != 10:
        raise NotCheckable(sentence("the header of the WebP is not as it should be"))
    check_pixels(1 + int.from_bytes(head[4:7], "little"), 1 + int.from_bytes(head[7:10], "little"))
