"""The file of a SQLite database is the one that was opened first, as long as a process runs.

SQLite notices nothing when its file is moved away or another is put in its place. It goes on writing into the old one,
where nobody finds an act again, and makes an empty database where it finds no file. So each time a connection is taken,
the file is looked at first. When it is back in its place, work goes on.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from tracker.domain.sentences import sentence
from tracker.domain.service_errors import Unavailable

#: Under which name an engine carries its file, where its database has one.
FILE: Final = "tracker_file"


class DatabaseFile:
    """The file of a database, as this process opened it first."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._first: os.stat_result | None = None

    def forget(self) -> None:
        """All connections are closed: the file that is opened next is the first again."""
        self._first = None

    def require_same(self) -> None:
        """`Unavailable` where the file is gone, or is another one."""
        try:
            status = self._path.stat()
        except OSError:
            raise Unavailable(sentence("the file of the database is not there"), wait=5) from None
        if self._first is None:
            self._first = status
        elif not os.path.samestat(status, self._first):
            detail = sentence(
                "another file is in the place of the database; the operators have to start the tracker again"
            )
            raise Unavailable(detail, wait=5)
