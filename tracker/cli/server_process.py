"""What each worker process of `tracker serve` loads."""

from __future__ import annotations

import gc
import multiprocessing
import os
from threading import Thread
from typing import Final

from flask import Flask

from tracker.app import serving
from tracker.http.middleware import hide_server_name

#: After how many new objects the collector looks for cycles.
_OBJECTS: Final = 20_000


def application() -> Flask:
    """The application, in a process that ends when the process that started it ends, however that one was stopped."""
    end_with_parent()
    app = serving()
    app.wsgi_app = hide_server_name(app.wsgi_app)  # type: ignore[method-assign, assignment]
    spare_collector()
    return app


def spare_collector() -> None:
    """Let the collector of cycles look at less. What is loaded by now stays for the life of the process; and an act
    makes thousands of objects and hardly a cycle, so to look for one after each 700 takes a twentieth of its time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS, *gc.get_threshold()[1:])


def end_with_parent() -> None:
    """Let this process end when the one that started it does."""
    Thread(target=_follow_parent, name="follow-parent", daemon=True).start()


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # nobody is left who could stop this process; what is not committed is undone
