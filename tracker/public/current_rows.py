"""The rows of what stands at present (`tracker.public.current`), as they follow from acts: pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from operator import itemgetter
from typing import Any, Final

from tracker.domain.partial_days import FOREVER
from tracker.domain.standing import Change, find_run, order_line
from tracker.domain.tracks import FIRST_DAYS, TRACKS
from tracker.public.events import Event
from tracker.public.projection import Facts, make_change, project_facts

ANSWER, CORRECTED, REPLY, FIRST = "answer", "corrected", "reply", "first"
Row = dict[str, Any]
_ONE_DAY: Final = timedelta(days=1)


def find_first(own: Iterable[Row], answers: Sequence[Row]) -> set[int]:
    """The place of the first of these answers, which all give one state, if it counts when that was first reached and
    no earlier answer of the line gave it."""
    track, state = answers[0]["track"], answers[0]["state"]
    known = {one["state"] for one in own if one["part"] == FIRST}
    if track not in FIRST_DAYS or state in known | {TRACKS[track].initial}:
        return set()
    return {min(answers, key=lambda one: (one["effective_on"], one["seq"]))["seq"]}


def line_of(row: Mapping[str, Any]) -> tuple[str, str, str | None]:
    return row["track"], row["assessor"], row["addressee"]


def is_mixed(rows: Iterable[Row]) -> bool:
    """Whether of these some name an addressee and some do not: then a row is on several lines."""
    return len({row["addressee"] is None for row in rows}) > 1


def read_parts(
    changes: Sequence[Change], replies_to: Mapping[str, str | None], today: date
) -> dict[str, str]:
    """The part of each status change of a thing that has one, by its id."""
    parts: dict[str, str] = {}
    corrects = {one.id: one.corrects for one in changes}
    for track, own in _list_lines(changes):
        alive = order_line(own)
        reached = [one for one in alive if one.effective_on <= today]
        since = alive.index(find_run(reached)[0]) if reached else 0
        since = next((place for place, one in enumerate(alive[:since]) if parts.get(one.id) == ANSWER), since)
        parts |= {one.id: ANSWER for one in alive[since:]}
        if track in FIRST_DAYS:
            first = {one.state: one.id for one in reversed(alive) if one.state != TRACKS[track].initial}
            for id in first.values():
                parts.setdefault(id, FIRST)
    for answer in [id for id, part in parts.items() if part == ANSWER]:
        before = corrects[answer]
        while before is not None:
            parts[before] = CORRECTED
            before = corrects[before]
    verdicts = {id for id, part in parts.items() if part != FIRST}
    return parts | {id: REPLY for id, verdict in replies_to.items() if verdict in verdicts}


def _list_lines(changes: Sequence[Change]) -> Iterator[tuple[str, list[Change]]]:
    """The answers of each line with its track. What names no addressee comes before what names one, and is on the line
    of each: what stands of it there decides how far back the others have to be kept."""
    lines = {(one.track, one.assessor, one.addressee or ""): one for one in changes}
    for _key, first in sorted(lines.items(), key=itemgetter(0)):
        own = [one for one in changes if one.is_of(first.track, first.assessor, first.addressee)]
        yield first.track, own


def find_known_day(rows: Iterable[Row]) -> str:
    """The first day of which what stands tells all: of each line it begins with the last answers that say the same."""
    first: dict[Any, str] = {}
    for row in (row for row in rows if row["part"] == ANSWER):
        first[line_of(row)] = min(row["effective_on"], first.get(line_of(row), row["effective_on"]))
    several = {line[:2] for line in first if line[2] is None} & {line[:2] for line in first if line[2]}
    return FOREVER if several else max(first.values(), default="")


def make_row(subject: str, change: Mapping[str, Any]) -> Row:
    return {
        "seq": change["order"],
        "id": change["id"],
        "subject_id": subject,
        "track": change["track"],
        "assessor": change["assessor"],
        "addressee": change["addressee"],
        "act": change["act"],
        "state": change["to"],
        "effective_on": change["effective_on"],
        "not_before": change["not_before"],
        "corrects": change["corrects"],
        "replies_to": change.get("replies_to"),
        "at": change["at"],
        "basis": change["basis"],
        "part": None,
    }


def to_change(row: Mapping[str, Any]) -> Change:
    return make_change(row, row["state"], row["seq"])


def make_thing_row(facts: Facts, content_seq: int) -> Row:
    return {
        "id": facts.id,
        "process_id": facts.process,
        "content_seq": content_seq,
        "published_at": facts.published_at,
        "revised_at": facts.revised_at,
        "text_seq": facts.text_seq,
        "changed_at": facts.changed_at,
        "last_act": facts.last_act[0],
        "last_seq": facts.last_act[1],
        "withdrawn": facts.withdrawn,
        "told_until": facts.told_until,
    }


def expected_rows(acts: Sequence[Event], today: date) -> tuple[Row | None, list[Row]]:
    """What the acts about one thing give: its row, and one for each of its status changes."""
    facts = project_facts(acts[0].subject, acts)
    content = [act.seq for act in acts if "content" in act.body]
    rows = [make_row(facts.id, said) for said in facts.changes]
    played = read_parts(facts.known, {row["id"]: row["replies_to"] for row in rows}, today)
    for row in rows:
        row["part"] = played.get(row["id"])
    return (make_thing_row(facts, content[-1]) if content else None), rows


def stand_on_some_day(rows: Sequence[Row], others: Sequence[Row]) -> bool:
    """Whether the parts are those of some day. What stood on a day tells of every later one, too; only an answer that
    takes effect later than the day on which it was approved makes a difference."""
    changes, replies = [to_change(row) for row in rows], {row["id"]: row["replies_to"] for row in rows}
    stored = {row["id"]: row["part"] for row in others if row["part"] is not None}
    if read_parts(changes, replies, date.max) == stored:
        return True
    return any(
        read_parts(changes, replies, day - _ONE_DAY) == stored
        for day in {one.effective_on for one in changes}
    )
