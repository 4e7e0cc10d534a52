"""What follows a commit: what acts queued is carried out, and the public log is signed.

A server does it on a thread of its own: an act is answered when it is committed, and acts that come together share one
signature. The act is done, whatever fails here: that is for the server log, and for the next time.
"""

from __future__ import annotations

from contextlib import suppress
from queue import Full, Queue
from threading import Lock, Thread
from time import sleep
from typing import Final

from flask import Flask
from sqlalchemy.orm import Session

from tracker import logging
from tracker.actions.operations import pending_work, signing
from tracker.api.http.context import Context, context
from tracker.store.database import db

#: How many parts of what is queued a request does itself, where no thread does it. Its sender waits for them.
AFTER_AN_ACT: Final = 2

#: Seconds from one signature to the next, at least.
PAUSE: Final = 1.0


def follow_commit(known: Context, session: Session, most: int | None = None) -> None:
    """Do what is queued, at most so many parts (None: all); then sign the log, where this server has its key."""
    try:
        pending_work.run_after_commit(session, known.clock, known.entropy, most)
    except Exception as error:  # what is left stays queued
        logging.log_accident(known.log, error)
    if (key := known.settings.log_key) is not None:
        try:
            why = signing.sign_after_commit(session, key, known.clock, known.entropy)
        except Exception as error:  # the next signature covers what this one did not
            logging.log_accident(known.log, error)
            return
        if why is not None:
            known.log.error("unsigned", why=why)


class FollowUp:
    """A thread that follows commits, at once and then at most once in ``pause`` seconds.

    It is started by the first commit, so it belongs to the process that serves and not to one that forked it.
    """

    def __init__(self, app: Flask, pause: float = PAUSE) -> None:
        self._app, self._pause = app, pause
        self._asked: Queue[None] = Queue(maxsize=1)
        self._starting = Lock()
        self._thread: Thread | None = None

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

    def _run(self) -> None:
        while True:
            self._asked.get()
            with self._app.app_context():
                follow_commit(context(), db.session())
                db.session.remove()
            self._asked.task_done()
            sleep(self._pause)
