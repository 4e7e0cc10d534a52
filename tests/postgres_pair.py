"""A server of PostgreSQL and one that follows it, on this machine: for the tests of replicas, and to measure them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import psycopg

from tests.cli.test_ports import free_port

#: Where the programs of the newest server are; None where none is installed.
PROGRAMS = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)
_QUICK = "-c fsync=off -c shared_buffers=16MB -c listen_addresses=127.0.0.1"


def run(*command: str | Path) -> None:
    """Run a program of PostgreSQL, which refuses to be root."""
    person = ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()
    name, *more = command
    done = subprocess.run(
        [*person, f"{PROGRAMS}/{name}", *map(str, more)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    assert done.returncode == 0, done.stdout.decode()


@dataclass(frozen=True, slots=True)
class Server:
    """A server of PostgreSQL in a folder."""

    folder: Path
    port: int

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder.parent} {_QUICK}"
        run("pg_ctl", "-D", self.folder, "-w", "-s", "-l", f"{self.folder}.log", "-o", options, "start")

    def stop(self) -> None:
        run("pg_ctl", "-D", self.folder, "-s", "-m", "immediate", "stop")

    def promote(self) -> None:
        """From now on it follows nobody."""
        run("pg_ctl", "-D", self.folder, "-w", "-s", "promote")

    @property
    def address(self) -> str:
        return f"postgresql+psycopg://root@127.0.0.1:{self.port}/postgres"

    def ask(self, statement: str) -> Any:
        with psycopg.connect(self.address.replace("+psycopg", ""), autocommit=True) as connection:
            row = connection.execute(statement).fetchone()  # type: ignore[arg-type]  # ours
            return row and row[0]


@contextmanager
def open_pair() -> Iterator[tuple[Server, Server]]:
    """A server, and one that follows it."""
    folder = Path(mkdtemp(prefix="pair-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    first, second = (Server(folder / name, free_port()) for name in ("primary", "replica"))
    run("initdb", "-D", first.folder, "-U", "root", "-A", "trust", "--no-sync", "--no-instructions")
    first.start()
    copied = ("-h", "127.0.0.1", "-p", str(first.port), "-U", "root", "-R", "-X", "stream", "-c", "fast")
    run("pg_basebackup", "-D", second.folder, "--no-sync", *copied)
    second.start()
    try:
        yield first, second
    finally:
        for one in (second, first):
            one.stop()
        shutil.rmtree(folder)
