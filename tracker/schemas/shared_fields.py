"""What is sent and answered of several kinds of things. Members that name another thing carry its id."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from tracker.domain.revisions import BY_ONE
from tracker.schemas.day_fields import DayText
from tracker.schemas.fields import LINE, Strict, Text, language
from tracker.schemas.list_fields import Table, list_of, list_of_shapes


class FormerNameIn(Strict):
    name = Text(LINE, required=True)
    from_on = DayText(allow_none=True, load_default=None)
    to_on = DayText(required=True)


class FormerNameOut(Schema):
    name = fields.String(required=True)
    from_on = DayText(required=True, allow_none=True)
    to_on = DayText(required=True)


def former_names_in() -> fields.Field[Any]:
    return list_of_shapes(FormerNameIn, 50)


def former_names_out() -> fields.Field[Any]:
    return fields.List(fields.Nested(FormerNameOut), required=True)


def demands_table() -> Table:
    """What a process demands beyond the state table; `tracker.domain.evidence_policy` reads it."""
    described = {
        "description": "By `track.state`: items, verified, organizations, not_addressee;"
        " own_act false where an addressee's own act is not enough by itself."
    }
    return Table(Text(80), Table(Text(40), fields.Raw(allow_none=True), 20), 100, metadata=described)


def members_by_one_person() -> Table:
    """What of what is public one person revises; `tracker.domain.revisions` reads it."""
    described = {
        "description": "By kind of thing, the members that one person may revise with a reason once they are public,"
        " without another who approves. What is left out takes two people."
    }
    return Table(Text(20), list_of(Text(40), 20), len(BY_ONE), metadata=described)


def names_table() -> Table:
    return Table(language(), Text(LINE), 100, metadata={"description": "Its name by language."})
