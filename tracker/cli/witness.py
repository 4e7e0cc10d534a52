"""Asking a witness to cosign: it remembers the log, and signs only what grew from what it saw.

Source: C2SP tlog-witness.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.request import Request

from sqlalchemy import Connection

from tracker.actions.operations import signing
from tracker.cli.application_context import ApplicationContext
from tracker.public import log
from tracker.public.tables import log as public_log
from tracker.tlog import note, tree
from tracker.tlog.fetching import opener, require_web
from tracker.tlog.keys import PublicKey
from tracker.tlog.text import to_base64

_PATIENCE: Final = 10
_MOST: Final = 65_536


class WitnessRefused(Exception):
    """The witness did not sign, and why. The message is ours, or names its HTTP status."""


def push_checkpoint(at: ApplicationContext, url: str, witness: PublicKey) -> int:
    """Have the newest checkpoint signed, unless it is already, and keep the cosignature. Returns its size. Raises
    `WitnessRefused`, `TlogError`."""
    try:
        require_web(url)
    except ValueError as error:
        raise WitnessRefused(str(error)) from None
    with at.reading() as unit:
        checkpoint = log.last_checkpoint(unit.connection)
        if checkpoint is None:
            raise WitnessRefused("nothing is signed yet")
        newest, signed = checkpoint
        seen = log.list_cosignatures(unit.connection, witness.name)
        if seen == newest.size:
            return seen
        status, answer = _send_request(url, _make_request(unit.connection, seen, newest.size, signed))
        if status == 409:
            seen = _read_size(answer)
            if seen > newest.size:
                raise WitnessRefused(
                    f"it has seen this log with {seen} entries, and here it has {newest.size}"
                )
            status, answer = _send_request(url, _make_request(unit.connection, seen, newest.size, signed))
    if status != 200:
        raise WitnessRefused(f"its answer was {status}{_MEANING.get(status, '')}")
    lines = note.parse(signed + answer)
    cosigned = note.open_note(lines.data, [witness])
    if witness not in cosigned.signers:
        raise WitnessRefused("its answer holds no signature of its own")
    line = next(one.line for one in lines.signatures if (one.name, one.id) == (witness.name, witness.id))
    with at.unit() as unit:
        signing.keep_cosignature(unit, newest.size, witness.name, line)
    return newest.size


_MEANING: Final = {
    403: ": it does not know the key of this log",
    404: ": it does not know this log",
    422: ": what it saw before is not the beginning of this log",
}


def _make_request(connection: Connection, seen: int, size: int, signed: bytes) -> bytes:
    def read(level: int, n: int) -> bytes:
        return public_log.read(connection, level, n)

    proof = "".join(to_base64(one) + "\n" for one in tree.consistency_proof(seen, size, read))
    return f"old {seen}\n{proof}\n".encode() + signed


def _send_request(url: str, body: bytes) -> tuple[int, bytes]:
    request = Request(url.rstrip("/") + "/add-checkpoint", body, method="POST")  # noqa: S310  # https, or http here: asked before
    try:
        with opener().open(request, timeout=_PATIENCE) as answer:
            return answer.status, answer.read(_MOST)
    except HTTPError as error:
        with error:
            return error.code, error.read(_MOST)
    except (URLError, OSError) as error:
        raise WitnessRefused(f"it cannot be asked ({type(error).__name__})") from None


def _read_size(answer: bytes) -> int:
    match = re.fullmatch(rb"(0|[1-9][0-9]{0,17})\n?", answer)
    if match is None:
        raise WitnessRefused("it has seen another size of this log, and does not say which")
    return int(match[1])
