"""What is sent to keep the records. Members that name another thing carry its id."""

from __future__ import annotations

from marshmallow import fields

from tracker.schemas.fields import LINE, Table, Text, language


def demands_table() -> Table:
    """What a process demands beyond the state table; `tracker.domain.evidence_policy` reads it."""
    described = {
        "description": "By `track.state`: items, verified, organizations, not_addressee;"
        " own_act false where an addressee's own act is not enough by itself."
    }
    return Table(Text(80), Table(Text(40), fields.Raw(allow_none=True), 20), 100, metadata=described)


def names_table() -> Table:
    return Table(language(), Text(LINE), 100, metadata={"description": "Its name by language."})
