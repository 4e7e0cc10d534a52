"""The servers that are measured: how they are started, stopped, and what processor time they took."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
WORKERS, THREADS = 2, 4
_BESIDE = (
    "from granian import Granian; from granian.constants import Interfaces; "
    "Granian({target!r}, factory=True, address={host!r}, port={port}, interface=Interfaces.WSGI, "
    "workers={workers}, blocking_threads={threads}, websockets=False, workers_kill_timeout=5, "
    "log_access=False).serve()"
)


@dataclass(frozen=True, slots=True)
class Server:
    pid: int
    port: int

    @property
    def base(self) -> str:
        return f"http://{HOST}:{self.port}"

    def cpu(self) -> float:
        """Seconds of processor time that the server and its workers have taken so far."""
        ticks = 0
        for pid in (self.pid, *_below(self.pid)):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


def _below(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [found for child in map(int, children) for found in (child, *_below(child))]


def tracker(environment: Mapping[str, str], log: Path, threads: int) -> Server:
    """The tracker, as ``tracker serve`` starts it."""
    port = _free_port()
    command = ["-m", "tracker", "serve", "--host", HOST, "--port", str(port)]
    return _start([*command, "--workers", str(WORKERS), "--threads", str(threads)], port, environment, log)


def beside(target: str, environment: Mapping[str, str], log: Path, threads: int) -> Server:
    """What the tracker is compared with, under the same server with the same settings. ``target`` makes it."""
    port = _free_port()
    code = _BESIDE.format(target=target, host=HOST, port=port, workers=WORKERS, threads=threads)
    return _start(["-c", code], port, environment, log)


def _start(arguments: list[str], port: int, environment: Mapping[str, str], log: Path) -> Server:
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, *arguments], env={**os.environ, **environment}, stdout=out, stderr=out
        )
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return Server(process.pid, port)
        time.sleep(0.05)
    process.kill()
    raise RuntimeError(f"a server did not start; its last words:\n{log.read_text()[-2000:]}")


def stop(server: Server) -> None:
    os.kill(server.pid, signal.SIGTERM)
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        if os.waitpid(server.pid, os.WNOHANG)[0]:
            return
        time.sleep(0.05)
    os.kill(server.pid, signal.SIGKILL)
    os.waitpid(server.pid, 0)


@contextmanager
def stopped_at_end(servers: list[Server]) -> Iterator[list[Server]]:
    try:
        yield servers
    finally:
        for server in servers:
            stop(server)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
