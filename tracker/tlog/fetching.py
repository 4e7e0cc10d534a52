"""Where a log is read from: an address, or a folder of exported files.

What answers may be hostile: it is given a limit in bytes and in time, and it may not send us elsewhere.
"""

from __future__ import annotations

import ipaddress
import ssl
import time
import zlib
from collections.abc import Callable
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, OpenerDirector, build_opener

from tracker.tlog import note, tiles
from tracker.tlog.errors import NotServed, Unreachable
from tracker.tlog.succession import FOLDER
from tracker.tlog.tree import HASH_SIZE
from tracker.tlog.verify import CHECKPOINT, Fetch

#: Seconds without a byte, and seconds for one file.
PATIENCE: Final = 30
_AT_MOST: Final = 300
_PIECE: Final = 65_536
#: Bytes of a feed, or of a page of public acts.
_DOCUMENT: Final = 64_000_000


def source(address: str) -> Fetch:
    """How to read the log at this address: https, http on this machine, ``file:``, or a folder.

    Raises ValueError, with what would be right, for any other.
    """
    parts = urlsplit(address)
    if parts.scheme in {"https", "http"}:
        require_web(address)
        return _from_web(address.rstrip("/"), limit)
    folder = Path(unquote(parts.path)) if parts.scheme == "file" else Path(address)
    if not folder.is_dir():
        raise ValueError(f"there is no folder {folder}, and it is no https:// address")
    return _from_folder(folder)


def documents(address: str) -> Fetch:
    """How to read what a tracker serves beside its log. Raises ValueError where the address is not one of the web."""
    require_web(address)
    return _from_web(address.rstrip("/"), lambda _path: _DOCUMENT)


def require_web(address: str) -> None:
    """ValueError, with what would be right, for what is not https, or http on this machine."""
    parts = urlsplit(address)
    if parts.username or parts.password or parts.query or parts.fragment or not parts.hostname:
        raise ValueError("the address is https://host/path, without a user, ? or #")
    if parts.scheme != "https" and not (parts.scheme == "http" and _here(parts.hostname)):
        raise ValueError("use https; plain http is taken for this machine only")


def opener() -> OpenerDirector:
    """What asks an address, and goes nowhere else."""
    # Without a context of its own every request would load all root certificates again.
    made = build_opener(_Stay, HTTPSHandler(context=ssl.create_default_context()))
    made.addheaders = [("User-Agent", "tracker-verify"), ("Accept-Encoding", "identity")]
    return made


def limit(path: str) -> int:
    """How many bytes can rightly be at this path."""
    if path == CHECKPOINT or path.startswith(f"{FOLDER}/"):
        return note.LARGEST
    tile = tiles.parse(path)
    return tile.width * (HASH_SIZE if tile.level is not None else 2 + tiles.LONGEST_ENTRY)


def _here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _from_folder(folder: Path) -> Fetch:
    def fetch(path: str) -> bytes:
        try:
            with folder.joinpath(*path.split("/")).open("rb") as file:
                return _read(path, file.read, limit(path) + 1)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise NotServed(path, 404) from None
        except OSError as error:
            raise Unreachable(f"{path} cannot be read: {error.strerror}") from None

    return fetch


class _Stay(HTTPRedirectHandler):
    """A log has one address. A redirect is an answer like any other: not the file."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Go nowhere."""


def _from_web(prefix: str, limit: Callable[[str], int]) -> Fetch:
    web = opener()

    def fetch(path: str) -> bytes:
        try:
            with web.open(f"{prefix}/{path}", timeout=PATIENCE) as answer:
                return _body(path, answer, limit(path) + 1)
        except HTTPError as error:
            error.close()
            if error.code in {404, 410, 451}:
                raise NotServed(path, error.code) from None
            raise Unreachable(f"{path}: the answer was {error.code}") from None
        except URLError as error:
            raise Unreachable(f"{path}: no connection ({error.reason})") from None
        except (OSError, HTTPException) as error:
            raise Unreachable(f"{path}: the connection broke ({type(error).__name__})") from None

    return fetch


def _body(path: str, answer: HTTPResponse, most: int) -> bytes:
    if answer.status != 200:
        raise Unreachable(f"{path}: the answer was {answer.status}")
    encoding = answer.headers.get("Content-Encoding", "identity")
    if encoding not in {"identity", "gzip"}:
        raise Unreachable(f"{path}: it comes in an encoding that was not asked for")
    # What hardly compresses may grow a little.
    allowed = most if encoding == "identity" else 2 * most
    data = _read(path, answer.read, allowed)
    if answer.length and len(data) < allowed:
        raise Unreachable(f"{path}: the connection broke after {len(data)} bytes")
    return data if encoding == "identity" else _unpacked(path, data, most)


def _unpacked(path: str, data: bytes, most: int) -> bytes:
    unpack = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpack.decompress(data, most)
    except zlib.error:
        raise Unreachable(f"{path}: it is not the gzip it says it is") from None
    if len(unpacked) < most and not unpack.eof:
        raise Unreachable(f"{path}: its gzip is cut off")
    return unpacked


def _read(path: str, read: Callable[[int], bytes], most: int) -> bytes:
    """All of it, up to so many bytes, unless it takes too long.

    One byte more than can be right is asked for, so that its parser finds it wrong and says how.
    """
    pieces: list[bytes] = []
    got, end = 0, time.monotonic() + _AT_MOST
    while got < most and (piece := read(min(_PIECE, most - got))):
        pieces.append(piece)
        got += len(piece)
        if time.monotonic() > end:
            raise Unreachable(f"{path}: it took longer than {_AT_MOST} seconds")
    return b"".join(pieces)
