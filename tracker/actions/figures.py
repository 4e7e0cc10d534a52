"""Recording figures: how many, who says so, on what evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracker.actions.support import public_events
from tracker.actions.support.lookup import find_named, find_named_subject, get_for_act, require_process
from tracker.actions.support.records import Data, add_part, check_part
from tracker.actions.support.unit import Unit
from tracker.domain.errors import InvalidInput
from tracker.domain.figures import find_figure_faults
from tracker.domain.publication import PUBLISHED
from tracker.store.figures import Figure


def add_figure(unit: Unit, subject: str, kind: str, data: Data) -> Any:
    """Record how many somebody says there are on a day."""
    unit.by.require("record.write")
    thing = get_for_act(unit.viewer, subject, kind)
    check_part(unit, thing, "figures", data)
    [figure] = _make_figures(unit, public_events.process_of(thing), [data], "")
    add_part(unit, thing, thing.figures, figure, "figure.add")
    return thing


def make_figures(unit: Unit, process: str, data: Data) -> dict[str, Any]:
    """What is recorded of a thing of this process, with its figures checked and made; they take the place of those
    there were."""
    if "figures" not in data:
        return dict(data)
    return {**data, "figures": _make_figures(unit, process, data["figures"], "/figures/{place}")}


def _make_figures(unit: Unit, process: str | None, given: Sequence[Data], at: str) -> list[Figure]:
    places = [(at.format(place=place), one) for place, one in enumerate(given)]
    faults = [fault for pointer, one in places for fault in find_figure_faults(one, pointer)]
    if faults:
        raise InvalidInput(faults[0].detail, fields=faults)
    for pointer, one in places:
        find_named(unit.viewer, f"{pointer}/organization", one.get("organization_id"), "organization")
        items = one.get("evidence", [])
        for number, item in enumerate(items):
            if item in items[:number]:
                raise InvalidInput.at(
                    f"{pointer}/evidence/{number}", "this item is cited twice; cite it once"
                )
            _require_citable(unit, process, f"{pointer}/evidence/{number}", item)
    return [Figure(**one) for one in given]


def _require_citable(unit: Unit, process: str | None, pointer: str, id: str) -> None:
    """Whoever reads a thing sees its figures, so they name no item that some of them must not know of."""
    item = find_named_subject(unit.viewer, pointer, id, "evidence")
    require_process(pointer, item, process)
    if item.publication != PUBLISHED:
        raise InvalidInput.at(pointer, "is not public; publish it first, or cite it in a status change")
