"""The log: one JSON object a line, to stderr. `SECURITY.md` says what stands in none of them.

Of an accident a line holds the kinds of the errors and where they arose, never their texts: the text of an error of
the database holds the values that were to be written.
"""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Any, Final

import structlog
from structlog.typing import FilteringBoundLogger

#: A method is a word that a stranger chose.
_METHODS: Final = frozenset(("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"))


class _Stderr:
    """Standard error as it is when a line is written: a server or a test may have put another in its place."""

    def __init__(self) -> None:
        self._lost = 0

    def write(self, text: str) -> int:
        """Write a line, or lose it: an act that is done must not look undone because the disk of the log is full.

        The next line that can be written follows one that says how many were lost.
        """
        lost = f'{{"event": "lost", "level": "error", "lines": {self._lost}}}\n' if self._lost else ""
        try:
            sys.stderr.write(lost + text)
            sys.stderr.flush()
        except (OSError, ValueError):
            self._lost += 1
        else:
            self._lost = 0
        return len(text)

    @staticmethod
    def flush() -> None:
        """Each line was flushed when it was written."""


def make_logger(level: str) -> FilteringBoundLogger:
    """A logger of its own, so that nothing global is set and nothing global changes it."""
    made: FilteringBoundLogger = structlog.wrap_logger(
        structlog.WriteLogger(_Stderr()),  # type: ignore[arg-type]  # it asks for write and flush, no more
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
    ).bind()
    return made


class ServerLines(logging.Handler):
    """What the server software says of itself, in lines of the same form."""

    def __init__(self) -> None:
        super().__init__()
        self._log = make_logger("info")

    def emit(self, record: logging.LogRecord) -> None:
        self._log.log(max(record.levelno, logging.INFO), "server", says=record.getMessage())


#: For `logging.config`: the logger of Granian writes these lines.
SERVER_LINES: Final = {
    "handlers": {"lines": {"class": f"{__name__}.{ServerLines.__name__}"}},
    "loggers": {"_granian": {"handlers": ["lines"], "level": "INFO", "propagate": False}},
}


def name_method(given: str) -> str:
    return given if given in _METHODS else "other"


def log_accident(log: FilteringBoundLogger, error: BaseException, **known: Any) -> None:
    """Say that something went wrong: what kind of thing, and where."""
    kinds: list[str] = []
    place: list[list[str]] = []
    cause: BaseException | None = error
    while cause is not None and len(kinds) < 8:
        kinds.append(f"{type(cause).__module__}.{type(cause).__qualname__}")
        frames = traceback.extract_tb(cause.__traceback__)
        place.append([f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames])
        cause = cause.__cause__ or cause.__context__
    log.error("accident", errors=kinds, where=place, **known)
