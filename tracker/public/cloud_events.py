"""A public act as a message to another system: a CloudEvent that names what the act is about and says nothing of it.

Its receiver reads the rest where everybody reads it. So what may be told is decided when they ask, and a message
that is still on its way cannot carry what was destroyed meanwhile.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select

from tracker.domain.canonical import encode_json, format_instant
from tracker.domain.webhooks import find_track
from tracker.public import event_queries
from tracker.public.events import find_last_place
from tracker.public.tables import event

_PREFIX: Final = "tracker."


@dataclass(frozen=True, slots=True)
class PublicAct:
    """One public act as everybody may read it now."""

    seq: int
    said: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.said["id"])


def list_acts(connection: Connection, after: int, limit: int) -> list[PublicAct]:
    """The public acts after this place, oldest first."""
    page = event_queries.list_changes(connection, None, after, limit)
    return [PublicAct(seq, json.loads(body)) for seq, body in page.items]


def find_act(connection: Connection, seq: int) -> PublicAct | None:
    """One public act by its place; None for one whose words were destroyed."""
    acts = list_acts(connection, seq - 1, 1)
    salt = connection.scalar(select(event.c.salt).where(event.c.seq == seq))
    if not acts or (salt is None and acts[0].said.get("subject") is not None):
        return None
    return acts[0]


def find_place(connection: Connection, id: str) -> int | None:
    """The place of a public act."""
    return connection.scalar(select(event.c.seq).where(event.c.id == id))


def last_place(connection: Connection) -> int:
    return find_last_place(connection)


def write_act(act: PublicAct, base_url: str) -> bytes:
    """The message about a public act."""
    members = act.said
    data: dict[str, Any] = {"event": f"{base_url}/v1/public/events/{act.id}"}
    data |= {name: members[name] for name in ("process", "subject_kind") if members.get(name) is not None}
    change = members.get("change") or {}
    data |= {"track": find_track(members), "state": change.get("to"), "assessor": change.get("assessor")}
    return encode_json(
        {
            **_envelope(act.id, members["kind"], members["at"], base_url),
            "sequence": f"{act.seq:020}",
            **({"subject": members["subject"]} if members.get("subject") else {}),
            "data": {name: value for name, value in data.items() if value is not None},
        }
    )


def write_test(id: str, now: datetime, base_url: str) -> bytes:
    """A message about nothing, to see whether it arrives."""
    return encode_json({**_envelope(id, "test", format_instant(now), base_url), "data": {}})


def _envelope(id: str, kind: str, at: str, base_url: str) -> dict[str, str]:
    return {
        "specversion": "1.0",
        "id": id,
        "source": base_url,
        "type": _PREFIX + kind,
        "time": at,
        "datacontenttype": "application/json",
    }
