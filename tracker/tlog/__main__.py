"""``python -m tracker.tlog verify URL --vkey … --state FILE``: a stranger verifies a whole log.

Exit status: 0 verified, 1 the log is wrong, 2 the call makes no sense or the log cannot be asked.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tracker.tlog import fetching, keys, state
from tracker.tlog.errors import Malformed, NotServed, Unreachable, WrongLog
from tracker.tlog.text import to_base64
from tracker.tlog.verify import Progress, verify


def main(arguments: Sequence[str] | None = None, program: str = "python -m tracker.tlog") -> int:
    """The exit status."""
    asked = _parser(program).parse_args(arguments)
    try:
        key = keys.parse_vkey(asked.vkey)
        if key.kind != keys.LOG:
            raise Malformed("this is the key of a witness; give that of the log")
        fetch = fetching.source(asked.log)
        remembered = state.load(asked.state, key) if asked.state else None
        done = verify(fetch, key, remembered, _progress())
        if asked.state:
            state.save(asked.state, done.note)
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
        _say(f"{program}: nothing is known of the log: {error}")
        return 2
    except KeyboardInterrupt:
        _say("", "stopped; nothing is known of the log")
        return 2
    except OSError as error:
        _say(f"{program}: {error.filename}: {error.strerror}")
        return 2
    found = done.checkpoint
    since = f"; it begins with the {remembered.size} seen before" if remembered else ""
    print(f"verified: {found.origin}, {found.size} entries, root {to_base64(found.root)}{since}")
    return 0


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(program, description="Verify a transparency log.", allow_abbrev=False)
    command = parser.add_subparsers(required=True, metavar="verify").add_parser(
        "verify",
        allow_abbrev=False,
        description="Read a whole log and verify its signature, every entry, every hash, and that it only grew.",
        epilog="Exit status: 0 verified, 1 the log is wrong, 2 wrong call, or the log cannot be asked.",
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
    return parser


def _progress() -> Progress | None:
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        end = "\n" if done == total else ""
        print(f"\r{done} of {total} entries", end=end, file=sys.stderr, flush=True)

    return show


def _say(*lines: str) -> None:
    """To whoever watches. A log may be hostile: what moves a cursor or turns text around is not shown."""
    for line in lines:
        print("".join(one if one.isprintable() else "\ufffd" for one in line), file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
