"""What can be imported: the kinds of thing of the registry, and what is said of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tracker.actions import responses, statuses
from tracker.actions.support import status_support
from tracker.actions.support.registry import KINDS, Kind
from tracker.actions.support.unit import Unit
from tracker.domain.tracks import TRACKS
from tracker.schemas.statuses import ImportedChangeIn, StatusChangeOut
from tracker.store.answers import Line, find_same_answer
from tracker.store.statuses import ChangeRow

Data = Mapping[str, Any]
#: A status change, by the name that an export gives it.
CHANGE: Final = "change"
#: What a row says of a status change, that the act does not take.
_OF_THE_ROW: Final = ("process_id", "subject_kind")


def propose_row(unit: Unit, data: Data) -> ChangeRow:
    """Propose the status change of a row; another person decides on it."""
    return statuses.propose_status_change(
        unit, {name: value for name, value in data.items() if name not in _OF_THE_ROW}
    )


def find_line(unit: Unit, data: Data) -> Line | None:
    """The line that a row answers on; None where it names nothing that is there, or is no answer."""
    subject = status_support.find_subjects(unit.session, [data["subject"]]).get(data["subject"])
    if subject is None or data.get("replies_to") is not None or data["track"] not in TRACKS:
        return None
    assessor = data.get("assessor") or unit.by.organization or subject.process.lead_id
    asked = responses.find_addressee(unit, subject, TRACKS[data["track"]], data)
    return Line(subject.id, data["track"], assessor, asked or "")


def find_said(unit: Unit, line: Line, data: Data) -> str | None:
    """The answer that says what a row says, of the same day."""
    if data.get("corrects") is not None:
        return None
    return find_same_answer(unit.session, line, data["state"], data["effective_on"])


#: Each kind after those that it may name.
IMPORTS: Final[Mapping[str, Kind]] = {
    **KINDS,
    CHANGE: Kind(ImportedChangeIn, StatusChangeOut, propose_row, name="", permission="status.propose"),
}
