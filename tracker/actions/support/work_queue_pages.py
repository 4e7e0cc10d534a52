"""Reading the queue of open work: what waits for the caller, oldest first, and how much of it there is.

Each kind is a range of an index, kept by `tracker.actions.support.work_queue`; a page merges the ranges that the
reader may see.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, select, tuple_

from tracker.actions.support.visibility import filter_known_evidence
from tracker.domain.people import Actor
from tracker.domain.work_queue import KINDS
from tracker.store.viewer import Viewer, select_owned
from tracker.store.work_queue import CUSTODIANS, OpenWork

Key = tuple[datetime, str, str]

#: How many of a kind are counted.
COUNTED: Final = 1_000
_FOR_DESK: Final[Mapping[str, str]] = {
    "proposal": "status.decide",
    "review": "status.propose",
    "basis": "record.read",
    "overdue": "record.read",
    "lowering": "evidence.lower",
    "redaction": "evidence.redact",
    "public_copy": "record.publish",
    "revision": "record.publish",
    "publication": "record.publish",
    "consent": "evidence.lower",
    "question": "evidence.ask",
    "reckoning": "record.read",
    "parts": "record.read",
    "reminder": "record.read",
}


def read_page(
    viewer: Viewer, now: datetime, asked: Mapping[str, str], after: Key | None, limit: int
) -> tuple[list[dict[str, Any]], Key | None]:
    """A page of what waits, and where to go on. ``asked`` may name a ``kind`` and a ``process``; a key is since when,
    what waits, and its kind.
    """
    rows: list[OpenWork] = []
    for kind, query in _list_ranges(viewer, now, asked):
        rest = query if after is None else query.where(_after_key(kind, after))
        rows += viewer.session.scalars(rest.order_by(OpenWork.since, OpenWork.about).limit(limit + 1))
    rows.sort(key=_key_of)
    more = len(rows) > limit
    del rows[limit:]
    return _dump_entries(viewer, rows), _key_of(rows[-1]) if more else None


def count_work(viewer: Viewer, now: datetime, asked: Mapping[str, str]) -> list[dict[str, Any]]:
    """How much waits of each kind that somebody may see, as far as `COUNTED`, and since when the oldest of it does."""
    counts = []
    for kind, query in _list_ranges(viewer, now, asked):
        some = query.with_only_columns(OpenWork.since).order_by(OpenWork.since).limit(COUNTED + 1)
        walked = some.subquery("walked")
        number, oldest = viewer.session.execute(select(func.count(), func.min(walked.c.since))).one()
        counts.append(
            {"kind": kind, "count": min(number, COUNTED), "more": number > COUNTED, "oldest": oldest}
        )
    return counts


def has_newer_work(viewer: Viewer, since: datetime, now: datetime) -> bool:
    """Whether something waits for somebody that did not wait at an instant."""
    return any(
        viewer.session.scalar(query.with_only_columns(OpenWork.since).where(OpenWork.since > since).limit(1))
        for _kind, query in _list_ranges(viewer, now, {})
    )


def _list_ranges(
    viewer: Viewer, now: datetime, asked: Mapping[str, str]
) -> Iterator[tuple[str, Select[Any]]]:
    """The kinds that wait for somebody, each with what they may see of it and have no hand in."""
    by = viewer.by
    for kind, reader in _list_readers(by):
        if asked.get("kind", kind) != kind:
            continue
        query = viewer.select(OpenWork).where(
            OpenWork.kind == kind,
            OpenWork.reader == reader,
            OpenWork.since <= now,
            OpenWork.author_id.is_distinct_from(by.id),
            OpenWork.submitter_id.is_distinct_from(by.id),
        )
        if kind == "review" and by.organization is not None:  # they propose nothing for another lead
            query = query.where(OpenWork.assessor_id == by.organization)
        if kind == "question" and reader == "" and by.organization is not None:  # what one's own side asked
            query = query.where(OpenWork.subject_id.not_in(select_owned(by)))
        if "process" in asked:
            query = query.where(OpenWork.process_id == asked["process"])
        yield kind, query


def _list_readers(by: Actor) -> Iterator[tuple[str, str]]:
    """As whom somebody reads each kind: as oneself, for one's organization, for the desk, or as a custodian."""
    for kind in KINDS:
        if kind == "returned":
            if by.may("status.propose"):
                yield kind, by.id
        elif by.may("record.read"):
            if by.may(_FOR_DESK[kind]):
                yield kind, CUSTODIANS if kind == "basis" and by.may("evidence.unseal") else ""
        elif kind == "basis" and by.organization is not None:
            yield kind, by.organization
        if kind == "question" and by.organization is not None and by.may(_FOR_DESK[kind]):
            yield kind, by.organization


def _after_key(kind: str, after: Key) -> ColumnElement[bool]:
    """What of a kind comes after a key: of what waits since the same instant for the same thing, later kinds too."""
    place, before = tuple_(OpenWork.since, OpenWork.about), after[:2]
    return place >= before if kind > after[2] else place > before


def _key_of(row: OpenWork) -> Key:
    return row.since, row.about, row.kind


def _dump_entries(viewer: Viewer, rows: list[OpenWork]) -> list[dict[str, Any]]:
    """The entries with those of their items that the reader may know of."""
    known = filter_known_evidence(viewer, [one["evidence"] for row in rows for one in row.items])
    return [
        {
            "kind": row.kind,
            "since": row.since,
            "process_id": row.process_id,
            "subject_id": row.subject_id,
            "change_id": row.change_id,
            "proposal_id": row.proposal_id,
            "question_id": row.question_id,
            "assessor_id": row.assessor_id,
            "track": row.track,
            "state": row.state,
            "basis": row.basis,
            "due_on": row.due_on,
            "reason": row.reason,
            "items": [one for one in row.items if one["evidence"] in known],
        }
        for row in rows
    ]
