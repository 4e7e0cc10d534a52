"""What each worker process of `tracker serve` loads."""

from __future__ import annotations

import multiprocessing
import os
from threading import Thread

from flask import Flask

from tracker.app import serving


def application() -> Flask:
    """The application, in a process that ends when the process that started it ends, however that one was stopped."""
    Thread(target=_follow_parent, name="follow-parent", daemon=True).start()
    return serving()


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # nobody is left who could stop this process; what is not committed is undone
