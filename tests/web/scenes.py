"""A world in which every page has something to tell: a date that slipped, a report that is late and silent, verdicts
that differ, an answer that never came, a demand that was made before, and numbers that cannot all be right.
"""

from __future__ import annotations

from copy import copy
from datetime import date
from decimal import Decimal
from typing import Any

from tests.world import World
from tracker.actions import deadlines, statuses

ARABIC = "افحصوا سجلات القوات"


class Scenes:
    """Public are two recommendations, of which `vetting` is judged twice, and differently."""

    def __init__(self, world: World, **words: Any) -> None:
        self.world = world
        self.item = world.item(**words)
        self.due = world.deadline(reference="report-1")
        citations = [{"evidence": self.item, "stance": "supports"}]
        more = {
            "rule": "3 months",
            "set_on": date(2025, 4, 10),
            "reason": "More time.",
            "citations": citations,
        }
        with world.act(world.editor) as act:
            new, change = deadlines.extend_deadline(act, self.due, more)
            self.extended, proposed = new.id, change.id
        with world.act(world.approver) as act:
            statuses.approve_status_change(act, proposed)
        self.report = world.report("final", delivered=date(2025, 7, 13))
        translated = [{"language": "ar", "title": ARABIC, "text": ARABIC, "translator": "The desk"}]
        self.vetting = world.recommendation(
            "R1", title="Vet the forces", translations=translated, report_id=self.report,
            tags=[{"scheme": "sdg", "code": "16"}],
        )  # fmt: skip
        self.burial = world.recommendation("R2", title="Mark the graves", repeats=[self.vetting])
        self.trials = world.indicator(
            recommendations=[self.vetting],
            figures=[
                _count("opened", "2025-05-01", amount=Decimal(563)),
                _count("opened", "2025-11-18", at_least=Decimal(563)),
                _count("tried", "2025-11-18", amount=Decimal(14)),
                _count("charged", "2025-11-18", amount=Decimal(7)),
            ],
        )
        world.answer(self.vetting, "implementation", "stalled", effective_on=date(2025, 8, 1))
        world.answer(
            self.vetting, "implementation", "underway", cites=(self.item,), assessor=world.watchdog,
            effective_on=date(2025, 9, 1),
        )  # fmt: skip
        world.answer(world.committee, "adequacy.time", "not_met", effective_on=date(2025, 5, 1))

    def again(self, world: World) -> Scenes:
        """The same in a copy of its database."""
        other = copy(self)
        other.world = world.go_on(self.world)
        return other


def _count(stage: str, day: str, **given: Decimal) -> dict[str, Any]:
    return {"figure": "counted", "stage": stage, "as_of": day, "source": "The court", **given}
