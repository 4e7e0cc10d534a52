"""Content-Digest (RFC 9530): whoever says what the bytes of a body come to is told when others arrived."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, Final

import http_sf
from flask import request

from tracker.api.problems import BadContentDigest

HEADER: Final = "Content-Digest"
ALGORITHMS: Final = {"sha-256": "sha256", "sha-512": "sha512"}


def sent() -> Mapping[str, bytes]:
    """What the header says, by the algorithms that are checked here; empty where there is no header."""
    given = request.headers.get(HEADER)
    if given is None:
        return {}
    try:
        told: Any = http_sf.parse(given.encode("latin-1"), tltype="dictionary")
    except http_sf.StructuredFieldError:
        raise BadContentDigest(
            f"{HEADER} must be a dictionary of byte sequences, as in sha-256=:…:"
        ) from None
    known = {name: item[0] for name, item in told.items() if name in ALGORITHMS}
    if not known:
        raise BadContentDigest(
            f"{HEADER} names no algorithm that is checked here; send {' or '.join(ALGORITHMS)}"
        )
    for name, value in known.items():
        if not isinstance(value, bytes) or len(value) != hashlib.new(ALGORITHMS[name]).digest_size:
            raise BadContentDigest(
                f"the {name} in {HEADER} is not one; send its bytes in base64 between colons"
            )
    return known


def check(body: bytes) -> None:
    """Refuse a body whose digest is another than the one that was sent with it."""
    for name, value in sent().items():
        if not hmac.compare_digest(hashlib.new(ALGORITHMS[name], body).digest(), value):
            raise BadContentDigest(f"the body that arrived has another {name} than {HEADER} says")
