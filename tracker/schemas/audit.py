"""The audit trail as it is asked for and told: ids and codes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from marshmallow import Schema, fields

from tracker.domain import ids
from tracker.domain.audit import FAMILIES, OPERATOR, PLACES, VERBS
from tracker.domain.sentences import sentence
from tracker.schemas.day_fields import Moment
from tracker.schemas.fields import Strict, Text, Whole


def _known(*words: str, kinds: Iterable[str]) -> str:
    """The expression that the id of a thing of these kinds matches, and each of these words."""
    return rf"^(?:{'|'.join(words)}|{ids.make_pattern(*kinds).strip('^$')})$"


def filters() -> dict[str, fields.Field[Any]]:
    """What the trail is narrowed by. `from` is a word of Python, so the shapes are not written as classes."""
    return {
        "person": Text(
            30,
            pattern=_known(OPERATOR, kinds=["person"]),
            form=sentence("the id of a person, or %(operator)s", operator=OPERATOR),
            metadata={"description": "Who did it: the id of a person, or `operator`."},
        ),
        "verb": Text(
            40,
            pattern=rf"^(?:{'|'.join(map(re.escape, sorted(VERBS | FAMILIES)))})$",
            form=sentence("a verb of the trail, as evidence.unseal, or how verbs begin, as evidence"),
            metadata={
                "description": "What was done: a verb as `evidence.unseal`, or how verbs begin: `evidence`."
            },
        ),
        "target": Text(
            30,
            pattern=_known(*PLACES, kinds=ids.PREFIXES),
            form=sentence("the id of a thing, or one of %(places)s", places=", ".join(PLACES)),
            metadata={"description": "What it was done to: an id, or `audit`, `public` or `public_log`."},
        ),
        "from": Moment(metadata={"description": "The first instant."}),
        "to": Moment(metadata={"description": "The instant before which it was."}),
    }


_BEFORE: Final = {"description": "Only entries with a smaller `number`: the last one of the page before."}
#: What a custodian reads of the whole trail, sealed things included. The reading is written down.
AuditReadingIn: type[Schema] = Strict.from_dict(
    {**filters(), "before": Whole(1, 2**53 - 1, metadata=_BEFORE), "limit": Whole(1, 200, load_default=50)},
    name="AuditReadingIn",
)


class AuditEntryOut(Schema):
    """An act. Without a number: a gap would tell that something was done that is not shown."""

    at = Moment(required=True)
    person = fields.String(
        required=True,
        metadata={
            "description": "A person, `operator` for the command line, or the side for which they acted."
        },
    )
    verb = fields.String(required=True)
    target = fields.String(required=True)
    detail = fields.Dict(required=True, metadata={"description": "Codes and ids."})


class AuditRecordOut(AuditEntryOut):
    """The same with its number, for readers of the whole trail."""

    number = fields.Integer(required=True)


class AuditReadingOut(Schema):
    """Entries of the audit trail, read on record."""

    items = fields.List(fields.Nested(AuditRecordOut), required=True)
