"""Recording figures: how many, who says so, on what evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tracker.actions.support import public_events
from tracker.actions.support.lookup import find_named, find_named_subject, get_for_act, require_process
from tracker.actions.support.records import Data, add_part, check_part
from tracker.actions.support.unit import Unit
from tracker.domain.errors import FieldError, InvalidInput
from tracker.domain.figures import find_figure_faults
from tracker.domain.indicators import find_indicator_faults
from tracker.domain.publication import PUBLISHED
from tracker.domain.sentences import sentence
from tracker.store.figures import Figure


def add_figure(unit: Unit, subject: str, kind: str, data: Data) -> Any:
    """Record how many somebody says there are on a day."""
    unit.by.require("record.write")
    thing = get_for_act(unit.viewer, subject, kind)
    check_part(unit, thing, "figures", data)
    known = [("", _read_figure(one)) for one in thing.figures]
    measure = thing.type if kind == "indicator" else None
    [figure] = _make_figures(unit, public_events.process_of(thing), [("", data)], measure, known)
    add_part(unit, thing, thing.figures, figure, "figure.add")
    return thing


def make_figures(unit: Unit, process: str, data: Data, measure: str | None = None) -> dict[str, Any]:
    """What is recorded of a thing of this process, with its figures checked and made; they take the place of those
    there were. ``measure`` is what an indicator counts."""
    if "figures" not in data:
        return dict(data)
    places = [(f"/figures/{place}", one) for place, one in enumerate(data["figures"])]
    return {**data, "figures": _make_figures(unit, process, places, measure)}


def _read_figure(row: Figure) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in Figure.__table__.columns}


def _make_figures(
    unit: Unit,
    process: str | None,
    given: Sequence[tuple[str, Data]],
    measure: str | None,
    known: Sequence[tuple[str, Data]] = (),
) -> list[Figure]:
    """Figures from what was given, each with the pointer to it; ``known`` are those that the thing has already."""
    faults = [fault for pointer, one in given for fault in find_figure_faults(one, pointer)]
    if measure is None:
        faults += _find_stages(given)
    elif not faults:
        faults += find_indicator_faults(measure, [*known, *given])
    if faults:
        raise InvalidInput(faults[0].detail, fields=faults)
    for pointer, figure in given:
        find_named(unit.viewer, f"{pointer}/organization", figure.get("organization_id"), "organization")
        items = figure.get("evidence", [])
        for number, item in enumerate(items):
            if item in items[:number]:
                raise InvalidInput.at(
                    f"{pointer}/evidence/{number}", sentence("this item is cited twice; cite it once")
                )
            _require_citable(unit, process, f"{pointer}/evidence/{number}", item)
    return [Figure(**one) for _pointer, one in given]


def _find_stages(given: Sequence[tuple[str, Data]]) -> Iterator[FieldError]:
    for pointer, figure in given:
        if figure.get("stage") is not None:
            yield FieldError(
                f"{pointer}/stage", sentence("belongs to the figures of an indicator; say it in of")
            )


def _require_citable(unit: Unit, process: str | None, pointer: str, id: str) -> None:
    """All who read a thing see its figures, so they name no item that some of them must not know of."""
    item = find_named_subject(unit.viewer, pointer, id, "evidence")
    require_process(pointer, item, process)
    if item.publication != PUBLISHED:
        detail = sentence("is not public; publish it first, or cite it in a status change")
        raise InvalidInput(detail, fields=[FieldError(pointer, detail)], missing=[id])
