"""``tracker serve``: a production server, not the development one."""

from __future__ import annotations

import logging

import click

from tracker.settings import Settings


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

    settings = Settings.from_environment()
    with open_application(settings):
        pass  # the settings and the database are right, said before a server is up
    if threads <= settings.requests_at_once:
        click.echo(
            "one person can hold every thread: give more --threads than TRACKER_REQUESTS_AT_ONCE", err=True
        )
    run_server(host, port, workers, threads)


def _is_news(record: logging.LogRecord) -> bool:
    """Threads are many so that bodies may arrive slowly (decision 13), not for speed: no warning is due."""
    return "Python threads" not in record.getMessage()


def run_server(host: str, port: int, workers: int = 2, threads: int = 32) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import logger

    logger.addFilter(_is_news)
    Granian(
        "tracker.app:serving",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        websockets=False,
        workers_kill_timeout=5,  # without it, a stop while a worker is starting waits for ever
        log_access=False,  # who reads what is nobody's business
    ).serve()
