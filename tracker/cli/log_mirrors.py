"""Copies of the log that others have, held against the database: what was signed, whatever this machine remembers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from tracker.actions.operations.signing import CannotSign, Keyring
from tracker.public import log
from tracker.public.tables import log as public_log
from tracker.tlog.checkpoint import Checkpoint
from tracker.tlog.errors import Malformed, NotServed, Unreachable, WrongLog
from tracker.tlog.fetching import source
from tracker.tlog.verify import verify


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a mirror has: its last checkpoint, how many of its entries the database has too, and those it lacks."""

    mirror: Checkpoint
    same: int
    missing: tuple[bytes, ...]

    def list_lines(self) -> Iterator[str]:
        """What to tell a person."""
        if not self.missing:
            yield f"the mirror has {self.mirror.size} entries, and all of them are here"
            return
        yield f"the mirror has {self.mirror.size} entries; the first {self.same} are here, these are not:"
        for index, entry in enumerate(self.missing, self.same):
            yield describe_entry(index, entry)


def describe_entry(index: int, entry: bytes) -> str:
    """An entry in one line: when, what, about what, and the answer that it gave."""
    event = json.loads(entry)
    answer = f" {event['track']}: {event['from']} -> {event['to']}" if "track" in event else ""
    return f"  {index}  {event['at']}  {event['kind']}  {event.get('subject', '-')}{answer}"


def compare_mirror(connection: Connection, keyring: Keyring, address: str) -> Comparison:
    """Verify a copy of the log by the keys of its keyring, and hold it against the database. Raises `CannotSign` where
    it cannot be read, or is not this log."""
    try:
        fetch = source(address)
        done = verify(fetch, keyring.signers[0].public)
        missing: list[bytes] = []
        same = 0
        own = public_log.all(connection)
        for entry in done.entries(fetch):
            _index, ours = next(own, (0, None))
            if not missing and ours == entry:
                same += 1
            else:
                missing.append(entry)
    except (WrongLog, Malformed) as error:
        raise CannotSign(f"{address} is no copy of {keyring.origin}: {error}") from None
    except (NotServed, Unreachable, ValueError) as error:
        raise CannotSign(f"{address} cannot be read: {error}") from None
    return Comparison(done.checkpoint, same, tuple(missing))


def ask_mirrors(connection: Connection, keyring: Keyring, addresses: Sequence[str]) -> list[Checkpoint]:
    """What each of these copies was signed for last. `CannotSign` where one differs from what the database says was
    signed: then the log was forked, which nothing here mends."""
    last = log.last_checkpoint(connection)
    answers = []
    for address in addresses:
        compared = compare_mirror(connection, keyring, address)
        if last is not None and compared.same < min(compared.mirror.size, last[0].size):
            raise CannotSign(
                f"{address} differs from entry {compared.same} on, and {last[0].size} entries were signed here: this"
                " log was forked before. Say so in public"
            )
        answers.append(compared.mirror)
    return answers
