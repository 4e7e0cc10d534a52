"""A request is acted on once, however often it is sent.

The row is first written alone, so that a second sender sees that the first is being worked on. The transaction of the
act then stores the status of the answer and the id of what was made, so act and outcome are there both or neither. A
repetition reads the answer again, as far as its sender may see it now. Who dies in between leaves the row without an
outcome; after `LEASE` a repetition takes the work over, and a request that comes back late can no longer store one,
so what it did is undone.

These rows leave no audit entry: they are the wire's memory of a day, no part of the record, and the act has its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.orm import Session

from tracker.actions.support.unit import Unit, open_unit
from tracker.domain.people import Actor
from tracker.domain.sentences import sentence
from tracker.domain.service_errors import IdempotencyKeyReused, InFlight
from tracker.store import idempotency

#: How long an outcome is kept, and how long it is believed that somebody is still working on one.
KEPT: Final = timedelta(hours=24)
LEASE: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class RequestKey:
    """One request under one key of one caller, as far as the database may know it."""

    digest: bytes
    fingerprint: bytes
    claim: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request: the status of its answer, and the id of what it made where its address names another
    thing, or none."""

    status: int
    made: str | None


def make_request_key(
    key: str, caller: str, request: bytes, secret: str, entropy: Callable[[int], bytes]
) -> RequestKey:
    """``caller`` is an id; ``request`` is all that makes a request the same; ``secret`` is the server's own."""
    material = f"{caller}\0{key}".encode()

    def derived(purpose: bytes) -> bytes:
        return HKDF(SHA256(), 32, secret.encode(), b"tracker idempotency " + purpose).derive(material)

    fingerprint = derived(b"fingerprint " + hashlib.sha256(request).digest())
    return RequestKey(derived(b"digest"), fingerprint, claim=entropy(16))


def begin_request(
    session: Session, by: Actor, now: datetime, entropy: Callable[[int], bytes], asked: RequestKey
) -> Outcome | None:
    """What became of it before; None where it is for the caller to act now.

    Raises `IdempotencyKeyReused` for another request under the key, and `InFlight` while the first is being worked on.
    """
    row = idempotency.find_request(session, asked.digest)
    if row is None or _is_over(row, now):
        with open_unit(session, by, now, entropy, whatever_standing=True) as opened:
            row = idempotency.find_request(opened.session, asked.digest)  # somebody may have been faster
            if row is None or _is_over(row, now):
                idempotency.claim_request(opened.session, asked.digest, asked.fingerprint, asked.claim, now)
                return None
    if row.fingerprint != asked.fingerprint:
        raise IdempotencyKeyReused(
            sentence("this Idempotency-Key stands for another request; make a new one for a new act")
        )
    if row.status is None:
        left = row.began_at + LEASE - now
        raise InFlight(
            sentence("the first request with this Idempotency-Key is being worked on"),
            wait=min(2, max(1, int(left.total_seconds()))),
        )
    return Outcome(row.status, row.made)


def keep_outcome(unit: Unit, asked: RequestKey, outcome: Outcome) -> None:
    """Store what became of it in the transaction of the act. `InFlight` where another has taken the work over."""
    if not idempotency.keep_outcome(unit.session, asked.digest, asked.claim, outcome.status, outcome.made):
        raise InFlight(sentence("this took so long that a repetition of it has taken over"), wait=2)


def give_up_request(
    session: Session, by: Actor, now: datetime, entropy: Callable[[int], bytes], asked: RequestKey
) -> None:
    """Nothing was done: the same key may be sent again at once, with a request that was mended."""
    with open_unit(session, by, now, entropy, whatever_standing=True) as opened:
        idempotency.forget_request(opened.session, asked.digest, asked.claim)


def sweep_requests(unit: Unit) -> None:
    """Forget what is older than a day. Every write does it; there is rarely anything to do."""
    idempotency.sweep_requests(unit.session, unit.now - KEPT)


def _is_over(row: Any, now: datetime) -> bool:
    """Whether the row counts for nothing any more: too old, or left behind by somebody who died."""
    age: timedelta = now - row.began_at
    return age >= KEPT or (row.status is None and age >= LEASE)
