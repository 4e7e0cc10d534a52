"""The first half of a dossier: what it is about, who inquires, what was promised by when, and what came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup

from tracker.languages.i18n import Language, isolate
from tracker.public.sentences.deadlines import are_read_otherwise, describe_reading, explain_date
from tracker.web.public.dossier.answers import (
    quote_words,
    write_answer,
    write_counted,
    write_days,
    write_fact,
    write_figures,
)
from tracker.web.public.dossier.blocks import (
    Block,
    Heading,
    Items,
    Line,
    Paragraph,
    Quote,
    State,
    Table,
    list_sentences,
)
from tracker.web.public.dossier.edition import Edition
from tracker.web.public.headlines import write_committee_headline, write_recommendation_headline
from tracker.web.public.promises import Promise, make_promises
from tracker.web.public.reading import Document
from tracker.web.public.verdicts import find_answers, list_verdicts
from tracker.web.words import WORDS

#: How many committees, dates and reports a dossier tells of one by one.
MOST_COMMITTEES: Final = 10
MOST_DATES: Final = 100
MOST_REPORTS: Final = 50
#: The parts of a mandate that are lists of sentences.
_LISTED: Final = ("scope", "tasks", "powers")
_NOTHING: Final = Markup("–")


def write_summary(edition: Edition) -> Iterator[Block]:
    process, language = edition.process, edition.visit.language
    deadlines = edition.list_things("deadline", most=MOST_DATES)
    for committee in edition.list_things("committee", most=MOST_COMMITTEES):
        own = [one for one in deadlines if one["owner"] and one["owner"]["id"] == committee["id"]]
        yield from list_sentences(write_committee_headline(committee, own, language))
    yield from list_sentences([write_recommendation_headline(edition.numbers, language)])
    yield Quote(edition.pick(process, "summary"))
    lines = []
    if process["country"]:
        lines.append(
            write_fact(
                language.say("Country"), Markup("{}").format(language.country_name(process["country"]))
            )
        )
    if process["happened_from"]:
        days = write_days(edition, process["happened_from"], process["happened_to"])
        lines.append(write_fact(language.say("When it happened"), days))
    lines.append(write_fact(language.say("Who leads the record"), edition.call(process["lead"])))
    yield Items(lines)
    if process["figures"]:
        yield Heading([language.say("What was counted, and by whom")])
        yield Paragraph([language.say("Sources count differently. All of their figures stand here.")])
        yield Items([*write_figures(edition, process["figures"])])


def write_committees(edition: Edition) -> Iterator[Block]:
    for committee in edition.list_things("committee", most=MOST_COMMITTEES):
        stage = find_answers(committee, "stage")["lead"]["state"]
        name = edition.pick(committee, "name").text
        yield Heading([isolate(name), Markup(" "), State("stage", stage)])
        yield Items([*_list_committee_facts(edition, committee)])
        for mandate in sorted(committee["mandates"], key=lambda one: -int(one["number"]))[:1]:
            yield from _write_mandate(edition, mandate)
        if committee["members"]:
            yield _write_members(edition, committee["members"])
        yield from write_counted(edition, committee["figures"])
    yield from write_rest(edition, "committees", MOST_COMMITTEES)


def _list_committee_facts(edition: Edition, committee: Document) -> Iterator[Line]:
    language = edition.visit.language
    yield [Markup("{}").format(language.label("body_type", committee["body_type"]))]
    if committee["established_on"]:
        day = Markup("{}").format(language.day(committee["established_on"]))
        yield write_fact(language.say("established on"), day)
    for words, named in (
        (language.say("Appointed by"), committee["appointed_by"]),
        (language.say("Reports to"), committee["reports_to"]),
    ):
        if named:
            yield write_fact(words, edition.call(named))
    if committee["instrument"]:
        yield write_fact(language.say("Legal instrument"), isolate(committee["instrument"]))


def _write_mandate(edition: Edition, mandate: Mapping[str, Any]) -> Iterator[Block]:
    language, words = edition.visit.language, WORDS["mandate_words"]
    number = language.say("Version %(number)s", number=language.number(mandate["number"]))
    adopted = Markup("{} {}").format(language.say("adopted on"), language.day(mandate["adopted_on"]))
    yield Heading([Markup(" · ").join((language.say("Mandate"), number, adopted))], 4)
    duty = Markup("{}").format(language.label("duty_to_publish", mandate["duty_to_publish"]))
    yield Items(
        [
            write_fact(language.say(words["instrument"]), isolate(mandate["instrument"])),
            *_list_force(edition, mandate),
            write_fact(language.say(words["duty_to_publish"]), duty),
        ]
    )
    for member in _LISTED:
        given = mandate[member].values() if member == "scope" else mandate[member]
        if given:
            yield Paragraph([Markup("{}:").format(language.say(words[member]))])
            yield Items([[isolate(one)] for one in given])


def _list_force(edition: Edition, mandate: Mapping[str, Any]) -> Iterator[Line]:
    """From when until when a mandate is in force, where somebody says so."""
    days = [mandate[name] for name in ("in_force_from", "in_force_to")]
    if any(days):
        yield write_fact(edition.visit.language.say("In force"), write_days(edition, *days))


def _write_members(edition: Edition, members: list[Mapping[str, Any]]) -> Block:
    say = edition.visit.language.say
    rows: list[list[Line]] = []
    for member in members:
        work = Markup(" · ").join(isolate(member[name]) for name in ("role", "profession") if member[name])
        first, last = (write_days(edition, member[name], None) for name in ("from_on", "to_on"))
        left = Markup(" · ").join([*filter(None, [last]), *_list_leaving(edition, member)])
        rows.append([[isolate(member["name"])], [work], [first], [left]])
    return Table(say("Members"), [say("Name"), say("Role"), say("From"), say("Until")], rows)


def _list_leaving(edition: Edition, member: Mapping[str, Any]) -> Iterator[Markup]:
    """Why a member left, and who came after."""
    language = edition.visit.language
    if member["left_because"]:
        yield Markup("{}").format(language.label("member_left", member["left_because"]))
    if member["left_note"]:
        yield isolate(member["left_note"])
    if member["succeeded_by"]:
        name = isolate(member["succeeded_by"])
        yield language.say("Succeeded by: %(name)s", name=name)


def write_deadlines(edition: Edition) -> Iterator[Block]:
    deadlines = edition.list_things("deadline", most=MOST_DATES)
    promises = make_promises(deadlines, edition.day.isoformat(), edition.visit.language)
    if deadlines:
        yield _write_dates(edition, promises.rows)
    for promise in promises.rows:
        yield from _write_promise(edition, promise)
    yield from write_rest(edition, "deadlines", MOST_DATES)


def _write_dates(edition: Edition, promises: Sequence[Promise]) -> Block:
    say, language = edition.visit.language.say, edition.visit.language
    rows: list[list[Line]] = [
        [
            [isolate(date["title"])],
            [Markup("{}").format(language.day(date["set_on"]))],
            [Markup("{}").format(_name_due(date, language))],
            [State("outcome", find_answers(date, "outcome")["lead"]["state"])],
            [promise.said if date is promise.last else Markup("")],
        ]
        for promise in promises
        for date in promise.dates
    ]
    head = [say("What is owed"), say("Set on"), say("Due on"), say("Outcome"), say("How it stands")]
    return Table(say("The same dates as a table"), head, rows)


def _name_due(date: Document, language: Language) -> Markup | str:
    """When it is due, as it was said."""
    if date["due_within"]:
        return language.say("by the end of %(period)s", period=language.day(date["due_within"]))
    return language.day(date["due_on"]) if date["due_on"] else language.label("timing", "waiting")


def _list_readings(edition: Edition, date: Document) -> Iterator[Line]:
    """Other dates that sources give, each with what follows from it."""
    language = edition.visit.language
    for reading in date["readings"] if are_read_otherwise(date) else ():
        stands = describe_reading(date, reading, language)
        parts = (language.day(reading["due_on"]), isolate(reading["says"]), stands, isolate(reading["note"]))
        yield [Markup(" – ").join(parts)]


def _write_promise(edition: Edition, promise: Promise) -> Iterator[Block]:
    language = edition.visit.language
    yield Heading([isolate(promise.dates[0]["title"])])
    owner = promise.last["owner"]
    if owner and owner["name"]:
        yield Paragraph([isolate(owner["name"])])
    standing = [one for one in (promise.said, promise.slip, promise.granted) if one is not None]
    yield Paragraph([Markup(" · ").join(standing)])
    for date in promise.dates:
        yield from list_sentences(explain_date(date, language))
        if readings := [*_list_readings(edition, date)]:
            yield Paragraph([language.say("Sources read this date differently:")])
            yield Items(readings)
        for refusal in date["refused_extensions"]:
            day = language.day(refusal["refused_on"])
            yield Paragraph([language.say("More time was refused on %(day)s.", day=day)])
            yield from quote_words(refusal["reason"])
        for row in list_verdicts(date, "outcome"):
            if row["change"]:
                yield from write_answer(edition, "outcome", row)


def write_reports(edition: Edition) -> Iterator[Block]:
    say, language = edition.visit.language.say, edition.visit.language
    for report in edition.list_things("report", most=MOST_REPORTS):
        lead = find_answers(report, "release")["lead"]
        yield Heading(
            [isolate(edition.pick(report, "title").text), Markup(" "), State("release", lead["state"])]
        )
        days = (
            (say("Handed over"), report["delivered_on"]),
            (say("Announced"), report["announced_on"]),
            (say("Published"), report["published_on"]),
        )
        yield Items(
            [
                write_fact(words, Markup("{}").format(language.day(day)) if day else _NOTHING)
                for words, day in days
            ]
        )
        for row in list_verdicts(report, "release"):
            if row["change"]:
                yield from write_answer(edition, "release", row)
        yield from write_counted(edition, report["figures"])
        yield from quote_words(report["note"])
    yield from write_rest(edition, "reports", MOST_REPORTS)


def write_rest(edition: Edition, kind: str, most: int) -> Iterator[Block]:
    """How many things of a kind are counted and not told one by one; nothing where all are told."""
    left = int(edition.numbers[kind]["total"]) - most
    if left > 0:
        language = edition.visit.language
        yield Paragraph(
            [
                language.say_number(
                    "%(num)s more is counted here and not told: a dossier tells the first %(most)s one by one.",
                    "%(num)s more are counted here and not told: a dossier tells the first %(most)s one by one.",
                    left,
                    most=language.number(most),
                ),
                Markup(" "),
                edition.link("process", language.say("The whole record")),
            ]
        )
