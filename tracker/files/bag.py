"""Evidence as a package that archives take in: BagIt 1.0 (RFC 8493) in a ZIP, made while it is sent.

Nothing is packed, nothing is held but the list of digests, and each file is hashed again on its way out: one that is
not what was recorded ends the package before its directory, so that no program takes it for whole.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tracker.domain.files import FileMissing
from tracker.domain.sentences import sentence

#: Also on systems that know no upper case, no colons and no Arabic. No name ever needs to be percent-encoded, which
#: the RFC asks for and programs do differently.
_NAME: Final = re.compile(
    r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}(?:/[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}){0,4}", re.ASCII
)
_FOLDER: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,99}", re.ASCII)
_LABEL: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Packed:
    """One file of a package. ``name``: below ``data/``, made of ids, never what its sender called it. ``sha256``: what
    was recorded of its bytes; None for what is made only now, while it is sent."""

    name: str
    chunks: Iterable[bytes]
    sha256: str | None = None


def bag(
    folder: str, files: Iterable[Packed], information: Mapping[str, str], when: datetime
) -> Iterator[bytes]:
    """The bytes of ``folder.zip``, in which everything lies below ``folder/``.

    ``information``: lines of ``bag-info.txt``, as ``Source-Organization``. Raises ValueError for a name, label or value
    that cannot stand in a bag, and `FileMissing` for bytes that are not those that were recorded.
    """
    if not _FOLDER.fullmatch(folder):
        raise ValueError("a folder is named with letters, digits, _ and - only")
    for label, value in information.items():
        if not _LABEL.fullmatch(label) or not value.isprintable():
            raise ValueError(f"what is said of the bag under {label[:40]!r} is not one line of text")
    return _Bag(folder, information, when).send(files)


class _Sink:
    """Where the ZIP is written to, and taken from again at once."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, part: bytes) -> int:
        self._parts.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        """Nothing waits; `zipfile` asks for this, and for the next."""

    def close(self) -> None:
        """Nothing is open."""

    def taken(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


class _Bag:
    def __init__(self, folder: str, information: Mapping[str, str], when: datetime) -> None:
        self._folder = folder
        self._information = information
        self._when = when
        self._sink = _Sink()
        self._zip = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_STORED)
        self._payload: dict[str, str] = {}
        self._tags: dict[str, str] = {}
        self._size = 0

    def send(self, files: Iterable[Packed]) -> Iterator[bytes]:
        yield self._tag("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        taken: set[str] = set()
        for packed in files:
            if not _NAME.fullmatch(packed.name) or packed.name.lower() in taken:
                raise ValueError("each file of a bag has a plain name of its own")
            taken.add(packed.name.lower())
            yield from self._file(packed)
        count = len(self._payload)
        manifest = {
            **self._information,
            "Bagging-Date": f"{self._when:%Y-%m-%d}",
            "Payload-Oxum": f"{self._size}.{count}",
        }
        yield self._tag("bag-info.txt", "".join(f"{label}: {value}\n" for label, value in manifest.items()))
        yield self._tag("manifest-sha256.txt", _manifest(self._payload))
        yield self._tag("tagmanifest-sha256.txt", _manifest(self._tags))
        self._zip.close()  # only now is there a directory: what was cut off before is no ZIP
        yield self._sink.taken()

    def _entry(self, name: str) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(f"{self._folder}/{name}", self._when.timetuple()[:6])
        entry.external_attr = 0o600 << 16
        return entry

    def _tag(self, name: str, content: str) -> bytes:
        encoded = content.encode()
        self._tags[name] = hashlib.sha256(encoded).hexdigest()
        self._zip.writestr(self._entry(name), encoded)
        return self._sink.taken()

    def _file(self, packed: Packed) -> Iterator[bytes]:
        digest = hashlib.sha256()
        with self._zip.open(self._entry(f"data/{packed.name}"), "w", force_zip64=True) as file:
            for chunk in packed.chunks:
                digest.update(chunk)
                self._size += len(chunk)
                file.write(chunk)
                yield self._sink.taken()
        if packed.sha256 not in (None, digest.hexdigest()):
            raise FileMissing(sentence("the bytes of a file are not those that were recorded"))
        self._payload[f"data/{packed.name}"] = digest.hexdigest()
        yield self._sink.taken()


def _manifest(digests: Mapping[str, str]) -> str:
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
