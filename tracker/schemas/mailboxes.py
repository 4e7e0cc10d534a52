"""What somebody says of where they want to be told, and how often."""

from __future__ import annotations

from tracker.domain.mail import ADDRESS, PERIODS
from tracker.schemas.fields import Code, Strict, Text


class MailboxIn(Strict):
    """An address, and how often it is written to."""

    address = Text(ADDRESS, required=True)
    period = Code(PERIODS, required=True)


class ProofQuery(Strict):
    """The secret of a link that confirms an address."""

    link = Text(100, required=True)
