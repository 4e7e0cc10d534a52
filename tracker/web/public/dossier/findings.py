"""The second half of a dossier: means, what was asked and who says what of it, where they differ, and who is silent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from markupsafe import Markup

from tracker.domain.tracks import ADEQUACY, TRACKS
from tracker.languages.i18n import isolate
from tracker.public.sentences.verdicts import describe_silence
from tracker.web.public.adequacy import make_adequacy
from tracker.web.public.disagreements import compare_answers, list_criteria
from tracker.web.public.dossier.answers import write_answer, write_counted, write_figures, write_state
from tracker.web.public.dossier.blocks import Block, Heading, Items, Line, Paragraph, Quote, Table
from tracker.web.public.dossier.edition import Edition
from tracker.web.public.dossier.promises import MOST_COMMITTEES, write_rest
from tracker.web.public.reading import Document
from tracker.web.public.state_counts import count_states
from tracker.web.public.verdicts import list_responses, list_verdicts

#: How many recommendations, means and disagreements a dossier tells one by one.
MOST_RECOMMENDED: Final = 100
MOST_RESOURCES: Final = 50
MOST_DIFFERING: Final = 100


def write_resources(edition: Edition) -> Iterator[Block]:
    language = edition.visit.language
    for committee in edition.list_things("committee", most=MOST_COMMITTEES):
        yield Heading([isolate(edition.pick(committee, "name").text)])
        for criterion in ADEQUACY:
            track = f"adequacy.{criterion}"
            rows = [row for row in list_verdicts(committee, track) if row["change"]]
            if rows:
                label = Markup("{}").format(language.label("adequacy_criterion", criterion))
                yield Heading([label, Markup(" – "), language.say(ADEQUACY[criterion])], 4)
            for row in rows:
                yield from write_answer(edition, track, row)
        if left := make_adequacy(committee).unanswered:
            names = Markup(" · ").join(language.label("adequacy_criterion", code) for code in left)
            yield Paragraph([Markup("{} {}").format(language.say("Nobody has answered on:"), names)])
    yield from write_rest(edition, "committees", MOST_COMMITTEES)
    resources = edition.list_things("resource", most=MOST_RESOURCES + 1)
    for resource in resources[:MOST_RESOURCES]:
        yield Heading([isolate(edition.pick(resource, "title").text)])
        if resource["figures"]:
            yield Items([*write_figures(edition, resource["figures"])])
        for row in list_verdicts(resource, "delivery"):
            if row["change"]:
                yield from write_answer(edition, "delivery", row)
    if len(resources) > MOST_RESOURCES:
        first = language.say("Only the first %(most)s are told here.", most=language.number(MOST_RESOURCES))
        yield Paragraph([first, Markup(" "), edition.link("process", language.say("The whole record"))])


def write_recommendations(edition: Edition) -> Iterator[Block]:
    language = edition.visit.language
    counts = count_states(edition.numbers, language)
    if counts:
        yield Table(
            language.say("How far they got, in the eyes of each organization"),
            [language.say("Who says so"), language.say("How many stand where")],
            [[[edition.call(one.assessor)], _write_states(edition, one.states)] for one in counts],
        )
    for asked in edition.list_things("recommendation", most=MOST_RECOMMENDED):
        yield from _write_recommendation(edition, asked)
    yield from write_rest(edition, "recommendations", MOST_RECOMMENDED)


def _write_states(edition: Edition, states: Mapping[str, int]) -> Line:
    language = edition.visit.language
    counted = [
        Markup("{} {}").format(language.label("implementation", code), language.number(number))
        for code, number in states.items()
        if number
    ]
    return [Markup(" · ").join(counted)]


def _name_recommendation(edition: Edition, asked: Document) -> Line:
    number = isolate(asked["printed_number"] or asked["reference"])
    return [number, Markup(" "), isolate(edition.pick(asked, "title").text)]


def _write_recommendation(edition: Edition, asked: Document) -> Iterator[Block]:
    language = edition.visit.language
    yield Heading(_name_recommendation(edition, asked))
    issuers = Markup(", ").join(edition.call(one) for one in asked["issuers"])
    asked_on = Markup("{} {}").format(language.say("asked on"), language.day(asked["issued_on"]))
    by = [Markup("{} {}").format(language.say("by"), issuers)] if issuers else []
    yield Paragraph([Markup(" · ").join((asked_on, *by))])
    yield Quote(edition.pick(asked, "text"))
    for owed in asked["overdue"]:
        late = language.say("Overdue since %(day)s:", day=language.day(owed["due_on"]))
        yield Paragraph([Markup("{} {}").format(late, isolate(owed["title"]))])
    yield from (Paragraph([describe_silence(one, language)]) for one in asked["silence"])
    yield Heading([language.say("Has it been done?")], 4)
    for row in list_verdicts(asked, "implementation"):
        yield from write_answer(edition, "implementation", row)
    yield Heading([language.say("What did the addressees say?")], 4)
    for row in list_responses(asked):
        if row["addressee"] or row["change"]:
            whose = row["addressee"] or row["assessor"]
            yield from write_answer(edition, "response", row, edition.call(whose))
    if not asked["addressees"]:
        yield Paragraph([language.say("Nobody is named who has to act.")])
    [closure, *_others] = list_verdicts(asked, "closure")
    if closure["change"]:
        yield Heading([language.say("Is it still followed?")], 4)
        yield from write_answer(edition, "closure", closure)
    yield from write_counted(edition, asked["figures"])


def write_disagreements(edition: Edition) -> Iterator[Block]:
    visit, language = edition.visit, edition.visit.language
    diverging = edition.list_things("recommendation", ("diverges", "implementation"), most=MOST_DIFFERING)
    rows = [(one, compare_answers(visit, one)) for one in diverging]
    for asked, row in sorted(rows, key=lambda pair: (-pair[1]["gap"], pair[1]["since"] or "")):
        yield Heading(_name_recommendation(edition, asked))
        yield Items([write_state(edition, "implementation", one) for one in row["verdicts"]])
    for committee in edition.list_things("committee", most=MOST_COMMITTEES):
        for row in list_criteria(visit, committee):
            yield Heading(
                [isolate(row["name"].text), Markup(" – "), language.say(TRACKS[row["track"]].question)]
            )
            yield Items([write_state(edition, row["track"], one) for one in row["verdicts"]])
    left = int(edition.numbers["listed"]["diverging"]) - MOST_DIFFERING
    if left > 0:
        link = edition.link("disagreements", language.say("Disagreements"))
        yield Paragraph([_count_unlisted(edition, left), Markup(" "), link])


def write_silence(edition: Edition) -> Iterator[Block]:
    language, numbers = edition.visit.language, edition.numbers
    silent = numbers["silence"]
    things = {one["id"]: one for one in edition.read_things([one["id"] for one in silent])}
    lines = []
    for silence in silent:
        thing = things[silence["id"]]
        if silence["kind"] == "recommendation":
            lines.append(
                [*_name_recommendation(edition, thing), Markup(": "), describe_silence(silence, language)]
            )
        else:
            text = language.say_number(
                "Its full text is still not public, %(num)s day later.",
                "Its full text is still not public, %(num)s days later.",
                silence["days"],
            )
            lines.append([edition.call(silence["report"]), Markup(": "), text])
    if lines:
        yield Heading([language.say("Who has not answered")])
        yield Items(lines)
    if numbers["overdue"]:
        yield Heading([language.say("What is overdue")])
        yield Items([_write_overdue(edition, one) for one in numbers["overdue"]])
    if not lines and not numbers["overdue"]:
        yield Paragraph([language.say("Nobody is silent, and nothing is overdue.")])
    listed = numbers["listed"]
    left = int(listed["silence"]) + int(listed["overdue"]) - len(silent) - len(numbers["overdue"])
    if left > 0:
        yield Paragraph([_count_unlisted(edition, left)])


def _count_unlisted(edition: Edition, number: int) -> Markup:
    return edition.visit.language.say_number(
        "%(num)s more is not listed here.", "%(num)s more are not listed here.", number
    )


def _write_overdue(edition: Edition, owed: Mapping[str, Any]) -> Line:
    language = edition.visit.language
    since = language.say("Overdue since %(day)s:", day=language.day(owed["due_on"]))
    return [Markup("{} {}").format(since, isolate(owed["title"]))]
