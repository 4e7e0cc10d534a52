"""How many requests a key may send: counted in memory, or in a Redis that several servers share. And how many at once.

What is counted is the key's id; no address is looked at. Where Redis does not answer, everybody is let through for
a few seconds, then it is asked again: a counter must not take the record down.

Each request holds a thread of the server until its body has arrived and its answer has left, however long either takes.
So that one person cannot hold them all, by however many keys, each process works on so many of their requests at once
and refuses the next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from threading import Lock
from time import time
from typing import Any, Final, Protocol

import limits
from flask import Flask, Response, g
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from structlog.typing import FilteringBoundLogger

from tracker.domain.sentences import sentence
from tracker.domain.service_errors import TooManyAtOnce, TooManyRequests
from tracker.settings import Settings

_NAME: Final = "key"
_REST: Final = timedelta(seconds=5)
#: Redis is near or it is of no use.
_REDIS: Final = {"socket_connect_timeout": 0.25, "socket_timeout": 0.25}


class Window(Protocol):
    """Counts requests in windows of equal length."""

    def hit(self, rate: limits.RateLimitItem, key: str) -> tuple[bool, float, int]:
        """Count one: whether it is within the rate, when the window of its key ends, and how many are left in it."""


class _Shared:
    """In a storage that several servers share, by its library."""

    def __init__(self, storage: str) -> None:
        made: Any = storage_from_string(storage, wrap_exceptions=True, **_REDIS)
        self._limiter = FixedWindowRateLimiter(made)

    def hit(self, rate: limits.RateLimitItem, key: str) -> tuple[bool, float, int]:
        within = self._limiter.hit(rate, key)
        reset, left = self._limiter.get_window_stats(rate, key)
        return within, reset, left


class _Own:
    """In the memory of this process. The library's own storage of this kind starts a thread for most requests, which
    costs as much as all the rest of them."""

    def __init__(self) -> None:
        self._lock, self._swept = Lock(), 0.0
        self._windows: dict[str, tuple[float, int]] = {}

    def hit(self, rate: limits.RateLimitItem, key: str) -> tuple[bool, float, int]:
        now, length = time(), rate.get_expiry()
        with self._lock:
            if now - self._swept >= length:  # what is over is forgotten, so that this does not grow
                self._windows = {one: window for one, window in self._windows.items() if window[0] > now}
                self._swept = now
            until, count = self._windows.get(key, (0.0, 0))
            if until <= now:
                until, count = now + length, 0
            self._windows[key] = until, count + 1
        return count < rate.amount, until, max(0, rate.amount - count - 1)


@dataclass(slots=True)
class RateLimits:
    """The limit of one server. ``asleep_until``: the storage failed, and is not asked before."""

    rate: limits.RateLimitItem
    window: Window
    log: FilteringBoundLogger = field(repr=False)
    most_at_once: int
    held: Counter[str] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock, repr=False)
    asleep_until: datetime | None = None

    @classmethod
    def of(cls, settings: Settings, log: FilteringBoundLogger) -> RateLimits:
        storage = settings.rate_limit_storage
        window: Window = _Own() if storage.startswith("memory") else _Shared(storage)
        return cls(limits.parse(settings.rate_limit), window, log, settings.requests_at_once)

    @property
    def policy(self) -> str:
        return f'"{_NAME}";q={self.rate.amount};w={self.rate.get_expiry()}'

    def count(self, key: str, now: datetime) -> None:
        """Count a request; `TooManyRequests` where it is one too many. What is left is told by `tell`."""
        if self.asleep_until is not None and now < self.asleep_until:
            return
        try:
            within, reset, left = self.window.hit(self.rate, key)
        except StorageError:
            self.asleep_until = now + _REST
            # Without the error: its text names the storage, password included.
            self.log.error("rate limits are not counted")  # noqa: TRY400
            return
        self.asleep_until = None
        # Windows end by the clock of the machine, as all who share the counter read it.
        wait = max(1, min(ceil(reset - time()), self.rate.get_expiry()))
        g.rate_limit = (self.policy, f'"{_NAME}";r={left};t={wait}')
        if not within:
            raise TooManyRequests(
                sentence("a key may send %(rate)s; wait %(wait)s seconds", rate=self.rate, wait=wait),
                wait=wait,
            )

    def enter(self, person: str) -> None:
        """Take a place for this request, which ends with it; `TooManyAtOnce` where they hold all they may."""
        with self.lock:
            if self.held[person] >= self.most_at_once:
                raise TooManyAtOnce(
                    sentence("%(most)s of your requests are being worked on", most=self.most_at_once), wait=1
                )
            self.held[person] += 1
        g.place = Place(self, person)


class Place:
    """That a request is being worked on. Left once, however often it is said."""

    def __init__(self, limit: RateLimits, person: str) -> None:
        self._limit: RateLimits | None = limit
        self._person = person

    def leave(self) -> None:
        limit, self._limit = self._limit, None
        if limit is not None:
            with limit.lock:
                limit.held[self._person] -= 1
                if not limit.held[self._person]:
                    del limit.held[self._person]


class _Held(Iterator[Any]):
    """A stream that keeps its place until it has ended, broke off, or was forgotten by the server."""

    def __init__(self, chunks: Iterable[Any], place: Place) -> None:
        self._chunks, self._place = iter(chunks), place
        self._close = getattr(chunks, "close", lambda: None)

    def __next__(self) -> Any:
        try:
            return next(self._chunks)
        except BaseException:
            self._place.leave()
            raise

    def close(self) -> None:
        self._place.leave()
        self._close()

    def __del__(self) -> None:
        self._place.leave()


def attach_limits(app: Flask) -> None:
    app.after_request(_add_headers)
    app.after_request(_enter_request)
    app.teardown_request(_leave_request)


def _add_headers(response: Response) -> Response:
    limit = g.get("rate_limit")
    if limit is not None:
        response.headers["RateLimit-Policy"], response.headers["RateLimit"] = limit
    return response


def _enter_request(response: Response) -> Response:
    """What streams leaves after the request has ended here: its place goes along."""
    if response.is_streamed and "place" in g:
        response.response = _Held(response.response, g.pop("place"))
    return response


def _leave_request(_error: BaseException | None) -> None:
    place: Place | None = g.pop("place", None)
    if place is not None:
        place.leave()
