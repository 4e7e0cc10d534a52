"""How bytes of evidence come in: what their sender says of them, and where they wait for the act that names them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import unquote

from werkzeug.http import parse_options_header

from tracker.actions.custody import ReceivedFile
from tracker.domain import text
from tracker.domain.errors import InvalidInput
from tracker.domain.sent_values import quote_value
from tracker.domain.sentences import sentence
from tracker.files.detect import HEAD, detect
from tracker.files.files import Files
from tracker.http.attachments import BINARY
from tracker.http.context import Context
from tracker.http.refusals import UnsupportedMediaType

NAME: Final = "Content-Disposition"
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,62}/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}", re.ASCII)
_LONGEST: Final = 255
#: An extended name (RFC 8187), and what one may look like: UTF-8, a language, and every other byte in percent.
_EXTENDED: Final = re.compile(r";[ \t]*filename\*[ \t]*=[ \t]*([^;]*)", re.ASCII | re.IGNORECASE)
_ENCODED: Final = re.compile(
    r"UTF-8'[a-z0-9-]*'((?:%[0-9a-f]{2}|[a-z0-9!#$&+.^_`|~-])+)", re.ASCII | re.IGNORECASE
)
#: Where a name is given, plain or extended; each may stand there once.
_NAMED: Final = re.compile(r";[ \t]*(filename\*?)[ \t]*=", re.ASCII | re.IGNORECASE)
#: A backslash that stands for no quote and no backslash: some mean it as it is, others as nothing.
_STRAY: Final = re.compile(r'(?<!\\)(?:\\\\)*\\[^"\\]')


def take_upload(
    known: Context,
    store: Files,
    chunks: Iterable[bytes],
    *,
    role: str,
    declared: str | None,
    name: str | None,
) -> ReceivedFile:
    """Keep a file. Whatever can be refused is refused before the first of its bytes is asked for."""
    sealer = None if name is None else known.sealer()
    head = _Head()
    stored = store.put(head.passing(chunks), known.settings.files_limit)
    return ReceivedFile(role, stored, declared, head.detected(), name, sealer)


def describe_sender(file: ReceivedFile) -> list[str | None]:
    """All that makes two files that arrived the same."""
    return [file.stored.sha256, file.declared_type, file.name]


class _Head:
    """The first bytes of a stream, kept while it passes."""

    def __init__(self) -> None:
        self._first = b""

    def passing(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            if len(self._first) < HEAD:
                self._first += chunk[: HEAD - len(self._first)]
            yield chunk

    def detected(self) -> str:
        return detect(self._first)


def read_declared(declared: str) -> str | None:
    """The media type that the sender says it is; none where they say nothing."""
    if declared in ("", BINARY):
        return None
    if _MEDIA_TYPE.fullmatch(declared) is None:
        raise UnsupportedMediaType(
            sentence(
                "Content-Type must be a media type, as image/jpeg, not %(declared)s",
                declared=quote_value(declared),
            )
        )
    return declared


def read_name(disposition: str) -> str:
    """What a file is called where it comes from: exactly that, or a refusal."""
    if len(_NAMED.findall(disposition)) != len({one.lower() for one in _NAMED.findall(disposition)}):
        raise InvalidInput.at(NAME, sentence("holds two names for the file; give one"))
    extended = _EXTENDED.search(disposition)
    if extended is not None:
        encoded = _ENCODED.fullmatch(extended.group(1).strip(" \t"))
        try:
            name = "" if encoded is None else unquote(encoded.group(1), errors="strict")
        except UnicodeDecodeError:
            name = ""
    else:
        name = parse_options_header(disposition)[1].get("filename", "")
    if not name or len(name) > _LONGEST or text.find_fault(name, lines=False):
        raise InvalidInput.at(
            NAME,
            sentence(
                "must carry a filename of 1 to %(longest)s characters, none of them a control character",
                longest=_LONGEST,
            ),
        )
    if extended is None and _STRAY.search(disposition):
        raise InvalidInput.at(
            NAME, sentence("holds a backslash that escapes nothing; double it, or send filename*")
        )
    return name
