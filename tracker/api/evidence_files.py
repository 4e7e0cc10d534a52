"""Files of evidence: handed over as raw bytes, and read by those who may."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from flask import Response, request

from tracker.actions import custody
from tracker.actions.support import lookup
from tracker.api.http import downloads
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.paging import PageQuery, make_page_schema, read_page
from tracker.domain import errors, files, service_errors
from tracker.domain.custody import PUBLIC_COPY, SameFile
from tracker.domain.errors import InvalidInput
from tracker.files import metadata
from tracker.files.files import Files
from tracker.http import requests, uploads
from tracker.http.attachments import BINARY, require_store
from tracker.http.refusals import BadContentDigest, LengthRequired, UnsupportedMediaType
from tracker.schemas import custody as schemas_custody
from tracker.store.custody import EvidenceFile

_STORE: Final = (files.StorageUnavailable, files.FileMissing)


@dataclass(frozen=True, slots=True)
class Received:
    """A file that has arrived and is on the disk, and that no row names yet."""

    arrived: custody.ReceivedFile
    files: Files

    @property
    def fingerprint(self) -> bytes:
        return json.dumps(uploads.describe_sender(self.arrived)).encode()

    def undo(self) -> None:
        self.files.delete(self.arrived.stored.key)


def receive(call: Call, id: str) -> Received:
    """Take the bytes in. Whatever can be refused is refused before the first of them is read."""
    store = require_store(call.context)
    role, declared, name = call.query["role"], uploads.read_declared(request.mimetype), _name()
    custody.require_open_review(call.viewer, custody.open_item(call.viewer, id), role)
    call.session.rollback()  # however long it takes to arrive, nothing in the database is held for it
    chunks = requests.stream_body(call.context.settings.files_limit)
    arrived = uploads.take_upload(call.context, store, chunks, role=role, declared=declared, name=name)
    received = Received(arrived, store)
    if role == PUBLIC_COPY:
        try:
            metadata.require_clean(store.open(arrived.stored.key), declared or arrived.detected_type)
        except BaseException:
            received.undo()
            raise
    return received


def _name() -> str | None:
    """What the file is called where it comes from. It stands in a header, never in an address: addresses are logged."""
    given = request.headers.get(uploads.NAME)
    if given is None:
        return None
    try:
        return uploads.read_name(
            given.encode("latin-1").decode()
        )  # as bytes it came, whatever a server makes of them
    except UnicodeError:
        raise InvalidInput.at(uploads.NAME, "is not UTF-8") from None


def _get_file(call: Call, id: str, file: str) -> Any:
    return custody.find_file(call.viewer, id, file)


@endpoint(
    "POST",
    "/v1/evidence/{id}/files",
    permission="evidence.submit",
    tag="evidence",
    summary="Upload a file of an item: the body is its bytes, of any media type",
    query=schemas_custody.FileQuery,
    answer=schemas_custody.FileOut,
    status=201,
    receive=receive,
    refusals=(
        SameFile,
        errors.AlreadyDone,
        LengthRequired,
        BadContentDigest,
        UnsupportedMediaType,
        files.FileTooLarge,
        files.NotCheckable,
        files.StillCarries,
        service_errors.SealingUnavailable,
        files.StorageFull,
        *_STORE,
    ),
    names={"id": "evidence"},
    again=_get_file,
)
def add_file(call: Call, id: str) -> Any:
    """The bytes are kept as they came, and their SHA-256 is recorded. A public copy is checked for location and
    device metadata; it waits for an approver."""
    return custody.add_file(call.unit, id, call.prepared.arrived)


@endpoint(
    "GET",
    "/v1/evidence/{id}/files",
    permission="record.read_own",
    tag="evidence",
    summary="List the files of an item",
    query=PageQuery,
    answer=make_page_schema(schemas_custody.FileOut, "FilePage"),
    names={"id": "evidence"},
)
def list_files(call: Call, id: str) -> Any:
    """Role, size, media type and SHA-256 of each file, in the order in which they came."""
    lookup.get(call.viewer, id, "evidence")
    rows = custody.select_files(call.viewer, id)
    return read_page(call, rows, EvidenceFile.added_at, EvidenceFile.id)


@endpoint(
    "GET",
    "/v1/evidence/{id}/files/{file}",
    permission="record.read_own",
    tag="evidence",
    summary="Read what is recorded of a file, without its content",
    answer=schemas_custody.FileOut,
    names={"id": "evidence", "file": "file"},
)
def get_file(call: Call, id: str, file: str) -> Any:
    """Role, size, media type, SHA-256 and when it was checked last. Nothing of its content."""
    return _get_file(call, id, file)


@endpoint(
    "POST",
    "/v1/evidence/{id}/files/{file}/access",
    permission="record.read_own",
    tag="evidence",
    summary="Record that you read a file; the answer is a link to its bytes, for the same key and ten minutes",
    answer=schemas_custody.AccessOut,
    refusals=(errors.Redacted, errors.NotAgreed, service_errors.SealingUnavailable),
    names={"id": "evidence", "file": "file"},
    whatever_standing=True,
)
def read_file(call: Call, id: str, file: str) -> Any:
    """Records that you read the file, as an event of its custody. The answer has the link to the bytes; the same
    key may use it for ten minutes."""
    file_row = custody.read_file(call.unit, id, file)
    name = None
    if call.by.may("evidence.export") and file_row.name_key is not None:
        name = custody.read_file_name(file_row, call.context.sealer())
    way = downloads.make_ticket(call, f"/v1/evidence/{id}/files/{file}/content")
    return {**way, "sha256": file_row.sha256, "size": file_row.size, "original_name": name}


@endpoint(
    "GET",
    "/v1/evidence/{id}/files/{file}/content",
    permission="record.read_own",
    tag="evidence",
    summary="Download the bytes of a file, by the link that an access was answered with",
    query=schemas_custody.TicketQuery,
    answer=(),
    produces=BINARY,
    ranges=True,
    refusals=(errors.Redacted, errors.NotAgreed, *_STORE),
    names={"id": "evidence", "file": "file"},
)
def get_file_content(call: Call, id: str, file: str) -> Response:
    """Sends the bytes as they came. A `Range` asks for a part. Ask for the link first (`read_file`)."""
    downloads.require_ticket(call)
    file_row = custody.find_bytes(call.viewer, id, file)
    return downloads.send_file(
        call, file_row.key, f"{file_row.id}.bin", sha256=file_row.sha256, size=file_row.size
    )


@endpoint(
    "POST",
    "/v1/evidence/{id}/files/{file}/approval",
    permission="record.publish",
    tag="evidence",
    summary="Approve a public copy that another person added; it becomes public with its item",
    answer=schemas_custody.FileOut,
    refusals=(errors.AlreadyDone, errors.SelfApproval, errors.NotAgreed, errors.NotPublished),
    names={"id": "evidence", "file": "file"},
    again=_get_file,
)
def approve_file(call: Call, id: str, file: str) -> Any:
    """The copy becomes public with its item. Neither its maker nor the submitter of the item may approve it."""
    return custody.approve_copy(call.unit, id, file)
