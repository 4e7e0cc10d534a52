"""How bytes of evidence leave, by any door: always to be saved, never to be shown, under a name that says nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Final

from flask import Response

from tracker.domain.files import StorageUnavailable
from tracker.domain.sentences import sentence
from tracker.files.files import Files
from tracker.http import digests
from tracker.http.context import Context

BINARY: Final = "application/octet-stream"


def require_store(known: Context) -> Files:
    """Where the bytes lie."""
    if known.files is None:
        raise StorageUnavailable(sentence("no place for files is set; the operators set TRACKER_FILES"))
    return known.files


def guard_chunks(known: Context, chunks: Iterable[bytes], name: str, sha256: str) -> Iterator[bytes]:
    """The same bytes; without their end where they are not those that were recorded, so that nobody takes what was
    changed for the whole. The server log says which file it is."""
    hashed, waiting = hashlib.sha256(), b""
    for chunk in chunks:
        if waiting:
            yield waiting
        hashed.update(chunk)
        waiting = chunk
    if hashed.hexdigest() == sha256:
        yield waiting
    else:
        known.log.error("fixity", file=name, found="different")


def make_attachment(
    chunks: Iterable[bytes], name: str, *, sha256: str | None = None, size: int | None = None
) -> Response:
    """An answer that every browser saves and none shows."""
    answer = Response(chunks, content_type=BINARY)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Accept-Ranges"] = "none"
    answer.headers["Cache-Control"] = "no-store"
    if sha256 is not None:
        answer.headers[digests.WHOLE] = digests.digest_of(sha256)
    if size is not None:
        answer.headers["Content-Length"] = str(size)
    return answer
