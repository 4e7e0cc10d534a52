"""What public things say at present, kept by the act that changes it: so that an act costs the same after a thousand
status changes as after ten.

`tracker.public.projection` gives the same from all acts about a thing, at any moment; here stands what of it decides at
present. A row for each thing: which act gives its content, and its instants. A row for each status change, with its
part in what stands now:

- ``answer``: one of the last answers of its line, all of which say the same;
- ``corrected``: an answer that one of those, or one of these, corrects;
- ``reply``: a reply to one of these;
- ``first``: the first answer that gave a state, on the tracks on which its day counts, where none of these is;
- none at all: it is history.

Both follow from the public acts: `tracker public rebuild` writes them anew, and its check holds them against the acts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, text, update

from tracker.database.prepared import Prepared
from tracker.domain.standing import Change, find_run, order_line
from tracker.domain.tracks import FIRST_DAYS, TRACKS
from tracker.public import events
from tracker.public.events import Event
from tracker.public.projection import HISTORY, Facts, project_facts, read_change, revises_text
from tracker.public.tables import PRESENT, change, event, thing

ANSWER, CORRECTED, REPLY, FIRST = "answer", "corrected", "reply", "first"
Row = dict[str, Any]
_ONE_DAY: Final = timedelta(days=1)
#: How many ids a statement takes at most.
_BATCH: Final = 1000

_INSERT_THING: Final = Prepared(insert(thing))
_INSERT_CHANGE: Final = Prepared(insert(change))
_OWN: Final = thing.c.id == bindparam("thing")
_LAST_ACT: Final[dict[str, Any]] = {
    "changed_at": bindparam("at"),
    "last_act": bindparam("act"),
    "last_seq": bindparam("seq"),
}
_MOVE: Final = Prepared(update(thing).where(_OWN).values(**_LAST_ACT))
_REVISE: Final = Prepared(
    update(thing)
    .where(_OWN)
    .values(
        **_LAST_ACT,
        content_seq=bindparam("seq"),
        revised_at=bindparam("at"),
        text_seq=func.coalesce(bindparam("text_seq"), thing.c.text_seq),
    )
)
_WITHDRAW: Final = Prepared(update(thing).where(_OWN).values(**_LAST_ACT, withdrawn=bindparam("reason")))
_BASIS: Final = Prepared(
    update(change).where(change.c.id == bindparam("change")).values(basis=bindparam("said"))
)
_PLAY: Final = Prepared(
    update(change).where(change.c.seq == bindparam("own")).values(part=bindparam("played"))
)
_CURRENT: Final = Prepared(
    select(change).where(
        change.c.subject_id.in_(bindparam("things", expanding=True)),
        or_(*(change.c.part == part for part in (ANSWER, CORRECTED, REPLY, FIRST))),
        text(PRESENT),
    )
)
_ALL: Final = Prepared(select(change).where(change.c.subject_id == bindparam("thing")).order_by(change.c.seq))


def add(connection: Connection, act: Event, today: date) -> None:
    """Take in an act that was just written. ``today`` is the day where its process is."""
    body = act.body
    last = {"thing": act.subject, "at": body["at"], "act": body["id"], "seq": act.seq}
    if act.kind == "subject.published":
        _INSERT_THING.run(connection, **_thing_row(project_facts(act.subject, [act]), act.seq))
    elif act.kind == "subject.revised":
        _REVISE.run(connection, **last, text_seq=act.seq if revises_text(act) else None)
    elif act.kind == "subject.withdrawn" or (act.kind == "record.redacted" and "event" not in body):
        _WITHDRAW.run(connection, **last, reason=body["reason"])
    else:
        _MOVE.run(connection, **last)
        if act.kind == "basis.changed":
            _BASIS.run(connection, change=body["changed"], said=body["basis"])
        elif "change" in body:
            _add_change(connection, _make_row(act.subject, read_change(act)), today)


def _add_change(connection: Connection, row: Row, today: date) -> None:
    """Most often an answer follows all others of its line, and nothing but what stands at present has to be read."""
    held = [one._asdict() for one in _CURRENT.rows(connection, things=[row["subject_id"]])]
    own = [one for one in held if _line_of(one) == _line_of(row)]
    answers = [one for one in own if one["part"] == ANSWER]
    mixed = _is_mixed([row, *(one for one in held if _line_of(one)[:2] == _line_of(row)[:2])])
    late = any(one["effective_on"] > row["effective_on"] for one in answers)
    if row["act"] == "reply":
        verdicts = {one["id"] for one in held if one["part"] in (ANSWER, CORRECTED)}
        row["part"] = REPLY if row["replies_to"] in verdicts else None
        _INSERT_CHANGE.run(connection, **row)
    elif late or mixed or row["act"] == "correction" or row["effective_on"] > today.isoformat():
        _INSERT_CHANGE.run(connection, **row)
        _apply_event(connection, row["subject_id"], today)
    else:
        row["part"] = ANSWER
        _INSERT_CHANGE.run(connection, **row)
        if answers and answers[0]["state"] != row["state"]:
            verdicts = {one["id"] for one in own}
            gone = [one for one in held if one in own or one["replies_to"] in verdicts]
            first = {one["seq"] for one in own if one["part"] == FIRST} | _find_first(own, answers)
            played = [{"own": one["seq"], "played": FIRST if one["seq"] in first else None} for one in gone]
            _PLAY.run_all(connection, played)


def _find_first(own: Iterable[Row], answers: Sequence[Row]) -> set[int]:
    """The place of the first of these answers, which all give one state, if it counts when that was first reached and
    no earlier answer of the line gave it."""
    track, state = answers[0]["track"], answers[0]["state"]
    known = {one["state"] for one in own if one["part"] == FIRST}
    if track not in FIRST_DAYS or state in known | {TRACKS[track].initial}:
        return set()
    return {min(answers, key=lambda one: (one["effective_on"], one["seq"]))["seq"]}


def _line_of(row: Mapping[str, Any]) -> tuple[str, str, str | None]:
    return row["track"], row["assessor"], row["addressee"]


def _is_mixed(rows: Iterable[Row]) -> bool:
    """Whether of these some name an addressee and some do not: then a row is on several lines."""
    return len({row["addressee"] is None for row in rows}) > 1


def _apply_event(connection: Connection, subject: str, today: date) -> None:
    """Say anew, of every status change of a thing, what part it has."""
    rows = [one._asdict() for one in _ALL.rows(connection, thing=subject)]
    played = read_parts(
        [_change_row(row) for row in rows], {row["id"]: row["replies_to"] for row in rows}, today
    )
    moved = [row for row in rows if row["part"] != played.get(row["id"])]
    if moved:
        _PLAY.run_all(connection, [{"own": row["seq"], "played": played.get(row["id"])} for row in moved])


def read_parts(
    changes: Sequence[Change], replies_to: Mapping[str, str | None], today: date
) -> dict[str, str]:
    """The part of each status change of a thing that has one, by its id."""
    found: dict[str, str] = {}
    corrects = {one.id: one.corrects for one in changes}
    for track, own in _list_lines(changes):
        alive = order_line(own)
        reached = [one for one in alive if one.effective_on <= today]
        since = alive.index(find_run(reached)[0]) if reached else 0
        since = next((place for place, one in enumerate(alive[:since]) if found.get(one.id) == ANSWER), since)
        found |= {one.id: ANSWER for one in alive[since:]}
        if track in FIRST_DAYS:
            first = {one.state: one.id for one in reversed(alive) if one.state != TRACKS[track].initial}
            for id in first.values():
                found.setdefault(id, FIRST)
    for answer in [id for id, part in found.items() if part == ANSWER]:
        before = corrects[answer]
        while before is not None:
            found[before] = CORRECTED
            before = corrects[before]
    verdicts = {id for id, part in found.items() if part != FIRST}
    return found | {id: REPLY for id, verdict in replies_to.items() if verdict in verdicts}


def _list_lines(changes: Sequence[Change]) -> Iterator[tuple[str, list[Change]]]:
    """The answers of each line with its track. What names no addressee comes before what names one, and is on the line
    of each: what stands of it there decides how far back the others have to be kept."""
    lines = {(one.track, one.assessor, one.addressee or ""): one for one in changes}
    for _key, first in sorted(lines.items(), key=itemgetter(0)):
        own = [one for one in changes if one.is_of(first.track, first.assessor, first.addressee)]
        yield first.track, own


def facts_of(connection: Connection, things: Iterable[str]) -> list[Facts]:
    """What is publicly known of these things at present, in the order in which they are given."""
    wanted = list(dict.fromkeys(things))
    if not wanted:
        return []
    found = {one: Facts(one) for one in wanted}
    for row in _THINGS.rows(connection, things=wanted):
        found[row.id] = Facts(
            id=row.id,
            process=row.process_id,
            content=json.loads(row.body)["content"],
            published_at=row.published_at,
            revised_at=row.revised_at,
            text_seq=row.text_seq,
            changed_at=row.changed_at,
            withdrawn=row.withdrawn,
            last_act=(row.last_act, row.last_seq),
        )
    shown = [one for one in wanted if found[one].content is not None and found[one].withdrawn is None]
    current: dict[str, list[Row]] = {}
    if shown:
        for one in _CURRENT.rows(connection, things=shown):
            current.setdefault(one.subject_id, []).append(one._asdict())
    for subject, rows in current.items():
        _fill_rows(connection, found[subject], sorted(rows, key=lambda row: int(row["seq"])))
    return list(found.values())


def read_contents(connection: Connection, things: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What is said at present of these things; what is withdrawn is left out."""
    wanted = sorted(things)
    rows = _THINGS.rows(connection, things=wanted) if wanted else ()
    return {row.id: json.loads(row.body)["content"] for row in rows if row.withdrawn is None}


def _fill_rows(connection: Connection, facts: Facts, rows: list[Row]) -> None:
    """Put in what stands, and the last of what was said."""
    facts.known = [_change_row(row) for row in rows if row["part"] in (ANSWER, CORRECTED)]
    facts.firsts = [_change_row(row) for row in rows if row["part"] in (ANSWER, CORRECTED, FIRST)]
    bodies = {row.seq: row for row in _HISTORY.rows(connection, thing=facts.id, most=HISTORY)}
    last = {_line_of(row): row["seq"] for row in _by_day(rows) if row["part"] == ANSWER}
    needed = {*last.values(), *(row["seq"] for row in rows if row["part"] == REPLY)} - bodies.keys()
    if needed:
        bodies |= {row.seq: row for row in _BODIES.rows(connection, places=sorted(needed))}
    said = {
        seq: {**read_change(Event(seq, row.kind, facts.id, json.loads(row.body))), "basis": row.basis}
        for seq, row in sorted(bodies.items())
    }
    facts.changes = [one for seq, one in said.items() if seq not in needed]
    facts.replies = [said[row["seq"]] for row in rows if row["part"] == REPLY]
    facts.said = {one["id"]: one for one in said.values()}


def _by_day(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row["effective_on"], row["seq"]))


_THINGS: Final = Prepared(
    select(thing, event.c.body)
    .join(event, event.c.seq == thing.c.content_seq)
    .where(thing.c.id.in_(bindparam("things", expanding=True)))
)
_SAID: Final = select(change.c.seq, change.c.basis, event.c.kind, event.c.body).join(
    event, event.c.seq == change.c.seq
)
_HISTORY: Final = Prepared(
    _SAID.where(change.c.subject_id == bindparam("thing"))
    .order_by(change.c.seq.desc())
    .limit(bindparam("most"))
)
_BODIES: Final = Prepared(_SAID.where(change.c.seq.in_(bindparam("places", expanding=True))))
_BASES: Final = Prepared(
    select(change.c.id, change.c.basis).where(change.c.id.in_(bindparam("changes", expanding=True)))
)


def read_bases(connection: Connection, changes: Iterable[str]) -> dict[str, str]:
    """On what these status changes stand, as was said last."""
    wanted = list(changes)
    found: dict[str, str] = {}
    for first in range(0, len(wanted), _BATCH):
        rows = _BASES.rows(connection, changes=wanted[first : first + _BATCH])
        found |= {row.id: row.basis for row in rows}
    return found


def _make_row(subject: str, said: Mapping[str, Any]) -> Row:
    return {
        "seq": said["order"],
        "id": said["id"],
        "subject_id": subject,
        "track": said["track"],
        "assessor": said["assessor"],
        "addressee": said["addressee"],
        "act": said["act"],
        "state": said["to"],
        "effective_on": said["effective_on"],
        "not_before": said["not_before"],
        "corrects": said["corrects"],
        "replies_to": said.get("replies_to"),
        "at": said["at"],
        "basis": said["basis"],
        "part": None,
    }


def _change_row(row: Mapping[str, Any]) -> Change:
    return Change(
        id=row["id"],
        track=row["track"],
        assessor=row["assessor"],
        act=row["act"],
        state=row["state"],
        effective_on=date.fromisoformat(row["effective_on"]),
        recorded_at=datetime.fromisoformat(row["at"]),
        order=row["seq"],
        not_before=row["not_before"] and date.fromisoformat(row["not_before"]),
        corrects=row["corrects"],
        basis=row["basis"],
        addressee=row["addressee"],
    )


def _thing_row(facts: Facts, content_seq: int) -> Row:
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
    }


def expected_rows(acts: Sequence[Event], today: date) -> tuple[Row | None, list[Row]]:
    """What the acts about one thing give: its row, and one for each of its status changes."""
    facts = project_facts(acts[0].subject, acts)
    content = [act.seq for act in acts if "content" in act.body]
    rows = [_make_row(facts.id, said) for said in facts.changes]
    played = read_parts(facts.known, {row["id"]: row["replies_to"] for row in rows}, today)
    for row in rows:
        row["part"] = played.get(row["id"])
    return (_thing_row(facts, content[-1]) if content else None), rows


def renew_rows(connection: Connection, subject: str, today: date) -> None:
    """Write what stands of a thing anew, from all acts about it."""
    own, rows = expected_rows(events.list_about(connection, subject), today)
    connection.execute(delete(change).where(change.c.subject_id == subject))
    connection.execute(delete(thing).where(thing.c.id == subject))
    if own is not None:
        _INSERT_THING.run(connection, **own)
    if rows:
        _INSERT_CHANGE.run_all(connection, rows)


def drop_others(connection: Connection, things: Sequence[str]) -> None:
    """Remove what belongs to none of these things."""
    connection.execute(delete(change).where(change.c.subject_id.not_in(things)))
    connection.execute(delete(thing).where(thing.c.id.not_in(things)))


def find_differences(connection: Connection, acts: Sequence[Event]) -> Iterator[str]:
    """Where what stands of a thing is not what the acts about it give."""
    own, rows = expected_rows(acts, date.max)
    subject = acts[0].subject
    stored = connection.execute(select(thing).where(thing.c.id == subject)).mappings().first()
    if (None if stored is None else dict(stored)) != own:
        yield f"{subject}: what is kept of it at present is not what the public acts give"
    held = [row._asdict() for row in _ALL.rows(connection, thing=subject)]
    if [{**row, "part": None} for row in held] != [{**row, "part": None} for row in rows]:
        yield f"{subject}: its status changes are not kept as the public acts give them"
    elif not _as_of_any_day(rows, held):
        yield f"{subject}: which of its status changes stand is not kept as the public acts give it"


def find_strangers(connection: Connection, known: Sequence[str]) -> Iterator[str]:
    """What is kept of none of these things."""
    rows = select(thing.c.id).union(select(change.c.subject_id))
    for one in sorted(set(connection.scalars(rows)) - set(known)):
        yield f"{one}: something is kept of it at present, and no public act is about it"


def _as_of_any_day(rows: Sequence[Row], held: Sequence[Row]) -> bool:
    """Whether the parts are those of some day. What stood on a day tells of every later one, too; only an answer that
    takes effect later than the day on which it was approved makes a difference."""
    changes, replies = [_change_row(row) for row in rows], {row["id"]: row["replies_to"] for row in rows}
    stored = {row["id"]: row["part"] for row in held if row["part"] is not None}
    if read_parts(changes, replies, date.max) == stored:
        return True
    return any(
        read_parts(changes, replies, day - _ONE_DAY) == stored
        for day in {one.effective_on for one in changes}
    )
