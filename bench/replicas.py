"""What a replica and a second server are worth, beside SQLite: ``python -m bench.replicas``. Needs wrk, and the
programs of a PostgreSQL server, of which a pair is started here.

Four set-ups take turns: SQLite; PostgreSQL; the same with a replica for public reads; that with two servers. Each is
asked for what it holds already, and for what approvals meanwhile make old. All of it runs on one machine, so the
processors are shared: what is measured is what it costs, and not what more machines would bring.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench import reads, report, servers, world, writers, wrk
from tests.postgres_pair import PROGRAMS, open_pair

#: Of the workloads of `bench.reads`.
ASKED = ("R1 spread", "R2 first", "R3 200")


@dataclass(slots=True)
class Setup:
    """Servers of one tracker. ``rates``: answers per second of each round, by what was asked."""

    name: str
    made: world.World
    environment: Mapping[str, str]
    count: int
    up: list[servers.Server] = field(default_factory=list)
    loads: Sequence[reads.Workload] = ()
    proposals: list[str] = field(default_factory=list)
    rates: dict[str, list[float]] = field(default_factory=dict)

    def read(self, load: reads.Workload, seconds: int) -> float:
        """Answers per second of all its servers together."""
        with ThreadPoolExecutor(len(self.up)) as pool:
            rounds = pool.map(lambda one: wrk.measure(one, load.addresses, seconds, load.tag), self.up)
            return sum(one.rate for one in rounds)

    def approve(self, some: Sequence[str]) -> float:
        """Approvals per second of all its servers together."""
        with ThreadPoolExecutor(len(self.up)) as pool:
            parts = [some[number :: len(self.up)] for number in range(len(self.up))]
            rounds = pool.map(lambda one, part: writers.measure(one, self.made.key, part), self.up, parts)
            return sum(one.rate for one in rounds)

    def note(self, what: str, rate: float) -> None:
        self.rates.setdefault(what, []).append(rate)


def list_setups(own: world.World, shared: world.World, replica: str) -> list[Setup]:
    followed = {**shared.environment, "TRACKER_PUBLIC_DATABASE_URL": replica}
    return [
        Setup("SQLite", own, own.environment, 1),
        Setup("PostgreSQL", shared, shared.environment, 1),
        Setup("with a replica", shared, followed, 1),
        Setup("with a replica, two servers", shared, followed, 2),
    ]


@contextmanager
def started(setups: Sequence[Setup], folder: Path, threads: int) -> Iterator[None]:
    """All of their servers run, and each has proposals of its own to approve."""
    with servers.stopped_at_end([]) as up:
        for number, setup in enumerate(setups):
            below = folder / str(number)
            below.mkdir()
            for _server in range(setup.count):
                setup.up.append(servers.tracker(setup.environment, folder / "servers.log", threads))
                up.append(setup.up[-1])
            found = reads.workloads(setup.made, setup.up[0], below)
            setup.loads = [one for one in found if one.code in ASKED]
            with setup.made.connection() as connection:
                waiting = writers.waiting(connection)
            sharing = [one for one in setups if one.made is setup.made]
            setup.proposals = waiting[sharing.index(setup) :: len(sharing)]
        yield


def measure_round(setup: Setup, number: int, seconds: int, writes: int) -> None:
    """What it answers while nobody writes, while somebody does, and what it writes."""
    for load in setup.loads:
        setup.note(load.code, setup.read(load, seconds))
    some = setup.proposals[number * 2 * writes : (number + 1) * 2 * writes]
    setup.note("approvals", setup.approve(some[:writes]))
    with ThreadPoolExecutor(1) as pool:
        acting = pool.submit(setup.approve, some[writes:])
        setup.note(f"{setup.loads[0].code}, while others approve", setup.read(setup.loads[0], seconds))
        setup.note("approvals, while others read", acting.result())


def print_table(setups: Sequence[Setup]) -> None:
    print("| per second | " + " | ".join(one.name for one in setups) + " |")
    print("|---" * (len(setups) + 1) + "|")
    for what in setups[0].rates:
        print(f"| {what} | " + " | ".join(f"{median(one.rates[what]):,.0f}" for one in setups) + " |")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.replicas", description=__doc__)
    parser.add_argument("--scale", type=float, default=0.1, help="1 is 10,000 recommendations")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3, help="of each reading, each round")
    parser.add_argument("--writes", type=int, default=100, help="approvals, twice in each round")
    parser.add_argument("--threads", type=int, default=servers.THREADS, help="of each worker of each server")
    asked = parser.parse_args()
    if PROGRAMS is None:
        print("the programs of a PostgreSQL server are missing", file=sys.stderr)
        return 2
    wrk.require()
    with TemporaryDirectory(prefix="bench-") as name, open_pair() as (first, second):
        folder = Path(name)
        own = world.of_folder(folder / "own", asked.scale)
        setups = list_setups(own, world.make(first.address, asked.scale, folder / "log.key"), second.address)
        with started(setups, folder, asked.threads):
            for number in range(asked.rounds):
                world.say(f"round {number + 1} of {asked.rounds}")
                for setup in setups:
                    measure_round(setup, number, asked.seconds, asked.writes)
        print(f"\n{report.machine()}\n{own.size:,} recommendations\n")
        print_table(setups)
    return 0


if __name__ == "__main__":
    sys.exit(main())
