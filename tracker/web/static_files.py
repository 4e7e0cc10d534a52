"""The style sheet, the font and the script: served under their digest, so that a browser keeps them for good."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib import resources
from typing import Final

from tracker.domain.errors import NotFound
from tracker.domain.sentences import sentence

#: What is served, and as what.
FILES: Final = {
    "style.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "vazirmatn-arabic.woff2": "font/woff2",
}
CACHED: Final = "public, max-age=31536000, immutable"


@lru_cache(maxsize=len(FILES))
def read_file(name: str) -> bytes:
    body = resources.files("tracker.web").joinpath("static", name).read_bytes()
    if name == "style.css":  # it names the font under its digest
        font = "vazirmatn-arabic.woff2"
        return body.replace(font.encode(), f"{digest_of(font)}/{font}".encode())
    return body


@lru_cache(maxsize=len(FILES))
def digest_of(name: str) -> str:
    return hashlib.sha256(read_file(name)).hexdigest()[:16]


def address(name: str) -> str:
    """Where a file is served."""
    return f"/static/{digest_of(name)}/{name}"


def find_file(digest: str, name: str) -> tuple[bytes, str]:
    """The bytes of a file and what they are. `NotFound` under another digest."""
    if name not in FILES or digest != digest_of(name):
        raise NotFound(sentence("there is no such file"))
    return read_file(name), FILES[name]
