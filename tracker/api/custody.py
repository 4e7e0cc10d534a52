"""The custody of evidence: what happened to each item, and the package that hands it over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response

from tracker.actions import consent, custody, custody_events, evidence_packages
from tracker.actions.support import lookup
from tracker.api.http import downloads
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.paging import PageQuery, make_page_schema, read_page
from tracker.domain import errors, files
from tracker.files.files import Files
from tracker.http.attachments import BINARY, make_attachment, require_store
from tracker.schemas import custody as schemas_custody
from tracker.store.custody import CustodyEvent
from tracker.store.database import open_snapshot
from tracker.store.viewer import Viewer


@endpoint(
    "GET",
    "/v1/evidence/{id}/custody",
    permission="record.read_own",
    tag="evidence",
    summary="List what happened to an item and its files, oldest first",
    query=PageQuery,
    answer=make_page_schema(schemas_custody.CustodyOut, "CustodyPage"),
    own=make_page_schema(schemas_custody.OwnCustodyOut, "OwnCustodyPage"),
    names={"id": "evidence"},
)
def list_custody(call: Call, id: str) -> Any:
    """Each event has a type of PREMIS, its time, its outcome and the side that acted, never a person. The owner of
    an item does not see what concerns only the desk."""
    lookup.get(call.viewer, id, "evidence")
    rows = custody.select_events(call.viewer, id)
    page = read_page(call, rows, CustodyEvent.number)
    return {**page, "items": [custody_events.list_told_events(one) for one in page["items"]]}


@endpoint(
    "POST",
    "/v1/evidence/{id}/package",
    permission="evidence.export",
    tag="evidence",
    summary="Record to whom you hand an item over; the answer links to the package, for the same key and ten minutes",
    body=schemas_custody.TransferIn,
    answer=schemas_custody.TransferOut,
    refusals=(errors.NotAgreed,),
    names={"id": "evidence"},
)
def hand_over(call: Call, id: str) -> Any:
    """Records who receives the item, as an event of its custody. The answer has the link to the package; the same
    key may use it for ten minutes."""
    custody.hand_over(call.unit, id, call.body["recipient"])
    return downloads.make_ticket(call, f"/v1/evidence/{id}/package")


@endpoint(
    "GET",
    "/v1/evidence/{id}/package",
    permission="evidence.export",
    tag="evidence",
    summary="Download an item with its files, custody and history as a BagIt bag in a ZIP, by the link that was given",
    query=schemas_custody.TicketQuery,
    answer=(),
    produces=BINARY,
    refusals=(errors.NotAgreed, files.StorageUnavailable),
    names={"id": "evidence"},
)
def get_package(call: Call, id: str) -> Response:
    """A ZIP with the files as they came, their digests, the custody, the verification, and proofs from the log. Ask
    for the link first (`hand_over`)."""
    downloads.require_ticket(call)
    consent.require_standing_consent(call.session, lookup.get(call.viewer, id, "evidence"))
    return make_attachment(_send_package(call, id, require_store(call.context)), f"{id}.zip")


def _send_package(call: Call, id: str, store: Files) -> Iterator[bytes]:
    """Read while it is being sent, in a session of its own: that of the request is closed by then."""
    with open_snapshot(call.context.engine) as session:
        key = call.context.settings.log_key
        yield from evidence_packages.build_package(Viewer(session, call.by), store, id, call.now, key)
