"""How bytes of evidence leave by REST: by a link, and part by part.

Nobody gets at bytes by a GET alone. A POST writes down who reads what and gives a link that is good for the same key
and a few minutes; so a GET writes nothing, and no reading goes unrecorded.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from flask import Response, request

from tracker.api.http.endpoint import Call
from tracker.api.http.problems import make_problem
from tracker.domain.errors import InvalidInput
from tracker.http import cursors
from tracker.http.attachments import guard_chunks, make_attachment, require_store
from tracker.http.refusals import RangeNotSatisfiable

#: One range of bytes (RFC 9110, 14.1.2).
_RANGE: Final = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{1,18})?|-([0-9]{1,18}))", re.ASCII)
#: For how long a link is good. A download that has begun goes on.
GOOD_FOR: Final = timedelta(minutes=10)


def make_ticket(call: Call, path: str) -> dict[str, Any]:
    """A way to these bytes for the caller, now."""
    until = call.now + GOOD_FOR
    ticket = cursors.sign_cursor(
        call.context.settings.secret_key, _ticket_purpose(call, path), [until.isoformat()]
    )
    return {"link": f"{path}?{urlencode({'ticket': ticket})}", "expires_at": until}


def require_ticket(call: Call) -> None:
    """Refuse a link that was not given to this key, for this address, a short while ago."""
    secret, purpose = call.context.settings.secret_key, _ticket_purpose(call, request.path)
    try:
        read = cursors.read_cursor(secret, purpose, call.query["ticket"]) or ()
    except InvalidInput:
        read = ()
    if not read or datetime.fromisoformat(read[0]) < call.now:
        raise InvalidInput.at("ticket", "is not good for this, or no longer; POST again for a new link")


def _ticket_purpose(call: Call, path: str) -> str:
    return f"ticket {call.by.key} {path}"


def make_tag(sha256: str) -> str:
    """The strong entity tag of a file, without its quotes."""
    return hashlib.sha256(sha256.encode()).hexdigest()[:32]


def send_file(call: Call, key: str, name: str, *, sha256: str, size: int) -> Response:
    """The bytes of a file that is kept, or the part of them that is asked for: a download that broke off goes on."""
    tag = f'"{make_tag(sha256)}"'
    wanted = _read_range(size, tag)
    start, stop = wanted or (0, size)
    if wanted is not None and start >= size:
        refused = make_problem(RangeNotSatisfiable(f"bytes from {start} on are asked for, and it has {size}"))
        refused.headers["Content-Range"] = f"bytes */{size}"
        return refused
    chunks = require_store(call.context).open(key, start, stop)
    if wanted is None:
        chunks = guard_chunks(call.context, chunks, name, sha256)
    answer = make_attachment(chunks, name, sha256=sha256, size=stop - start)
    answer.headers["Accept-Ranges"], answer.headers["ETag"] = "bytes", tag
    if wanted is not None:
        answer.status_code = 206
        answer.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    return answer


def _read_range(size: int, tag: str) -> tuple[int, int] | None:
    """From which byte up to, and without, which other one; None for all of them.

    What is not one range of bytes, or was asked of bytes with another tag, is passed over: RFC 9110, 13.1.5 and 14.2.
    """
    match = _RANGE.fullmatch(request.headers.get("Range", ""))
    if request.method != "GET" or match is None or request.headers.get("If-Range", tag) != tag:
        return None
    first, last, suffix = match.groups()
    if suffix is not None:
        return max(0, size - int(suffix)), size
    if last is None:
        return int(first), size
    return None if int(last) < int(first) else (int(first), min(int(last) + 1, size))
