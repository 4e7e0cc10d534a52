"""PNG (W3C, third edition): the chunks that draw the picture may stay, each once and of its right length."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Final

from tracker.domain.files import NotCheckable
from tracker.domain.sentences import sentence
from tracker.files.formats.data import Data, check_pixels, part

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
#: chunk -> the lengths it may have
_DRAWING: Final = {
    b"IHDR": (13,),
    b"PLTE": range(3, 769, 3),
    b"IEND": (0,),
    b"tRNS": range(1, 257),
    b"gAMA": (4,),
    b"cHRM": (32,),
    b"sRGB": (1,),
    b"cICP": (4,),
    b"sBIT": range(1, 5),
    b"bKGD": (1, 2, 6),
    b"pHYs": (9,),
}
_NAMED: Final = {
    b"eXIf": "Exif: the device, the time, often the place",
    b"tEXt": "text: author, tools, time",
    b"zTXt": "text: author, tools, time",
    b"iTXt": "text: author, tools, time (XMP is kept there, too)",
    b"tIME": "the time it was saved",
    b"iCCP": "a colour profile (it can name a device)",
    b"caBX": "C2PA: who made it, with what and when",
}
#: colour type -> samples of one pixel
_SAMPLES: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
#: first column, first row, step across, step down: the seven passes of an interlaced picture
_PASSES: Final = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
_SLICE: Final = 1 << 16


def traces(data: Data) -> list[str]:
    faults: list[str] = []
    picture: _Picture | None = None
    seen: set[bytes] = set()
    for kind, start, length in _chunks(data):
        if picture is None:
            if kind != b"IHDR" or length != 13:
                raise NotCheckable(sentence("the PNG does not begin with its header"))
            picture = _Picture(data[start : start + length])
        if kind == b"IDAT":
            picture.take(data, start, length)
        elif kind not in _DRAWING:
            faults.append(_NAMED.get(kind, f"a chunk of a kind that is not known here ({_name(kind)})"))
        elif length not in _DRAWING[kind] or kind in seen:
            raise NotCheckable(
                sentence("the chunk %(name)s of the PNG is not as it should be", name=_name(kind))
            )
        seen.add(kind)
        if kind == b"IEND":
            picture.finish()
            if start + 4 < len(data):
                faults.append("bytes after the end of the picture")
    return faults


def _chunks(data: Data) -> Iterator[tuple[bytes, int, int]]:
    """Kind, place and length of each chunk up to the last one."""
    place, kind = len(_SIGNATURE), b""
    while kind != b"IEND":
        length = int.from_bytes(part(data, place, 4))
        kind = part(data, place + 4, 4)
        start = place + 8
        if zlib.crc32(data[place + 4 : start + length]) != int.from_bytes(part(data, start + length, 4)):
            raise NotCheckable(sentence("a chunk of the PNG is damaged"))
        yield kind, start, length
        place = start + length + 4


def _name(kind: bytes) -> str:
    return kind.decode("ascii") if re.fullmatch(rb"[A-Za-z]{4}", kind) else "no name"


class _Picture:
    """Counts what the compressed picture unpacks to, a slice at a time: exactly its rows, and nothing behind them."""

    def __init__(self, header: bytes) -> None:
        self._width, self._height = int.from_bytes(header[:4]), int.from_bytes(header[4:8])
        depth, colour, compression, filtering, self._interlaced = header[8:]
        check_pixels(self._width, self._height)
        if depth not in (1, 2, 4, 8, 16) or colour not in _SAMPLES or compression or filtering:
            raise NotCheckable(sentence("the header of the PNG is not as it should be"))
        self._bits = depth * _SAMPLES[colour]
        self._left = self._bytes()
        self._unpacking = zlib.decompressobj()

    def _bytes(self) -> int:
        if not self._interlaced:
            return self._height * (1 + (self._width * self._bits + 7) // 8)
        total = 0
        for left, top, across, down in _PASSES:
            columns = (self._width - left + across - 1) // across
            rows = (self._height - top + down - 1) // down
            if columns > 0 and rows > 0:
                total += rows * (1 + (columns * self._bits + 7) // 8)
        return total

    def take(self, data: Data, start: int, length: int) -> None:
        for place in range(start, start + length, _SLICE):
            packed = data[place : min(place + _SLICE, start + length)]
            while packed:
                if self._unpacking.eof:
                    raise NotCheckable(sentence("something lies behind the compressed picture of the PNG"))
                try:
                    self._left -= len(self._unpacking.decompress(packed, 1 << 20))
                except zlib.error:
                    raise NotCheckable(sentence("the compressed picture of the PNG is damaged")) from None
                if self._left < 0:
                    raise NotCheckable(sentence("the PNG unpacks to more than its picture"))
                packed = self._unpacking.unconsumed_tail or self._unpacking.unused_data

    def finish(self) -> None:
        if self._left or not self._unpacking.eof:
            raise NotCheckable(sentence("the PNG unpacks to less than its picture"))
