"""How a dossier tells who says what, on what evidence: the same sentences as the pages, as blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from tracker.languages.texts import Text
from tracker.public.sentences.figures import write_figure
from tracker.public.sentences.verdicts import describe_footing, describe_interval, name_since
from tracker.web.public.dossier.blocks import (
    Block,
    Heading,
    Items,
    Line,
    Paragraph,
    Part,
    Quote,
    State,
    list_sentences,
)
from tracker.web.public.dossier.edition import Edition

Row = Mapping[str, Any]
_COLON = Markup(": ")


def write_fact(name: str, *parts: Part) -> Line:
    """A line that says what something is."""
    return [Markup("{}: ").format(name), *parts]


def write_days(edition: Edition, first: str | None, last: str | None) -> Markup:
    """From one day to another, of which one may be unknown."""
    days = [
        Markup("{}").format(edition.visit.language.day(one)) if one else Markup("") for one in (first, last)
    ]
    return Markup(" – ").join(days) if last else days[0]


def quote_words(words: str | None) -> Iterator[Block]:
    """What somebody wrote, in a language that nobody names."""
    if words:
        yield Quote(Text(words, None))


def write_state(edition: Edition, track: str, row: Row, who: Markup | None = None) -> Line:
    """Who says what, since when."""
    language = edition.visit.language
    line: list[Part] = [
        edition.call(row["assessor"]) if who is None else who,
        _COLON,
        State(track, row["state"]),
    ]
    if row["since"]:
        line.append(Markup(" {} {}").format(language.say("since"), name_since(row, language)))
    return line


def write_answer(edition: Edition, track: str, row: Row, who: Markup | None = None) -> Iterator[Block]:
    """One answer: who, what, since when, why, on what evidence, and what was replied to it. ``who`` where it is not
    told by its assessor."""
    language = edition.visit.language
    yield Paragraph(write_state(edition, track, row, who))
    yield from quote_words(row["reason"])
    yield from edition.cite(row["citations"] or ())
    undisclosed = language.say("It also rests on evidence that cannot be shown.")
    earlier = language.say("What it cites is too far back in the history to be told here.")
    yield from list_sentences(
        (
            earlier if row["change"] and row["citations"] is None else None,
            describe_interval(row, track, language),
            describe_footing(row, language),
            undisclosed if row["rests_on_undisclosed"] else None,
        )
    )
    for reply in row["replies"]:
        on = Markup("{} {} {}:").format(
            edition.call(reply["assessor"]), language.say("replies on"), language.day(reply["on"])
        )
        yield Paragraph([on])
        yield from quote_words(reply["reason"])


def write_counted(edition: Edition, figures: Sequence[Row], level: int = 4) -> Iterator[Block]:
    """What was counted of a thing, under a heading; nothing where nothing was."""
    if figures:
        yield Heading([edition.visit.language.say("What was counted, and by whom")], level)
        yield Items([*write_figures(edition, figures)])


def write_figures(edition: Edition, figures: Iterable[Row]) -> Iterator[Line]:
    """What was counted: one line for each figure, with its source."""
    language = edition.visit.language
    for figure in figures:
        line = write_fact(language.label("figure", figure["figure"]), write_figure(figure, language))
        more = [f"{figure['of']}"] if figure["of"] else []
        who = (
            [str(figure["organization"]["name"])]
            if figure["organization"] and figure["organization"]["name"]
            else []
        )
        texts = [*more, language.day(figure["as_of"]), *who, figure["source"]]
        yield [*line, *(Markup(" – <bdi>{}</bdi>").format(text) for text in texts)]
