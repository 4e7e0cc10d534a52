"""Finished answers, kept in memory: built once, shared by those who ask meanwhile, and bounded in bytes.

A page is kept under its address, with a stamp of all that its bytes follow from; another stamp makes it built again.
Nothing is written: what is kept follows from the public side.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Event, Lock
from typing import Final

from tracker.domain.service_errors import Busy
from tracker.feeds.encoding import encode_body

#: Seconds that somebody waits for a page that is being built, or for a place to build one.
PATIENCE: Final = 5.0
#: Bytes that a page takes besides its own.
_OVERHEAD: Final = 1024

Headers = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Page:
    """A finished answer, its strong tag in the plain form, and its bytes in every form that was asked for so far."""

    body: bytes
    tag: str | None
    headers: Headers
    status: str = "200 OK"
    encoded: dict[str, bytes] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock, repr=False)

    @property
    def size(self) -> int:
        return len(self.body) + sum(map(len, self.encoded.values())) + _OVERHEAD


@dataclass(slots=True)
class _Kept:
    stamp: object
    page: Page
    size: int


@dataclass(slots=True)
class _Build:
    """A page that somebody is building, for those who ask for the same."""

    done: Event = field(default_factory=Event)
    page: Page | None = None
    error: BaseException | None = None

    def result(self) -> Page:
        if not self.done.wait(PATIENCE):
            raise _busy()
        if self.page is None:
            raise self.error or _busy()
        return self.page


class PageCache:
    """The pages of one process. ``most`` bytes are kept; ``builds`` pages are built at a time, and
    ``waiting`` requests wait for one at most: each holds a thread of the server."""

    def __init__(self, most: int, *, builds: int, waiting: int) -> None:
        self.most, self.size, self._most_waiting = most, 0, waiting
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._builds: dict[tuple[str, object], _Build] = {}
        self._places = BoundedSemaphore(builds)
        self.waiting = 0
        self._lock = Lock()

    def __contains__(self, key: str) -> bool:
        return key in self._kept

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: str, stamp: object) -> Page | None:
        """The page at this address, where it still holds."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept.stamp != stamp:
                return None
            self._kept.move_to_end(key)
            return kept.page

    def page(self, key: str, stamp: object, build: Callable[[], Page], *, keep: bool = True) -> Page:
        """The page at this address; built where it is not there, by one for all who ask meanwhile.

        Only a page with a tag is kept. `Busy` where that takes too long, or too many wait already.
        """
        page = self.get(key, stamp)
        if page is not None:
            return page
        with self._lock:
            running = self._builds.get((key, stamp))
            if self.waiting >= self._most_waiting:
                raise _busy()
            self.waiting += 1
            mine = self._builds.setdefault((key, stamp), _Build()) if running is None else None
        try:
            if mine is None:
                return running.result()  # type: ignore[union-attr]  # one of both is there
            return self._built(mine, key, stamp, build, keep=keep)
        finally:
            with self._lock:
                self.waiting -= 1

    def _built(self, mine: _Build, key: str, stamp: object, build: Callable[[], Page], *, keep: bool) -> Page:
        try:
            with self._place():
                mine.page = build()
            if keep and mine.page.tag is not None:
                self._keep(key, stamp, mine.page)
            return mine.page
        except BaseException as error:
            mine.error = error
            raise
        finally:
            with self._lock:
                del self._builds[key, stamp]
            mine.done.set()

    def encoded(self, key: str, page: Page, encoding: str) -> bytes:
        """The page in this form, made once and counted where the page is kept."""
        body = page.encoded.get(encoding)
        if body is not None:
            return body
        if not page.lock.acquire(timeout=PATIENCE):
            raise _busy()
        try:
            if encoding not in page.encoded:
                with self._place():
                    page.encoded[encoding] = encode_body(page.body, encoding)
        finally:
            page.lock.release()
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and kept.page is page:
                self.size += page.size - kept.size
                kept.size = page.size
                self._make_room()
        return page.encoded[encoding]

    def clear(self) -> None:
        """Forget every page."""
        with self._lock:
            self._kept.clear()
            self.size = 0

    @contextmanager
    def _place(self) -> Iterator[None]:
        """One of the places of those who build or compress."""
        if not self._places.acquire(timeout=PATIENCE):
            raise _busy()
        try:
            yield
        finally:
            self._places.release()

    def _keep(self, key: str, stamp: object, page: Page) -> None:
        size = page.size + len(key)
        with self._lock:
            self._drop(key)
            if size <= self.most:
                self._kept[key] = _Kept(stamp, page, size)
                self.size += size
                self._make_room()

    def _drop(self, key: str) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self.size -= kept.size

    def _make_room(self) -> None:
        while self.size > self.most:
            _key, kept = self._kept.popitem(last=False)
            self.size -= kept.size


def _busy() -> Busy:
    return Busy("too many ask for what takes long to put together", wait=2)
