"""The header `Idempotency-Key`: what makes two requests the same."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Final

from flask import request

from tracker.actions.support import idempotency
from tracker.actions.support.idempotency import RequestKey
from tracker.domain.people import Actor
from tracker.domain.sent_values import quote_value
from tracker.http.context import context
from tracker.http.early_refusals import BadRequest

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
#: Without a comma: where a header was sent twice, the server joins the two by one.
PATTERN: Final = "[!-+\\--~]{1,255}"
_KEY: Final = re.compile(PATTERN, re.ASCII)


def check_header() -> str | None:
    """The header; None where there is none. `BadRequest` for what is not one key."""
    key = request.headers.get(HEADER)
    if key is not None and _KEY.fullmatch(key) is None:
        raise BadRequest(
            f"{HEADER} must be sent once, as 1 to 255 visible ASCII characters without a comma, not {quote_value(key)}"
        )
    return key


def read_request_key(by: Actor, body: bytes) -> RequestKey | None:
    """The request as one that is acted on once; None where its sender did not ask for that.

    The caller is the key of the API that was sent, not its holder: a key limited to less, or stolen, must not be told
    what another one was, a new key among it.
    """
    key = check_header()
    if key is None:
        return None
    parts = (request.method, request.path, request.query_string.decode("latin-1"))
    fingerprint = json.dumps([*parts, request.headers.get("If-Match"), hashlib.sha256(body).hexdigest()])
    known = context()
    return idempotency.make_request_key(
        key, by.key or by.id, fingerprint.encode(), known.settings.secret_key, known.entropy
    )
