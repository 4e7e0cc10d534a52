"""How many requests a key may send: counted in memory, or in a Redis that several servers share.

What is counted is the key's id; no address is looked at. Where Redis does not answer, everybody is let through for
a few seconds, then it is asked again: a counter must not take the record down.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from time import time
from typing import Any, Final

import limits
from flask import Flask, Response, g
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from structlog.typing import FilteringBoundLogger

from tracker.domain.errors import TooManyRequests
from tracker.settings import Settings

_NAME: Final = "key"
_REST: Final = timedelta(seconds=5)
#: Redis is near or it is of no use.
_REDIS: Final = {"socket_connect_timeout": 0.25, "socket_timeout": 0.25}


@dataclass(slots=True)
class Limit:
    """The limit of one server. ``asleep_until``: the storage failed, and is not asked before."""

    rate: limits.RateLimitItem
    limiter: FixedWindowRateLimiter
    log: FilteringBoundLogger = field(repr=False)
    asleep_until: datetime | None = None

    @classmethod
    def of(cls, settings: Settings, log: FilteringBoundLogger) -> Limit:
        storage = settings.rate_limit_storage
        options: dict[str, Any] = {} if storage.startswith("memory") else dict(_REDIS)
        made = storage_from_string(storage, wrap_exceptions=True, **options)
        return cls(limits.parse(settings.rate_limit), FixedWindowRateLimiter(made), log)

    @property
    def policy(self) -> str:
        return f'"{_NAME}";q={self.rate.amount};w={self.rate.get_expiry()}'

    def count(self, key: str, now: datetime) -> None:
        """Count a request; `TooManyRequests` where it is one too many. What is left is told by `tell`."""
        if self.asleep_until is not None and now < self.asleep_until:
            return
        try:
            within = self.limiter.hit(self.rate, key)
            reset, left = self.limiter.get_window_stats(self.rate, key)
        except StorageError:
            self.asleep_until = now + _REST
            # Without the error: its text names the storage, password included.
            self.log.error("rate limits are not counted")  # noqa: TRY400
            return
        self.asleep_until = None
        # The library reads the clock of this machine, as whoever shares the counter does.
        wait = max(1, min(ceil(reset - time()), self.rate.get_expiry()))
        g.rate_limit = (self.policy, f'"{_NAME}";r={left};t={wait}')
        if not within:
            raise TooManyRequests(f"a key may send {self.rate}; wait {wait} seconds", wait=wait)


def attach(app: Flask) -> None:
    app.after_request(_tell)


def _tell(response: Response) -> Response:
    told = g.get("rate_limit")
    if told is not None:
        response.headers["RateLimit-Policy"], response.headers["RateLimit"] = told
    return response
