"""Every text that pages and feeds say, and the catalogues that translate them: `python -m tests.web.messages` adds to
these what is new, and takes out what nobody says any more.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

import tracker.app  # noqa: F401  # it imports every refusal there is
from tracker.api.http.problems import list_refusals
from tracker.domain.measures import MEASURES
from tracker.domain.tracks import ADEQUACY, TRACKS
from tracker.domain.vocabularies.catalogue import VOCABULARIES
from tracker.languages.i18n import LANGUAGES, SHOWN
from tracker.web.words import WORDS

TRACKER = Path(__file__).resolve().parents[2] / "tracker"
LOCALE = TRACKER / "languages" / "locale"
TRANSLATED = tuple(code for code in LANGUAGES if code != "en")
#: The functions that say a text, and which of their arguments are the text.
_SAYS = {
    **dict.fromkeys(("say", "mark", "sentence"), (1,)),
    **dict.fromkeys(("say_number", "mark_number", "sentence_number"), (1, 2)),
}
Id = tuple[str | None, str | tuple[str, str]]


def list_messages(language: str) -> list[Id]:
    """The context and the text of everything that pages say in a language, in a stable order."""
    return sorted(
        {*_list_written(), *_list_labels(language), *_list_state_table(), *_list_refusals()}, key=repr
    )


def _list_written() -> Iterator[Id]:
    code = [
        (place, "python") for place in (*_list_phrasing(), "languages/**.py", "public/**.py", "web/**.py")
    ]
    methods = [*code, ("web/templates/**.html", "jinja2")]
    options = {"web/templates/**.html": {"trimmed": "true", "silent": "false"}}
    for _file, _line, text, _comments, _context in extract_from_dir(
        str(TRACKER), methods, options, keywords=dict(_SAYS)
    ):
        yield None, text if isinstance(text, str) else (text[0], text[1])


def _list_phrasing() -> Iterator[str]:
    """The modules that say sentences, wherever they are put."""
    for path in sorted(TRACKER.rglob("*.py")):
        if re.search(
            r"^from tracker\.domain\.sentences import .*\bsentence",
            path.read_text("utf-8"),
            re.MULTILINE,
        ):
            yield path.relative_to(TRACKER).as_posix()


def _list_refusals() -> Iterator[Id]:
    """The titles of all that is refused; the application has imported every one."""
    yield from ((None, kind.title) for kind in list_refusals())


def _list_labels(language: str) -> Iterator[Id]:
    for name in SHOWN:
        yield from (
            (name, term.label["en"]) for term in VOCABULARIES[name].terms if language not in term.label
        )


def _list_state_table() -> Iterator[Id]:
    for track in TRACKS.values():
        yield None, track.question
        yield from ((None, state.meaning) for state in track.states)
    yield from ((None, question) for question in ADEQUACY.values())
    for measure in MEASURES.values():
        yield None, measure.meaning
        yield from ((None, stage.meaning) for stage in measure.stages)
    yield from ((None, text) for texts in WORDS.values() for text in texts.values())


def read_catalogue(language: str) -> Catalog:
    path = LOCALE / f"{language}.po"
    return read_po(io.BytesIO(path.read_bytes()), locale=language)


def renew_catalogue(language: str) -> None:
    """Write the catalogue of a language with exactly what pages say."""
    known, renewed = read_catalogue(language), Catalog(locale=language, fuzzy=False, header_comment="")
    for context, text in list_messages(language):
        found = known.get(text if isinstance(text, str) else text[0], context)
        renewed.add(text, found.string if found is not None else "", context=context)
    written = io.BytesIO()
    write_po(written, renewed, width=0, omit_header=True)
    header = (
        f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Plural-Forms: {renewed.plural_forms}\\n"\n\n'
    )
    (LOCALE / f"{language}.po").write_bytes(header.encode() + written.getvalue())


if __name__ == "__main__":
    for code in TRANSLATED:
        renew_catalogue(code)
