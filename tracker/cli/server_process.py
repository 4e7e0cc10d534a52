"""What each worker process of `tracker serve` loads."""

from __future__ import annotations

import multiprocessing
import os
from threading import Thread

from flask import Flask

from tracker.app import serving
from tracker.http.middleware import hide_server_name


def application() -> Flask:
    """The application, in a process that ends when the process that started it ends, however that one was stopped."""
    end_with_parent()
    app = serving()
    app.wsgi_app = hide_server_name(app.wsgi_app)  # type: ignore[method-assign, assignment]
    return app


def end_with_parent() -> None:
    """Let this process end when the one that started it does."""
    Thread(target=_follow_parent, name="follow-parent", daemon=True).start()


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # nobody is left who could stop this process; what is not committed is undone
