"""A body in parts (`multipart/form-data`, RFC 7578), read while it arrives and never held whole.

The parser is Werkzeug's. It is lenient about what nobody sends by accident; here that is refused, for a byte that is
taken for a line break is a byte of evidence that is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData

from tracker.domain.sent_values import quote_value
from tracker.http.early_refusals import BadRequest
from tracker.http.refusals import UnsupportedMediaType

MEDIA_TYPE: Final = "multipart/form-data"
#: Bytes that the heads of parts, and whatever else is not content, may take in memory.
_HELD: Final = 1 << 17
_HEADERS: Final = 16
#: How many spaces may stand behind a boundary.
_PADDING: Final = 64
_BOUNDARY: Final = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]", re.ASCII)
_PLAIN: Final = ("", "binary", "8bit", "7bit")
#: What would have to be kept if it were taken; any other header of a part says nothing (RFC 7578, 4.8).
_NOT_READ: Final = ("Content-Digest", "Repr-Digest", "Content-Encoding")


@dataclass(frozen=True, slots=True)
class Part:
    """One part. Its ``chunks`` are read before the next part is asked for."""

    name: str
    media_type: str
    disposition: str
    chunks: Iterator[bytes]


def read_boundary() -> bytes:
    """What stands between the parts of this body; a refusal where it has none."""
    if request.mimetype != MEDIA_TYPE:
        raise UnsupportedMediaType(f"send {MEDIA_TYPE}, not {quote_value(request.mimetype)}")
    boundary = request.mimetype_params.get("boundary", "")
    if _BOUNDARY.fullmatch(boundary) is None:
        raise BadRequest("Content-Type must name a boundary of 1 to 70 characters (RFC 2046)")
    return boundary.encode()


def read_parts(between: bytes, chunks: Iterator[bytes]) -> Iterator[Part]:
    """The parts of a body, one after the other, and a refusal in the place of an end that is none."""
    decoder = MultipartDecoder(between, _HELD)
    for event in (events := _read_events(decoder, _join_pieces(between, _read_head(between, chunks)))):
        if isinstance(event, (Field, File)):
            part = _make_part(event, _read_content(between, events))
            yield part
            for _rest in part.chunks:
                pass
        elif isinstance(event, Epilogue) and event.data not in (
            b"",
            b"\r\n",
            b"\n",
        ):  # its line may end later
            raise BadRequest("there is something behind the last part")


def _read_head(between: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same chunks. A sender who ends the first line as they should is taken to know how a line ends."""
    line = b"--" + between + b"\r\n"
    first = b""
    for chunk in chunks:
        first += chunk
        if len(first) >= len(line) + 2:
            break
    if not first.removeprefix(b"\r\n").startswith(line):
        raise BadRequest("the body does not begin with the boundary that Content-Type names")
    return chain([first], chunks)


def _join_pieces(between: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes, but a line that begins with the boundary is passed on when its end is there. The parser (3.1.9)
    takes the CR before it for content where the second hyphen behind it arrives later; all of it where a space does.
    """
    line, waiting = b"--" + between, b""
    for chunk in chunks:
        waiting += chunk
        begun = max(waiting.rfind(b"\r"), waiting.rfind(b"\n")) + 1
        last = waiting[begun : begun + len(line) + _PADDING]
        unsure = begun + len(last) == len(waiting) and (last.startswith(line) or line.startswith(last))
        passed = begun if unsure else len(waiting)
        yield waiting[:passed]
        waiting = waiting[passed:]
    yield waiting


def _read_events(decoder: MultipartDecoder, chunks: Iterator[bytes]) -> Iterator[Event]:
    while True:
        try:
            event = decoder.next_event()
        except (ValueError, RequestEntityTooLarge):
            raise BadRequest("the parts of the body cannot be told apart, or are not all there") from None
        if not isinstance(event, NeedData):
            yield event
            if isinstance(event, Epilogue):
                return
            continue
        more = next(chunks, None)  # outside of what is caught: a stream refuses in its own words
        try:
            decoder.receive_data(more)
        except RequestEntityTooLarge:
            raise BadRequest("the head of a part, or what stands behind the last, is too long") from None


def _read_content(between: bytes, events: Iterator[Event]) -> Iterator[bytes]:
    last = b"\n"
    for event in events:
        if not isinstance(event, Data):  # the parser never does
            raise TypeError(type(event).__name__)
        # A line that only begins with it: a delimiter to some, content to others (RFC 2046, 5.1.1).
        lines = last + event.data
        if any(end + b"--" + between in lines for end in (b"\r", b"\n")):
            raise BadRequest("the boundary stands within a part")
        last = lines[-1:]
        if event.data:
            yield event.data
        if not event.more_data:
            return


def _make_part(event: Field | File, chunks: Iterator[bytes]) -> Part:
    names = [name.lower() for name, _value in event.headers]
    if len(names) > _HEADERS or len(set(names)) != len(names):
        raise BadRequest("a part has too many headers, or one of them twice")
    for header in _NOT_READ:
        if header in event.headers:
            raise BadRequest(f"{header} is not read of a part; send it of the whole body")
    if event.headers.get("Content-Transfer-Encoding", "").lower() not in _PLAIN:
        raise BadRequest("send each part as it is, without a Content-Transfer-Encoding")
    disposition = event.headers["Content-Disposition"]
    if parse_options_header(disposition)[0].lower() != "form-data" or event.name is None:
        raise BadRequest("each part must be form-data with a name")
    media_type = parse_options_header(event.headers.get("Content-Type", ""))[0].lower()
    if media_type.startswith("multipart/"):
        raise UnsupportedMediaType("a part must not be made of parts itself")
    return Part(event.name, media_type, disposition, chunks)
