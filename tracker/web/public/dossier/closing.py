"""The end of a dossier: what changed, by which method, on what evidence, and how it is made again and checked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from markupsafe import Markup

from tracker.languages.i18n import isolate
from tracker.public import event_queries, log
from tracker.public.names import read_names
from tracker.public.sentences.acts import describe_act, list_mentioned
from tracker.web.public.dossier.answers import quote_words, write_fact
from tracker.web.public.dossier.blocks import Block, Code, Heading, Items, Line, Link, Paragraph, Part
from tracker.web.public.dossier.edition import Edition
from tracker.web.public.verification import make_command

#: How many acts a dossier tells of.
MOST_ACTS: Final = 100


def write_changes(edition: Edition) -> Iterator[Block]:
    visit, language = edition.visit, edition.visit.language
    since = edition.since
    listed = event_queries.list_status_changes(
        visit.connection,
        edition.process["id"],
        edition.day.isoformat(),
        edition.place + 1,
        MOST_ACTS,
        since=None if since is None else since.isoformat(),
    )
    acts = [json.loads(body) for _seq, body in listed.items]
    names = read_names(
        visit.connection, list_mentioned(acts), visit.as_of, visit.known_at, visit.language.code
    )
    if since is not None:
        days = {"first": language.day(since), "last": language.day(edition.day)}
        yield Paragraph(
            [language.say("What took effect from %(first)s to %(last)s, the newest act first.", **days)]
        )
    corrections = event_queries.find_corrections(visit.connection, acts, visit.known_at)
    for act in acts:
        words = describe_act(act, names, language)
        later = [language.say("It was corrected later.")] if act["id"] in corrections else []
        yield Heading([words.title])
        yield Paragraph([Markup(" ").join([*words.sentences, *later])])
        yield from quote_words(words.reason)
        citations = act.get("change", {}).get("citations", ())
        yield from edition.cite([{**one, "evidence": names.get(one["evidence"])} for one in citations])
    if not acts:
        yield Paragraph([language.say("No status has changed yet.")])
    if listed.more:
        text = language.say(
            "A dossier tells of the last %(most)s acts. Earlier ones:", most=language.number(MOST_ACTS)
        )
        yield Paragraph([text, Markup(" "), edition.link("changes", language.say("Everything that changed"))])


def write_method(edition: Edition) -> Iterator[Block]:
    language = edition.visit.language
    for sentence in (
        language.say(
            "Each answer is the word of the organization that is named with it. None of them is overruled."
        ),
        language.say(
            "The organization that leads this record gives the headline; the others stand beside it."
        ),
        language.say(
            "An answer cites evidence. What the evidence is, and how it was verified, stands on its page."
        ),
        language.say(
            "Evidence that could harm somebody is not shown. Where an answer rests on it, that is said."
        ),
    ):
        yield Paragraph([sentence])
    yield Paragraph(
        [Link(edition.visit.base + edition.visit.link("methodology"), language.say("What the states mean"))]
    )


def write_evidence(edition: Edition) -> Iterator[Block]:
    """The evidence that is cited, in the order of its numbers."""
    items = {one["id"]: one for one in edition.read_things([*edition.cited])}
    yield Items([_write_item(edition, thing, items.get(thing)) for thing in edition.cited], anchor="evidence")


def _write_item(edition: Edition, thing: str, item: dict[str, Any] | None) -> Line:
    language = edition.visit.language
    page = edition.link("evidence", language.say("Evidence"), id=thing)
    if item is None:  # it is published later than the day that is told of
        return [page]
    line: list[Part] = [edition.link("evidence", isolate(edition.pick(item, "title").text), id=thing)]
    if item["publisher"]:
        line.append(Markup(". {}: {}").format(language.say("Published by"), edition.call(item["publisher"])))
    if item["published_on"]:
        line.append(
            Markup(". {}: {}").format(language.say("Published on"), language.day(item["published_on"]))
        )
    for words, member in (
        (language.say("Archived copy"), "archived_url"),
        (language.say("Source"), "source_url"),
    ):
        if item[member]:
            line += [Markup(". {}: ").format(words), Link(item[member])]
    return line


def write_colophon(edition: Edition) -> Iterator[Block]:
    """Of what the dossier was made, and how anybody makes it again and checks it."""
    visit, language = edition.visit, edition.visit.language
    named = log.read_log_name(visit.connection)
    place = language.say("after public act %(number)s", number=language.number(edition.place))
    lines = [
        write_fact(language.say("As of"), Markup("{} · {}").format(language.day(edition.day), place)),
        write_fact(
            language.say("Root of the log of so many acts"),
            Markup("<code>{}</code>").format(edition.root_text),
        ),
        write_fact(language.say("The address that makes it again"), Link(edition.address)),
    ]
    if named is not None:
        lines.insert(1, write_fact(language.say("Name of the log"), isolate(named[1])))
    yield Items(lines)
    kept = language.say(
        "This address gives the same text again, unless something in it was withdrawn or destroyed since then."
    )
    large = language.say(
        "More is counted in this process than can be told as of an earlier act. The address gives the same text only"
        " until the next act in the process: keep this file."
    )
    yield Paragraph([large if edition.large else kept])
    yield Paragraph([language.say("Everything shown here was published by an act in a signed log.")])
    yield Code(make_command(visit.base))
    yield Paragraph([Link(visit.base + visit.link("verify"), language.say("How to verify it"))])
