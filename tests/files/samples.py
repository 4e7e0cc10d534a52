"""Real files, clean and not, made by the programs that people use."""

from __future__ import annotations

import io
import zipfile
import zlib
from random import Random
from typing import Any

import pikepdf
from PIL import Image, PngImagePlugin

SECRET = "Amal, 33.5138 N 36.2765 E"


def image(kind: str, mode: str = "RGB", size: tuple[int, int] = (120, 80), **options: Any) -> bytes:
    picture = Image.frombytes("L", size, Random(1).randbytes(size[0] * size[1])).convert(mode)
    made = io.BytesIO()
    picture.save(made, kind, **options)
    return made.getvalue()


def name_of(value: object) -> str:
    """For the name of a test: bytes are none."""
    return value if isinstance(value, str) else "bytes"


def exif() -> Image.Exif:
    made = Image.Exif()
    made[0x010F] = "Camera"  # maker
    made[0x013B] = SECRET  # artist
    made.get_ifd(0x8825).update({1: "N", 2: (33.0, 30.0, 49.7), 3: "E", 4: (36.0, 16.0, 35.4)})  # GPS
    return made


def texts() -> PngImagePlugin.PngInfo:
    made = PngImagePlugin.PngInfo()
    made.add_text("Author", SECRET)
    return made


def archive() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as inside:
        inside.writestr("secret.txt", SECRET)
    return made.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk of a PNG."""
    return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)


def png(
    *chunks: tuple[bytes, bytes],
    width: int = 10,
    height: int = 10,
    interlaced: int = 0,
    packed: bytes | None = None,
) -> bytes:
    """A grey PNG of its own making, with more chunks before its picture."""
    header = width.to_bytes(4) + height.to_bytes(4) + bytes((8, 0, 0, 0, interlaced))
    rows = zlib.compress(bytes(height * (1 + width))) if packed is None else packed
    all_of_it = [(b"IHDR", header), *chunks, (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*one) for one in all_of_it)


def segment(marker: int, body: bytes) -> bytes:
    """One segment of a JPEG."""
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2) + body


def with_segment(marker: int, body: bytes) -> bytes:
    """A JPEG with one more segment after its first."""
    plain = image("JPEG")
    return plain[:20] + segment(marker, body) + plain[20:]


def document() -> pikepdf.Pdf:
    """A clean PDF of two pages, one with a photograph and a link."""
    made = pikepdf.new()
    photograph = pikepdf.Stream(
        made,
        image("JPEG"),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=120,
        Height=80,
        ColorSpace=pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    for _ in range(2):
        made.add_blank_page(page_size=(300, 200))
    page = made.pages[0]
    name = page.add_resource(photograph, pikepdf.Name.XObject)
    page.Contents = pikepdf.Stream(made, f"120 0 0 80 10 10 cm {name} Do".encode())
    page.Annots = pikepdf.Array([link(URI="https://tracker.example/", S=pikepdf.Name.URI)])
    return made


def link(**action: Any) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=[0, 0, 10, 10],
        A=pikepdf.Dictionary(**action),
    )


def saved(made: pikepdf.Pdf, **options: Any) -> bytes:
    out = io.BytesIO()
    made.save(out, **options)
    return out.getvalue()
