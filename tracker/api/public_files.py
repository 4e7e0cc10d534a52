"""The public copy of an item for everybody, found by the public side and by nothing else."""

from __future__ import annotations

from flask import Response, request

from tracker.api.http import downloads
from tracker.api.http.endpoint import Call, endpoint
from tracker.domain import errors, files
from tracker.domain.people import PUBLIC
from tracker.files.metadata import ENDINGS
from tracker.http import http_cache
from tracker.http.attachments import BINARY
from tracker.public import public_files, queries


@endpoint(
    "GET",
    "/v1/public/evidence/{id}/file",
    permission=PUBLIC,
    tag="public-evidence",
    summary="Download the public copy of an item, of which its document tells digest, size and media type",
    answer=(),
    produces=BINARY,
    ranges=True,
    refusals=(errors.Withdrawn, errors.Redacted, files.StorageUnavailable, files.FileMissing),
    names={"id": "evidence"},
)
def get_public_file(call: Call, id: str) -> Response:
    """The bytes of the copy that people made for the public. The document of the item has its SHA-256, size and
    media type. A `Range` asks for a part."""
    queries.find_document(call.public, "evidence", id, call.now)  # refuses what was withdrawn or never public
    file = public_files.find_public_file(call.public, id)
    tag = downloads.make_tag(file.sha256)
    carried = http_cache.public_headers(tag)
    if http_cache.is_known_tag(request.headers.get("If-None-Match"), tag):
        return Response(status=304, headers=carried)
    answer = downloads.send_file(
        call, file.key, f"{id}.{ENDINGS[file.media_type]}", sha256=file.sha256, size=file.size
    )
    if answer.status_code < 400:
        answer.headers.update(dict(carried))
    return answer
