"""From where the public side is read: from a streaming replica while it has all that is public, else from the database
itself.

The database says each time what is public: the last act, edition and checkpoint. A replica that is behind in one of
them is not read. So everybody sees what is public now, and people who acted find their act, whatever server they ask.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any, Final, Literal

from sqlalchemy import Connection, Engine, func, select

from tracker.public.driver_queries import Connections, Hot
from tracker.public.events import read_moment
from tracker.public.tables import checkpoint, event, head

State = Literal["follows", "behind", "away", "promoted", "another"]
#: Seconds for which a replica is not asked again that did not answer, or is a database of its own by now.
PAUSE: Final = 5.0
#: All that the public side follows from. The id of the last act is random: another database does not have it.
_PUBLIC: Final = select(
    select(event.c.id).order_by(event.c.seq.desc()).limit(1).scalar_subquery(),
    select(func.max(event.c.seq)).scalar_subquery(),
    select(func.max(head.c.edition)).scalar_subquery(),
    select(func.max(checkpoint.c.size)).scalar_subquery(),
)
_REPLICATED: Final = select(*_PUBLIC.selected_columns, func.pg_is_in_recovery())


@dataclass(frozen=True, slots=True)
class Lag:
    """How a replica stands: by how many public acts it is behind, and for how many seconds the first of them has been
    public. Both are None where nobody can tell."""

    state: State
    acts: int | None = None
    seconds: float | None = None


class Replica:
    """A replica of the database. ``engine`` leads to it."""

    def __init__(self, engine: Engine, now: Callable[[], float] = monotonic) -> None:
        self.engine, self._now = engine, now
        self._public = Hot.compiled(engine, Connections(engine), _REPLICATED)
        self._until = float("-inf")

    def read(self) -> tuple[State, tuple[Any, ...]]:
        """Whether it answers and follows, and what is public there."""
        try:
            *public, follows = self._public.first() or (None, False)
        except Exception:  # whatever is wrong with it, the database itself answers
            return self._set_aside("away")
        return ("follows", tuple(public)) if follows else self._set_aside("promoted")

    def has(self, public: tuple[Any, ...] | None) -> bool:
        """Whether all of this is public there."""
        return self._now() >= self._until and self.read() == ("follows", public)

    def _set_aside(self, state: State) -> tuple[State, tuple[Any, ...]]:
        self._until = self._now() + PAUSE
        return state, ()


class PublicReads:
    """Connections to read the public side. ``primary`` is the database, ``replica`` None where there is none."""

    def __init__(self, primary: Engine, replica: Replica | None = None) -> None:
        self.primary, self.replica = primary, replica
        self._public = Hot.compiled(primary, Connections(primary), _PUBLIC)

    def connect(self) -> Connection:
        """A connection on which each statement sees what is public when it runs."""
        return self._choose().connect()

    def open_snapshot(self) -> Connection:
        """A connection on which all statements see one moment; SQLite does so by itself."""
        engine = self._choose()
        if engine.dialect.name == "postgresql":
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        return engine.connect()

    def _choose(self) -> Engine:
        if self.replica is not None and self.replica.has(self._public.first()):
            return self.replica.engine
        return self.primary


def measure_lag(connection: Connection, replica: Replica, now: datetime) -> Lag:
    """How far a replica is behind the database that ``connection`` leads to."""
    state, there = replica.read()
    if state != "follows":
        return Lag(state)
    here = tuple(connection.execute(_PUBLIC).one())
    if there == here:
        return Lag("follows", 0, 0.0)
    last, place = there[:2]
    if last != connection.scalar(select(event.c.id).where(event.c.seq == (place or 0))):
        return Lag("another")
    acts = max(0, int(here[1] or 0) - int(place or 0))
    missing = read_moment(connection, int(place or 0) + 1) if acts else now
    return Lag("behind", acts, max(0.0, (now - missing).total_seconds()))
