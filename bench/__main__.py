"""``python -m bench``: make the data, start the servers, measure in interleaved rounds, say what falls short."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import report, rounds, servers, world, wrk


def main() -> int:
    asked = _arguments()
    try:
        wrk.require()
    except wrk.Missing as missing:
        print(missing, file=sys.stderr)
        return 2
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
        folder = asked.folder or scratch
        scales = [asked.scale, asked.scale * 10] if asked.growth else [asked.scale]
        worlds, runs = [], []
        for scale in scales:
            print(f"\nData, scale {scale:g}", flush=True)
            made = (
                world.make(asked.database_url, scale, scratch / "log.key")
                if asked.database_url
                else world.of_folder(folder, scale)
            )
            worlds.append(made)
            length = (asked.rounds, asked.seconds, asked.writes)
            runs.append(rounds.run(made, scratch, *length, asked.threads))
        _say(asked, worlds, runs)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--scale", type=float, default=1, help="1 is 10,000 recommendations; 10 is 100,000")
    parser.add_argument(
        "--growth", action="store_true", help="measure at the scale and at ten times the scale"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="of each reading, each round")
    parser.add_argument("--writes", type=int, default=1000, help="approvals of each round")
    parser.add_argument("--threads", type=int, default=servers.THREADS, help="of each worker of both servers")
    parser.add_argument("--folder", type=Path, help="keep the data here, and use those that are here")
    parser.add_argument("--database-url", help="an empty PostgreSQL database, in place of a file of SQLite")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all rounds to a file")
    asked = parser.parse_args()
    if asked.growth and asked.database_url:
        parser.error("--growth makes two databases; --database-url names one")
    return asked


def _say(asked: argparse.Namespace, worlds: list[world.World], runs: list[rounds.Measured]) -> None:
    found = []
    print(f"\n{report.machine()}")
    for made, measured in zip(worlds, runs, strict=True):
        print(f"\n{made.size:,} recommendations, {wrk.CONNECTIONS} connections; writes with 8\n")
        print(report.table(measured))
        if measured.followed:
            print(f"\n{measured.followed:,} links of histories looked at, {measured.broken} broken")
        for name, seconds in measured.built.items():
            print(f"nobody asked for it yet: {name}, {seconds * 1e3:.0f} ms")
        found += report.short(measured)
    if len(runs) == 2:
        text, grown = report.growth(*runs)
        print(f"\nTen times the data\n\n{text}")
        found += grown
    print("\nFalls short of the goals:" if found else "\nEvery goal is reached.")
    for one in found:
        print(f"  {one}")
    if asked.json:
        report.write(asked.json, report.plain(worlds, runs, found))


if __name__ == "__main__":
    sys.exit(main())
