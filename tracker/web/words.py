"""Words for members and kinds of things, by the name under which templates use them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tracker.public.sentences.acts import KINDS

#: name in templates -> code -> its word in English, which is translated like every text.
WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "kind_words": KINDS,
    "mandate_words": {
        "instrument": "Legal instrument",
        "in_force_from": "In force",
        "in_force_to": "In force until",
        "scope": "Scope",
        "tasks": "Tasks",
        "powers": "Powers",
        "reports_to": "Reports to",
        "duty_to_publish": "Must it publish its report?",
    },
    "role_words": {
        "watchdog": "Watchdog",
        "partner": "Partner",
        "respondent": "Authority that answers",
        "editor": "Editor",
        "approver": "Approver",
        "custodian": "Custodian",
        "admin": "Administrator",
    },
    "revoked_words": {
        "replaced": "another one takes its place",
        "no_longer_needed": "nobody needs it any more",
        "lost": "it was lost",
        "leaked": "somebody else has seen it",
    },
    "decision_words": {
        "proposed": "Waits for a decision",
        "approved": "Approved",
        "returned": "Returned",
        "retracted": "Taken back",
    },
    "session_words": {
        "code": "opened with a phone",
        "recovery_code": "opened with a recovery code",
        "link": "opened by a link",
        "passkey": "opened with a passkey",
        "provider": "opened by the identity provider",
    },
    "period_words": {
        "off": "never",
        "at_once": "as soon as something new waits",
        "daily": "each morning",
        "weekly": "each Monday",
    },
    "unknown_words": {
        "publisher": "Who published it.",
        "published_on": "On which day it was published.",
        "occurred_from": "When what it shows happened.",
        "country": "Where what it shows happened.",
        "language": "In which language it is.",
        "rights": "Who holds the rights to it.",
    },
}
