"""Rounds, interleaved: the tracker and the bare application take turns, so that whatever else the machine does
falls on both. Only ratios of one run mean anything.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import select

from bench import checked, raw, reads, servers, usual, writers, wrk
from bench.world import World, say
from bench.wrk import Round
from tracker.public.tables import head

#: The slowest hundredth of the approvals may take this long, in seconds.
WRITE_GOAL = 0.025
#: Approvals that are not measured: a server is slower with what it does first.
_FIRST = 50


@dataclass(slots=True)
class Result:
    """The rounds of one workload. Beside them stand those of the bare application; for writes, of a usual stack.
    The goal of a read is a share of what is beside it, the goal of a write a time in seconds."""

    code: str
    name: str
    bytes: int
    goal: float
    own: list[Round] = field(default_factory=list)
    beside: list[Round] = field(default_factory=list)

    @property
    def writes(self) -> bool:
        return self.code.startswith("W")

    @property
    def rate(self) -> float:
        return median(one.rate for one in self.own)

    @property
    def ratio(self) -> float:
        """The median over rounds of what the tracker reaches of what is asked right beside it."""
        pairs = zip(self.own, self.beside, strict=True)
        return median(own.rate / other.rate for own, other in pairs)

    @property
    def cpu(self) -> float:
        return median(one.cpu for one in self.own)

    def of(self, name: str) -> float:
        found: float = median(getattr(one, name) for one in self.own)
        return found

    def plain(self) -> dict[str, Any]:
        return {**asdict(self), "rate": self.rate, "ratio": self.ratio, "cpu": self.cpu}


@dataclass(slots=True)
class Measured:
    results: dict[str, Result]
    #: What is made of a whole process when somebody first asks for it: its media -> seconds.
    built: dict[str, float]
    followed: int = 0
    broken: int = 0


def run(world: World, folder: Path, rounds: int, seconds: int, writes: int, threads: int) -> Measured:
    """Start the servers, read in interleaved rounds, then write, then look at every link of the histories."""
    log = folder / "servers.log"
    simple = usual.fill(folder / "usual.db", _FIRST + rounds * writes)
    with servers.stopped_at_end([servers.tracker(world.environment, log, threads)]) as up:
        own = up[0]
        loads = reads.workloads(world, own, folder)
        for target, where, held in (
            ("bench.raw:serving", raw.WHERE, "answers"),
            ("bench.usual:serving", usual.WHERE, "usual.db"),
        ):
            up.append(servers.beside(target, {where: str(folder / held)}, log, threads))
        measured = Measured(_read(own, up[1], loads, rounds, seconds), {})
        _write(world, own, up[2], simple, measured, rounds)
        measured.built = _build_cold(world, own)
    return measured


def _read(
    own: servers.Server, bare: servers.Server, loads: list[reads.Workload], rounds: int, seconds: int
) -> dict[str, Result]:
    results = {one.code: Result(one.code, one.name, one.bytes, one.goal) for one in loads}
    for load in loads:  # what is first asked for is not what is measured
        for server in (own, bare):
            wrk.measure(server, load.addresses, 1, load.tag)
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        for load in loads:
            for server, taken in ((own, results[load.code].own), (bare, results[load.code].beside)):
                taken.append(wrk.measure(server, load.addresses, seconds, load.tag))
    return results


def _write(
    world: World,
    own: servers.Server,
    beside: servers.Server,
    simple: list[str],
    measured: Measured,
    rounds: int,
) -> None:
    with world.connection() as connection:
        proposals = writers.waiting(connection)
    each = (min(len(simple), len(proposals)) - _FIRST) // rounds
    if each < 100:
        say("too few proposals wait in these data: nothing is written")
        return
    result = Result("W1", "approve a status change that cites two items", 0, WRITE_GOAL)
    sides = ((own, proposals, result.own), (beside, simple, result.beside))
    for server, ids, _taken in sides:
        writers.measure(server, world.key, ids[:_FIRST])
    for number in range(rounds):
        first = _FIRST + number * each
        for server, ids, taken in sides:
            taken.append(writers.measure(server, world.key, ids[first : first + each]))
        say(f"approvals, round {number + 1} of {rounds}")
    measured.results["W1"] = result
    with world.connection() as connection:
        measured.followed, measured.broken = checked.links(connection)
        checked.sample(connection)


def _build_cold(world: World, own: servers.Server) -> dict[str, float]:
    """How long a reader waits for what nobody has asked for yet, of five processes, in seconds."""
    with world.connection() as connection:
        newest = select(head.c.slug).order_by(head.c.slug.desc()).limit(5)
        slugs = connection.scalars(newest).all()
    addresses = zip(*(reads.list_cold(slug) for slug in slugs), strict=True)
    named = zip(("status feed", "Atom feed", "page of a process"), addresses, strict=True)
    return {name: median(_timed(own, path) for path in paths) for name, paths in named}


def _timed(own: servers.Server, path: str) -> float:
    started = time.perf_counter()
    reads.get(own, path)
    return time.perf_counter() - started
