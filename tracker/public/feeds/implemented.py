"""How many recommendations of a process each organization says are implemented, of how many, and when it last looked:
the one number that badges and frames show, never as a bare percentage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from markupsafe import Markup
from sqlalchemy import Connection, bindparam, func, select

from tracker.domain.tracks import TRACKS
from tracker.languages.i18n import Language
from tracker.public import current, current_rows, current_scores
from tracker.public.names import read_names, translate_names
from tracker.public.tables import change, document

TRACK: Final = TRACKS["implementation"]

_LAST_LOOK: Final = (
    select(change.c.assessor, func.max(change.c.effective_on).label("day"))
    .join(document, document.c.id == change.c.subject_id)
    .where(
        document.c.process_id == bindparam("process"),
        document.c.kind == "recommendation",
        document.c.withdrawn.is_(None),
        change.c.track == TRACK.code,
        change.c.part == current_rows.ANSWER,
    )
    .group_by(change.c.assessor)
)


@dataclass(frozen=True, slots=True)
class Tally:
    """``answered`` is of how many recommendations the organization says anything, ``day`` when it last did."""

    name: str | None
    slug: str | None
    implemented: int
    answered: int
    total: int
    day: str | None

    def describe(self, language: Language) -> Markup:
        """As in "7 of 94 implemented", or that nothing is said of any."""
        if self.answered == 0:
            return language.say_number("none of %(num)s assessed", "none of %(num)s assessed", self.total)
        done = language.number(self.implemented)
        return language.say_number(
            "%(done)s of %(num)s implemented", "%(done)s of %(num)s implemented", self.total, done=done
        )


def list_tallies(connection: Connection, process: str, now: datetime, language: str) -> list[Tally]:
    """The lead's first, then those of the others, the most complete first; each called as in this language."""
    counts = current_scores.read_scoreboard(connection, process, now)["recommendations"]
    translate_names(connection, counts["by_assessor"], language)
    days = {row.assessor: row.day for row in connection.execute(_LAST_LOOK, {"process": process})}
    order = sorted(
        counts["by_assessor"], key=lambda row: (not row["lead"], -row["answered"], row["assessor"]["slug"])
    )
    tallies = [
        Tally(
            row["assessor"]["name"],
            row["assessor"]["slug"],
            row["states"]["implemented"],
            row["answered"],
            counts["total"],
            days.get(row["assessor"]["id"]),
        )
        for row in order
    ]
    if order and order[0]["lead"]:
        return tallies
    return [_silent_lead(connection, process, counts, language), *tallies]


def _silent_lead(connection: Connection, process: str, counts: dict[str, Any], language: str) -> Tally:
    lead = current.read_contents(connection, [process])[process]["lead"]
    name = read_names(connection, [lead], language=language).get(lead, {})
    return Tally(name.get("name"), name.get("slug"), 0, 0, counts["total"], None)
