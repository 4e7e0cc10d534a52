"""Processes that stand beside a server: they are started with it, started again where they end, and end with it."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.context import SpawnProcess
from threading import Event, Thread
from typing import Any, Final

from tracker.cli.server_process import end_with_parent

#: What a process runs, and with which arguments.
Task = tuple[Callable[..., None], tuple[Any, ...]]

#: Seconds between two looks at them; until one that ended is started again; for which one may take to end.
_PAUSE: Final = 1.0
_AGAIN: Final = 5.0
_GRACE: Final = 12.0


@contextmanager
def run_beside(tasks: Sequence[Task]) -> Iterator[None]:
    """Each task in a process of its own for the length of the block."""
    stopped, children = Event(), [_start_child(task) for task in tasks]
    # The server forks: by then the thread does nothing but wait.
    keeper = Thread(target=_keep_running, args=(tasks, children, stopped), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stopped.set()
        keeper.join()


def _start_child(task: Task) -> SpawnProcess:
    # A process that is spawned shares nothing with this one: no lock, no connection.
    child = multiprocessing.get_context("spawn").Process(target=_run, args=task, daemon=True)
    child.start()
    return child


def _run(function: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    end_with_parent()
    function(*arguments)


def _keep_running(tasks: Sequence[Task], children: list[SpawnProcess], stopped: Event) -> None:
    while not stopped.wait(_PAUSE):
        for place, task in enumerate(tasks):
            if not children[place].is_alive() and not stopped.wait(_AGAIN):
                children[place] = _start_child(task)
    for child in children:
        child.terminate()
    for child in children:
        child.join(_GRACE)
        child.kill()
