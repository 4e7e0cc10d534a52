"""What codes and kinds of thing are called in forms and on pages of the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tracker.languages.i18n import mark

#: Codes that belong to no vocabulary, and what each is called.
CODES: Final[Mapping[str, str]] = {
    "monday": mark("Monday"),
    "tuesday": mark("Tuesday"),
    "wednesday": mark("Wednesday"),
    "thursday": mark("Thursday"),
    "friday": mark("Friday"),
    "saturday": mark("Saturday"),
    "sunday": mark("Sunday"),
    "correction": mark("Correction: it was wrong from the start"),
    "update": mark("Update: it has changed since"),
    "asked": mark("Ask for the answer"),
    "reminded": mark("Remind"),
    "reminded_in_public": mark("Remind in public"),
    "silence_recorded": mark("Record that no answer came"),
}
#: kind of thing -> what many of it are called.
MANY: Final[Mapping[str, str]] = {
    "organization": mark("Organizations"),
    "process": mark("Processes"),
    "committee": mark("Committees"),
    "report": mark("Reports"),
    "recommendation": mark("Recommendations"),
    "indicator": mark("Numbers over time"),
    "resource": mark("Means"),
    "deadline": mark("Dates"),
    "evidence": mark("Evidence"),
}
#: kind of thing -> what records one more of it.
NEW: Final[Mapping[str, str]] = {
    "organization": mark("Record an organization"),
    "process": mark("Record a process"),
    "committee": mark("Record a committee"),
    "report": mark("Record a report"),
    "recommendation": mark("Record a recommendation"),
    "indicator": mark("Record numbers over time"),
    "resource": mark("Record means"),
    "deadline": mark("Record a date"),
    "evidence": mark("Submit evidence"),
}
