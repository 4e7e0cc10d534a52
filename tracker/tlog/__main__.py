"""``python -m tracker.tlog verify URL --vkey … --state FILE``: a stranger verifies a whole log.

Exit status: 0 verified, 1 the log is wrong, 2 the call makes no sense or the log cannot be asked, 3 verified, but of a
successor: the log of this key was closed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final

from tracker.tlog import fetching, keys, proof, state
from tracker.tlog.acts import ActsCheck, read_json
from tracker.tlog.errors import Malformed, NotServed, TlogError, Unreachable, WrongLog
from tracker.tlog.feeds import FeedsCheck
from tracker.tlog.succession import Succession
from tracker.tlog.successors import Followed, verify_with_successors
from tracker.tlog.text import to_base64
from tracker.tlog.verified_acts import VerifiedActs
from tracker.tlog.verify import Fetch, Progress, Verified

#: A tracker signs every day, if only its daily anchor.
_SIGNED_WITHIN: Final = timedelta(days=1)


def main(arguments: Sequence[str] | None = None, program: str = "python -m tracker.tlog") -> int:
    """The exit status."""
    asked = _parser(program).parse_args(arguments)
    try:
        if asked.acts:
            fetching.require_web(_tracker(asked))
        key = keys.parse_vkey(asked.vkey)
        if key.kind != keys.LOG:
            raise Malformed("this is the key of a witness; give that of the log")
        fetch = fetching.source(asked.log)
        followed = verify_with_successors(fetch, key, asked.state, _progress())
        done = followed.verified
        if asked.state:
            state.save(asked.state, done.note)
        acts = _acts(asked, done, fetch, followed.key) if asked.acts else Said(0, "")
    except WrongLog as wrong:
        _say(f"WRONG: {asked.log} is not what it should be", *(f"  {one}" for one in wrong.findings))
        if asked.state:
            _say(f"{asked.state} still holds what was seen before. Keep it, and what is served now:")
        _say(*wrong.note[:4096].decode("utf-8", "replace").split("\n"))
        return 1
    except (Malformed, ValueError) as error:
        _say(f"{program}: {error}")
        return 2
    except (NotServed, Unreachable) as error:
        _say(f"{program}: nothing is known of the log: {error}{_name_the_log(asked.log, error)}")
        return 2
    except KeyboardInterrupt:
        _say("", "stopped; nothing is known of the log")
        return 2
    except OSError as error:
        _say(f"{program}: {error.filename}: {error.strerror}")
        return 2
    return _report(asked, followed, acts)


def _name_the_log(address: str, error: TlogError) -> str:
    """What to do where nothing is served, and somebody may have given the address of a tracker."""
    address = address.rstrip("/")
    served = not isinstance(error, NotServed) or error.status != 404
    if served or address.endswith("/log") or not address.startswith(("https://", "http://")):
        return ""
    return f"; a tracker has its log at /log: give {address}/log"


def _report(asked: argparse.Namespace, followed: Followed, acts: Said) -> int:
    """Print what was verified. The exit status."""
    checkpoint = followed.verified.checkpoint
    since = "" if followed.remembered is None else _describe_growth(followed)
    print(
        f"verified: {checkpoint.origin}, {checkpoint.size} entries, root {to_base64(checkpoint.root)}{since}"
    )
    if acts.findings:
        _say(
            f"WRONG: {acts.findings} findings at {_tracker(asked)}: what it shows is not what its log promised"
        )
        return 1
    if acts.summary:
        print(acts.summary)
    for closed in followed.closed:
        _say(*_describe_end(closed))
    return 3 if followed.closed else 0


def _describe_growth(followed: Followed) -> str:
    seen, now = followed.remembered, followed.verified.checkpoint
    if seen is None or seen.origin == now.origin:
        return "" if seen is None else f"; it begins with the {seen.size} seen before"
    return f"; it goes on for {seen.origin}, of which {seen.size} were seen before"


def _describe_end(statement: Succession) -> Iterator[str]:
    yield (
        f"CLOSED: {statement.signed.origin} ended after {statement.signed.size} signed entries."
        f" {statement.kept.size} are kept and {statement.lost} are lost: {statement.because}"
    )
    yield f"Verify its successor from now on, with --vkey {statement.successor.vkey}"


@dataclass(frozen=True, slots=True)
class Said:
    """How many findings there were, each of which was printed, and what was verified."""

    findings: int
    summary: str


def _acts(asked: argparse.Namespace, done: Verified, fetch: Fetch, key: keys.PublicKey) -> Said:
    """Compare the public acts, and the feeds, of the tracker with its log. Prints each finding as it is found."""
    ask = read_json(fetching.documents(_tracker(asked)))
    size, count = done.checkpoint.size, 0
    late = (datetime.now(UTC) - _SIGNED_WITHIN).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    with closing(VerifiedActs()) as verified:
        acts = ActsCheck(ask, verified, size, late, _progress("acts"))
        feeds = FeedsCheck(
            ask,
            verified,
            size,
            partial(proof.open_checkpoint, key=key),
            partial(done.has_grown_from, fetch=fetch),
        )
        try:
            for finding in chain(acts.findings(done.entries(fetch)), feeds.findings()):
                _say(f"  {finding}")
                count += 1
        except (Malformed, NotServed) as error:
            _say(f"  {error}")
            count += 1
    summary = (
        f"verified: {size} public acts open their entries, and {feeds.count} processes have feeds of them"
    )
    if acts.unsigned or feeds.newer:
        summary += f"; {acts.unsigned} newer acts and {feeds.newer} feeds wait for the next checkpoint"
    return Said(count, summary)


def _tracker(asked: argparse.Namespace) -> str:
    """The address of the tracker: what is before `/log` where it is not given. ValueError where it is not known."""
    if asked.tracker:
        return str(asked.tracker)
    address: str = asked.log.rstrip("/")
    if not address.startswith(("https://", "http://")):
        raise ValueError(
            "a folder has the log and not the acts; add --tracker https://… to compare with those"
        )
    if not address.endswith("/log"):
        raise ValueError(
            "a tracker has its log at /log: give https://…/log, or, for a copy of the log elsewhere, add --tracker"
            " https://… with the address of the tracker"
        )
    return address.removesuffix("/log")


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(program, description="Verify a transparency log.", allow_abbrev=False)
    command = parser.add_subparsers(required=True, metavar="verify").add_parser(
        "verify",
        allow_abbrev=False,
        description="Read a whole log and verify its signature, every entry, every hash, and that it only grew.",
        epilog="Exit status: 0 verified, 1 the log is wrong, 2 wrong call, or the log cannot be asked, 3 verified, but"
        " of a successor: the log of this key was closed.",
    )
    command.add_argument("log", metavar="URL", help="https://…/log, or a folder with its files")
    command.add_argument(
        "--vkey", required=True, help="the public key, name+id+key, got by another way than the log"
    )
    command.add_argument(
        "--state",
        type=Path,
        metavar="FILE",
        help="remembers the last checkpoint, so a later run finds a rewriting",
    )
    command.add_argument(
        "--acts", action="store_true", help="compare the public acts and the feeds with the log too"
    )
    command.add_argument(
        "--tracker",
        metavar="URL",
        help="the tracker whose acts are compared; the address before /log if left out",
    )
    return parser


def _progress(what: str = "entries") -> Progress | None:
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        end = "\n" if done == total else ""
        print(f"\r{done} of {total} {what}", end=end, file=sys.stderr, flush=True)

    return show


def _say(*lines: str) -> None:
    """To the person who watches. A log may be hostile: what moves a cursor or turns text around is not shown."""
    for line in lines:
        print("".join(one if one.isprintable() else "\ufffd" for one in line), file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
