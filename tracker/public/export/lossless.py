"""An export with every member of every record, as one JSON document and as lines of JSON. Both end with how many
records they have: what was cut off on its way can be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from tracker.domain.canonical import encode_json

JSON, NDJSON = "application/json", "application/x-ndjson"
_MEMBERS: Final = {"process": "processes", "act": "acts", "evidence": "evidence"}

#: Each record with its kind, in JSON.
Records = Iterable[tuple[str, bytes]]


def write_lines(about: dict[str, Any], records: Records) -> Iterator[bytes]:
    """What the export is about, a line for each record, and the count."""
    yield encode_json({"record": "export", **about}) + b"\n"
    number = 0
    for kind, record in records:
        yield b'{"data":' + record + b',"record":' + encode_json(kind) + b"}\n"
        number += 1
    yield encode_json({"record": "end", "count": number}) + b"\n"


def write_document(about: dict[str, Any], records: Records) -> Iterator[bytes]:
    """The same as one document: a list for each kind, in the order in which the records come."""
    yield b'{"export":' + encode_json(about)
    number, open_kind = 0, None
    for kind, record in records:
        if kind != open_kind:
            member = _MEMBERS.get(kind, f"{kind}s")
            yield (b"]," if open_kind else b",") + encode_json(member) + b":["
            open_kind = kind
        else:
            yield b","
        yield record
        number += 1
    yield (b"]" if open_kind else b"") + b',"count":' + encode_json(number) + b"}\n"
