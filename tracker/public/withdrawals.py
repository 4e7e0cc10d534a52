"""What the public side does at once when a process is withdrawn: nothing in it can be read from then on."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, delete, exists, select, update

from tracker.public import scores, spans, tally
from tracker.public.tables import document, event, file, thing

_IN_IT: Final = (document.c.process_id == bindparam("process")) & (document.c.id != bindparam("process"))
_THINGS: Final = select(document.c.id).where(_IN_IT)
_BLANK: Final = (
    update(document)
    .where(_IN_IT, document.c.withdrawn.is_(None))
    .values(
        withdrawn=bindparam("reason"),
        title="",
        slug=None,
        brief=b"",
        history=b"",
        etag="",
        good_until=None,
        filed_until=None,
    )
)
_WITHDRAW: Final = (
    update(thing)
    .where(thing.c.id.in_(_THINGS), thing.c.withdrawn.is_(None))
    .values(withdrawn=bindparam("reason"))
)


def hide_documents(connection: Connection, process: str, reason: str) -> None:
    """Leave of every document in a process its tombstone with this reason, no public copy of a file, and no number."""
    connection.execute(delete(file).where(file.c.evidence_id.in_(_THINGS)), {"process": process})
    connection.execute(_WITHDRAW, {"process": process, "reason": reason})
    connection.execute(_BLANK, {"process": process, "reason": reason})
    scores.drop_scores_of(connection, process)
    spans.drop_spans_of(connection, process)
    tally.drop_numbers_of(connection, process)


_UNSAID: Final = (
    _THINGS.where(
        document.c.id > bindparam("after"),
        document.c.withdrawn.is_not(None),
        ~exists().where(event.c.subject_id == document.c.id, event.c.kind == "subject.withdrawn"),
    )
    .order_by(document.c.id)
    .limit(bindparam("most"))
)
#: More than there are.
_ALL: Final = 2**31


def list_unsaid(connection: Connection, process: str, after: str, most: int | None) -> list[str]:
    """The things in a process that are withdrawn and of which no public act says so yet: at most so many after a place,
    in the order of their ids."""
    asked = {"process": process, "after": after, "most": _ALL if most is None else most}
    return list(connection.scalars(_UNSAID, asked))
