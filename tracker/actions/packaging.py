"""An item of evidence as a package for a court or an archive: all that the record says of it, and its bytes.

What is sealed is not in it: the sender's name for a file, and whatever else only custodians read. Nor is anybody who
acted: the desk and organizations are named, people are not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from tracker.actions import custody as acts
from tracker.actions import own
from tracker.domain.people import Actor
from tracker.files.bag import Packed, bag
from tracker.files.files import Files
from tracker.public.events import encode
from tracker.schemas.answers import EvidenceOut
from tracker.schemas.custody import CustodyOut, FileOut
from tracker.schemas.own import OwnStatusChangeOut
from tracker.store import custody as kept
from tracker.store import statuses
from tracker.store.custody import CustodyEvent
from tracker.store.evidence import Evidence

_INFORMATION: Final = {
    "External-Description": "An item of evidence with its files, its custody, and how it was verified",
    "Bag-Software-Agent": acts.SOFTWARE,
}


def package(session: Session, by: Actor, files: Files, id: str, now: datetime) -> Iterator[bytes]:
    """The bytes of the package. ``session`` reads one state of the record. `FileMissing` cuts it off where a file is
    not what was recorded; without its directory it is no ZIP."""
    by.require("evidence.export")
    item: Evidence = own.read(session, by, id, "evidence")
    return bag(
        item.id, _contents(session, files, item), {**_INFORMATION, "External-Identifier": item.id}, now
    )


def _contents(session: Session, files: Files, item: Evidence) -> Iterator[Packed]:
    rows, line = kept.files(session, item.id), kept.events(session, item.id)
    yield _told("evidence.json", EvidenceOut().dump(item))
    yield _told("files.json", FileOut(many=True).dump(rows))
    yield _told("custody.json", CustodyOut(many=True).dump([acts.told(one) for one in line]))
    changes = statuses.approved(session, item.id, "verification")
    yield _told("verification.json", OwnStatusChangeOut(many=True).dump(changes))
    yield _told("proofs.json", proofs(line))
    for row in (one for one in rows if one.destroyed_at is None):
        yield Packed(f"files/{row.id}", files.open(row.key), row.sha256)


def proofs(line: list[CustodyEvent]) -> dict[str, Any]:
    """What proves the package. Here a log adds the entries that hold these digests, and their proofs."""
    return {
        "custody": {
            "algorithm": "sha-256",
            "over": "the members of an event but its digest, as JSON in UTF-8, in order, without spaces",
            "events": len(line),
            "head": line[-1].digest if line else None,
        }
    }


def _told(name: str, value: object) -> Packed:
    text = encode(value)
    return Packed(name, [text], hashlib.sha256(text).hexdigest())
