"""What a process demands beyond the state table, and how long a status may go unverified.

A process may demand more evidence for a state, never less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tracker.domain.errors import FieldError, InvalidInput
from tracker.domain.sentences import sentence
from tracker.domain.states import Need
from tracker.domain.tracks import TRACKS

#: Days after which a status that nobody verified is stale, unless the process says otherwise.
STALE_AFTER_DAYS: Final = 180
_COUNTS: Final = ("items", "verified", "organizations")
_YES_OR_NO: Final = ("not_addressee", "own_act")
_MEMBERS: Final = ", ".join((*_COUNTS, *_YES_OR_NO))
_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Policy:
    """``demands`` maps ``track.state`` to what it needs beyond the table."""

    demands: Mapping[str, Need] = field(default_factory=dict)

    def need(self, track: str, state: str, *, lead: bool) -> Need:
        """What an answer needs: the table's demand, raised by the process's own."""
        of_state = TRACKS[track].state(state)
        table = of_state.need if lead else of_state.others
        more = self.demands.get(f"{track}.{state}")
        return table if more is None or not lead else table.raised_by(more)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Policy:
        """From ``{"implementation.underway": {"items": 2, "verified": 1}}``; `InvalidInput` names the member."""
        demands = {}
        for name, wanted in value.items():
            pointer = f"/evidence_policy/{_escape_step(name)}"
            track, _, state = name.rpartition(".")
            if track not in TRACKS or state not in TRACKS[track].codes:
                raise InvalidInput.at(
                    pointer,
                    sentence("must be a track and a state joined by a dot, as implementation.underway"),
                )
            demands[name] = _read_need(pointer, wanted)
        return cls(demands)


def _read_need(pointer: str, wanted: object) -> Need:
    if not isinstance(wanted, Mapping) or not wanted:
        raise InvalidInput.at(
            pointer, sentence("must be an object with some of %(members)s", members=_MEMBERS)
        )
    faults = [
        FieldError(f"{pointer}/{_escape_step(name)}", fault)
        for name, value in wanted.items()
        if (fault := _make_fault(name, value)) is not None
    ]
    if faults:
        raise InvalidInput(sentence("a demand does not read well"), fields=faults)
    return Need(**{"own_act": True, **wanted})


def _make_fault(name: str, value: object) -> str | None:
    if name in _YES_OR_NO:
        return None if isinstance(value, bool) else sentence("must be true or false")
    if name not in _COUNTS:
        return sentence("must be one of %(choices)s", choices=_MEMBERS)
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST
    return None if fits else sentence("must be a whole number, 0 to %(most)s", most=_MOST)


def _escape_step(name: str) -> str:
    """A member's name as it stands in a JSON Pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")
