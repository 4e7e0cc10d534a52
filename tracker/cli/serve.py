"""``tracker serve``: a production server, not the development one."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import click

from tracker.cli.environment import set_environment
from tracker.cli.ports import base_url, bind_port
from tracker.outgoing.addresses import is_this_machine
from tracker.settings import Settings

if TYPE_CHECKING:
    from granian.server.mp import MPServer

    from tracker.cli.child_processes import Task


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@click.option(
    "--threads", default=32, show_default=True, type=click.IntRange(1, 256), help="Threads of each."
)
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Serve the tracker. Behind a proxy that speaks TLS, if it is more than a trial.

    \b
    Example:   tracker serve --port 8080 --workers 4
    """
    from tracker.cli.application_context import open_application

    address = os.environ.get("TRACKER_BASE_URL") or base_url(host, port)
    with (
        bind_port(host, port, "tracker serve --port ") as listener,
        set_environment({"TRACKER_BASE_URL": address}),
    ):
        settings = Settings.from_environment()
        with open_application(settings):
            _require_keys(settings)  # settings, database and keys are right, said before a server is up
        _require_files(settings)
        warn_of_address(settings.base_url, base_url(host, port))
        if threads <= settings.requests_at_once:
            click.echo(
                "one person can hold every thread: give more --threads than TRACKER_REQUESTS_AT_ONCE",
                err=True,
            )
        if settings.connections < 2 * threads:
            click.echo(
                "each thread may need two connections: give at most"
                f" --threads {settings.connections // 2} with TRACKER_CONNECTIONS={settings.connections}",
                err=True,
            )
        with list_tasks(settings) as tasks:
            run_server(listener, tasks, workers, threads)


@contextmanager
def list_tasks(settings: Settings) -> Iterator[list[Task]]:
    """What stands beside a server, with the port that it needs: the worker, and the numbers for Prometheus."""
    from tracker.cli.metrics import listen_for_metrics, serve_metrics
    from tracker.cli.worker import run_child

    with listen_for_metrics(settings) as numbers:
        tasks: list[Task] = [(run_child, ())] if settings.worker == "beside" else []
        yield [*tasks, (serve_metrics, (numbers,))] if numbers is not None else tasks


def warn_of_address(named: str, listens: str) -> None:
    """Feeds and links would lead to a port on this machine where nobody listens."""
    parts = urlsplit(named)
    if (
        parts.scheme == "http"
        and is_this_machine(parts.hostname or "")
        and parts.port != urlsplit(listens).port
    ):
        click.echo(f"TRACKER_BASE_URL says {named}, but this server listens at {listens}", err=True)


def _require_keys(settings: Settings) -> None:
    """A key file that cannot be read would be found out by the first act that needs it."""
    from tracker.actions.operations.signing import CannotSign, Keyring
    from tracker.sealing.sealer import KeysMissing, read_keys

    try:
        if settings.sealing_keys is not None:
            read_keys(settings.sealing_keys)
        if settings.log_key is not None:
            Keyring.read(settings.log_key)
    except (KeysMissing, CannotSign) as error:
        click.echo(f"tracker: {error}", err=True)
        sys.exit(1)


def _require_files(settings: Settings) -> None:
    """A disk that is not mounted would be found out by the first reader, and hide what was sent meanwhile.

    Another process looks: the library for S3 starts threads, and workers that are forked beside these bring both the
    server and themselves down. A pipe needs no shared memory, which a machine may lack.
    """
    reader, writer = Pipe(duplex=False)
    child = get_context("fork").Process(target=_tell_lost_files, args=(settings, writer))
    child.start()
    writer.close()
    with reader:
        try:
            lost = reader.recv()
        except EOFError:  # it has told what went wrong
            sys.exit(1)
    child.join()
    if lost is not None:
        click.echo(f"tracker: {lost}", err=True)
        sys.exit(1)


def _tell_lost_files(settings: Settings, writer: Connection) -> None:
    from tracker.actions.operations.readiness import find_lost_files
    from tracker.app import open_store
    from tracker.cli.application_context import open_application

    with open_application(settings) as at, at.engine.connect() as connection:
        writer.send(find_lost_files(connection, open_store(settings, secrets.token_bytes)))


#: The most bytes of a request that are read before its head is complete.
_HEAD: Final = 65_536


def _is_news(record: logging.LogRecord) -> bool:
    """Threads are many so that bodies may arrive slowly (decision 13), not for speed: no warning is due."""
    return "Python threads" not in record.getMessage()


def run_server(
    listener: socket.socket, tasks: Sequence[Task] = (), workers: int = 2, threads: int = 32
) -> None:
    """Serve what the environment names, on a port that is already bound, with these tasks beside it. Returns when the
    server is stopped."""
    from granian.log import logger

    from tracker.cli.child_processes import run_beside

    logger.addFilter(_is_news)
    server = _make_server(listener, workers, threads)
    with run_beside(tasks):
        server.serve()


def _make_server(listener: socket.socket, workers: int, threads: int) -> MPServer:
    from granian._granian import SocketHolder
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.server.mp import MPServer

    from tracker.logging import SERVER_LINES

    left = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN  # by nohup, say

    class Server(MPServer):
        """Workers accept from the one listener. By itself Granian lets each of them bind the port with SO_REUSEPORT,
        and goes on without a terminal when its terminal is closed, which holds the port."""

        def _init_shared_socket(self) -> None:
            self._sso, self._ssp = listener, None
            self._sfd = listener.fileno()  # type: ignore[assignment]  # it begins as None
            holder: Callable[..., SocketHolder] = SocketHolder  # its stub leaves out what it is made of
            self._shd = holder(self._sfd, False, self.backlog)  # type: ignore[assignment]  # the same

        def signal_handler_reload(self, *_said: object) -> None:
            if not left:
                self.signal_handler_interrupt()  # type: ignore[no-untyped-call]  # it has no types

    host, port = listener.getsockname()[:2]
    return Server(
        "tracker.cli.server_process:application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,  # over HTTP/2 one connection may ask for hundreds of answers and read none
        http1_settings=HTTP1Settings(max_buffer_size=_HEAD),
        workers=workers,
        blocking_threads=threads,
        websockets=False,
        respawn_failed_workers=True,  # two failures in a row end the server, with exit status 1
        workers_kill_timeout=5,  # without it, a stop while a worker is starting waits for ever
        log_access=False,  # who reads what is nobody's business
        log_dictconfig=SERVER_LINES,
    )
