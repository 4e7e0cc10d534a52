"""JPEG (ITU-T T.81): the segments that draw the picture may stay, JFIF and Adobe's colour flag with them."""

from __future__ import annotations

import re
from typing import Final

from tracker.domain.files import NotCheckable
from tracker.domain.sentences import sentence
from tracker.files.formats.data import Data, check_pixels, part

_EOI, _SOS, _DQT, _DHT, _DRI, _COM = 0xD9, 0xDA, 0xDB, 0xC4, 0xDD, 0xFE
_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended, progressive; Huffman
_APP0, _APP14 = 0xE0, 0xEE
#: In the coded picture FF is followed by 00 or a restart marker; anything else ends it.
_END_OF_SCAN: Final = re.compile(rb"\xff[^\x00\xd0-\xd7]", re.S)
#: marker, how the segment begins, what it is
_NAMED: Final = (
    (0xE0, b"", "a thumbnail (JFIF)"),
    (0xE1, b"Exif\0", "Exif: the device, the time, often the place"),
    (0xE1, b"http://ns.adobe.com/", "XMP: author, tools, history"),
    (0xE2, b"ICC_PROFILE\0", "a colour profile (it can name a device)"),
    (0xE2, b"MPF\0", "further pictures (MPF)"),
    (0xEB, b"", "C2PA or JUMBF: who made it, with what and when"),
    (0xED, b"", "Photoshop or IPTC: author, caption, place"),
    (_COM, b"", "a comment"),
)


def traces(data: Data) -> list[str]:
    if data[:2] != b"\xff\xd8":
        raise NotCheckable(sentence("it does not begin as a JPEG does"))
    faults: list[str] = []
    seen: set[int] = set()
    place = 2
    while True:
        start, marker = part(data, place, 2)
        if start != 0xFF:
            raise NotCheckable(sentence("the segments of the JPEG do not follow each other"))
        if marker == _EOI:
            break
        length = int.from_bytes(part(data, place + 2, 2))
        if length < 2:
            raise NotCheckable(sentence("a segment of the JPEG is too short"))
        faults += _judge(marker, part(data, place + 4, length - 2), seen)
        seen.add(marker)
        place += 2 + length
        if marker == _SOS:
            end = _END_OF_SCAN.search(data, place)
            if end is None:
                raise NotCheckable(sentence("the file is cut off"))
            place = end.start()
    if _SOS not in seen or not seen & _FRAMES:
        raise NotCheckable(sentence("the JPEG holds no picture"))
    if place + 2 < len(data):
        faults.append("bytes after the end of the picture")
    return faults


def _judge(marker: int, body: bytes, seen: set[int]) -> list[str]:
    """What this segment carries; nothing, when it only draws."""
    if marker in _FRAMES:
        if seen & _FRAMES:
            raise NotCheckable(sentence("the JPEG holds more than one picture"))
        _check_frame(body)
        return []
    if marker in (_DQT, _DHT, _DRI, _SOS):
        if not _fills_its_segment(marker, body):
            raise NotCheckable(sentence("a table of the JPEG is not as long as its segment"))
        return []
    if marker == _APP0 and body[:5] == b"JFIF\0" and len(body) == 14 and body[12:] == b"\0\0":
        return []
    if marker == _APP14 and body[:5] == b"Adobe" and len(body) == 12:
        return []
    for named, start, what in _NAMED:
        if marker == named and body.startswith(start):
            return [what]
    if 0xE0 <= marker <= 0xEF:
        return [f"an application's own segment (APP{marker - 0xE0})"]
    raise NotCheckable(
        sentence(
            "a segment of the JPEG is of a kind that is not known here (%(code)s)", code=format(marker, "02X")
        )
    )


def _check_frame(body: bytes) -> None:
    parts = body[5] if len(body) > 5 else 0
    if parts not in (1, 3, 4) or len(body) != 6 + 3 * parts:
        raise NotCheckable(sentence("the frame of the JPEG is damaged"))
    check_pixels(int.from_bytes(body[3:5]), int.from_bytes(body[1:3]))


def _fills_its_segment(marker: int, body: bytes) -> bool:
    """Nothing stands behind the tables that a segment is made of."""
    if marker == _DRI:
        return len(body) == 2
    if marker == _SOS:
        return bool(body) and 1 <= body[0] <= 4 and len(body) == 4 + 2 * body[0]
    place = 0
    while place < len(body):
        if marker == _DQT:
            place += 129 if body[place] >> 4 else 65
        else:
            place += 17 + sum(body[place + 1 : place + 17])
    return place == len(body) > 0
