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

Both follow from the public acts: `tracker public rebuild` writes them again, and its check holds them against the acts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, bindparam, case, delete, func, insert, or_, select, text, update

from tracker.database.prepared import Prepared
from tracker.domain.partial_days import FOREVER
from tracker.public import events
from tracker.public.current_rows import (
    ANSWER,
    CORRECTED,
    FIRST,
    REPLY,
    Row,
    expected_rows,
    find_first,
    find_known_day,
    is_mixed,
    line_of,
    make_row,
    make_thing_row,
    read_parts,
    stand_on_some_day,
    to_change,
)
from tracker.public.events import Event
from tracker.public.projection import HISTORY, Facts, project_facts, read_change, revises_text
from tracker.public.tables import PRESENT, change, event, thing

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
        told_until=case(
            (thing.c.told_until < bindparam("since"), bindparam("since")), else_=thing.c.told_until
        ),
    )
)
_WITHDRAW: Final = Prepared(update(thing).where(_OWN).values(**_LAST_ACT, withdrawn=bindparam("reason")))
_BASIS: Final = Prepared(
    update(change).where(change.c.id == bindparam("change")).values(basis=bindparam("said"))
)
#: The first day on which it may be so.
_DAY: Final = Prepared(
    select(func.coalesce(change.c.not_before, change.c.effective_on)).where(
        change.c.id == bindparam("change")
    )
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


def add(connection: Connection, act: Event, today: date) -> str:
    """Take in an act that was just written. ``today`` is the day where its process is. Returns the first day of which
    something else is so from now on; "" where it may be any."""
    body = act.body
    last = {"thing": act.subject, "at": body["at"], "act": body["id"], "seq": act.seq}
    if act.kind == "subject.published":
        _INSERT_THING.run(connection, **make_thing_row(project_facts(act.subject, [act]), act.seq))
    elif act.kind == "subject.revised":
        _REVISE.run(
            connection, **last, text_seq=act.seq if revises_text(act) else None, since=body.get("since") or ""
        )
    elif act.kind == "subject.withdrawn" or (act.kind == "record.redacted" and "event" not in body):
        _WITHDRAW.run(connection, **last, reason=body["reason"])
    else:
        _MOVE.run(connection, **last)
        if act.kind == "basis.changed":
            _BASIS.run(connection, change=body["changed"], said=body["basis"])
            return str(_DAY.value(connection, change=body["changed"]))
        if "change" in body:
            row = make_row(act.subject, read_change(act))
            _add_change(connection, row, today)
            mended = row["corrects"] and _DAY.value(connection, change=row["corrects"])
            return min(str(row["not_before"] or row["effective_on"]), mended or FOREVER)
    return ""


def _add_change(connection: Connection, row: Row, today: date) -> None:
    """Most often an answer follows all others of its line, and nothing but what stands at present has to be read."""
    current = [one._asdict() for one in _CURRENT.rows(connection, things=[row["subject_id"]])]
    own = [one for one in current if line_of(one) == line_of(row)]
    answers = [one for one in own if one["part"] == ANSWER]
    mixed = is_mixed([row, *(one for one in current if line_of(one)[:2] == line_of(row)[:2])])
    late = any(one["effective_on"] > row["effective_on"] for one in answers)
    if row["act"] == "reply":
        verdicts = {one["id"] for one in current if one["part"] in (ANSWER, CORRECTED)}
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
            gone = [one for one in current if one in own or one["replies_to"] in verdicts]
            first = {one["seq"] for one in own if one["part"] == FIRST} | find_first(own, answers)
            played = [{"own": one["seq"], "played": FIRST if one["seq"] in first else None} for one in gone]
            _PLAY.run_all(connection, played)


def _apply_event(connection: Connection, subject: str, today: date) -> None:
    """Say again, of every status change of a thing, what part it has."""
    rows = [one._asdict() for one in _ALL.rows(connection, thing=subject)]
    played = read_parts(
        [to_change(row) for row in rows], {row["id"]: row["replies_to"] for row in rows}, today
    )
    moved = [row for row in rows if row["part"] != played.get(row["id"])]
    if moved:
        _PLAY.run_all(connection, [{"own": row["seq"], "played": played.get(row["id"])} for row in moved])


def facts_of(connection: Connection, things: Iterable[str]) -> list[Facts]:
    """What is publicly known of these things at present, in the order in which they are given."""
    wanted = list(dict.fromkeys(things))
    if not wanted:
        return []
    by_id = {one: Facts(one) for one in wanted}
    for row in _THINGS.rows(connection, things=wanted):
        by_id[row.id] = Facts(
            id=row.id,
            process=row.process_id,
            content=json.loads(row.body)["content"],
            published_at=row.published_at,
            revised_at=row.revised_at,
            text_seq=row.text_seq,
            changed_at=row.changed_at,
            withdrawn=row.withdrawn,
            last_act=(row.last_act, row.last_seq),
            told_until=row.told_until,
        )
    shown = [one for one in wanted if by_id[one].content is not None and by_id[one].withdrawn is None]
    current: dict[str, list[Row]] = {}
    if shown:
        for answer in _CURRENT.rows(connection, things=shown):
            current.setdefault(answer.subject_id, []).append(answer._asdict())
    for subject, rows in current.items():
        _fill_rows(connection, by_id[subject], sorted(rows, key=lambda row: int(row["seq"])))
    return list(by_id.values())


def read_contents(connection: Connection, things: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What is said at present of these things; what is withdrawn is left out."""
    wanted = sorted(things)
    rows = _THINGS.rows(connection, things=wanted) if wanted else ()
    return {row.id: json.loads(row.body)["content"] for row in rows if row.withdrawn is None}


def _fill_rows(connection: Connection, facts: Facts, rows: list[Row]) -> None:
    """Put in what stands, and the last of what was said."""
    facts.known = [to_change(row) for row in rows if row["part"] in (ANSWER, CORRECTED)]
    facts.firsts = [to_change(row) for row in rows if row["part"] in (ANSWER, CORRECTED, FIRST)]
    bodies = {row.seq: row for row in _HISTORY.rows(connection, thing=facts.id, most=HISTORY)}
    last = {line_of(row): row["seq"] for row in _by_day(rows) if row["part"] == ANSWER}
    needed = {*last.values(), *(row["seq"] for row in rows if row["part"] == REPLY)} - bodies.keys()
    if needed:
        bodies |= {row.seq: row for row in _BODIES.rows(connection, places=sorted(needed))}
    changes = {
        seq: {**read_change(Event(seq, row.kind, facts.id, json.loads(row.body))), "basis": row.basis}
        for seq, row in sorted(bodies.items())
    }
    facts.changes = [one for seq, one in changes.items() if seq not in needed]
    facts.replies = [changes[row["seq"]] for row in rows if row["part"] == REPLY]
    facts.said = {one["id"]: one for one in changes.values()}
    facts.known_from = find_known_day(rows)


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
    bases: dict[str, str] = {}
    for first in range(0, len(wanted), _BATCH):
        rows = _BASES.rows(connection, changes=wanted[first : first + _BATCH])
        bases |= {row.id: row.basis for row in rows}
    return bases


def renew_rows(connection: Connection, subject: str, today: date) -> None:
    """Write again what stands of a thing, from all acts about it."""
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
    kept = [row._asdict() for row in _ALL.rows(connection, thing=subject)]
    if [{**row, "part": None} for row in kept] != [{**row, "part": None} for row in rows]:
        yield f"{subject}: its status changes are not kept as the public acts give them"
    elif not stand_on_some_day(rows, kept):
        yield f"{subject}: which of its status changes stand is not kept as the public acts give it"


def find_strangers(connection: Connection, known: Sequence[str]) -> Iterator[str]:
    """What is kept of none of these things."""
    rows = select(thing.c.id).union(select(change.c.subject_id))
    for stranger in sorted(set(connection.scalars(rows)) - set(known)):
        yield f"{stranger}: something is kept of it at present, and no public act is about it"
