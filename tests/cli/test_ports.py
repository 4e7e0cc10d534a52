"""A port belongs to one tracker, and the processes of a tracker end together. Tried with real processes."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from time import sleep

import pytest

from tests.cli.conftest import Tracker
from tests.cli.test_backups import add_files
from tests.conftest import SECRET
from tests.files.conftest import bucket, s3_endpoint  # noqa: F401  # fixtures are asked for by their names
from tests.world import World
from tracker.cli import serve
from tracker.cli.ports import base_url
from tracker.cli.serve import warn_of_address
from tracker.files.opening import open_files
from tracker.settings import Settings

HOST = "127.0.0.1"
#: Seconds after which a process that hangs fails its test. Nothing waits for as long as this on purpose.
PATIENCE = 120


@contextmanager
def taken(*, shared: bool = False) -> Iterator[int]:
    """A port on which somebody listens; ``shared``: who would let others listen there, too."""
    with closing(socket.create_server((HOST, 0), reuse_port=shared)) as listener:
        yield listener.getsockname()[1]


def free_port() -> int:
    with taken() as port:
        return port


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("command", [("serve",), ("demo", "--serve", "--dir", "demo")])
def test_a_taken_port_is_said_in_one_line_before_anything_is_made_or_printed(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: tuple[str, ...], shared: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.iterdir())
    with taken(shared=shared) as port:
        said = tracker(*command, "--port", str(port))
    assert (said.status, said.out) == (2, "")
    assert said.err.startswith(f"Error: Port {port} is taken. Choose another: tracker {command[0]} ")
    assert said.err.count("\n") == 1
    assert set(tmp_path.iterdir()) == before


def test_an_address_of_another_machine_is_refused_in_one_line(tracker: Tracker) -> None:
    said = tracker("serve", "--host", "192.0.2.1")
    assert (said.status, said.out, said.err.count("\n")) == (2, "", 1)
    assert "cannot listen at 192.0.2.1" in said.err


@pytest.mark.parametrize(
    ("host", "url"),
    [("127.0.0.1", "http://127.0.0.1:81"), ("0.0.0.0", "http://127.0.0.1:81"), ("::", "http://[::1]:81")],  # noqa: S104  # nothing is bound there
)
def test_links_lead_to_the_port_that_is_served(host: str, url: str) -> None:
    assert base_url(host, 81) == url


@contextmanager
def server(url: str, port: int, *before: str) -> Iterator[subprocess.Popen[str]]:
    """`tracker serve` with two workers, once it answers. Its output ends when the last of its processes has ended."""
    known = {"TRACKER_DATABASE_URL": url, "TRACKER_SECRET_KEY": SECRET, "TRACKER_LOG_KEY": ""}
    process = subprocess.Popen(
        [*before, sys.executable, "-m", "tracker", "serve", "--port", str(port), "--threads", "9"],
        env={**os.environ, **known, "TRACKER_BASE_URL": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if "Started worker-2" in line:
                break
        yield process
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE)


def test_two_trackers_never_share_a_port_and_no_worker_outlives_its_parent(
    tracker: Tracker, sqlite_url: str
) -> None:
    port = free_port()
    with server(sqlite_url, port) as first:
        connection = HTTPConnection(HOST, port, timeout=PATIENCE)
        connection.request("GET", "/v1/public")
        assert connection.getresponse().status == 200
        connection.close()
        assert f"Port {port} is taken" in tracker("serve", "--port", str(port)).err
        first.send_signal(signal.SIGKILL)
        first.communicate(timeout=PATIENCE)  # until the last worker has let go of the output
    with closing(socket.create_server((HOST, port))):
        pass  # nobody is left who listens there


def test_a_worker_of_the_server_that_is_killed_is_started_again(tracker: Tracker, sqlite_url: str) -> None:
    port = free_port()
    with server(sqlite_url, port) as first:
        children = Path(f"/proc/{first.pid}/task/{first.pid}/children").read_text().split()
        own = Path(f"/proc/{first.pid}/cmdline").read_bytes()
        worker = next(one for one in children if Path(f"/proc/{one}/cmdline").read_bytes() == own)
        os.kill(int(worker), signal.SIGKILL)
        assert first.stdout is not None
        assert next(line for line in first.stdout if "Started worker-1" in line)
        connection = HTTPConnection(HOST, port, timeout=PATIENCE)
        connection.request("GET", "/v1/public")
        assert connection.getresponse().status == 200
        connection.close()
        assert first.poll() is None


def test_a_server_whose_files_are_in_a_bucket_survives_that_its_workers_use_it(
    tracker: Tracker,
    world: World,
    bucket: str,  # noqa: F811
    s3_endpoint: str,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    add_files(world, open_files(bucket, Random(7).randbytes, endpoint=s3_endpoint))
    monkeypatch.setenv("TRACKER_FILES", bucket)
    monkeypatch.setenv("TRACKER_FILES_ENDPOINT", s3_endpoint)
    port = free_port()
    with server(os.environ["TRACKER_DATABASE_URL"], port) as first:
        for _ in range(20):
            connection = HTTPConnection(HOST, port, timeout=PATIENCE)
            connection.request("GET", "/health/ready")
            checks = json.loads(connection.getresponse().read())["checks"]
            connection.close()
            assert checks["files"] == "right"
            sleep(0.3)
        assert first.poll() is None


def test_a_server_starts_on_a_machine_without_shared_memory(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object, **_more: object) -> None:
        raise OSError("there is no /dev/shm")

    monkeypatch.setattr("multiprocessing.synchronize.SemLock", refuse)
    monkeypatch.setenv("TRACKER_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("TRACKER_SECRET_KEY", SECRET)
    serve._require_files(Settings.from_environment())


def test_a_server_ends_with_its_terminal_unless_it_shall_not(tracker: Tracker, sqlite_url: str) -> None:
    port = free_port()
    with server(sqlite_url, port) as first:
        first.send_signal(signal.SIGHUP)
        first.communicate(timeout=PATIENCE)
        assert first.returncode == 0
    with server(sqlite_url, port, "nohup") as left:
        left.send_signal(signal.SIGHUP)
        connection = HTTPConnection(HOST, port, timeout=PATIENCE)
        connection.request("GET", "/v1/public")
        assert connection.getresponse().status == 200
        connection.close()
        assert left.poll() is None
        left.send_signal(signal.SIGTERM)
        left.communicate(timeout=PATIENCE)


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8123", False),
        ("https://tracker.example", False),
    ],
)
def test_an_address_that_names_another_port_of_this_machine_is_said(
    capsys: pytest.CaptureFixture[str], named: str, says: bool
) -> None:
    warn_of_address(named, "http://127.0.0.1:8123")
    assert ("but this server listens at" in capsys.readouterr().err) is says
