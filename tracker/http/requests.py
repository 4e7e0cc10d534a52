"""Reading a request strictly: what it does not say plainly is refused, never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import unquote, unquote_to_bytes

from flask import request
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from tracker.domain.errors import FieldError, InvalidInput, StaleEdit
from tracker.domain.files import FileTooLarge
from tracker.domain.sent_values import quote_value
from tracker.http import digests
from tracker.http.context import context
from tracker.http.early_refusals import BadRequest
from tracker.http.refusals import (
    LengthRequired,
    PreconditionRequired,
    TooLarge,
    TooSlow,
    UnsupportedMediaType,
)
from tracker.schemas.loading import list_faults
from tracker.schemas.sent_values import add_sent_value
from tracker.schemas.sentences import UNKNOWN

#: One entity tag (RFC 9110, 8.8.3), weak or strong.
#: An entity tag of ours: of which thing, at which version.
_VERSION: Final = re.compile(r'"(.+)-([0-9]{1,9})"', re.ASCII)
_TAG: Final = re.compile(r'(?:W/)?"[\x21\x23-\x7e]*"', re.ASCII)
_MOST_TAGS: Final = 20


#: One media type (RFC 9110, 8.3.1). Two that were sent arrive joined by a comma, or as the first of them.
_WORD: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_MEDIA_TYPE: Final = re.compile(
    rf'{_WORD}/{_WORD}(?: ?; ?{_WORD}=(?:{_WORD}|"[^"\\\x00-\x1f]*"))*;?', re.ASCII
)
_LONGEST: Final = 255
#: The most parameters of one query: several times what any list takes.
MOST_PARAMETERS: Final = 100


def require_one_media_type() -> None:
    """`BadRequest` where `Content-Type` is anything but one media type."""
    given = request.headers.get("Content-Type") or "none/given"
    if len(given) > _LONGEST or _MEDIA_TYPE.fullmatch(given) is None:
        raise BadRequest(
            f"Content-Type must be sent once, as one media type such as application/json, not {quote_value(given)}"
        )


def read_raw_body(*media_types: str) -> bytes:
    """The bytes of the body: of a type that is read, no longer than the limit, and those that its digest says."""
    if request.mimetype not in media_types:
        header = "Accept-Patch" if request.method == "PATCH" else "Accept"
        sent = quote_value(request.mimetype)
        raise UnsupportedMediaType(f"send {' or '.join(media_types)}, not {sent}", header, *media_types)
    if request.content_encoding not in (None, "identity"):
        raise UnsupportedMediaType(
            f"send the body as it is, without the Content-Encoding {quote_value(request.content_encoding)}",
            "Accept-Encoding",
            "identity",
        )
    raw, limit = b"".join(_read_arriving()), request.max_content_length
    # One that comes without its length is cut off at the limit without a word: what fills it is taken for longer.
    if limit is not None and request.content_length is None and len(raw) >= limit:
        raise TooLarge(f"at most {limit} bytes are read")
    digests.check_digests(raw)
    return raw


def load_query(shape: Schema | None) -> dict[str, Any]:
    """The query string as this shape reads it. Unknown and repeated parameters are refused."""
    return load_parameters(shape, read_query())


def read_query() -> dict[str, str]:
    """The parameters of the query string, each of which stands there once."""
    if request.query_string.count(b"&") >= MOST_PARAMETERS:
        raise InvalidInput(f"at most {MOST_PARAMETERS} parameters are read")
    _only_utf8(request.query_string)
    repeated = [name for name in request.args if len(request.args.getlist(name)) > 1]
    if repeated:
        raise InvalidInput(
            "a parameter stands there twice", fields=[FieldError(name, "give it once") for name in repeated]
        )
    return request.args.to_dict()


def load_parameters(shape: Schema | None, given: dict[str, str]) -> dict[str, Any]:
    """Parameters as this shape reads them."""
    if shape is None:
        if given:
            raise InvalidInput(
                "this address takes no parameters", fields=[FieldError(name, UNKNOWN) for name in given]
            )
        return {}
    try:
        loaded: dict[str, Any] = shape.load(given)
    except ValidationError as error:
        faults = (FieldError(one.pointer.lstrip("/"), one.detail) for one in list_faults(error.messages_dict))
        fields = [add_sent_value(one, shape, given) for one in faults]
        raise InvalidInput("one or more parameters are not valid", fields=fields) from None
    return loaded


def _only_utf8(given: bytes) -> None:
    """Refuse a query that would be read with something else in place of what was sent."""
    wrong = []
    for pair in given.split(b"&"):
        try:
            unquote_to_bytes(pair).decode("utf-8")
        except UnicodeDecodeError:
            wrong.append(FieldError(unquote(pair.partition(b"=")[0].decode("latin-1")), "is not UTF-8"))
    if wrong:
        raise InvalidInput("a parameter is not UTF-8", fields=wrong)


def read_expected_version(id: str, method: str) -> frozenset[int] | None:
    """The versions of this thing that `If-Match` names (RFC 9110, 13.1.1): one of them must be the current.

    None for `*`, which any version meets, and where no header was sent, which an edit must: `PreconditionRequired`.
    `BadRequest` for what is no list of entity tags, `StaleEdit` where none of them was ever one of this thing.
    """
    given = request.headers.get("If-Match")
    if given is None:
        if method == "PATCH":
            raise PreconditionRequired("send If-Match with the ETag of what you read")
        return None
    if given.strip() == "*":
        return None
    tags = [tag.strip(" \t") for tag in given.split(",")]
    if len(tags) > _MOST_TAGS or not all(_TAG.fullmatch(tag) for tag in tags):
        raise BadRequest(
            f"If-Match must carry `*`, or at most {_MOST_TAGS} ETags, each in its quotes, not {quote_value(given)}"
        )
    versions = (_VERSION.fullmatch(tag) for tag in tags)
    versions_named = frozenset(int(match[2]) for match in versions if match is not None and match[1] == id)
    if not versions_named:
        raise StaleEdit(
            f"If-Match carries no strong ETag of this thing, which its GET answers, but {quote_value(given)}"
        )
    return versions_named


def describe_limit() -> str:
    """How many bytes of a body are read, and how many its sender said it has."""
    sent = "" if request.content_length is None else f", not {request.content_length}"
    return f"at most {request.max_content_length} bytes are read{sent}"


#: What is handed on of a body at a time.
_CHUNK: Final = 1 << 16
#: What is waited for at a time, the floor's second: a server hands nothing on before all of what is asked for has come.
_PIECE: Final = 1 << 10
#: Who brings less in these seconds holds a thread for next to nothing.
WINDOW: Final = 60
FLOOR: Final = WINDOW * _PIECE


def stream_body(limit: int) -> Iterator[bytes]:
    """The body as a file, while it arrives.

    Refused before it is read where it is longer than the limit, or where its end could not be told from its being cut
    off: a server may show a broken connection as the end of a body that has no length.
    """
    if request.content_encoding not in (None, "identity"):
        raise UnsupportedMediaType(
            f"send the file as it is, without the Content-Encoding {quote_value(request.content_encoding)}",
            "Accept-Encoding",
            "identity",
        )
    length = request.content_length
    if length is None and not any(
        digests.read_sent_digests(header) for header in (digests.HEADER, digests.WHOLE)
    ):
        raise LengthRequired("send its Content-Length, or its Content-Digest where it is sent in pieces")
    if length is not None and length > limit:
        raise FileTooLarge(f"at most {limit} bytes are taken in, not {length}")
    # In place of the limit of other bodies: one chunk too much is read, and refused below.
    request.max_content_length = limit + _CHUNK
    return digests.check_stream(_read_whole(length, limit), digests.HEADER, digests.WHOLE)


def _read_whole(length: int | None, limit: int) -> Iterator[bytes]:
    """A server may also end a body that is shorter than it was said to be, without a word."""
    come = 0
    for chunk in _read_arriving():
        come += len(chunk)
        if come > limit:
            raise FileTooLarge(f"at most {limit} bytes are taken in")
        yield chunk
    if length not in (None, come):
        raise BadRequest("fewer or more bytes arrived than Content-Length says")


def _read_arriving() -> Iterator[bytes]:
    """The body in chunks; its beginning as it comes, for what is judged before the rest is waited for. `TooSlow` where
    less than `FLOOR` bytes came in `WINDOW` seconds."""
    elapsed = context().monotonic
    since, come, passed, chunk = elapsed(), 0, 0, bytearray()
    while piece := _read_piece():
        come += len(piece)
        chunk += piece
        if (now := elapsed()) - since >= WINDOW:
            if come < FLOOR:
                raise TooSlow(
                    f"{come} bytes came in {int(now - since)} seconds; {FLOOR} are asked in {WINDOW}"
                )
            since, come = now, 0
        if len(chunk) >= _CHUNK or passed < _CHUNK:
            passed += len(chunk)
            yield bytes(chunk)
            chunk.clear()
    if chunk:
        yield bytes(chunk)


def _read_piece() -> bytes:
    try:
        piece: bytes = request.stream.read(_PIECE)
    except (OSError, ClientDisconnected):
        raise BadRequest("the connection broke off") from None
    except RequestEntityTooLarge:
        raise TooLarge(describe_limit()) from None
    return piece
