"""The numbers of each process: as its documents were written, and by the days on which they change.

What changes on a day is kept for the day, for its month and for its year. So the numbers as of a day are the sum of
the years before, of the months before in its year, and of the days in its month: as many rows, however much there is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, delete, func, or_, select, text

from tracker.database.prepared import Prepared
from tracker.public.tables import ZERO, tally

#: (process, period, name) -> by how much the number changes.
Changed = Counter[tuple[str, str, str]]
#: The period of the numbers as the documents were written.
PRESENT: Final = ""

#: Both databases know this way to add to a row that may be missing.
_ADD: Final = Prepared(
    text(
        "INSERT INTO public_tally (process_id, period, name, number) VALUES (:process, :period, :name, :number)"
        " ON CONFLICT (process_id, period, name) DO UPDATE SET number = public_tally.number + excluded.number"
    )
)
_EMPTY: Final = Prepared(delete(tally).where(tally.c.process_id == bindparam("process"), text(ZERO)))


def spread_over_periods(changed: Changed) -> Changed:
    """What changes on days, for each day, its month and its year."""
    spread: Changed = Counter()
    for (process, day, name), number in changed.items():
        for period in (f"d{day}", f"m{day[:7]}", f"y{day[:4]}") if number else ():
            spread[process, period, name] += number
    return spread


def add_numbers(connection: Connection, changed: Changed) -> None:
    """Add to what is kept; no row says zero."""
    moved: list[dict[str, Any]] = [
        {"process": process, "period": period, "name": name, "number": number}
        for (process, period, name), number in sorted(changed.items())
        if number
    ]
    if moved:
        _ADD.run_all(connection, moved)
    for process in {row["process"] for row in moved}:
        _EMPTY.run(connection, process=process)


_OF_PROCESS: Final = tally.c.process_id == bindparam("process")
_PRESENT: Final = select(tally.c.name, tally.c.number).where(_OF_PROCESS, tally.c.period == PRESENT)
_THEN: Final = (
    select(tally.c.name, func.sum(tally.c.number).label("number"))
    .where(
        _OF_PROCESS,
        or_(
            and_(tally.c.period >= "y", tally.c.period < bindparam("year")),
            and_(tally.c.period > bindparam("months"), tally.c.period < bindparam("month")),
            and_(tally.c.period > bindparam("days"), tally.c.period <= bindparam("day")),
        ),
    )
    .group_by(tally.c.name)
)


def read_numbers(connection: Connection, process: str, day: str | None = None) -> Counter[str]:
    """The numbers of a process as its documents were written, or as of a day."""
    if day is None:
        rows = connection.execute(_PRESENT, {"process": process})
    else:
        year, month = day[:4], day[:7]
        asked = {"year": f"y{year}", "months": f"m{year}", "month": f"m{month}", "days": f"d{month}"}
        rows = connection.execute(_THEN, {"process": process, "day": f"d{day}", **asked})
    return Counter({row.name: int(row.number) for row in rows if row.number})


def drop_numbers_of(connection: Connection, process: str) -> None:
    """Nothing in a process is counted any more."""
    connection.execute(delete(tally).where(tally.c.process_id == process))


def clear_numbers(connection: Connection) -> None:
    """Nothing is counted, until documents are written again."""
    connection.execute(delete(tally))


def find_differences(connection: Connection, wanted: Changed) -> Iterator[str]:
    """The processes of which other numbers are kept than these."""
    kept = {(row.process_id, row.period, row.name): row.number for row in connection.execute(select(tally))}
    expected = {key: number for key, number in wanted.items() if number}
    for process in sorted({process for (process, *_more), _number in kept.items() ^ expected.items()}):
        yield f"{process}: its numbers are not what its documents add up to"
