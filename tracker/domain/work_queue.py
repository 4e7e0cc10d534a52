"""The queue of open work: what waits for somebody, and for whom (rule 4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: kind of entry -> what waits, and for whom.
KINDS: Final[Mapping[str, str]] = {
    "proposal": "A status change is proposed: for those who decide and neither proposed it nor submitted the item.",
    "returned": "A proposal came back and nobody has proposed again: for the person who made it.",
    "review": "An item is not reviewed and no verification is proposed: for the desk, but not for its submitter.",
    "basis": "A status that holds is no longer `supported`: for the desk, and for the watchdog whose verdict it is.",
    "overdue": "A day has passed and nobody has said or proposed what came of it: for the desk.",
    "lowering": "Somebody proposes to lower the protection of an item: for those who may let it, but not for them.",
    "redaction": "A redaction is ordered or asked for: for the custodians, but not for the one who ordered it.",
    "public_copy": "A copy waits to become public: for approvers, but not for who made it or submitted the item.",
    "revision": "What is public of a thing shall be revised: for approvers, but not for who proposed it.",
    "publication": "A draft shall be public: for approvers, but not for who proposed or recorded it.",
    "consent": "A consent shall allow more: for those who may lower the protection of its item, but not for who asks.",
    "question": "Somebody asked about an item: for the watchdog that submitted it, or for the desk if it asked.",
    "reckoning": "An open date is reckoned by a calendar that has changed since: for the desk, with the date of now.",
    "parts": "A recommendation is over by the lead, and a public part of it is not: for the desk.",
    "reminder": "An addressee has not answered, and the next step of the ladder of reminders is due: for the desk.",
}

#: An item in one of these states waits to be reviewed.
UNREVIEWED: Final = frozenset({"unreviewed", "in_review"})
