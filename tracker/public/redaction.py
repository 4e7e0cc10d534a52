"""Destroying what public acts said of a thing. The acts stay: what they were about, when, and their kind."""

from __future__ import annotations

import json
import unicodedata
from copy import deepcopy
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, delete, select, update

from tracker.domain.canonical import encode_json
from tracker.domain.errors import NotFound, NotRedactable
from tracker.domain.redaction import REDACTION
from tracker.domain.sentences import sentence
from tracker.public import events
from tracker.public.events import CITES, Event, find_ids
from tracker.public.tables import event, mention

#: What stands in place of a text that was destroyed.
GONE: Final = "Redacted."
_BECAUSE: Final = "Redacted: "


def redaction_reason(reason: str) -> str:
    """What the tombstone says."""
    return f"{_BECAUSE}{reason}"


_TOLD: Final = frozenset(redaction_reason(code) for code in REDACTION)


def is_redaction_reason(reason: str) -> bool:
    """Whether a tombstone is that of a redaction. Nobody types one: see `imitates`."""
    return reason in _TOLD


#: Letters of other scripts that look like those of `redacted`.
_ALIKE: Final = str.maketrans(
    "\u0433\u0435\u0451\u0501\u0430\u0441\u0442\u03b1\u03b5\u03c4\u03f2\u0131", "reedactaetci"
)


def imitates_redaction(text: str) -> bool:
    """Whether a text begins as that of a redaction does, however it is written: in capitals, in wide or accented
    letters, in letters of another script that look alike, or with signs in between that nobody sees."""
    parts = (unicodedata.normalize("NFKD", sign).casefold().translate(_ALIKE) for sign in text)
    letters = (letter for part in parts for letter in part if letter.isalnum())
    return "".join(islice(letters, len("redacted"))) == "redacted"


def find_cause(reason: str) -> str:
    """The reason in a tombstone that `told` made."""
    return reason.removeprefix(_BECAUSE)


def find_redacted_event(connection: Connection, id: str) -> Event:
    """A public act by its id; `NotFound` where there is none about a thing."""
    query = select(event.c.seq, event.c.kind, event.c.subject_id, event.c.body).where(event.c.id == id)
    row = connection.execute(query.where(event.c.subject_id.is_not(None))).first()
    if row is None:
        raise NotFound(sentence("there is no public act %(id)s about a thing", id=repr(id[:64])))
    return Event(row.seq, row.kind, row.subject_id, json.loads(row.body))


def require_redactable(connection: Connection, act: Event) -> None:
    """Refuse an act without words, and the one from which its thing has what it says."""
    if _empty_members(deepcopy(act.body)) == act.body:
        raise NotRedactable(sentence("it says nothing in words, or no longer: codes, ids and times stay"))
    places = [one.seq for one in events.list_about(connection, act.subject) if "content" in one.body]
    if act.seq == places[-1]:
        raise NotRedactable(
            sentence(
                "it is what %(thing)s says now, or said last: revise that first, or withdraw and redact all of it",
                thing=act.subject,
            )
        )


def empty_event(connection: Connection, act: Event) -> None:
    """Empty one act of its words and of the salt by which its commitment could be opened."""
    body = _empty_members(deepcopy(act.body))
    _rewrite_event(connection, act.seq, body)
    left = find_ids(encode_json(body).decode())
    connection.execute(delete(mention).where(mention.c.seq == act.seq, mention.c.thing_id.not_in(left)))


def destroy_content(connection: Connection, thing: str) -> tuple[list[str], list[int]]:
    """Empty every act about a thing of what it said, every act that cites it of the place it cites, and each of the
    salt by which its commitment could be opened.

    Returns what else has to be written again, and the indexes of the entries that nothing opens any more.
    """
    rows = connection.execute(select(event.c.seq, event.c.body).where(event.c.subject_id == thing)).all()
    for seq, body in rows:
        _rewrite_event(connection, seq, _empty_members(json.loads(body)))
        connection.execute(delete(mention).where(mention.c.seq == seq))
    query = select(event.c.seq, event.c.subject_id, event.c.body).join(mention, mention.c.seq == event.c.seq)
    touched, emptied = set(), [seq - 1 for seq, _body in rows]
    for seq, subject, body in connection.execute(
        query.where(mention.c.thing_id == thing, mention.c.role == CITES)
    ).all():
        content = json.loads(body)
        located = [
            one
            for one in content["change"]["citations"]
            if one["evidence"] == thing and one["locator"] is not None
        ]
        for place in located:
            place["locator"] = None
        if located:
            _rewrite_event(connection, seq, content)
            touched.add(subject)
            emptied.append(seq - 1)
    return sorted(touched), sorted(emptied)


def _rewrite_event(connection: Connection, seq: int, body: dict[str, Any]) -> None:
    connection.execute(update(event).where(event.c.seq == seq).values(body=encode_json(body), salt=None))


def _empty_members(body: dict[str, Any]) -> dict[str, Any]:
    if "content" in body:
        body["content"] = {}
    if "reason" in body and not is_redaction_reason(body["reason"]):
        body["reason"] = GONE
    if "change" in body:
        body["change"] |= {"reason": GONE, "label": None}
        for citation in body["change"]["citations"]:
            citation["locator"] = None
    return body
