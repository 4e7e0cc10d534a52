"""What is typed into each form of the desk so that it is taken, in the tracker of `tests.web.desk.furnished`."""

from __future__ import annotations

import re
from html import unescape
from typing import Any, Final

#: A text that says why; by it what was typed is found again.
WHY: Final = "A reason that was typed."
_REVISED: Final = {"reason": WHY, "revision": "correction"}
_TOLD: Final = {"process": "{process}", "title": "A new one", "language": "en"}

#: form -> what is typed into it, beside what stands in it.
TYPED: Final[dict[str, dict[str, Any]]] = {
    "new_filter": {"name": WHY},
    "filter": {},
    "decide": {"decision": "return", "note": WHY},
    "undo": {"reason": WHY},
    "propose_status": {"reason": WHY},
    "new_file": {".file": [(b"other bytes", "a.txt")]},
    "analyses": {"source_analysis": "passed"},
    "new_organization": {"slug": "new-one", "name": WHY, "type": "media"},
    "edited_organization": {"website": "https://press.example/", **_REVISED},
    "new_process": {
        "slug": "new-one",
        "title": "New",
        "summary": WHY,
        "lead": "desk",
        "calendar/time_zone": "UTC",
    },
    "edited_process": {"place": "The coast", **_REVISED},
    "new_committee": {
        "process": "{process}",
        "reference": "new",
        "name": WHY,
        "body_type": "presidential_committee",
    },
    "edited_committee": {"instrument": "Decree 4", **_REVISED},
    "new_report": {"process": "{process}", "reference": "new", "title": WHY, "committee": "inquiry"},
    "edited_report": {"printed_number": "7", **_REVISED},
    "new_recommendation": {
        **_TOLD,
        "reference": "new",
        "text": WHY,
        "type": "vetting",
        "issuer": "watchdog",
        "issued_on": "2025",
    },
    "edited_recommendation": {"printed_number": "7", **_REVISED},
    "new_indicator": {"process": "{process}", "reference": "new", "type": "prosecutions", "title": WHY},
    "edited_indicator": {"scope": "All courts", **_REVISED},
    "new_resource": {"process": "{process}", "committee": "inquiry", "type": "budget", "title": WHY},
    "edited_resource": {"unit": "SYP", **_REVISED},
    "new_deadline": {
        **{"process": "{process}", "owner": "inquiry", "type": "final_report_due", "title": WHY},
        **{"basis": "decree", "set_on": "2025-03-09", "rule": "30 days"},
    },
    "edited_deadline": {"instrument": "Decree 4", **_REVISED},
    "new_evidence": {"process": "{process}", "title": WHY, "type": "video", "acquired_from": "own_staff"},
    "edited_evidence": {"description": WHY},
    "import": {
        "kind": "recommendation",
        "process": "{process}",
        "text": "reference,title\nR1,One\n",
        "reason": WHY,
    },
    "dry_run": {},
    "pasted": {
        **{"process": "{process}", "text": "1. Vet them.", "issuer": "watchdog", "issued_on": "2025"},
        **{"language": "en", "type": "vetting"},
    },
    "extension": {
        **{"set_on": "2025-07-10", "rule": "3 months", "reason": WHY},
        **{"citations/0/evidence": "{item}", "citations/0/stance": "supports"},
    },
    "refused_extension": {"refused_on": "2025-07-10", "reason": WHY, "evidence": "{item}"},
    "new_question": {"text": WHY},
    "question": {"text": WHY},
    "handling": {},
    "handling_end": {},
    "assignment": {},
    "note": {"text": WHY},
    "retracted_note": {},
    "publication": {"reason": WHY},
    "publishing": {"reason": WHY},
    "withdrawal": {"reason": WHY},
    "answer": {"state": "accepted", "text": WHY},
    "reply": {"reason": WHY},
    "redaction": {"reason": "minor"},
    "redacted_act": {"reason": "minor"},
    "hold": {"reason": WHY},
    "tip": {},
    "tip_message": {"text": WHY},
    "tip_evidence": {"title": "A tip", "type": "statement", "description": WHY},
    "tip_aside": {},
    "tip_destruction": {},
    "tip_box": {"words/0/language": "en", "words/0/text": WHY, "kept_days": "30"},
    "tip_box_closing": {},
    "reply_to": {"reason": WHY},
    "retraction": {"reason": WHY},
    "new_webhook": {"url": "https://other.example/hook"},
    "test": {},
    "secret": {},
    "replay": {"first": "1", "last": "2"},
    "stop": {},
    "invitation": {"name": "newcomer", "roles": "editor"},
    "roles": {"roles": "editor"},
    "suspension": {},
    "end": {},
    "return": {},
    "link": {},
    "recovery_codes": {},
    "session": {},
    "mailbox": {"address": "rima@host.example", "period": "weekly"},
    "confirmation": {},
    "mail_end": {},
    "own_key": {"days": "30"},
    "key": {"days": "30"},
    "revocation": {"reason": "lost"},
    "account_identity": {},
    "registration": {"since": "2025-03"},
    "standing": {"standing": "suspended", "reason": WHY},
    "passkey": {},
    "identity": {},
    "kept_form": {},
}
#: The forms that let somebody in, or end that: what is typed there is a secret and kept nowhere. Each has tests of its
#: own in `test_login`, `test_account`, `test_passkeys` and `test_identities`.
LETTING_IN: Final = frozenset(
    {
        *("login", "logout", "confirm", "entry", "password", "phone", "new_passkey", "passkey_login"),
        *("passkey_confirm", "identity_login", "vouched_login", "new_identity"),
    }
)


#: Forms of which no act is on the audit trail: they keep what one typed, or drop it, or end a session of one's own.
UNNOTED: Final = frozenset({"import", "pasted", "kept_form", "session"})
#: A form that brings the bytes of a file: `test_evidence`.
BRINGING: Final = frozenset({"file"})


def fill(value: Any, names: dict[str, str]) -> Any:
    """A value in which a thing may be named by its kind."""
    return value.format(**names) if isinstance(value, str) and value.startswith("{") else value


def read_fields(page: str) -> dict[str, str | list[str]]:
    """What stands in the lines and choices of a form, as a browser would send it back."""
    lines = re.findall(
        r'<input type="(?:text|date|number)" id="[^"]*" name="([^"]+)"[^>]*? value="([^"]*)"', page
    )
    texts = re.findall(r'<textarea id="[^"]*" name="([^"]+)"[^>]*>\n([^<]*)</textarea>', page)
    chosen = re.findall(r'<select id="[^"]*" name="([^"]+)"[^>]*>(.*?)</select>', page)
    picked = {name: (re.findall(r'value="([^"]*)" selected', of) or [""])[0] for name, of in chosen}
    boxes: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="checkbox" name="([^"]+)" value="([^"]+)" checked>', page):
        boxes.setdefault(name, []).append(value)
    ticked = re.findall(r'<input type="checkbox" value="on" id="[^"]*" name="([^"]+)"[^>]* checked>', page)
    found = {**dict(lines), **dict(texts), **picked, **boxes, **dict.fromkeys(ticked, "on")}
    return {name: unescape(value) if isinstance(value, str) else value for name, value in found.items()}
