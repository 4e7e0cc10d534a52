"""The table: what was measured, what a bare application reaches beside it, where we aim, and what falls short."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.rounds import Measured, Result
from bench.world import World

#: Ten times the data may cost a reader a tenth more, and a writer a fifth.
GROWTH = {"W1": 1.20}
GROWTH_USUAL = 1.10


def table(measured: Measured) -> str:
    """The workloads, one a row."""
    rows: list[tuple[str, ...]] = [
        ("", "workload", "bytes", "per s", "beside", "ratio", "goal", "CPU us", "p50 ms", "p99 ms", "")
    ]
    for one in measured.results.values():
        goal = f"<= {one.goal * 1e3:.0f} ms" if one.writes else f">= {one.goal:.2f}"
        times = [f"{one.of(name) * 1e3:.1f}" for name in ("p50", "p99")]
        rate, beside, ratio = f"{one.rate:,.0f}", f"{one.rate / one.ratio:,.0f}", f"{one.ratio:.2f}"
        cost = f"{one.cpu * 1e6:,.0f}"
        verdict = "" if reached(one) else "falls short"
        rows.append((one.code, one.name, f"{one.bytes:,}", rate, beside, ratio, goal, cost, *times, verdict))
    return "\n".join(_aligned(rows))


def reached(one: Result) -> bool:
    return one.of("p99") <= one.goal if one.writes else one.ratio >= one.goal


def short(measured: Measured) -> list[str]:
    """What falls short of the goals, in words."""
    found = [f"{one.code}: {_how_far(one)}" for one in measured.results.values() if not reached(one)]
    first, deep = measured.results["R2 first"], measured.results["R2 deep"]
    if deep.cpu > first.cpu * 1.10:
        found.append(f"R2: the deep page costs {deep.cpu / first.cpu:.2f} times the first")
    if measured.broken:
        found.append(f"W1: {measured.broken} of {measured.followed} links of the histories are broken")
    return found


def growth(small: Measured, large: Measured) -> tuple[str, list[str]]:
    """Processor time per request at both sizes, and what grew by more than it may."""
    rows = [("", "workload", "CPU us", "CPU us, larger", "times", "may be", "")]
    found = []
    for code, one in small.results.items():
        other = large.results.get(code)
        if other is None:
            continue
        may, times = GROWTH.get(code, GROWTH_USUAL), other.cpu / one.cpu
        verdict = "" if times <= may else "falls short"
        if verdict:
            found.append(f"growth: {code} costs {times:.2f} times as much; {may:.2f} was the goal")
        costs = (f"{one.cpu * 1e6:,.0f}", f"{other.cpu * 1e6:,.0f}")
        rows.append((code, one.name, *costs, f"{times:.2f}", f"<= {may:.2f}", verdict))
    rows += _built(small, large)
    return "\n".join(_aligned(rows)), found


def machine() -> str:
    python = f"Python {platform.python_version()}"
    return f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} processors, {python}, {platform.system()}"


def plain(worlds: Sequence[World], runs: Sequence[Measured], found: list[str]) -> dict[str, Any]:
    return {
        "machine": machine(),
        "runs": [
            {
                "recommendations": world.size,
                "results": [one.plain() for one in measured.results.values()],
                "built_seconds": measured.built,
                "links": {"followed": measured.followed, "broken": measured.broken},
            }
            for world, measured in zip(worlds, runs, strict=True)
        ],
        "falls_short": found,
    }


def write(path: Path, said: dict[str, Any]) -> None:
    path.write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")


def _how_far(one: Result) -> str:
    if one.writes:
        return f"p99 is {one.of('p99') * 1e3:.1f} ms; the goal is {one.goal * 1e3:.0f} ms"
    return f"{one.ratio:.2f} of the bare application; the goal is {one.goal:.2f}"


def _built(small: Measured, large: Measured) -> Iterator[tuple[str, str, str, str, str, str, str]]:
    for name, one in small.built.items():
        other = large.built[name]
        times = (f"{one * 1e3:,.0f}", f"{other * 1e3:,.0f}", f"{other / one:.2f}")
        yield ("", f"nobody asked for it yet: {name}, ms", *times, "", "")


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns of equal width: words to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell.ljust(width) if place < 2 or place == len(row) - 1 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()
