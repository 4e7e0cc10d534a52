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
    "unknown_words": {
        "publisher": "Who published it.",
        "published_on": "On which day it was published.",
        "occurred_from": "When what it shows happened.",
        "country": "Where what it shows happened.",
        "language": "In which language it is.",
        "rights": "Who holds the rights to it.",
    },
}
