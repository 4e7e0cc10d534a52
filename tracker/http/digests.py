"""Content-Digest (RFC 9530): a sender who says what the bytes of a body come to is told when others arrived."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import http_sf
from flask import request

from tracker.http.refusals import BadContentDigest

HEADER: Final = "Content-Digest"
#: Of the whole thing, whatever part of it is sent: here they are the same.
WHOLE: Final = "Repr-Digest"
ALGORITHMS: Final = {"sha-256": "sha256", "sha-512": "sha512"}


def read_sent_digests(header: str = HEADER) -> Mapping[str, bytes]:
    """What the header says, by the algorithms that are checked here; empty where there is no header."""
    given = request.headers.get(header)
    if given is None:
        return {}
    try:
        parsed: Any = http_sf.parse(given.encode("latin-1"), tltype="dictionary")
    except http_sf.StructuredFieldError:
        raise BadContentDigest(
            f"{header} must be a dictionary of byte sequences, as in sha-256=:…:"
        ) from None
    known = {name: item[0] for name, item in parsed.items() if name in ALGORITHMS}
    if not known:
        raise BadContentDigest(
            f"{header} names no algorithm that is checked here; send {' or '.join(ALGORITHMS)}"
        )
    for name, value in known.items():
        if not isinstance(value, bytes) or len(value) != hashlib.new(ALGORITHMS[name]).digest_size:
            raise BadContentDigest(
                f"the {name} in {header} is not one; send its bytes in base64 between colons"
            )
    return known


def check_digests(body: bytes) -> None:
    """Refuse a body whose digest is another than the one that was sent with it."""
    for _ in check_stream([body], HEADER):
        pass


def check_stream(chunks: Iterable[bytes], *headers: str) -> Iterator[bytes]:
    """The same chunks, and a refusal in the place of the end where they are not what one of these headers says."""
    sent = [(header, name, value) for header in headers for name, value in read_sent_digests(header).items()]
    hashes = {name: hashlib.new(ALGORITHMS[name]) for _header, name, _value in sent}
    for chunk in chunks:
        for hashed in hashes.values():
            hashed.update(chunk)
        yield chunk
    for header, name, value in sent:
        if not hmac.compare_digest(hashes[name].digest(), value):
            raise BadContentDigest(f"the body that arrived has another {name} than {header} says")


def digest_of(sha256: str) -> str:
    """`Repr-Digest` for what has this SHA-256, in hexadecimal."""
    return f"sha-256=:{base64.b64encode(bytes.fromhex(sha256)).decode()}:"
