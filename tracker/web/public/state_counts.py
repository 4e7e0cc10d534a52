"""How many recommendations stand where, by each assessor: a bar, and the numbers that it shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from tracker.domain.tracks import UNKNOWN
from tracker.languages.i18n import Language
from tracker.web.charts.state_bar import draw_state_bar, sum_bands
from tracker.web.tones import BANDS, Tone


@dataclass(frozen=True, slots=True)
class StateCount:
    """The recommendations of a process in the eyes of one assessor, over all of them."""

    assessor: Mapping[str, Any]
    lead: bool
    total: int
    states: Mapping[str, int]
    bands: Mapping[Tone, int]
    bar: Markup

    @property
    def known(self) -> int:
        return self.total - self.bands["unknown"]

    def list_states(self, tone: Tone) -> list[tuple[str, int]]:
        """The states of a band that somebody is in."""
        return [(code, self.states[code]) for code in BANDS[tone] if self.states.get(code)]


def count_states(numbers: Mapping[str, Any], language: Language) -> list[StateCount]:
    """One count for each assessor who has answered, the lead first; what an assessor did not look at is unknown."""
    counted = numbers["recommendations"]
    return [_make_count(one, counted["total"], language) for one in counted["by_assessor"] if one["answered"]]


def _make_count(state: Mapping[str, Any], total: int, language: Language) -> StateCount:
    known = sum(number for code, number in state["states"].items() if code not in UNKNOWN)
    unlooked = total - known - state["states"]["no_evidence"]
    states = {**state["states"], "not_assessed": unlooked}
    bands = sum_bands(states)
    name = language.say(
        "%(who)s: %(done)s of %(total)s implemented",
        who=state["assessor"]["name"], done=states["implemented"], total=total,
    ).striptags()  # fmt: skip
    bar = draw_state_bar(bands, name, mirrored=language.direction == "rtl")
    return StateCount(state["assessor"], state["lead"], total, states, bands, bar)
