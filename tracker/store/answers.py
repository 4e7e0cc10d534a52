"""Where the lines of answers stand in the record, read without what no longer decides.

A line is the answers of one assessor on one track of one subject, and of one addressee where each has its own. What is
read of it are its last answers, from an
index: so an act costs the same after a thousand answers as after ten.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from itertools import takewhile
from typing import Any, Final, NamedTuple

from sqlalchemy import BigInteger, Date, Select, TextClause, bindparam, exists, func, select, text, tuple_
from sqlalchemy.orm import Session

from tracker.database.prepared import Prepared
from tracker.store.change_rows import ChangeRow
from tracker.store.database import core_connection
from tracker.store.statuses import Citation, StatusChange

_CHANGE: Final = StatusChange.__table__
_CITATION: Final = Citation.__table__
#: How many answers of a line are read at first: most often the last one decides.
_FEW, _MANY = 8, 200


class Line(NamedTuple):
    """The answers of one assessor on one track of one subject; ``addressee`` is empty where nobody is named."""

    subject: str
    track: str
    assessor: str
    addressee: str = ""

    @classmethod
    def of(cls, change: Any) -> Line:
        return cls(change.subject_id, change.track, change.assessor_id, change.addressee_id or "")


def counted_conditions(own: Any, without: Any) -> list[Any]:
    """An approved answer that none corrects. ``without`` is taken as if it had never been."""
    other = _CHANGE.alias("corrector")
    corrected = exists().where(
        other.c.corrects_id == own.c.id,
        _literal_condition("corrector.decision = 'approved'"),
        other.c.id != without,
    )
    return [_APPROVED, own.c.id != without, ~corrected]


def _literal_condition(condition: str) -> TextClause:
    """A condition to the letter: a database takes a partial index only where it reads the same one."""
    return text(condition)


_APPROVED: Final = _literal_condition("status_change.decision = 'approved' AND status_change.act <> 'reply'")


ADDRESSEE: Final = func.coalesce(_CHANGE.c.addressee_id, "")
_ON_LINE: Final = (
    _CHANGE.c.subject_id == bindparam("subject"),
    _CHANGE.c.track == bindparam("track"),
    _CHANGE.c.assessor_id == bindparam("assessor"),
    bindparam("addressee") == ADDRESSEE,
)
NEWEST: Final = (_CHANGE.c.effective_on.desc(), _CHANGE.c.number.desc())
_BEFORE: Final = Prepared(
    select(_CHANGE)
    .where(*_ON_LINE, *counted_conditions(_CHANGE, bindparam("without")))
    .where(
        tuple_(_CHANGE.c.effective_on, _CHANGE.c.number)
        < tuple_(bindparam("day", type_=Date()), bindparam("number", type_=BigInteger()))
    )
    .order_by(*NEWEST)
    .limit(bindparam("most"))
)
_LATER: Final = Prepared(
    select(_CHANGE.c.id)
    .where(*_ON_LINE, _APPROVED, _CHANGE.c.effective_on > bindparam("day", type_=Date()))
    .limit(1)
)
_CORRECTED: Final = Prepared(
    select(_CHANGE.c.id).where(
        _CHANGE.c.corrects_id == bindparam("change"),
        _literal_condition("status_change.decision = 'approved'"),
    )
)
_WAITING: Final = Prepared(
    select(_CHANGE.c.to_state)
    .where(
        *_ON_LINE, _literal_condition("status_change.decision = 'proposed' AND status_change.act <> 'reply'")
    )
    .where(_CHANGE.c.effective_on <= bindparam("day", type_=Date()))
    .order_by(_CHANGE.c.effective_on.desc(), _CHANGE.c.created_at.desc())
    .limit(1)
)
_SAYING: Final = (
    select(_CHANGE.c.id, _CHANGE.c.created_at)
    .where(*_ON_LINE, _literal_condition("status_change.decision IN ('proposed', 'approved')"))
    .where(_literal_condition("status_change.act <> 'reply'"))
    .where(_CHANGE.c.to_state == bindparam("state"))
)
_SAID: Final = Prepared(_SAYING.where(_CHANGE.c.effective_on == bindparam("day", type_=Date())).limit(1))
_SAID_BEFORE: Final = Prepared(
    _SAYING.where(
        _CHANGE.c.not_before == bindparam("first", type_=Date()),
        _CHANGE.c.effective_on < bindparam("day", type_=Date()),
    ).limit(_FEW)
)


def find_waiting_state(session: Session, change: Any) -> str | None:
    """What the last proposal says that waits on the line of a change and takes effect before it."""
    state: str | None = _WAITING.value(
        core_connection(session), **Line.of(change)._asdict(), day=change.effective_on
    )
    return state


def find_same_answer(
    session: Session, line: Line, state: str, day: date, first: date | None = None
) -> str | None:
    """An answer of a line that says this of this day, approved or waiting. ``first`` is that of a month or a year: the
    same may have been said while it still ran, and then until that day."""
    connection, asked = core_connection(session), {**line._asdict(), "state": state, "day": day}
    id: str | None = _SAID.value(connection, **asked)
    if id is not None or first is None:
        return id
    earlier = _SAID_BEFORE.rows(connection, **asked, first=first)
    return next((row.id for row in earlier if row.created_at.date() <= day), None)


#: What holds its citations.
WHOLE: Final = (StatusChange, ChangeRow)
#: A place after all that were given.
LAST: Final = 2**62
#: How many ids a statement takes at most.
BATCH: Final = 1000


def iterate_answers(
    session: Session, line: Line, day: date = date.max, number: int = LAST, without: str = ""
) -> Iterator[Any]:
    """The answers of a line that count and take effect before a place, newest first, as plain rows: read as far as
    they are looked at."""
    connection, most = core_connection(session), _FEW
    while True:
        asked = {**line._asdict(), "without": without, "day": day, "number": number, "most": most}
        rows = _BEFORE.rows(connection, **asked)
        yield from rows
        if len(rows) < most:
            return
        day, number, most = rows[-1].effective_on, rows[-1].number, _MANY


def iterate_answers_before(session: Session, change: Any) -> Iterator[Any]:
    """The same for those that take effect before a change of this line. What it corrects is not one of them."""
    place = (change.effective_on, change.number or LAST)
    return iterate_answers(session, Line.of(change), *place, change.corrects_id or "")


def list_repeated(session: Session, change: Any) -> list[Any]:
    """The answers right before a change that say the same, newest first. A reply repeats none."""
    return read_before(session, change)[1]


def read_before(session: Session, change: Any) -> tuple[Any | None, list[Any]]:
    """The answer right before a change, None where it is the first; and all right before it that say the same as it,
    newest first. A reply has none before it."""
    if change.act == "reply":
        return None, []
    runs = iterate_answers_before(session, change)
    return _gather_run(next(runs, None), runs, change.to_state)


def read_around(session: Session, change: Any) -> tuple[Any | None, Any | None, list[Any]]:
    """The answer right after a change, and what `read_before` reads. The line is read from its end, where most changes
    belong: so there it costs no more."""
    if change.act == "reply":
        return None, None, []
    place, following = (change.effective_on, change.number or LAST), None
    runs = iterate_answers(session, Line.of(change), without=change.corrects_id or "")
    for row in runs:
        if (row.effective_on, row.number) < place:
            return following, *_gather_run(row, runs, change.to_state)
        following = row
    return following, None, []


def _gather_run(last: Any | None, rest: Iterator[Any], state: str) -> tuple[Any | None, list[Any]]:
    """The last answer, and with it those before it as long as they say this."""
    if last is None or last.to_state != state:
        return last, []
    return last, [last, *takewhile(lambda one: one.to_state == state, rest)]


def read_last_run(session: Session, line: Line) -> list[Any]:
    """The last answer of a line and those that it repeats, newest first."""
    runs = iterate_answers(session, line)
    last = next(runs, None)
    if last is None:
        return []
    if last.corrects_id is not None:
        return [last, *list_repeated(session, last)]
    return [last, *takewhile(lambda one: one.to_state == last.to_state, runs)]


_LINES: Final = Prepared(
    select(_CHANGE.c.track, _CHANGE.c.assessor_id, ADDRESSEE)
    .where(_CHANGE.c.subject_id == bindparam("subject"), _APPROVED)
    .distinct()
    .order_by(_CHANGE.c.track, _CHANGE.c.assessor_id, ADDRESSEE)
)


def list_lines(session: Session, subject: str) -> list[Line]:
    """The lines of a subject on which there is an answer."""
    return [Line(subject, *row) for row in _LINES.rows(core_connection(session), subject=subject)]


def _unsettled_statement() -> Select[Any]:
    other = _CHANGE.alias("later")
    again = exists().where(
        other.c.subject_id == _CHANGE.c.subject_id,
        other.c.created_at >= _CHANGE.c.decided_at,
        other.c.id != _CHANGE.c.id,
        # By the index of the subject's changes: those of a track, or of an assessor, are everywhere.
        func.coalesce(other.c.track, "") == _CHANGE.c.track,
        func.coalesce(other.c.assessor_id, "") == _CHANGE.c.assessor_id,
        other.c.addressee_id.is_not_distinct_from(_CHANGE.c.addressee_id),
        other.c.replies_to_id.is_not_distinct_from(_CHANGE.c.replies_to_id),
    )
    waits = _literal_condition("status_change.decision IN ('proposed', 'returned')")
    return select(_CHANGE).where(
        _CHANGE.c.subject_id == bindparam("subject"), waits, (_CHANGE.c.decision == "proposed") | ~again
    )


_UNSETTLED: Final = Prepared(_unsettled_statement())


def list_unsettled(session: Session, subject: str) -> list[Any]:
    """What is proposed of a subject, and what was returned and not proposed again since."""
    return _UNSETTLED.rows(core_connection(session), subject=subject)


_ALL: Final = Prepared(
    select(_CHANGE)
    .where(_CHANGE.c.subject_id.in_(bindparam("subjects", expanding=True)), _CHANGE.c.number.is_not(None))
    .order_by(_CHANGE.c.number)
)


def list_approved_changes(session: Session, lines: Collection[Line]) -> dict[Line, list[Any]]:
    """Every approved change of these lines, replies too, in the order of approval, as plain rows."""
    changes: dict[Line, list[Any]] = {line: [] for line in lines}
    subjects = sorted({line.subject for line in changes})
    for row in _ALL.rows(core_connection(session), subjects=subjects) if subjects else ():
        if (line := Line.of(row)) in changes:
            changes[line].append(row)
    return changes


def is_answered_later(session: Session, change: Any) -> bool:
    """Whether an approved answer on the line of a change takes effect after it."""
    line = Line.of(change)._asdict()
    return _LATER.first(core_connection(session), **line, day=change.effective_on) is not None


def is_corrected(session: Session, change: str) -> bool:
    """Whether an approved change corrects this one."""
    return _CORRECTED.first(core_connection(session), change=change) is not None


_LINES_OF: Final = (
    select(_CHANGE.c.subject_id, _CHANGE.c.track, _CHANGE.c.assessor_id, ADDRESSEE)
    .where(_CHANGE.c.subject_id.in_(bindparam("subjects", expanding=True)), _CHANGE.c.number.is_not(None))
    .distinct()
)


def list_lines_of(session: Session, subjects: Collection[str]) -> list[Line]:
    """The lines of these subjects with an approved change, a reply too."""
    rows = core_connection(session).execute(_LINES_OF, {"subjects": list(subjects)})
    return [Line(*row) for row in rows]
