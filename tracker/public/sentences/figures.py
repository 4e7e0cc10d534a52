"""A figure that somebody counted, in words: how much, how surely, of what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from tracker.languages.i18n import Language, isolate


def write_quantity(figure: Mapping[str, Any], language: Language) -> Markup:
    """How much there is, as surely as the source says."""
    exact, about, least, most = (
        None if figure[name] is None else Markup("{}").format(language.number(float(figure[name])))
        for name in ("amount", "about", "at_least", "at_most")
    )
    if exact is not None:
        return exact
    if about is not None:
        return language.say("about %(number)s", number=about)
    if least is not None and most is not None:
        return Markup("{}–{}").format(least, most)
    if least is not None:
        return language.say("at least %(number)s", number=least)
    if most is not None:
        return language.say("at most %(number)s", number=most)
    return language.say("no amount given")


def write_figure(figure: Mapping[str, Any], language: Language) -> Markup:
    """The same with its unit."""
    quantity = write_quantity(figure, language)
    return Markup("{} {}").format(quantity, isolate(figure["unit"])) if figure["unit"] else quantity
