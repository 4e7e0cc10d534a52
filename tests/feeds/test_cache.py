"""The page cache: bounded in bytes, one build for all who wait, and nothing that strangers can make it keep."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Event, Thread

import pytest

from tracker.domain.service_errors import Busy
from tracker.feeds import cache as cache_module
from tracker.feeds.cache import Page, PageCache


def page(size: int = 10, tag: str | None = "t") -> Page:
    return Page(b"x" * size, tag, ())


def cache_of(most: int = 100_000, builds: int = 2, waiting: int = 50) -> PageCache:
    return PageCache(most, builds=builds, waiting=waiting)


def test_what_is_kept_takes_no_more_bytes_than_it_may_whatever_its_form() -> None:
    cache = cache_of(20_000)
    for number in range(50):
        kept = cache.page(f"/{number}", 1, lambda: page(3000))
        for form in ("gzip", "br", "zstd"):
            cache.encoded(f"/{number}", kept, form)
        assert cache.size <= 20_000
    assert 0 < len(cache) < 6
    assert "/49" in cache
    assert "/0" not in cache
    cache.clear()
    assert (cache.size, len(cache)) == (0, 0)


def test_what_was_asked_for_last_stays_longest_and_what_is_too_large_pushes_out_nothing() -> None:
    cache = cache_of(10_000)
    for key in ("/a", "/b", "/c"):
        cache.page(key, 1, lambda: page(2000))
    cache.get("/a", 1)
    cache.page("/d", 1, lambda: page(2000))
    assert [key in cache for key in ("/a", "/b", "/d")] == [True, False, True]
    cache.page("/large", 1, lambda: page(20_000))
    assert ("/large" in cache, "/a" in cache) == (False, True)


def test_a_page_holds_under_its_stamp_only() -> None:
    cache, built = cache_of(), []

    def build() -> Page:
        built.append(1)
        return page()

    for stamp in (1, 1, 2, 2):
        cache.page("/a", stamp, build)
    assert (len(built), len(cache)) == (2, 1)


@pytest.mark.parametrize(("made", "keep"), [(page(tag=None), True), (page(), False)])
def test_a_refusal_and_what_is_not_to_be_kept_are_not(made: Page, keep: bool) -> None:
    cache = cache_of()
    assert cache.page("/a", 1, lambda: made, keep=keep) is made
    assert (len(cache), cache.size) == (0, 0)


def together(number: int, ask: Callable[[], Page]) -> list[object]:
    """What so many threads get that ask at once."""
    found: list[object] = []
    start = Barrier(number)

    def run() -> None:
        start.wait(10)
        try:
            found.append(ask())
        except Exception as error:
            found.append(error)

    threads = [Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return found


def test_one_builds_and_all_who_wait_share_it() -> None:
    cache, built, all_here = cache_of(), [], Event()

    def build() -> Page:
        built.append(1)
        while cache.waiting < 24:
            all_here.wait(0.001)
        return page()

    found = together(24, lambda: cache.page("/a", 1, build))
    assert len(built) == 1
    assert {id(one) for one in found} == {id(found[0])}
    assert isinstance(found[0], Page)


def test_whoever_waits_for_what_falls_over_learns_it_and_the_next_builds_again() -> None:
    cache = cache_of()

    def fall() -> Page:
        raise ZeroDivisionError

    assert all(isinstance(one, ZeroDivisionError) for one in together(4, lambda: cache.page("/a", 1, fall)))
    assert cache.page("/a", 1, page).body == b"x" * 10


def test_only_so_many_wait_and_only_so_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "PATIENCE", 0.01)
    cache = cache_of(builds=1, waiting=2)
    inside: list[type[Exception]] = []

    def build() -> Page:
        with pytest.raises(Busy) as late:  # the one place is taken, and it does not get free in time
            cache.page("/b", 1, page)
        with pytest.raises(Busy):  # it waits for itself, which is as long as anybody waits
            cache.page("/a", 1, page)
        inside.append(type(late.value))
        assert late.value.wait is not None
        return page()

    cache.page("/a", 1, build)
    assert inside == [Busy]
    assert cache.waiting == 0
    full = cache_of(builds=1, waiting=0)
    with pytest.raises(Busy):
        full.page("/a", 1, page)
