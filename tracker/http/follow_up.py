"""What follows a commit: what acts queued is carried out, what is embargoed is published when its hour has come, and
the public log is signed. What SQLite wrote in its write-ahead log goes into the database.

A server does it on a thread of its own: an act is answered when it is committed, and acts that come together share one
signature. The act is done, whatever fails here: that is for the server log, and for the next time.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import Empty, Full, Queue
from threading import Lock, Thread
from time import sleep
from typing import Any, Final

from flask import Flask
from sqlalchemy.orm import Session

from tracker import logging
from tracker.actions.operations import pending_work, release_batch, signing
from tracker.actions.support.unit import open_unit
from tracker.http.context import Context, context
from tracker.store.database import db, write_back

#: How many parts of what is queued a request does itself, where no thread does it. Its sender waits for them.
AFTER_AN_ACT: Final = 2

#: Seconds from one signature to the next, at least.
PAUSE: Final = 1.0
#: Seconds after which a server looks by itself: so late is what is embargoed, at most.
IDLE: Final = 30.0


def follow_commit(known: Context, session: Session, most: int | None = None) -> None:
    """Publish what is due, and do what is queued, at most so many parts (None: all); then sign the log, where this
    server has its key."""
    opened = partial(open_unit, session, now=known.clock, entropy=known.entropy)
    _try_step(known, lambda: release_batch.release_embargoed(session, known.clock(), opened))
    _try_step(known, lambda: pending_work.run_after_commit(session, known.clock, known.entropy, most))
    if (key := known.settings.log_key) is not None:
        sign = partial(signing.sign_after_commit, session, key, known.clock, known.entropy)
        if (why := _try_step(known, sign)) is not None:
            known.log.error("unsigned", why=why)


def _try_step(known: Context, step: Callable[[], Any]) -> Any:
    """What is left by a step that fails is done by the next one of its kind."""
    try:
        return step()
    except Exception as error:
        logging.log_accident(known.log, error)
        return None


class FollowUp:
    """A thread that follows commits, at once and then at most once in ``pause`` seconds; and looks by itself where
    nothing was committed for ``idle`` seconds.

    It is started by the first who asks, and again in a process that was forked.
    """

    def __init__(self, app: Flask, pause: float = PAUSE, idle: float = IDLE) -> None:
        self._app, self._pause, self._idle = app, pause, idle
        self._asked: Queue[None] = Queue(maxsize=1)
        self._starting = Lock()
        self._thread: Thread | None = None
        self._ended = False

    def ask(self) -> None:
        """Something was committed. Returns at once."""
        with suppress(Full):  # it is asked for already
            self._asked.put_nowait(None)
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._run, name="follow-up", daemon=True)
                self._thread.start()

    def wait(self) -> None:
        """Until what was asked for is done."""
        self._asked.join()

    def stop(self) -> None:
        """Do what was asked for, and nothing more."""
        self.wait()
        self._ended = True
        if self._thread is not None:
            self.ask()
            self._thread.join()

    def _follow(self) -> None:
        with self._app.app_context():  # which gives the connection back, and fails where it was lost
            known, session = context(), db.session()
            follow_commit(known, session)
            _try_step(known, lambda: write_back(session))

    def _run(self) -> None:
        while not self._ended:
            asked = True
            try:
                self._asked.get(timeout=self._idle)
            except Empty:
                asked = False
            _try_step(self._app.extensions["tracker"], self._follow)
            if asked:
                self._asked.task_done()
            sleep(self._pause)
