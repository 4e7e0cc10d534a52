"""Which log goes on where one was closed, followed from a key that somebody trusts, by statements that it signed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path

from tracker.tlog import proof, state
from tracker.tlog.checkpoint import Checkpoint
from tracker.tlog.errors import BadSignature, Malformed, NotServed, Unreachable, WrongLog
from tracker.tlog.keys import PublicKey
from tracker.tlog.succession import FOLDER, MOST, Succession, open_succession
from tracker.tlog.text import to_base64
from tracker.tlog.verify import CHECKPOINT, Fetch, Progress, Verified, verify


@dataclass(frozen=True)
class Followed:
    """The log that goes on, verified; ``closed`` are the statements that lead to it from the key that was asked for,
    ``key`` is its own, and ``remembered`` what of it was seen before."""

    verified: Verified
    key: PublicKey
    closed: tuple[Succession, ...]
    remembered: Checkpoint | None


def verify_with_successors(
    fetch: Fetch, key: PublicKey, seen: Path | None, progress: Progress | None
) -> Followed:
    """Verify the log of a key or, where that was closed, the one that goes on. ``seen`` is the file of what was seen
    last time, of this log or of one before it. Raises what `verify` raises, and ValueError for another file."""
    closed = _follow(fetch, key)
    last = closed[-1].successor if closed else key
    remembered, since = _load(fetch, seen, key, closed) if seen else (None, ())
    began = [*_list_beginnings(remembered, since, last), *_list_beginnings(None, closed, last)]
    most = max(began, key=lambda one: one.size, default=None)
    done = verify(fetch, last, most, progress)
    for log in began:
        if not done.has_grown_from(log, fetch):
            raise WrongLog((f"its first {log.size} entries are not those that were kept",), done.note)
    return Followed(done, last, closed, remembered)


def _follow(fetch: Fetch, key: PublicKey) -> tuple[Succession, ...]:
    """The statements from the log of this key to the one that is served; none where that is its own."""
    signed = fetch(CHECKPOINT)
    try:
        proof.open_checkpoint(signed, key)
    except (Malformed, BadSignature):
        pass
    else:
        return ()
    try:
        return _chain(_read_statements(fetch), key)
    except Unreachable as error:
        raise Unreachable(
            f"this key did not sign its checkpoint, and whether it was closed: {error}"
        ) from None


def _read_statements(fetch: Fetch) -> list[Succession]:
    """Every statement that is served. `WrongLog` where one is not whole, or one log is closed twice."""
    statements: list[Succession] = []
    for number in range(MOST):
        try:
            data = fetch(f"{FOLDER}/{number}")
        except NotServed:
            break
        try:
            statements.append(open_succession(data))
        except (Malformed, BadSignature) as error:
            raise WrongLog((f"{FOLDER}/{number}: {error}",), data) from None
        if statements[-1].signed.origin in [one.signed.origin for one in statements[:-1]]:
            raise WrongLog((f"{FOLDER}/{number}: {statements[-1].signed.origin} was closed twice",), data)
    return statements


def _chain(statements: Sequence[Succession], key: PublicKey) -> tuple[Succession, ...]:
    chain: list[Succession] = []
    for statement in statements:
        if key in statement.closed:
            chain.append(statement)
            key = statement.successor
    return tuple(chain)


def _load(
    fetch: Fetch, seen: Path, key: PublicKey, closed: tuple[Succession, ...]
) -> tuple[Checkpoint | None, tuple[Succession, ...]]:
    """What was seen last time, and the statements that close its log and those after it."""
    for place in range(len(closed), 0, -1):
        with suppress(ValueError):
            return state.load(seen, closed[place - 1].successor), closed[place:]
    try:
        return state.load(seen, key), closed
    except ValueError as error:
        wrong = error
    # The key is the one of a successor, and what was seen is of a log before it.
    before = list(takewhile(lambda said: key not in said.closed, _read_statements(fetch)))
    for place, statement in enumerate(before):
        chain = _chain(before[place:], statement.closed[0])
        if chain[-1].successor != key:
            continue
        for own in statement.closed:
            with suppress(ValueError):
                return state.load(seen, own), (*chain, *closed)
    raise wrong


def _list_beginnings(
    remembered: Checkpoint | None, closed: Sequence[Succession], last: PublicKey
) -> list[Checkpoint]:
    """What the log that goes on begins with, after what was seen of one before it. `WrongLog` where a statement says
    less than what was seen."""
    beginnings = [] if remembered is None else [remembered]
    for statement in closed:
        for beginning in beginnings:
            _require_honest(statement, beginning)
        beginnings = [*(one for one in beginnings if one.size < statement.kept.size), statement.kept]
    return [replace(one, origin=last.name) for one in beginnings]


def _require_honest(statement: Succession, seen: Checkpoint) -> None:
    signed = statement.signed
    if seen.size > signed.size:
        wrong = (
            f"you have seen {seen.size} signed entries, and the statement that closes it says {signed.size}"
        )
    elif seen.size == signed.size and seen.root != signed.root:
        wrong = (
            f"you have seen the root {to_base64(seen.root)}, and the statement that closes it says another"
        )
    elif seen.size == statement.kept.size and seen.root != statement.kept.root:
        wrong = f"what is kept of it, {seen.size} entries, is not what you have seen"
    else:
        return
    raise WrongLog((f"{signed.origin}: {wrong}",), statement.text.encode())
