"""The public log: an entry for each public act, in the same order, and the checkpoints that were signed over it.

An entry holds codes, opaque ids, the instant of publication, and a salted commitment to the text of the act; that text
and its salt stand beside it, and are what a redaction destroys. Its index is the place of the act less one.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, func, insert, select, text

from tracker.database.log_storage import encode_entry, in_batches, make_tables
from tracker.database.prepared import Prepared
from tracker.domain.canonical import encode_json
from tracker.public.redaction import find_cause
from tracker.public.tables import REDACTED, checkpoint, cosignature, event, log, log_name, mention, succession
from tracker.tlog import note, tree
from tracker.tlog.checkpoint import Checkpoint, parse
from tracker.tlog.commitment import commit
from tracker.tlog.proof import Proof

ANCHOR: Final = "internal.anchor"
ROTATION: Final = "key.rotated"
SUCCESSION: Final = "log.succeeded"
REDACTION: Final = "record.redacted"
_OF_CHANGE: Final = ("assessor", "track", "from", "to")

_ACTS: Final = (
    select(event.c.seq, event.c.subject_id, event.c.body, event.c.salt)
    .where(event.c.seq > bindparam("after"))
    .order_by(event.c.seq)
)
_OF_SUBJECT: Final = _ACTS.where(event.c.subject_id == bindparam("subject"))
_NEW: Final = in_batches(_ACTS)
_LAST: Final = Prepared(select(func.max(event.c.seq)))
_BEFORE: Final = Prepared(
    select(func.max(event.c.seq)).where(
        event.c.subject_id == bindparam("subject"), event.c.seq < bindparam("seq")
    )
)
_OF: Final = Prepared(select(func.min(mention.c.seq)).where(mention.c.thing_id == bindparam("change")))


@dataclass(frozen=True, slots=True)
class Act:
    """A public act as the log takes it: its place, what it is about, its text, and the salt of its commitment."""

    seq: int
    subject: str | None
    body: bytes
    salt: bytes | None


class OutOfOrder(RuntimeError):
    """The places of public acts have a gap: somebody has been in the database by another way."""


def extend_log(connection: Connection) -> None:
    """Add what is not in the log yet: called by the transaction that wrote it, before it commits.

    Raises `OutOfOrder` where acts are missing that the log has: nothing more is written until somebody has looked.
    """
    size = log.size(connection)
    missing = _list_missing(connection, size)
    first = next(missing, None)
    if first is not None:
        log.append(connection, size, chain([first], missing))
    elif (last := _LAST.value(connection) or 0) < size:
        raise OutOfOrder(f"the log has {size} entries, and the last public act is {last}")


def _list_missing(connection: Connection, size: int) -> Iterator[bytes]:
    for act in read_events(connection, size):
        size += 1
        if act.seq != size:
            raise OutOfOrder(f"the public act {size} is missing")
        before = None
        if act.subject is not None:
            before = _BEFORE.value(connection, subject=act.subject, seq=act.seq)
        yield find_entry(act, before, partial(place, connection))


def read_events(connection: Connection, after: int = 0) -> Iterator[Act]:
    """Every public act after this place, oldest first, as the log takes it."""
    for seq, subject, body, salt in make_tables(connection, _NEW, after):
        yield Act(seq, subject, encode_entry(body), salt and encode_entry(salt))


def list_entries_about(connection: Connection, subject: str) -> Iterator[Act]:
    """Every public act about a thing, oldest first."""
    after = 0
    while rows := connection.execute(_OF_SUBJECT, {"after": after, "subject": subject}).all():
        yield from (
            Act(seq, whose, encode_entry(body), salt and encode_entry(salt))
            for seq, whose, body, salt in rows
        )
        after = rows[-1].seq


def find_entry(act: Act, before: int | None, place: Callable[[str], int | None]) -> bytes:
    """The bytes of the entry of an act: canonical JSON (RFC 8785), which this is for ASCII and small numbers.

    ``before`` is the place of the previous act about the same thing; ``place`` finds that of a status change. Raises
    ValueError where nothing is left to commit to.
    """
    body = json.loads(act.body)
    members: dict[str, Any] = {
        "v": 1,
        "kind": body["kind"],
        "at": body["at"],
        "prev": -1 if before is None else before - 1,
        "commit": body["commit"] if body["kind"] == ANCHOR else commit(act.salt or b"", act.body),
    }
    if act.subject is not None:
        members["subject"] = act.subject
    return encode_json(members | _clear_of(body, place))


def _clear_of(act: Mapping[str, Any], place: Callable[[str], int | None]) -> dict[str, Any]:
    """What is said in clear: who answered what, which change it corrects or replies to; what was
    emptied, and why."""
    if "change" in act:
        change = act["change"]
        members = {name: change[name] for name in _OF_CHANGE}
        if named := change["corrects"] or change.get("replies_to"):
            members["ref"] = (place(named) or 0) - 1
        return members
    if "basis" in act:
        whose = {"assessor": act["assessor"], "track": act["track"]}
        return {**whose, "from": act["was"], "to": act["basis"]}
    if act["kind"] == REDACTION:
        return {"reason": find_cause(act["reason"]), "refs": act["refs"]}
    return {}


def place(connection: Connection, change: str) -> int | None:
    """The place of the public act that made a status change; None where there is none."""
    seq: int | None = _OF.value(connection, change=change)
    return seq


def last_checkpoint(connection: Connection) -> tuple[Checkpoint, bytes] | None:
    """The newest checkpoint with its note as it was signed; None before the first."""
    return _parse_note(connection, select(checkpoint).order_by(checkpoint.c.size.desc()))


def find_covering_checkpoint(connection: Connection, size: int) -> tuple[Checkpoint, bytes] | None:
    """The first checkpoint of a log of this size or more."""
    at_least = select(checkpoint).where(checkpoint.c.size >= size)
    return _parse_note(connection, at_least.order_by(checkpoint.c.size))


def _parse_note(connection: Connection, query: Select[Any]) -> tuple[Checkpoint, bytes] | None:
    row = connection.execute(query.limit(1)).first()
    if row is None:
        return None
    signed = row.note.encode()
    return parse(note.parse(signed).text), signed


def list_cosignatures(connection: Connection, name: str) -> int:
    """The size of this log, and of none before it, that this witness signed last; 0 where it has signed none."""
    of_others = select(func.coalesce(func.max(succession.c.kept), 0)).scalar_subquery()
    query = select(func.max(cosignature.c.size)).where(
        cosignature.c.name == name, cosignature.c.size > of_others
    )
    return connection.scalar(query) or 0


_VERIFIED: Final = Prepared(
    select(event.c.seq, event.c.kind, event.c.body, event.c.salt, log.entry.c.entry)
    .join(log.entry, log.entry.c.idx == event.c.seq - 1)
    .where(event.c.seq.in_(bindparam("seqs", expanding=True)))
)


def make_verifications(connection: Connection, shown: Mapping[int, bool]) -> dict[int, dict[str, Any]]:
    """What verifies public acts, by their places: index, entry and, while they may be shown, the text and salt that
    open it. ``shown`` says of each place whether everybody may read the act.

    Shape: ``{"log": {"origin", "index"}, "entry", "disclosure", "salt", "redacted_by"}``; entry, text and salt are
    base64url without padding, ``redacted_by`` is the index of the redaction that destroyed text and salt.
    """
    rows = _VERIFIED.rows(connection, seqs=shown)
    emptied = {row.seq - 1 for row in rows if row.salt is None and row.kind != ANCHOR}
    redactions = _find_redactions(connection, emptied) if emptied else {}
    named = read_log_name(connection)
    verifications = {}
    for seq, _kind, body, salt, logged in rows:
        opened = shown[seq] and salt is not None
        verifications[seq] = {
            "log": {"origin": named and named[1], "index": seq - 1},
            "entry": base64url(encode_entry(logged)),
            "disclosure": base64url(encode_entry(body)) if opened else None,
            "salt": base64url(encode_entry(salt)) if opened else None,
            "redacted_by": redactions.get(seq - 1),
        }
    return verifications


_REDACTIONS: Final = (
    select(event.c.seq, event.c.body)
    .where(text(REDACTED), event.c.seq > bindparam("index"))
    .order_by(event.c.seq)
)


def _find_redactions(connection: Connection, emptied: set[int]) -> dict[int, int]:
    """For each of these entries the one of the redaction that emptied it."""
    redactions: dict[int, int] = {}
    for seq, body in connection.execute(_REDACTIONS, {"index": min(emptied)}):
        for index in emptied.intersection(json.loads(body)["refs"]):
            redactions.setdefault(index, int(seq) - 1)
    return redactions


def base64url(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def read_served(connection: Connection) -> bytes | None:
    """The newest note, with what witnesses have signed of it."""
    last = last_checkpoint(connection)
    if last is None:
        return None
    lines = select(cosignature.c.line).where(cosignature.c.size == last[0].size).order_by(cosignature.c.name)
    return last[1] + "".join(connection.scalars(lines)).encode()


def make_proof(connection: Connection, index: int) -> Proof | None:
    """That this entry is in the log as it was last signed; None where it was not signed yet."""
    last, signed = last_checkpoint(connection), read_served(connection)
    if last is None or signed is None or index >= last[0].size:
        return None
    return Proof(index, tree.inclusion_proof(index, last[0].size, log.reader(connection)), signed)


def keep_checkpoint(connection: Connection, at: Checkpoint, signed: bytes) -> None:
    """Store a checkpoint with its note. It speaks of what is committed, and is public from now on."""
    connection.execute(insert(checkpoint).values(size=at.size, root=at.root, note=signed.decode()))


def keep_cosignature(connection: Connection, size: int, name: str, line: str) -> None:
    """Store what a witness signed; what it signed before stays."""
    known = select(cosignature.c.name).where(cosignature.c.size == size, cosignature.c.name == name)
    if connection.scalar(known) is None:
        connection.execute(insert(cosignature).values(size=size, name=name, line=line))


def read_log_name(connection: Connection) -> tuple[str, str] | None:
    """The random name of this database, and the origin of its log, of the last where one was closed; None before
    `tracker log init`."""
    closed = select(succession.c.origin)
    row = connection.execute(
        select(log_name.c.database, log_name.c.origin).where(log_name.c.origin.not_in(closed))
    ).first()
    return None if row is None else (row.database, row.origin)


def name_log(connection: Connection, database: str, origin: str) -> None:
    connection.execute(insert(log_name).values(database=database, origin=origin))
