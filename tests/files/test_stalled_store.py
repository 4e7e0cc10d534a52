"""A store that takes a connection and then says nothing holds nobody for long: who waits for it holds a thread of the
server, and readers need no account.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from threading import Thread
from time import monotonic

import pytest

from tracker.domain.files import StorageUnavailable
from tracker.files.files import Files
from tracker.files.s3 import PATIENCE, S3

KEY = "0" * 32


@pytest.fixture
def stalled(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An endpoint that hears everything and answers nothing."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "an-access-key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-secret-access-key")
    lines: list[socket.socket] = []

    def take(listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                lines.append(listener.accept()[0])

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=take, args=(listener,))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
    for line in lines:
        line.close()


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: store.size(KEY),
        lambda store: b"".join(store.open(KEY)),
        lambda store: store.put([b"a few words"], 100),
        lambda store: store.delete(KEY),
        lambda store: list(store.held()),
    ],
    ids=["size", "open", "put", "delete", "list"],
)
def test_a_store_that_says_nothing_is_given_up_soon(
    stalled: str, entropy: Callable[[int], bytes], ask: Callable[[Files], object]
) -> None:
    patience = timedelta(seconds=0.3)
    store = S3("bucket", "", entropy, endpoint=stalled, region="us-east-1", patience=patience)
    began = monotonic()
    with pytest.raises(StorageUnavailable):
        ask(store)
    assert monotonic() - began < 3


def test_nobody_waits_for_a_store_longer_than_for_the_database() -> None:
    assert timedelta(seconds=10) >= PATIENCE * 2  # it is tried once more
