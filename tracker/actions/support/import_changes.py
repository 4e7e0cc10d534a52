"""Rows that are status changes: each is proposed, after those of earlier rows that it may follow."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from tracker.actions import responses, statuses
from tracker.actions.support import status_support
from tracker.actions.support.import_lines import Data, Key, Run
from tracker.actions.support.import_lines import Line as RowLine
from tracker.actions.support.import_report import Outcome
from tracker.actions.support.status_checks import clip_period
from tracker.actions.support.unit import Unit
from tracker.domain.errors import ForbiddenMove, InvalidInput
from tracker.domain.sentences import sentence
from tracker.domain.tracks import TRACKS
from tracker.schemas.statuses import ImportedChangeIn
from tracker.store.answers import Line, find_same_answer
from tracker.store.change_rows import ChangeRow

#: By the name that an export gives it.
CHANGE: Final = "change"
#: What a row says of a status change, that the act does not take.
_OF_THE_ROW: Final = ("process_id", "subject_kind")


def _take_change(run: Run, place: int, data: Data) -> Outcome:
    """Propose a status change, after those of earlier rows on its line, which it may follow."""
    line, refused = _find_line(run.unit, data), list[int]()
    if line is not None:
        key: Key = (CHANGE, None, " ".join((run.name_stably(line.subject), *line[1:])))
        run.require_once(place, (*key[:2], f"{key[2]} {data['state']} {data['effective_on']}"))
        change = _find_said(run.unit, line, data)
        if change is not None:
            return Outcome("unchanged", change)
        before = run.lines.setdefault(key, [])
        earlier = [one for one in before if one < place]
        refused = [one for one in earlier if run.is_refused(one)]
        for earlier_change in earlier:
            if earlier_change not in run.there and earlier_change not in refused:
                run.make_earlier(earlier_change)
        if place not in before:
            before.append(place)
    try:
        return Outcome("created", run.make(CHANGE, data, place))
    except ForbiddenMove:
        if not refused:
            raise
        detail = sentence(
            "%(place)s, which it may follow, is refused; mend that first", place=run.rows[refused[-1]].place
        )
        raise InvalidInput.at("/state", detail) from None


def _propose_row(unit: Unit, data: Data) -> ChangeRow:
    """Propose the status change of a row; another person decides on it."""
    given = {name: value for name, value in data.items() if name not in _OF_THE_ROW}
    return statuses.propose_status_change(unit, given)


def _find_line(unit: Unit, data: Data) -> Line | None:
    """The line that a row answers on; None where it names nothing that is there, or is no answer."""
    subject = status_support.find_subjects(unit.session, [data["subject"]]).get(data["subject"])
    if subject is None or data.get("replies_to") is not None or data["track"] not in TRACKS:
        return None
    assessor = data.get("assessor") or unit.by.organization or subject.process.lead_id
    asked: Any = responses.find_addressee(unit, subject, TRACKS[data["track"]], data)
    return Line(subject.id, data["track"], assessor, asked or "")


def _find_said(unit: Unit, line: Line, data: Data) -> str | None:
    """The answer that says what a row says, of the same day."""
    if data.get("corrects") is not None:
        return None
    subject = status_support.find_subjects(unit.session, [line.subject])[line.subject]
    whole = clip_period(subject, data["state"], data, date.max)
    first = whole["not_before"] if "period" in data else None
    return find_same_answer(unit.session, line, data["state"], whole["effective_on"], first)


LINE: Final = RowLine(
    ImportedChangeIn,
    "status.propose",
    ("subject", "track", "state", "effective_on"),
    _take_change,
    make=_propose_row,
    same="says the same of that day",
)
