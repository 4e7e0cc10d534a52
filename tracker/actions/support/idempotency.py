"""A request is acted on once, however often it is sent.

The row is first written alone, so that a second sender sees that the first is being worked on. The transaction of the
act then stores the answer, so act and answer are there both or neither. Who dies in between leaves the row without an
answer; after `LEASE` a repetition takes the work over, and whoever comes back late can no longer store an answer, so
what they did is undone.

These rows leave no audit entry: they are the wire's memory of a day, no part of the record, and the act has its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.orm import Session

from tracker.actions.support import lookup
from tracker.actions.support.unit import Unit, open_unit
from tracker.domain.errors import IdempotencyKeyReused, InFlight
from tracker.domain.people import Actor
from tracker.store import idempotency
from tracker.store.viewer import Viewer

#: How long an answer is kept, and how long it is believed that somebody is still working on one.
KEPT: Final = timedelta(hours=24)
LEASE: Final = timedelta(seconds=60)
_NONCE: Final = 12


@dataclass(frozen=True, slots=True)
class RequestKey:
    """One request under one key of one caller, as far as the database may know it, and what seals its answer."""

    digest: bytes
    fingerprint: bytes
    claim: bytes
    _seal: bytes = field(repr=False)


def make_request_key(
    key: str, caller: str, request: bytes, secret: str, entropy: Callable[[int], bytes]
) -> RequestKey:
    """``caller`` is an id; ``request`` is all that makes a request the same; ``secret`` is the server's own."""
    material = f"{caller}\0{key}".encode()
    told = hashlib.sha256(request).digest()

    def derived(purpose: bytes) -> bytes:
        return HKDF(SHA256(), 32, secret.encode(), b"tracker idempotency " + purpose).derive(material)

    return RequestKey(
        digest=derived(b"digest"),
        fingerprint=derived(b"fingerprint " + told),
        claim=entropy(16),
        _seal=derived(b"seal " + told),
    )


def begin_request(
    session: Session, by: Actor, now: datetime, entropy: Callable[[int], bytes], asked: RequestKey
) -> bytes | None:
    """What was answered before; None where it is for the caller to act now.

    Raises `IdempotencyKeyReused` for another request under the key, `InFlight` while the first is being worked on, and
    `NotFound` where the caller may not know any more of what it was about.
    """
    found = idempotency.find_request(session, asked.digest)
    if found is None or _is_over(found, now):
        with open_unit(session, by, now, entropy, whatever_standing=True) as opened:
            found = idempotency.find_request(opened.session, asked.digest)  # somebody may have been faster
            if found is None or _is_over(found, now):
                idempotency.claim_request(opened.session, asked.digest, asked.fingerprint, asked.claim, now)
                return None
    if found.fingerprint != asked.fingerprint:
        raise IdempotencyKeyReused(
            "this Idempotency-Key stands for another request; make a new one for a new act"
        )
    if found.answer is None:
        left = found.began_at + LEASE - now
        raise InFlight(
            "the first request with this Idempotency-Key is being worked on",
            wait=min(2, max(1, int(left.total_seconds()))),
        )
    lookup.require_known(Viewer(session, by), found.thing_id, gone=found.answer == idempotency.GONE)
    nonce, sealed = found.answer[:_NONCE], found.answer[_NONCE:]
    return AESGCM(asked._seal).decrypt(nonce, sealed, asked.digest)


def keep_answer(unit: Unit, asked: RequestKey, answer: bytes, about: str | None = None) -> None:
    """Store the answer in the transaction of the act. `InFlight` where another has taken the work over meanwhile."""
    nonce = unit.entropy(_NONCE)
    sealed = nonce + AESGCM(asked._seal).encrypt(nonce, answer, asked.digest)
    if not idempotency.keep_answer(unit.session, asked.digest, asked.claim, sealed, about):
        raise InFlight("this took so long that a repetition of it has taken over", wait=2)


def give_up_request(
    session: Session, by: Actor, now: datetime, entropy: Callable[[int], bytes], asked: RequestKey
) -> None:
    """Nothing was done: the same key may be sent again at once, with a request that was mended."""
    with open_unit(session, by, now, entropy, whatever_standing=True) as opened:
        idempotency.forget_request(opened.session, asked.digest, asked.claim)


def sweep_requests(unit: Unit) -> None:
    """Forget what is older than a day. Every write does it; there is rarely anything to do."""
    idempotency.sweep_requests(unit.session, unit.now - KEPT)


def _is_over(found: Any, now: datetime) -> bool:
    """Whether the row counts for nothing any more: too old, or left behind by somebody who died."""
    age: timedelta = now - found.began_at
    return age >= KEPT or (found.answer is None and age >= LEASE)
