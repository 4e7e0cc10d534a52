"""Indicators: the numbers of a measure over time, each assessor's for itself, side by side.

What one assessor says of a day and of a group is a row. Where its numbers cannot all be right the row says so; nothing
is put right here, and nothing is added up over assessors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, TypeVar

from tracker.domain.errors import FieldError
from tracker.domain.figures import COUNTED, QUANTITIES
from tracker.domain.measures import MEASURES, Measure, Rule
from tracker.domain.sentences import Label, sentence

Figure = Mapping[str, Any]
Given = TypeVar("Given")
#: What a row is of: the day, who counted, by which source where nobody is named, and the group that is counted.
Key = tuple[str, str, str, str]


def find_indicator_faults(type: str, figures: Sequence[tuple[str, Figure]]) -> Iterator[FieldError]:
    """What figures cannot say of an indicator that counts this measure; each comes with the pointer to it."""
    measure = MEASURES[type]
    seen: set[tuple[Key, str]] = set()
    for at, figure in figures:
        stage = figure.get("stage")
        if figure["figure"] != COUNTED:
            yield FieldError(
                f"{at}/figure",
                sentence("must be '%(counted)s': an indicator counts", counted=Label("figure", COUNTED)),
            )
        elif stage not in measure.codes:
            yield FieldError(
                f"{at}/stage", sentence("must be one of %(choices)s", choices=", ".join(measure.codes))
            )
        elif (key := (_find_key(figure), stage)) in seen:
            detail = sentence(
                "is given for the same day and group by the same organization or source already; correct"
                " that one"
            )
            yield FieldError(f"{at}/stage", detail)
        else:
            seen.add(key)
    yield from _find_small_groups(measure, figures)


def _find_small_groups(measure: Measure, figures: Sequence[tuple[str, Figure]]) -> Iterator[FieldError]:
    """Where all that is said of a group may be about fewer people than numbers are published of."""
    for row in _group(figures, lambda one: one[1]).values():
        bounded = [(at, bounds) for at, figure in row if (bounds := find_bounds(figure)) is not None]
        counted = [(at, low) for at, (low, high) in bounded if high is None or high > 0]
        if counted and max(low for _at, low in counted) < measure.smallest:
            detail = sentence(
                "may be about fewer than %(smallest)s, and so points at somebody; give the number of the"
                " whole group first, or one of a larger group",
                smallest=measure.smallest,
            )
            yield FieldError(f"{counted[-1][0]}/stage", detail)


def _group(given: Iterable[Given], figure_of: Callable[[Given], Figure]) -> dict[Key, list[Given]]:
    """What stands in one row."""
    rows: dict[Key, list[Given]] = {}
    for figure in given:
        rows.setdefault(_find_key(figure_of(figure)), []).append(figure)
    return rows


def _find_key(figure: Figure) -> Key:
    who = figure.get("organization_id", figure.get("organization"))
    return str(figure["as_of"]), who or "", "" if who else figure["source"], figure.get("of") or ""


def find_bounds(figure: Figure) -> tuple[Decimal, Decimal | None] | None:
    """The least and the most that a figure may mean; None where it was not disclosed. ``about`` counts as said."""
    given = {name: None if figure.get(name) is None else Decimal(figure[name]) for name in QUANTITIES}
    if not any(value is not None for value in given.values()):
        return None
    exact = given["amount"] if given["amount"] is not None else given["about"]
    return (exact, exact) if exact is not None else (given["at_least"] or Decimal(), given["at_most"])


def find_contradictions(measure: Measure, row: Mapping[str, Figure]) -> list[Rule]:
    """The rules that cannot hold between these numbers of one assessor, whatever their uncertain ones mean."""
    bounds = {stage: found for stage, figure in row.items() if (found := find_bounds(figure)) is not None}
    broken = []
    for rule in measure.rules:
        _least, most = bounds.get(rule.whole, (None, None))
        if most is not None and sum(bounds[part][0] for part in rule.parts if part in bounds) > most:
            broken.append(rule)
    return broken


def list_rows(type: str, figures: Sequence[Figure]) -> list[dict[str, Any]]:
    """The numbers of an indicator, day by day and assessor by assessor: what each says of each stage."""
    measure, rows = MEASURES[type], []
    for key, row in sorted(_group(figures, lambda one: one).items()):
        by_stage = {figure["stage"]: figure for figure in row}
        rows.append(
            {
                "as_of": key[0],
                "organization": key[1] or None,
                "source": key[2] or None,
                "of": key[3] or None,
                "counts": {
                    stage: {name: by_stage[stage][name] for name in QUANTITIES}
                    for stage in measure.codes
                    if stage in by_stage
                },
                "contradictions": [str(rule) for rule in find_contradictions(measure, by_stage)],
            }
        )
    return rows


def list_latest(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The last row of each assessor on each group."""
    last = {tuple(row[name] for name in _LINE): row for row in rows}
    return list(last.values())


_LINE: Final = ("organization", "source", "of")
