"""An item of evidence as a package for a court or an archive: all that the record says of it, its bytes, its proofs.

What is sealed is not in it: the sender's name for a file, and whatever else only custodians read. Nor is anybody who
acted: the desk and organizations are named, people are not. Of other items only those that are public are named.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from tracker.actions import custody_events, package_proofs
from tracker.actions.support import lookup
from tracker.domain.canonical import encode_json
from tracker.files.bag import Packed, bag
from tracker.files.files import Files
from tracker.schemas.custody import CustodyOut, FileOut
from tracker.schemas.evidence import EvidenceOut
from tracker.schemas.statuses import HandedStatusChangeOut
from tracker.store import custody as store_custody
from tracker.store import statuses
from tracker.store.database import core_connection
from tracker.store.evidence import Evidence
from tracker.store.statuses import StatusChange
from tracker.store.viewer import Viewer

_INFORMATION: Final = {
    "External-Description": "An item of evidence with its files, its custody, and how it was verified",
    "Bag-Software-Agent": custody_events.SOFTWARE,
}


def build_package(
    viewer: Viewer, files: Files, id: str, now: datetime, log_key: Path | None
) -> Iterator[bytes]:
    """The bytes of the package. Its session reads one state of the record. ``log_key``: the file with the key of the
    public log, of which the package names the public half. `FileMissing` cuts it off where a file is not what was
    recorded; without its directory it is no ZIP."""
    viewer.by.require("evidence.export")
    item: Evidence = lookup.get(viewer, id, "evidence")
    info = {**_INFORMATION, "External-Identifier": item.id}
    return bag(item.id, _list_contents(viewer.session, files, item, log_key), info, now)


def _list_contents(session: Session, files: Files, item: Evidence, log_key: Path | None) -> Iterator[Packed]:
    rows, line = store_custody.list_files(session, item.id), store_custody.list_events(session, item.id)
    yield _describe_event("evidence.json", EvidenceOut().dump(item))
    yield _describe_event("files.json", FileOut(many=True).dump(rows))
    yield _describe_event(
        "custody.json", CustodyOut(many=True).dump([custody_events.list_told_events(one) for one in line])
    )
    yield _describe_event(
        "verification.json", HandedStatusChangeOut(many=True).dump(_describe_review(session, item))
    )
    connection = core_connection(session)
    proven = package_proofs.prove_package(connection, line[-1] if line else None, log_key)
    yield _describe_event("proofs.json", proven.told)
    yield Packed(
        package_proofs.INTERNAL,
        map(_describe_line, package_proofs.prove_custody(connection, item.id, proven.covered)),
    )
    yield Packed(package_proofs.PUBLIC, map(_describe_line, package_proofs.prove_events(connection, item.id)))
    for row in (one for one in rows if one.destroyed_at is None):
        yield Packed(f"files/{row.id}", files.open(row.key), row.sha256)


def _describe_review(session: Session, item: Evidence) -> list[StatusChange]:
    """How it was verified, with citations of what is public."""
    changes = statuses.list_approved(session, item.id, "verification")
    for change in changes:
        # What is read is narrowed; nothing is to be written.
        cited = [one for one in change.citations if one.evidence.published_at is not None]
        set_committed_value(change, "citations", cited)
    return changes


def _describe_event(name: str, value: object) -> Packed:
    return Packed(name, [encode_json(value)])


def _describe_line(value: object) -> bytes:
    return encode_json(value) + b"\n"
