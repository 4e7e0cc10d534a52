"""What somebody says of where they want to be told, and how often."""

from __future__ import annotations

from marshmallow import Schema, fields

from tracker.domain.mail import ADDRESS, PERIODS
from tracker.schemas.fields import Code, Strict, Text

_PERIOD = {
    "description": "`at_once`: when something new waits, looked at every ten minutes; `daily`: each morning, and"
    " `weekly`: each Monday, at 05:00 UTC; `off`: never."
}


class MailboxIn(Strict):
    """An address, and how often it is written to."""

    address = Text(ADDRESS, required=True, metadata={"description": "Where to write to: name@host.example."})
    period = Code(PERIODS, required=True, metadata=_PERIOD)


class MailboxOut(Schema):
    """Where one is told, and how often. The address counts once it is confirmed; it is null where none is kept."""

    address = fields.String(
        required=True, allow_none=True, metadata={"description": "Your own address; nobody else reads it."}
    )
    period = Code(PERIODS, required=True, metadata=_PERIOD)
    confirmed = fields.Boolean(
        required=True, metadata={"description": "Whether the link that was sent there was opened."}
    )


class ProofQuery(Strict):
    """The secret of a link that confirms an address."""

    link = Text(100, required=True)
