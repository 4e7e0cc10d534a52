"""What the formats are read from, and the limits they share."""

from __future__ import annotations

import mmap
from typing import Final, TypeAlias

from tracker.domain.files import NotCheckable
from tracker.domain.sentences import sentence

#: A whole file, or a file mapped into memory: both are sliced and searched alike.
Data: TypeAlias = bytes | mmap.mmap

#: More than the largest camera has; a reader of a public page should not have to find room for more.
MAX_PIXELS: Final = 100_000_000


def part(data: Data, start: int, length: int) -> bytes:
    """Exactly these bytes; a file that ends before they do is cut off."""
    piece = data[start : start + length]
    if len(piece) != length:
        raise NotCheckable(sentence("the file is cut off"))
    return piece


def check_pixels(width: int, height: int) -> None:
    if not 0 < width * height <= MAX_PIXELS:
        raise NotCheckable(
            sentence(
                "a picture has 1 to %(most)s pixels; this one says %(width)s by %(height)s",
                most=MAX_PIXELS,
                width=width,
                height=height,
            )
        )
