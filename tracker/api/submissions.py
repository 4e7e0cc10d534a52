"""An item of evidence together with its files, in one call: all of it is recorded, or nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from tracker.actions import evidence, submissions
from tracker.actions.custody import ReceivedFile
from tracker.actions.support.unit import open_view as looking
from tracker.api.collections import NAMING_REFUSALS
from tracker.api.http.endpoint import JSON, Call, endpoint
from tracker.domain import errors, files, service_errors
from tracker.domain.custody import ORIGINAL, SameFile
from tracker.domain.errors import InvalidInput
from tracker.domain.sent_values import quote_value
from tracker.files.files import Files
from tracker.http import multipart, requests, uploads
from tracker.http.attachments import require_store
from tracker.http.multipart import Part
from tracker.http.refusals import BadContentDigest, LengthRequired, TooLarge, UnsupportedMediaType
from tracker.schemas import custody
from tracker.schemas.evidence import SubmissionIn

_ITEM: Final = SubmissionIn()
#: Bytes for the boundaries and heads of all parts.
_FRAME: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Received:
    """An item, and its files, which have arrived and are on the disk, and which no row names yet."""

    said: bytes
    item: dict[str, Any]
    files: Files
    arrived: list[ReceivedFile] = field(default_factory=list)

    @property
    def fingerprint(self) -> bytes:
        senders = [uploads.describe_sender(one) for one in self.arrived]
        return json.dumps([hashlib.sha256(self.said).hexdigest(), senders]).encode()

    def undo(self) -> None:
        for file in self.arrived:
            self.files.delete(file.stored.key)


def receive(call: Call) -> Received:
    """Take item and files in. The item is looked at as far as anybody can who may not write yet, and each file's head
    is read, before the first of the bytes that follow; what is refused then or later leaves none."""
    settings = call.context.settings
    between, store = multipart.read_boundary(), require_store(call.context)
    call.session.rollback()  # however long it takes to arrive, nothing in the database is held for it
    parts = multipart.read_parts(
        between, requests.stream_body(settings.files_limit + settings.body_limit + _FRAME)
    )
    item = _read_item(next(parts, None), settings.body_limit)
    received = Received(item, call.sent.load_body(_ITEM, item), store)
    if received.item.get("sealed"):
        call.context.sealer()
    with looking(call.session, call.by, call.now, call.context.entropy) as seen:
        evidence.check_submittable(seen, received.item)
    try:
        _read_files(call, parts, received)
    except BaseException:
        received.undo()
        raise
    return received


def _read_item(part: Part | None, limit: int) -> bytes:
    if part is None or part.name != "item":
        raise InvalidInput.at("item", "must be the first part")
    if part.media_type != JSON:
        raise UnsupportedMediaType(f"send the part item as {JSON}, not {quote_value(part.media_type)}")
    item = b""
    for chunk in part.chunks:
        item += chunk
        if len(item) > limit:
            raise TooLarge(f"at most {limit} bytes of the part item are read")
    return item


def _read_files(call: Call, parts: Iterator[Part], received: Received) -> None:
    for number, part in enumerate(parts, 1):
        if part.name != "file":
            raise InvalidInput.at(part.name[:64], "is no part that is read behind item; only file is")
        if number > custody.MOST_FILES:
            raise InvalidInput.at("file", f"at most {custody.MOST_FILES} come with one item")
        called = uploads.read_name(part.disposition) if "filename" in part.disposition.lower() else None
        declared = uploads.read_declared(part.media_type)
        upload = uploads.take_upload(
            call.context, received.files, part.chunks, role=ORIGINAL, declared=declared, name=called
        )
        received.arrived.append(upload)
    if not received.arrived:
        raise InvalidInput.at("file", "send one at least, or the item alone to /v1/evidence")


def _get_submission(call: Call, id: str) -> Any:
    return submissions.get_submission(call.viewer, id)


@endpoint(
    "POST",
    "/v1/submissions",
    permission="evidence.submit",
    tag="evidence",
    summary="Submit an item together with its files, all or nothing",
    form=custody.SubmissionForm,
    answer=custody.SubmissionOut,
    own=custody.OwnSubmissionOut,
    status=201,
    receive=receive,
    again=_get_submission,
    refusals=(
        *NAMING_REFUSALS,
        SameFile,
        errors.BadJson,
        errors.TooManyValues,
        LengthRequired,
        BadContentDigest,
        UnsupportedMediaType,
        TooLarge,
        files.FileTooLarge,
        service_errors.SealingUnavailable,
        files.StorageFull,
        files.StorageUnavailable,
    ),
)
def submit_with_files(call: Call) -> Any:
    """One call with several parts: first the item as JSON, then each file. If anything is refused, nothing is
    recorded."""
    given: Received = call.prepared
    return submissions.submit_with_files(call.unit, given.item, given.arrived, call.context.sealer)
