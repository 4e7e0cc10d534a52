"""What the documents of a process add to its numbers as of a day: from a few statements over answers and dates, which
are read as they lie there. No document and no act is parsed but those of committees, which are few.

It gives what `tracker.public.scoreboard` reads off documents as of that day; a test holds both against each other.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, select

from tracker.domain.deadlines import find_timing
from tracker.domain.met_dates import Owner, find_outcome
from tracker.domain.responses import list_asked, roll_up
from tracker.domain.silence import RESPONSE_DUE, Due, find_unanswered, list_silent
from tracker.domain.standing import Change, differ
from tracker.domain.suspensions import find_due_day
from tracker.domain.tracks import ENDED, TRACKS, list_tracks_of
from tracker.public import queries
from tracker.public.documents import WAITING_KEY
from tracker.public.scoreboard import THEME, Score, make_score, score_document
from tracker.public.tables import change, document, facet, score

_PROCESS: Final = score.c.process_id == bindparam("process")
_COUNTED: Final = ("recommendation", "deadline", "report", "indicator")
_THINGS: Final = (
    select(
        *(score.c[name] for name in ("id", "kind", "sort_key", "day", "dated_on", "stays", "owner", "type")),
        *(score.c.addressees, document.c.title),
    )
    .join(document, document.c.id == score.c.id)
    .where(_PROCESS, score.c.kind.in_(_COUNTED), document.c.first_day <= bindparam("day"))
)
_TAGS: Final = (
    select(facet.c.id, facet.c.value)
    .join(score, score.c.id == facet.c.id)
    .where(_PROCESS, facet.c.kind == "recommendation", facet.c.facet == "tag")
)
_ANSWERS: Final = (
    select(
        change.c.subject_id,
        change.c.track,
        change.c.assessor,
        change.c.effective_on,
        change.c.seq,
        change.c.state,
        change.c.basis,
        change.c.id,
        change.c.corrects,
        func.coalesce(change.c.addressee, ""),
        func.coalesce(change.c.not_before, change.c.effective_on),
    )
    .join(score, score.c.id == change.c.subject_id)
    .where(_PROCESS, score.c.kind.in_(_COUNTED), change.c.act != "reply")
)
#: kind -> the code of each of its tracks.
_TRACKS: Final = {kind: [one.code for one in list_tracks_of(kind)] for kind in _COUNTED}
#: The answers of one line that none corrects, oldest first: day on which they take effect, place, state, basis, and the
#: first day on which they may.
Answer = tuple[str, int, str, str, str]
Line = list[Answer]
Lines = dict[tuple[str, str, str], Line]


@dataclass(frozen=True, slots=True)
class _Then:
    """The day, and what of the process decides: who leads, and up to which day an answer is stale."""

    day: str
    lead: str
    stale: str

    def last(self, line: Line) -> Answer | None:
        """The answer that stands on the day."""
        return next((one for one in reversed(line) if one[0] <= self.day), None)

    def find_run(self, line: Line) -> Line:
        """The answers that say what stands on the day, the first of them first; none where nobody had answered."""
        reached = [one for one in line if one[0] <= self.day]
        first = len(reached)
        while first and reached[first - 1][2] == reached[-1][2]:
            first -= 1
        return reached[first:]


def read_scores(
    connection: Connection, process: str, content: Mapping[str, Any], day: date, now: datetime
) -> list[Score]:
    """What each document adds as of a day, as it is known now."""
    then = _Then(day.isoformat(), str(content["lead"]), _last_stale_day(day, content["stale_after_days"]))
    answers = _read_answers(connection, process)
    rows = connection.execute(_THINGS, {"process": process, "day": then.day}).all()
    tags: dict[str, list[str]] = {}
    for id, tag in connection.execute(_TAGS, {"process": process}):
        tags.setdefault(id, []).append(tag)
    bodies = queries.list_past_briefs(connection, process, "committee", now, day, None)
    owners = _Owners(
        {row.id: _list_addressees(row) for row in rows},
        answers,
        {one["id"]: one["reports"] for one in bodies},
        then,
    )
    dues: dict[str, list[Any]] = {}
    for row in rows:
        if row.kind == "deadline" and row.type == RESPONSE_DUE and _read_due_day(row, then) is not None:
            dues.setdefault(row.owner, []).append(row)
    found = []
    for row in rows:
        lines = answers.get(row.id, {})
        listed: dict[str, list[Any]] = {"diverging": list(_list_diverging(row.kind, lines, then))}
        if row.kind == "deadline":
            listed["overdue"] = list(_list_overdue(row, lines, owners, then))
        if row.kind == "recommendation":
            owed = [(due, answers.get(due.id, {})) for due in dues.get(row.id, ())]
            listed["silence"] = list(_list_silence(row, lines, owed, then))
        counts = _count_answers(row, lines, then, tags.get(row.id, ()))
        moved = row.stays or row.dated_on
        sort_key = str(_read_due_day(row, then) or WAITING_KEY) if moved else row.sort_key
        found.append(make_score(row.kind, row.id, sort_key, counts, listed))
    return [*found, *map(_score_committee, bodies)]


def _last_stale_day(day: date, stale_after: int) -> str:
    """An answer is stale if it was verified on this day or before."""
    try:
        return (day - timedelta(days=stale_after + 1)).isoformat()
    except OverflowError:
        return ""


def _read_answers(connection: Connection, process: str) -> dict[str, Lines]:
    """Every line of answers of every subject."""
    rows = connection.execute(_ANSWERS, {"process": process}).all()
    corrected = {row[8] for row in rows if row[8] is not None}
    found: dict[str, Lines] = {}
    for subject, track, assessor, day, seq, state, basis, id, _corrects, addressee, first in rows:
        if id not in corrected:
            lines = found.setdefault(subject, {})
            lines.setdefault((track, assessor, addressee), []).append((day, seq, state, basis, first))
    for lines in found.values():
        for line in lines.values():
            line.sort()
    return found


def _list_addressees(row: Any) -> list[str]:
    found: list[str] = json.loads(row.addressees) if row.addressees else []
    return found


def _count_answers(row: Any, lines: Lines, then: _Then, tags: Iterable[str]) -> Counter[str]:
    counts: Counter[str] = Counter({f"total {row.kind}": 1})
    stale, ended = 0, False
    for track in list_tracks_of(row.kind):
        if track.per_addressee:
            headline, said = _count_addressees(_list_addressees(row), lines, then, counts)
        else:
            last = then.last(lines.get((track.code, then.lead, ""), []))
            headline, said = (track.initial, []) if last is None else (last[2], [last])
        counts[f"lead {track.code} {headline}"] += 1
        if track.code == "implementation":
            counts.update(f"{THEME}{tag} {headline}" for tag in tags)
        counts.update(f"basis {one[3]}" for one in said)
        stale += not track.lasts and any(one[0] <= then.stale for one in said)
        ended |= headline in ENDED.get(track.code, ())
    counts["stale"] += 0 if ended else stale
    for (code, assessor, _addressee), line in lines.items():
        if code == "implementation" and (one := then.last(line)) is not None:
            counts[f"by {assessor} {one[2]}"] += 1
    return counts


def _count_addressees(
    addressees: Iterable[str], lines: Lines, then: _Then, counts: Counter[str]
) -> tuple[str, list[Answer]]:
    """The headline made of the answers of those who are asked, and these; each is counted by its addressee."""
    asked = [(one, then.last(_find_line(lines, then.lead, one))) for one in list_asked(addressees)]
    states = [TRACKS["response"].initial if said is None else said[2] for _one, said in asked]
    counts.update(f"of {one} {state}" for (one, _said), state in zip(asked, states, strict=True) if one)
    return roll_up(states).state, [said for _one, said in asked if said is not None]


def _find_line(lines: Lines, lead: str, addressee: str | None) -> Line:
    """What was recorded of an addressee's answer, with what was recorded while nobody was named."""
    unnamed = lines.get(("response", lead, ""), [])
    return sorted([*unnamed, *lines.get(("response", lead, addressee), [])]) if addressee else unnamed


def _list_diverging(kind: str, lines: Lines, then: _Then) -> Iterator[str]:
    if len(lines) > 1:
        for track in _TRACKS[kind]:
            own = [then.find_run(line) for (code, *_), line in lines.items() if code == track != "response"]
            if differ(track, [(run[0][2], run[0][0], run[0][4]) for run in own if run]):
                yield track


def _find_outcome(lines: Lines, then: _Then) -> tuple[str, date | None]:
    """What the lead says of a deadline on the day, and since when."""
    run = then.find_run(lines.get(("outcome", then.lead, ""), []))
    if not run:
        return TRACKS["outcome"].initial, None
    return run[0][2], date.fromisoformat(run[0][0])


@dataclass(frozen=True, slots=True)
class _Owners:
    """What deadlines are set for: recommendations with their answers, committees with their reports."""

    things: Mapping[str, list[str]]
    answers: Mapping[str, Lines]
    reports: Mapping[str, list[Any]]
    then: _Then

    def find(self, id: str) -> Owner | None:
        """What is set for, as `tracker.domain.met_dates` asks of it; None where it was not there on that day."""
        if id in self.reports:
            return Owner(self.then.lead, (), [_read_report(one) for one in self.reports[id]])
        if id not in self.things:
            return None
        lines = self.answers.get(id, {})
        return Owner(
            self.then.lead,
            [
                change
                for track in ("response", "implementation", "closure")
                for change in _make_changes(lines, track, self.then.lead)
            ],
            (),
            self.things[id],
        )


def _read_report(said: Mapping[str, Any]) -> dict[str, Any]:
    days = {name: said[name] and date.fromisoformat(said[name]) for name in ("delivered_on", "published_on")}
    return {"type": said["type"], **days}


def _list_overdue(row: Any, lines: Lines, owners: _Owners, then: _Then) -> Iterator[dict[str, str]]:
    day, due_on = date.fromisoformat(then.day), _read_due_day(row, then)
    if due_on is None or due_on >= day:
        return
    outcome, settled = find_outcome(row.type, _find_outcome(lines, then), owners.find(row.owner), day)
    if find_timing(due_on, day, outcome, settled).days_overdue:
        yield {"title": row.title, "due_on": due_on.isoformat()}


def _read_due_day(row: Any, then: _Then) -> date | None:
    """The date as it stood on the day; None while it waited for its event."""
    if row.day is None or (row.dated_on or "") > then.day:
        return None
    due_on = date.fromisoformat(row.day)
    return (
        due_on
        if row.stays is None
        else find_due_day(due_on, json.loads(row.stays), date.fromisoformat(then.day))
    )


def _list_silence(
    row: Any, lines: Lines, owed: Iterable[tuple[Any, Lines]], then: _Then
) -> Iterator[dict[str, Any]]:
    """Most often nobody was asked by a day and nobody looked: then there is nothing to compute."""
    recorded = _make_changes(lines, "response", then.lead)
    dues = [
        Due(due.id, due_on, _find_outcome(own, then)[0])
        for due, own in owed
        if (due_on := _read_due_day(due, then)) is not None
    ]
    if row.day is None or not (recorded or dues):
        return
    day = date.fromisoformat(then.day)
    silent = list_silent(recorded, then.lead, _list_addressees(row), day)
    found = find_unanswered(silent, dues, date.fromisoformat(row.day))
    if found is not None and found.since <= day:
        yield {
            "because": found.because,
            "report": None,
            "due_on": found.due_on and found.due_on.isoformat(),
            "since": found.since.isoformat(),
            "confirmed_on": found.confirmed_on and found.confirmed_on.isoformat(),
        }


def _make_changes(lines: Lines, track: str, lead: str) -> list[Change]:
    """The answers of the lead on a track, as far as they are looked at."""
    return [
        Change(
            *("", track, lead, "move", state, date.fromisoformat(day), datetime.min, seq),  # noqa: DTZ901  # not looked at
            addressee=addressee or None,
        )
        for (code, assessor, addressee), line in lines.items()
        if (code, assessor) == (track, lead)
        for day, seq, state, *_ in line
    ]


def _score_committee(brief: Mapping[str, Any]) -> Score:
    found = score_document(brief)
    return Score("committee", found.id, str(brief.get("reference") or ""), found.counts, found.listed)
