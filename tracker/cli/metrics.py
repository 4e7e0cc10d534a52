"""The numbers of `tracker serve` for Prometheus, at an address of their own, from a process of its own."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Final

from tracker import logging
from tracker.actions.operations.measures import list_measures
from tracker.actions.people import OPERATOR
from tracker.actions.support.unit import open_view
from tracker.app import open_record, open_replica, utc_now
from tracker.cli.ports import bind_port
from tracker.outgoing.addresses import split_private
from tracker.settings import Settings
from tracker.store.database import db

if TYPE_CHECKING:
    from prometheus_client.registry import Collector

#: Where the processes of a server count together; the library reads the name.
_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"


@contextmanager
def listen_for_metrics(settings: Settings) -> Iterator[socket.socket | None]:
    """The port of the numbers, and the folder in which all processes count; None where nobody asks for them."""
    if settings.metrics is None:
        yield None
        return
    host, port = split_private(settings.metrics)
    with bind_port(host, port, f"TRACKER_METRICS={settings.metrics.rpartition(':')[0]}:") as listener:
        os.environ[_FOLDER] = mkdtemp(prefix="tracker-metrics-")
        try:
            yield listener
        finally:
            shutil.rmtree(os.environ.pop(_FOLDER), ignore_errors=True)


def serve_metrics(listener: socket.socket) -> None:
    """Answer Prometheus."""
    make_server(listener, Settings.from_environment()).serve_forever()


def make_server(listener: socket.socket, settings: Settings) -> ThreadingHTTPServer:
    """A server of all numbers: those that the processes count, and those that the database knows."""
    from prometheus_client import CollectorRegistry
    from prometheus_client.exposition import MetricsHandler
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    registry.register(_make_collector(settings))
    if _FOLDER in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library leaves it so
    server = ThreadingHTTPServer(listener.getsockname()[:2], MetricsHandler.factory(registry), False)
    server.socket.close()
    server.socket = listener
    server.daemon_threads = True
    return server


def _make_collector(settings: Settings) -> Collector:
    """What reads the numbers that the database knows, each time it is asked."""
    from prometheus_client.core import GaugeMetricFamily
    from prometheus_client.registry import Collector

    app, log = open_record(settings), logging.make_logger(settings.log_level)
    replica = open_replica(settings)

    class OfDatabase(Collector):
        def collect(self) -> Iterator[GaugeMetricFamily]:
            """Everything but a database that is away, which says so."""
            families: dict[str, GaugeMetricFamily] = {}
            up = GaugeMetricFamily("tracker_database_up", "1 if the database answers.")
            try:
                with (
                    app.app_context(),
                    open_view(db.session(), OPERATOR, utc_now(), secrets.token_bytes) as unit,
                ):
                    for measure in list_measures(unit.session, unit.now, replica):
                        name = f"tracker_{measure.name}"
                        family = families.setdefault(
                            name, GaugeMetricFamily(name, measure.meaning, labels=[*measure.labels])
                        )
                        family.add_metric([*measure.labels.values()], measure.value)
                up.add_metric([], 1)
            except Exception as error:
                logging.log_accident(log, error)
                up.add_metric([], 0)
            yield from (up, *families.values())

    return OfDatabase()
