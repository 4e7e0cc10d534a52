"""How the body of a form is read: its fields, and the files that come behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import parse_qsl

from flask import request
from werkzeug.http import parse_options_header

from tracker.domain.errors import FieldError, InvalidInput, Refusal
from tracker.domain.sentences import sentence
from tracker.http import multipart, requests
from tracker.http.multipart import Part
from tracker.http.refusals import TooLarge
from tracker.web.forms import FILE, FILE_POINTER

_MEDIA_TYPE: Final = "application/x-www-form-urlencoded"
_MOST_FIELDS: Final = 20_000
#: Bytes for the boundaries and heads of all parts.
_FRAME: Final = 1 << 16
Pairs = list[tuple[str, str]]
_UNREADABLE: Final = sentence("the form cannot be read")


def comes_in_parts() -> bool:
    """Whether this form was sent as one with files is."""
    return bool(request.mimetype == multipart.MEDIA_TYPE)


def read_pairs() -> Pairs:
    """The fields of a form without files: read slowly enough for a bad line, and no longer."""
    try:
        return parse_qsl(
            requests.read_raw_body(_MEDIA_TYPE).decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        raise InvalidInput(_UNREADABLE) from None


def read_parts(pairs: Pairs, most_text: int, most_files: int, receive: Callable[[Part], None]) -> None:
    """Add to ``pairs`` the fields of a form that came in parts. ``receive`` takes each of its files while it arrives,
    behind the fields that stand before it. A field for files in which nothing was chosen is passed over."""
    left = most_text
    for part in _open_parts(most_text + most_files):
        if part.name == FILE:
            if parse_options_header(part.disposition)[1].get("filename"):
                receive(part)
        else:
            text = _read_text(part, left)
            left -= len(text)
            pairs.append((part.name, text))
        if len(pairs) > _MOST_FIELDS:
            raise InvalidInput(_UNREADABLE)


@contextmanager
def point_at_file() -> Iterator[None]:
    """That what is wrong with a file is said beside the field for it."""
    try:
        yield
    except Refusal as refusal:
        refusal.fields = refusal.fields or (FieldError(FILE_POINTER, refusal.detail),)
        raise


def read_first_pairs(most_text: int) -> Pairs:
    """The same up to the first file, of a form whose sender is not known any more: their files are not kept."""
    pairs: Pairs = []
    for part in _open_parts(most_text + _FRAME):
        if part.name == FILE:
            break
        pairs.append((part.name, _read_text(part, most_text)))
    return pairs


def _open_parts(limit: int) -> Iterator[Part]:
    return multipart.read_parts(multipart.read_boundary(), requests.stream_body(limit + _FRAME))


def _read_text(part: Part, most: int) -> str:
    raw = b""
    for chunk in part.chunks:
        raw += chunk
        if len(raw) > most:
            raise TooLarge(sentence("at most %(most)s bytes of text are read", most=most))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidInput(_UNREADABLE) from None
