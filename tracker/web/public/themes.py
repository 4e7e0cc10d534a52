"""Themes: how many recommendations are about what, and how far those got by the word of the lead."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from tracker.domain.tracks import UNKNOWN
from tracker.domain.vocabularies.themes import find_label
from tracker.languages.texts import pick_text
from tracker.public.scoreboard import name_tag
from tracker.web.charts.state_bar import draw_state_bar, sum_bands
from tracker.web.public.page import Shown, page
from tracker.web.public.reading import read_numbers, read_process, show_process_parts
from tracker.web.public.visit import Visit


@page("themes")
def show_themes(visit: Visit, process: str) -> Shown:
    parent = read_process(visit, process)
    numbers = read_numbers(visit, parent)
    themes = [_show_theme(visit, process, one) for one in numbers["recommendations"]["by_theme"]]
    by_scheme = sorted(themes, key=lambda one: str(one["scheme"]))  # within a scheme the order stays
    return {
        **show_process_parts(visit, parent),
        "title": visit.language.say(
            "Themes: %(name)s", name=pick_text(parent, "title", visit.language.code).text
        ),
        "schemes": [
            (scheme, list(listed)) for scheme, listed in groupby(by_scheme, lambda one: one["scheme"])
        ],
        "judged": any(
            one["states"].get(code) for one in themes for code in one["states"] if code not in UNKNOWN
        ),
        "left_out": numbers["listed"]["themes"] - len(themes),
    }


def _show_theme(visit: Visit, process: str, theme: Mapping[str, Any]) -> dict[str, Any]:
    name, bands = name_theme(theme, visit.language.code), sum_bands(theme["states"])
    drawn = draw_state_bar(bands, name, mirrored=visit.language.direction == "rtl")
    href = visit.link("recommendations", {"theme": name_tag(theme)}, process=process)
    return {**theme, "name": name, "done": bands["done"], "bar": drawn, "href": href}


def name_theme(theme: Mapping[str, Any], language: str) -> str:
    """What a theme is called; its code in words where its scheme is not kept here."""
    label = theme["label"]
    return (
        str(theme["code"]).replace("-", " ").capitalize()
        if label is None
        else label.get(language, label["en"])
    )


def name_tag_of(tag: Mapping[str, Any], language: str) -> str:
    """What a tag of a recommendation is called: by its scheme where that is kept here, else as who gave it did."""
    label = find_label(tag["scheme"], tag["code"])
    given = tag.get("label") if label is None else None
    return str(given or name_theme({**tag, "label": label}, language))
