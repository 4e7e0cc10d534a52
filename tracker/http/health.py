"""What a load balancer and a monitor ask: does this process answer, and can it do its work?

Everybody may ask, so an answer names no path, no number and no address; `tracker check` says more.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from threading import Lock
from time import monotonic
from typing import Final

from structlog.typing import FilteringBoundLogger

from tracker import logging
from tracker.actions.operations.readiness import Finding
from tracker.domain.errors import NotFound
from tracker.http.early_refusals import MethodNotAllowed, send_refusal
from tracker.http.environ import PUBLIC_HALF, Environ, StartResponse, Wsgi

_PREFIX: Final = "/health/"
#: Seconds for which what was found is answered again: strangers choose how often they ask, not how often we look.
KEPT: Final = 5.0


class Health:
    """Stands before the doors, so that it answers while the database does not."""

    def __init__(
        self,
        inner: Wsgi,
        look: Callable[[], Iterable[Finding]],
        log: FilteringBoundLogger,
        now: Callable[[], float] = monotonic,
    ) -> None:
        self.inner, self._look, self._log, self._now = inner, look, log, now
        self._looking = Lock()
        self._until = float("-inf")
        self._found: dict[str, str] = {}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if not path.startswith(_PREFIX):
            return self.inner(environ, start_response)
        environ[PUBLIC_HALF] = True
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return send_refusal(environ, start_response, MethodNotAllowed("this is read with GET"))
        if path == "/health/live":
            return _send(environ, start_response, ready=True, shown={"live": True})
        if path == "/health/ready":
            checks = self._check()
            ready = "wrong" not in checks.values()
            return _send(environ, start_response, ready=ready, shown={"ready": ready, "checks": checks})
        return send_refusal(environ, start_response, NotFound("there is nothing at this address"))

    def _check(self) -> dict[str, str]:
        """What was found at most `KEPT` seconds ago. One looks at a time, however many ask."""
        with self._looking:
            if self._now() >= self._until:
                try:
                    self._found = {one.name: one.state for one in self._look()}
                except Exception as error:
                    logging.log_accident(self._log, error)
                    self._found = {"database": "wrong"}
                self._until = self._now() + KEPT
            return self._found


def _send(
    environ: Environ, start_response: StartResponse, *, ready: bool, shown: dict[str, object]
) -> Iterable[bytes]:
    body = json.dumps(shown).encode()
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
    ]
    start_response("200 OK" if ready else "503 Service Unavailable", headers)
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]
