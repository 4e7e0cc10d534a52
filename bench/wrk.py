"""Reading as fast as the server answers, with wrk (github.com/wg/wrk)."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bench.servers import Server

SCRIPT = Path(__file__).with_name("addresses.lua")
CONNECTIONS, THREADS = 64, 2


class Missing(RuntimeError):
    """wrk is not there."""


@dataclass(frozen=True, slots=True)
class Round:
    """One round: answers per second, processor time of the server per answer, and how long answers took."""

    rate: float
    cpu: float
    p50: float
    p99: float


def require() -> None:
    if shutil.which("wrk") is None:
        raise Missing("wrk is missing. Debian and Ubuntu: apt-get install wrk; macOS: brew install wrk")


def measure(server: Server, addresses: Path, seconds: int, tag: str | None = None) -> Round:
    """Ask one server for these addresses in turn. With a tag, only for what is newer than that."""
    before = server.cpu()
    done = subprocess.run(
        [
            "wrk",
            *("-t", str(THREADS), "-c", str(CONNECTIONS), "-d", f"{seconds}s", "-s", str(SCRIPT)),
            *("--timeout", "30s"),  # on a busy machine an answer is late, and not lost
            *(server.base, "--", str(addresses), *([tag] if tag else [])),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    said = json.loads(done.stdout.splitlines()[-1])
    if said["failed"]:
        raise RuntimeError(
            f"{said['failed']} of {said['answers']} requests failed: {addresses.read_text()[:200]}"
        )
    return Round(
        rate=said["answers"] / said["seconds"],
        cpu=(server.cpu() - before) / said["answers"],
        p50=said["p50"],
        p99=said["p99"],
    )
