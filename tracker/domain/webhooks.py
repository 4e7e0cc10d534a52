"""Webhooks: what a subscription asks for, when a delivery is tried again, and how a message is signed.

The signature is that of Standard Webhooks; the body is a CloudEvent that names things and says nothing of them.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

#: ``new``: no test was taken yet. ``stopped``: by an admin. ``ended``: by its receiver, who answered 410 Gone.
STATES: Final = ("new", "active", "stopped", "ended")
#: Why nothing was taken. ``page``: the answer was a web page, which no receiver sends; ``status``: it was not 2xx;
#: ``withheld``: it may not be sent any more.
FAULTS: Final = ("address", "page", "status", "timeout", "tls", "unreachable", "withheld")

#: Until a message is tried again after it failed for the first, second … time. After the last it is parked.
DELAYS: Final = (
    *(timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30)),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
#: Failed so often in a row, a receiver is worth a warning: two hours have passed.
WARN: Final = 4
#: The longest that a receiver may ask to wait.
_LONGEST: Final = DELAYS[-1]
#: How long the secret before the present one still signs.
ROTATION: Final = timedelta(hours=24)
#: How long admins are told that a receiver ended its subscription: one that is set up wrongly does so, too.
ENDING_TOLD: Final = timedelta(days=7)
#: How long it is remembered what was delivered; how many messages wait for one receiver; how many are replayed at once.
REMEMBERED: Final = timedelta(days=30)
WAITING: Final = 1000
REPLAYED: Final = 1000
#: The longest address of a receiver; bytes of a secret.
ADDRESS: Final = 500
SECRET_BYTES: Final = 32
_PREFIX: Final = "whsec_"


def wants(act: Mapping[str, Any], process: str | None, kinds: Sequence[str], tracks: Sequence[str]) -> bool:
    """Whether a subscription asks for a public act."""
    if process is not None and act.get("process") != process:
        return False
    if act["kind"] not in kinds if kinds else act.get("subject") is None:
        return False
    return not tracks or find_track(act) in tracks


def find_track(act: Mapping[str, Any]) -> str | None:
    """The track that a public act is about."""
    change = act.get("change")
    track = change.get("track") if isinstance(change, Mapping) else act.get("track")
    return track if isinstance(track, str) else None


def find_retry(failures: int, now: datetime, asked: int | None, lot: float) -> datetime | None:
    """When a message is tried again that failed so often; None where it is parked. ``asked``: the seconds that its
    receiver wants to be left alone; ``lot``: 0 to 1, so that many receivers are not tried at one moment."""
    if failures > len(DELAYS):
        return None
    wait = DELAYS[failures - 1] * (1 + lot / 10)
    return now + max(wait, min(timedelta(seconds=asked or 0), _LONGEST))


def write_secret(random: bytes) -> str:
    return _PREFIX + base64.b64encode(random).decode()


def sign_message(secrets: Sequence[str], id: str, now: datetime, body: bytes) -> dict[str, str]:
    """The headers of a message, by which its receiver knows whose it is. With two secrets either verifies it."""
    stamp = str(int(now.timestamp()))
    signed = f"{id}.{stamp}.".encode() + body
    keys = (base64.b64decode(secret.removeprefix(_PREFIX)) for secret in secrets)
    signatures = (base64.b64encode(hmac.digest(key, signed, "sha256")).decode() for key in keys)
    return {
        "Content-Type": "application/cloudevents+json",
        "User-Agent": "accountability-tracker",
        "webhook-id": id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{one}" for one in signatures),
    }
