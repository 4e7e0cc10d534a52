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

from bench import checked, reads, servers, writers, wrk
from bench.raw import WHERE
from bench.world import World, say
from bench.wrk import Round
from tracker.public.tables import head

#: The slowest hundredth of the approvals may take this long, in seconds.
WRITE_GOAL = 0.025


@dataclass(slots=True)
class Result:
    """The rounds of one workload. ``bare`` is empty for writes: there is no bare application that keeps a promise."""

    code: str
    name: str
    bytes: int
    goal: float
    own: list[Round] = field(default_factory=list)
    bare: list[Round] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return median(one.rate for one in self.own)

    @property
    def ratio(self) -> float | None:
        """The median over rounds of what the tracker reaches of the bare application right beside it."""
        pairs = zip(self.own, self.bare, strict=False)
        return median(own.rate / bare.rate for own, bare in pairs) if self.bare else None

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
    feed_built: float
    followed: int = 0
    broken: int = 0


def run(world: World, folder: Path, rounds: int, seconds: int, writes: int, threads: int) -> Measured:
    """Start both servers, read in interleaved rounds, then write, then look at every link of the histories."""
    log = folder / "servers.log"
    with servers.stopped_at_end([servers.tracker(world.environment, log, threads)]) as up:
        own = up[0]
        loads = reads.workloads(world, own, folder)
        up.append(servers.bare({WHERE: str(folder / "answers")}, log, threads))
        results = {one.code: Result(one.code, one.name, one.bytes, one.goal) for one in loads}
        for load in loads:  # what is first asked for is not what is measured
            for server in up:
                wrk.measure(server, load.addresses, 1, load.tag)
        for number in range(rounds):
            say(f"round {number + 1} of {rounds}")
            for load in loads:
                results[load.code].own.append(wrk.measure(own, load.addresses, seconds, load.tag))
                results[load.code].bare.append(wrk.measure(up[1], load.addresses, seconds, load.tag))
        measured = Measured(results, 0.0)
        _write(world, own, measured, rounds, writes)
        measured.feed_built = _feed_built(world, own)
    return measured


def _write(world: World, own: servers.Server, measured: Measured, rounds: int, writes: int) -> None:
    with world.connection() as connection:
        proposals = writers.waiting(connection)
    each = min(writes, (len(proposals) - 50) // rounds)
    if each < 100:
        say("too few proposals wait in these data: nothing is written")
        return
    result = Result("W1", "approve a status change that cites two items", 0, WRITE_GOAL)
    writers.measure(own, world.key, proposals[:50])
    for number in range(rounds):
        first = 50 + number * each
        result.own.append(writers.measure(own, world.key, proposals[first : first + each]))
        say(f"approvals, round {number + 1} of {rounds}")
    measured.results["W1"] = result
    with world.connection() as connection:
        measured.followed, measured.broken = checked.links(connection)
        checked.sample(connection)


def _feed_built(world: World, own: servers.Server) -> float:
    """How long a reader waits for a status feed that nobody has asked for yet, in seconds."""
    with world.connection() as connection:
        newest = select(head.c.slug).order_by(head.c.slug.desc()).limit(5)
        slugs = connection.scalars(newest).all()
    return median(_timed(own, f"/feeds/{slug}/status.json") for slug in slugs)


def _timed(own: servers.Server, path: str) -> float:
    started = time.perf_counter()
    reads.get(own, path)
    return time.perf_counter() - started
