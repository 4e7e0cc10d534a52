"""What kind of file the first bytes show: a hint for people, never a permission.

A file may be of two kinds at once, so nothing is decided by this; what leaves is served as an attachment either way.
Nothing is unpacked, and no more than the first `HEAD` bytes are looked at.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

import puremagic

HEAD: Final = 8192
UNKNOWN: Final = "application/octet-stream"

_EXACT: Final = (
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"RIFF....WEBP", re.S), "image/webp"),
    (re.compile(rb"%PDF-"), "application/pdf"),
    # Containers of which the first bytes do not tell what lies in them.
    (re.compile(rb"PK(?:\x03\x04|\x05\x06|\x07\x08)"), "application/zip"),
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "application/x-ole-storage"),
    (re.compile(rb"OggS"), "application/ogg"),
)
#: In the order in which they are asked.
_IN_TEXT: Final = (
    (re.compile(rb"<svg[\s>/]", re.I), "image/svg+xml"),
    (re.compile(rb"<(?:!doctype\s+html|html|head|body|script|iframe|meta|img|a)[\s>/]", re.I), "text/html"),
    (re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<\?xml\s"), "application/xml"),
    (re.compile(rb"\A\{\\rtf"), "application/rtf"),
    (re.compile(rb"\A%!PS"), "application/postscript"),
)
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MEDIA_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9.+-]+")
#: Two bytes alike are chance.
_MATCH: Final = 3


def detect(first: bytes) -> str:
    """The media type that the first bytes of a file show; `UNKNOWN` where they show none or several."""
    head = first[:HEAD]
    for start, media_type in _EXACT:
        if start.match(head):
            return media_type
    if _is_text(head):
        return next((media_type for mark, media_type in _IN_TEXT if mark.search(head)), "text/plain")
    return _by_library(head)


def _is_text(head: bytes) -> bool:
    """UTF-8 without control characters; the last character may be cut off."""
    if not head or _CONTROL.search(head):
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _by_library(head: bytes) -> str:
    try:
        # The library also looks at the end of what it is given, which is not the end of the file: end it in zeros.
        name = puremagic.magic_string(head + bytes(1024))
    except (puremagic.PureError, ValueError):
        return UNKNOWN
    likely = [one for one in name if len(one.byte_match) >= _MATCH and _MEDIA_TYPE.fullmatch(one.mime_type)]
    best = max((one.confidence for one in likely), default=0.0)
    types = {one.mime_type for one in likely if one.confidence == best}
    return types.pop() if len(types) == 1 else UNKNOWN
