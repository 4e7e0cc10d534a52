"""Can the inquiry do its job? The twelve criteria, and what each assessor says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.domain.tracks import ADEQUACY
from tracker.web.public.reading import Document

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Adequacy:
    """The answers on a committee: a row a criterion, a column an assessor, the lead first."""

    assessors: Sequence[Row]
    rows: Sequence[tuple[str, str, Sequence[Row | None]]]

    @property
    def unanswered(self) -> list[str]:
        """The criteria on which nobody has answered."""
        return [code for code, _question, cells in self.rows if not any(cells)]

    @property
    def answered(self) -> int:
        return sum(1 for _code, _question, cells in self.rows if any(cells))


def make_adequacy(committee: Document) -> Adequacy:
    answers = {one["track"].partition(".")[2]: one for one in committee["standing"] if "." in one["track"]}
    lead = next(iter(answers.values()))["lead"]["assessor"]
    others = {row["assessor"]["id"]: row["assessor"] for one in answers.values() for row in one["others"]}
    assessors = [lead, *sorted(others.values(), key=lambda one: str(one["name"]))]
    rows = [(code, question, _list_cells(answers[code], assessors)) for code, question in ADEQUACY.items()]
    return Adequacy(assessors, rows)


def _list_cells(answer: Row, assessors: Sequence[Row]) -> list[Row | None]:
    rows = {row["assessor"]["id"]: row for row in (answer["lead"], *answer["others"]) if row["change"]}
    return [rows.get(one["id"]) for one in assessors]
