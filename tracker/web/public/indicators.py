"""Numbers over time: what was counted of vetting, remains and prosecutions, each assessor's for itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from markupsafe import Markup

from tracker.domain.indicators import find_bounds
from tracker.domain.measures import MEASURES, Measure
from tracker.domain.partial_days import parse_day
from tracker.languages.i18n import Language
from tracker.languages.texts import pick_text
from tracker.web.charts.series import Point, draw_series
from tracker.web.public.page import Shown, page
from tracker.web.public.reading import (
    Document,
    find_day,
    read_list,
    read_named,
    read_process,
    show_process_parts,
)
from tracker.web.public.verdicts import list_verdicts
from tracker.web.public.visit import Visit


@page("indicators")
def show_indicators(visit: Visit, process: str) -> Shown:
    parent = read_process(visit, process)
    parts = show_process_parts(visit, parent)
    listed = read_list(visit, "indicator", ("process", parent["id"]))
    return {
        **parts,
        "title": visit.language.say(
            "Numbers over time: %(name)s", name=pick_text(parent, "title", visit.language.code).text
        ),
        "shown": [_show(visit, parent, one) for one in listed],
    }


@page("indicator")
def show_indicator(visit: Visit, process: str, reference: str) -> Shown:
    parent = read_process(visit, process)
    indicator = read_named(visit, parent, "indicator", reference)
    parts = show_process_parts(visit, parent)
    shown = _show(visit, parent, indicator)
    return {
        **parts,
        "title": shown["name"].text,
        "indicator": indicator,
        "one": shown,
        "followed": [
            {**one, "href": visit.link_thing(parent["slug"], one)} for one in indicator["recommendations"]
        ],
        "verdicts": list_verdicts(indicator, "procedure"),
        "history": indicator["history"],
        "alternates": [
            ("application/json", "JSON", f"/v1/public/indicators/{indicator['id']}"),
            *parts["alternates"][1:],
        ],
    }


def _show(visit: Visit, process: Document, indicator: Document) -> dict[str, Any]:
    local, measure = visit.in_country(process["country"]).language, MEASURES[indicator["type"]]
    rows = indicator["series"]
    return {
        "indicator": indicator,
        "measure": measure,
        "name": pick_text(indicator, "title", local.code),
        "href": visit.link_thing(process["slug"], {"id": indicator["id"], "slug": indicator["reference"]}),
        "stages": [stage for stage in measure.stages if any(stage.code in row["counts"] for row in rows)],
        "rows": [{**row, "broken": list(_describe_contradictions(row, measure, local))} for row in rows],
        "charts": list(_draw_groups(rows, measure, find_day(visit, process), local)),
    }


def _draw_groups(
    rows: list[Mapping[str, Any]], measure: Measure, today: str, language: Language
) -> Iterator[tuple[str | None, Markup]]:
    """A chart of each group of which somebody gives a number, with the name of the group: None for all."""
    by_group = sorted(rows, key=lambda row: row["of"] or "")
    for group, listed in groupby(by_group, lambda row: row["of"]):
        points = list(_list_points(listed, measure))
        if points:
            yield group, draw_series(points, today, language)


def _list_points(rows: Iterator[Mapping[str, Any]], measure: Measure) -> Iterator[Point]:
    for row in rows:
        who = (row["organization"] or {}).get("id") or row["source"]
        for stage, given in row["counts"].items():
            bounds = find_bounds(given)
            if bounds is not None:
                low, high = (None if bound is None else float(bound) for bound in bounds)
                yield Point(
                    str(who), measure.codes.index(stage), parse_day(row["as_of"]).earliest, low or 0, high
                )


def _describe_contradictions(
    row: Mapping[str, Any], measure: Measure, language: Language
) -> Iterator[Markup]:
    """Which numbers of a row cannot all be right."""
    labels = {stage.code: stage.label.get(language.code, stage.label["en"]) for stage in measure.stages}
    for rule in measure.rules:
        if str(rule) in row["contradictions"]:
            yield language.say(
                "“%(whole)s” cannot be fewer than: %(parts)s.",
                whole=labels[rule.whole], parts=language.comma.join(labels[part] for part in rule.parts),
            )  # fmt: skip
