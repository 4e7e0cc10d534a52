"""How many requests there were, to which route, with which status, and how long they took.

A route is a rule of the map of addresses, or a place that holds many: no id, no word, no address of anybody. All
processes of a server count together, in files of a folder that ends with the server.
"""

from __future__ import annotations

import re
from typing import Final

from tracker.http.environ import ROUTE, Environ

#: What is answered before a rule is looked up, with what stands beside it. The longest first.
_PLACES: Final = ("/v1/public", "/v1", "/feeds", "/log", "/badges", "/embed", "/oembed", "/health", "/static")
#: A public page, which begins with its language.
_PAGE: Final = re.compile("/[a-z]{2,3}(/(?!desk(/|$))|$)")
#: Seconds. The last but one is the time limit of a statement.
_BUCKETS: Final = (0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0)


class Meter:
    """What a process of the server counts."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram  # noqa: PLC0415  # an extra

        # Nobody asks this registry in a server: what is read are the files of all processes.
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "tracker_requests", "Requests that were answered.", ("route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "tracker_request_seconds",
            "Until the answer began.",
            ("route",),
            registry=self.registry,
            buckets=_BUCKETS,
        )

    def count(self, environ: Environ, status: int, took: float) -> None:
        """One request, which was answered with a status after so many seconds."""
        route = name_route(environ)
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(took)


def name_route(environ: Environ) -> str:
    """The route as the contract writes it, or the place where it is found: one of a few."""
    path, rule = environ.get("PATH_INFO", ""), environ.get(ROUTE)
    place = next((one for one in _PLACES if path == one or path.startswith(f"{one}/")), "other")
    if place == "other" and _PAGE.match(path):
        return "pages"
    return rule if rule and place in ("/v1", "other") else place
