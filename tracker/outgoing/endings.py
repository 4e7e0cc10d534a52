"""Ending a look-up or a connection after so many seconds, whatever it waits for, and however little each step of it
takes.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import Final, TypeVar

T = TypeVar("T")

#: Seconds until it is ended again: the line may be made only then, or another one, once it is encrypted.
_AGAIN: Final = 0.05


@contextmanager
def ended_after(seconds: float, find_line: Callable[[], socket.socket | None]) -> Iterator[None]:
    """Within the block, no read or write on the line goes on for longer. ``find_line``: the socket as it is now."""
    over = Event()

    def end() -> None:
        wait = seconds
        while not over.wait(wait):
            line, wait = find_line(), _AGAIN
            if line is not None:
                with suppress(OSError):  # it ended by itself
                    line.shutdown(socket.SHUT_RDWR)

    Thread(target=end, daemon=True).start()
    try:
        yield
    finally:
        over.set()


def answer_within(seconds: float, ask: Callable[[], T]) -> T:
    """What is answered; `TimeoutError` where it takes longer. The system ends what nobody waits for any more."""
    answer: Future[T] = Future()

    def run() -> None:
        try:
            answer.set_result(ask())
        except Exception as error:
            answer.set_exception(error)

    Thread(target=run, daemon=True).start()
    return answer.result(seconds)
