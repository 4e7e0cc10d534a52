"""Who cosigns the checkpoints of a log, as its operator writes it down."""

from __future__ import annotations

from tracker.tlog.fetching import require_web
from tracker.tlog.keys import PublicKey, parse_vkey


def parse_witnesses(given: str) -> tuple[tuple[str, PublicKey], ...]:
    """The address and the public key of each: ``URL KEY``, and after a comma the next. Raises ValueError for an address
    that is not https, or http on this machine, and `Malformed` for a key."""
    witnesses = []
    for pair in filter(None, map(str.strip, given.split(","))):
        url, _, vkey = pair.partition(" ")
        require_web(url)
        witnesses.append((url, parse_vkey(vkey.strip())))
    return tuple(witnesses)
