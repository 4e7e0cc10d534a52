"""The dossier of a process: what is public of it as of a day, to be printed, sent on, and made again by its address."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from markupsafe import Markup

from tracker.languages.i18n import Language, mark
from tracker.web.public.dossier import closing, findings, promises
from tracker.web.public.dossier.blocks import Block, Paragraph, Section
from tracker.web.public.dossier.edition import SECTIONS, Edition, open_edition
from tracker.web.public.dossier.markdown import write_dossier
from tracker.web.public.page import Shown, page
from tracker.web.public.reading import show_process_parts
from tracker.web.public.visit import Visit

Write = Callable[[Edition], Iterator[Block]]
#: section -> its title, and what writes it.
_SECTIONS: Final[Mapping[str, tuple[str, Write]]] = {
    "summary": (mark("Summary"), promises.write_summary),
    "committee": (mark("Who inquires"), promises.write_committees),
    "deadlines": (mark("What was due, and when it came"), promises.write_deadlines),
    "reports": (mark("Reports"), promises.write_reports),
    "resources": (mark("Can the inquiry do its job?"), findings.write_resources),
    "recommendations": (mark("Recommendations"), findings.write_recommendations),
    "disagreements": (mark("Disagreements"), findings.write_disagreements),
    "silence": (mark("Silence"), findings.write_silence),
    "changes": (mark("What changed"), closing.write_changes),
    "method": (mark("Method"), closing.write_method),
}


def _write_markdown(shown: Shown) -> bytes:
    return write_dossier(shown["title"], shown["sections"], shown["visit"].language)


@page("dossier", "sections", "since", "checkpoint", markdown=_write_markdown)
def show_dossier(visit: Visit, process: str) -> Shown:
    edition = open_edition(visit, process)
    language = edition.visit.language
    sections = list(_write_sections(edition))
    name = edition.pick(edition.process, "title")
    return {
        **(parts := show_process_parts(edition.visit, edition.process)),
        "visit": edition.visit,
        "title": language.say("Dossier: %(name)s", name=name.text),
        "name": name,
        "sections": sections,
        "edition": edition,
        "alternates": [("text/markdown", "Markdown", _address_markdown(edition.visit)), *parts["alternates"]],
        "choices": {one: language.say(_SECTIONS[one][0]) for one in SECTIONS},
    }


def _address_markdown(visit: Visit) -> str:
    path, mark, query = visit.link_here().partition("?")
    return f"{path}.md{mark}{query}"


def _write_sections(edition: Edition) -> Iterator[Section]:
    """The sections that are asked for; then the evidence that they cite, and how all of it is made again."""
    language = edition.visit.language
    for name in edition.chosen:
        title, write = _SECTIONS[name]
        yield _make_section(name, language.say(title), [*write(edition)], language)
    if edition.cited:
        yield Section("evidence", language.say("Evidence"), [*closing.write_evidence(edition)])
    made = [*closing.write_colophon(edition)]
    yield Section("colophon", language.say("How this was made, and how to check it"), made)


def _make_section(name: str, title: Markup, blocks: list[Block], language: Language) -> Section:
    return Section(name, title, blocks or [Paragraph([language.say("Nothing is public on this.")])])
