"""What is refused in front of Flask: a request that two programs could read in two ways, or whose head is too long. It
ends before anything is looked up.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

from tracker.domain.errors import NotFound, Refusal
from tracker.domain.service_errors import Unexpected
from tracker.http.environ import PROBLEM, Environ, StartResponse

#: The longest query string, and the longest header of those that are read, in bytes.
LONGEST_QUERY: Final = 8192
LONGEST_HEADER: Final = 4096
#: The headers that are read here, as WSGI names them.
_HEADERS: Final = tuple(
    "HTTP_" + name
    for name in (
        "ACCEPT_ENCODING", "AUTHORIZATION", "CONTENT_DIGEST", "IDEMPOTENCY_KEY", "IF_MATCH", "IF_NONE_MATCH",
        "IF_RANGE", "RANGE", "REPR_DIGEST",
    )
)  # fmt: skip
#: One host with or without a port (RFC 9110, 7.2). Two `Host` headers arrive joined by a comma.
_HOST: Final = re.compile(r"[A-Za-z0-9._~%!$&'()*+;=:\[\]-]+", re.ASCII)


class BadRequest(Refusal):
    code = "bad-request"
    title = "The request cannot be read"
    remedy = "Check the request line and headers."


class MethodNotAllowed(Refusal):
    code = "method-not-allowed"
    title = "This address does not take that method"
    remedy = "The `Allow` header names the methods that it takes."


class AddressTooLong(Refusal):
    code = "address-too-long"
    title = "The query string is too long"
    remedy = f"Send at most {LONGEST_QUERY} bytes after the `?`."


class HeaderTooLong(Refusal):
    code = "header-too-long"
    title = "A header is too long"
    remedy = f"Send at most {LONGEST_HEADER} bytes in the header that the detail names."


STATUS: Final[dict[type[Refusal], int]] = {
    BadRequest: 400,
    NotFound: 404,
    MethodNotAllowed: 405,
    AddressTooLong: 414,
    HeaderTooLong: 431,
    Unexpected: 500,
}
_LINES: Final = {
    400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 410: "Gone", 414: "URI Too Long",
    422: "Unprocessable Content", 431: "Request Header Fields Too Large", 500: "Internal Server Error",
    503: "Service Unavailable", 507: "Insufficient Storage",
}  # fmt: skip


def find_unreadable(environ: Environ) -> Refusal | None:
    """Why a request is not read at all."""
    path = environ.get("PATH_INFO", "")
    if "//" in path:  # also where it was sent percent-encoded
        return NotFound("there is nothing at this address")
    method = environ["REQUEST_METHOD"]
    if not method.isupper():
        return MethodNotAllowed("methods are written in capitals")
    host = environ.get("HTTP_HOST", "")
    if _HOST.fullmatch(host) is None and (host or environ.get("SERVER_PROTOCOL") not in _WITHOUT_HOST):
        return BadRequest("send one Host header with one host")
    if len(environ.get("QUERY_STRING", "")) > LONGEST_QUERY:
        return AddressTooLong(f"at most {LONGEST_QUERY} bytes are read after the `?`")
    for name in _HEADERS:
        if len(environ.get(name, "")) > LONGEST_HEADER:
            written = name.removeprefix("HTTP_").replace("_", "-").title()
            return HeaderTooLong(f"at most {LONGEST_HEADER} bytes are read of {written}")
    return None


#: HTTP/1.0 knows no `Host`; granian writes its name short.
_WITHOUT_HOST: Final = ("HTTP/1.0", "HTTP/1")


def send_refusal(
    environ: Environ, start: StartResponse, refusal: Refusal, status: int | None = None
) -> Iterable[bytes]:
    """A refusal as it leaves in front of Flask."""
    kind = type(refusal)
    status = STATUS[kind] if status is None else status
    path = environ.get("PATH_INFO", "").encode("latin-1", "replace")
    problem = {
        "type": f"/problems/{kind.code}",
        "title": kind.title,
        "status": status,
        "detail": refusal.detail,
        "instance": quote(path) or "/",
    }
    environ[PROBLEM] = kind.code
    body = json.dumps(problem, ensure_ascii=False).encode()
    headers = [
        ("Content-Type", "application/problem+json"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
    ]
    if refusal.wait is not None:
        headers.append(("Retry-After", str(refusal.wait)))
    start(f"{status} {_LINES[status]}", headers)
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]
