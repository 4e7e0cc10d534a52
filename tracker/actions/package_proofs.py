"""What proves a package: for readers who have nothing but its bytes, and the public key of the log from somewhere else.

The digests of the line of custody stand in the internal log, whose root is anchored in the public log, whose checkpoint
is signed. Nothing is opened but what the package is about, and no proof says who acted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, select

from tracker.actions.operations.signing import CannotSign, Keyring
from tracker.database.log_storage import encode_entry
from tracker.domain.custody import VERBS
from tracker.public import log
from tracker.public.log import base64url
from tracker.public.tables import log as public_log
from tracker.store import audit
from tracker.store.audit import TRAIL, Anchor
from tracker.store.custody import CustodyEvent
from tracker.tlog import checkpoint, tree
from tracker.tlog.text import to_base64

#: The files of a package with a line for each event of its custody, and for each public act about the item.
INTERNAL: Final = "proofs/internal.jsonl"
PUBLIC: Final = "proofs/public.jsonl"


@dataclass(frozen=True, slots=True)
class PackageProof:
    """``told``: what `proofs.json` says. ``covered``: how many entries of the internal log are under its anchor."""

    told: dict[str, Any]
    covered: int


def prove_package(connection: Connection, last: CustodyEvent | None, log_key: Path | None) -> PackageProof:
    """What all proofs of a package lead to. ``last``: the newest event of its custody."""
    anchor = _find_anchor(connection)
    signed, named = log.read_served(connection), log.read_log_name(connection)
    proof = {
        "custody": {
            "algorithm": "sha-256",
            "over": "the members of an event but its digest, as JSON in UTF-8, in order, without spaces",
            "events": 0 if last is None else last.number,
            "head": None if last is None else last.digest,
        },
        "internal": {
            "file": INTERNAL,
            "withheld": ["by"],  # a commitment of its own, which is not opened
            "anchor": anchor,
            "why_none": None
            if anchor
            else "no anchor of the internal log stands in the signed public log yet",
        },
        "public": {
            "file": PUBLIC,
            "origin": named and named[1],
            "checkpoint": signed and signed.decode(),
            "vkeys": _list_vkeys(log_key),
            "why_none": None if signed else "the public log has not been signed yet",
        },
    }
    return PackageProof(proof, checkpoint.parse(anchor["checkpoint"]).size if anchor else 0)


def _find_anchor(connection: Connection) -> dict[str, Any] | None:
    """The newest anchor that is under a signature, with what opens it."""
    last = log.last_checkpoint(connection)
    signed = 0 if last is None else last[0].size
    column = Anchor.__table__.c
    row = connection.execute(
        select(Anchor.__table__).where(column.seq <= signed).order_by(column.seq.desc()).limit(1)
    ).first()
    if row is None:
        return None
    return {
        "checkpoint": row.checkpoint,
        "salt": base64url(encode_entry(row.salt)),
        **_list_logged(connection, row.seq - 1),
    }


def _list_logged(connection: Connection, index: int) -> dict[str, Any]:
    """An entry of the public log, and its proof; none where it was not signed yet."""
    [entry] = public_log.entries(connection, index, index + 1)
    proof = log.make_proof(connection, index)
    return {"index": index, "entry": base64url(entry), "proof": proof and proof.data.decode()}


def prove_custody(connection: Connection, item: str, covered: int) -> Iterator[dict[str, Any]]:
    """For each event of the line its entry in the internal log, what opens it, and the way to the anchored root, which
    those have not that came after the anchor."""
    read = TRAIL.reader(connection)
    for row in audit.list_entries_about(connection, item, VERBS):
        index, entry = audit.list_logged(connection, row.id)
        version = json.loads(entry)["v"]
        # An entry of old names in clear who acted. It is in the log, and is not opened.
        has_events = version != 1
        yield {
            "event": row.detail["event"],
            "index": index,
            "entry": base64url(entry),
            "disclosure": base64url(audit.make_disclosure(row)) if has_events else None,
            "salt": base64url(audit.find_opener(row)) if has_events else None,
            "hashes": _find_way(index, covered, read),
        }


def _find_way(index: int, covered: int, read: tree.Read) -> list[str] | None:
    return list(map(to_base64, tree.inclusion_proof(index, covered, read))) if index < covered else None


def prove_events(connection: Connection, item: str) -> Iterator[dict[str, Any]]:
    """For each public act about an item, its verification included: its entry, what opens it while something does,
    and its proof once it was signed."""
    for act in log.list_entries_about(connection, item):
        yield {
            **_list_logged(connection, act.seq - 1),
            "disclosure": None if act.salt is None else base64url(act.body),
            "salt": None if act.salt is None else base64url(act.salt),
        }


def _list_vkeys(path: Path | None) -> list[str]:
    """The public keys of the log, newest last; none where this process was not given them."""
    try:
        return [] if path is None else [key.public.vkey for key in Keyring.read(path).signers]
    except CannotSign:
        return []
