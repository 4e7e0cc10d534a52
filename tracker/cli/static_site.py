"""The public record as a folder of plain files, crawled from the tracker's own answers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, SubElement, tostring

from sqlalchemy import Connection, select

from tracker.cli.site_addresses import lead_to_file, name_file, point_forms, read_address, rewrite_links
from tracker.languages.i18n import LANGUAGES, get_language
from tracker.public.content.allow_list import PLURALS
from tracker.public.page_addresses import make_address
from tracker.public.tables import document

#: What an address is answered with: its media type and its bytes in pieces; None where nothing is there.
Ask = Callable[[str], tuple[str, Iterable[bytes]] | None]
#: The files that every process has.
_FILES: Final = (
    "status.json", "status.summary.json", "changes.json", "changes.atom", "deadlines.ics", "export.json",
    "export.ndjson", "export.csv.zip", "export.xlsx",
)  # fmt: skip
_FORMS: Final = ("json", "atom")


@dataclass(slots=True)
class StaticSite:
    """``types`` are the media types of what has been written, by address."""

    ask: Ask
    base: str
    folder: Path
    types: dict[str, str] = field(default_factory=dict)

    def write(self, seeds: Iterable[str]) -> None:
        """Write all that these addresses lead to; then let the links in it lead from file to file."""
        waiting = deque(dict.fromkeys(seeds))
        known = set(waiting)
        while waiting:
            for target in self._fetch(waiting.popleft()):
                if target not in known:
                    known.add(target)
                    waiting.append(target)
        for address in self.types:
            self._rewrite(address)

    def _fetch(self, address: str) -> list[str]:
        """Write what is at an address as it is, and return where it leads to."""
        answer = self.ask(address)
        if answer is None:
            return []
        media_type, pieces = answer
        path = self.folder / name_file(address)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.writelines(pieces)
        self.types[address] = media_type
        if is_export(address):
            return []
        addresses: list[str] = []

        def note(link: str) -> str:
            target = self._read(link, address)
            addresses.extend([] if target is None else [target])
            return link

        rewrite_links(path.read_bytes(), media_type, note)
        return addresses

    def _rewrite(self, address: str) -> None:
        if is_export(address):
            return
        own, media_type = name_file(address), self.types[address]

        def rewrite(link: str) -> str:
            if link.startswith("#"):
                return link
            target = self._read(link, address)
            if target in self.types:
                return lead_to_file(link, own, name_file(target))
            return link if media_type.endswith("json") else urljoin(f"{self.base}{address}", link)

        path = self.folder / own
        path.write_bytes(point_forms(rewrite_links(path.read_bytes(), media_type, rewrite), self.base))

    def _read(self, link: str, address: str) -> str | None:
        """Where a link of a document leads within the site. In JSON only a whole address is a link."""
        whole = link if self.types[address].endswith("json") else urljoin(address, link)
        return read_address(whole, self.base)


def is_export(address: str) -> bool:
    """Whether what is at an address is a record for archives, which keeps every byte."""
    return "/export." in address


def list_seeds(connection: Connection) -> Iterator[str]:
    """The addresses that a site begins with: everything public, and the feeds of it."""
    yield from (make_address(language, "home") for language in LANGUAGES)
    yield from (f"/feeds/changes.{form}" for form in _FORMS)
    yield "/v1/dataset.jsonld"
    query = select(document.c.id, document.c.kind, document.c.slug).where(document.c.withdrawn.is_(None))
    for row in connection.execute(query.order_by(document.c.kind, document.c.id)):
        yield f"/v1/public/{PLURALS[row.kind]}/{row.id}"
        if row.kind == "process":
            yield from (f"/feeds/{row.slug}/{name}" for name in _FILES)
            yield from (f"/badges/{row.slug}.svg", f"/badges/{row.slug}.json", f"/embed/{row.slug}")
        elif row.kind == "organization":
            yield from (f"/feeds/organizations/{row.slug}/changes.{form}" for form in _FORMS)
        elif row.kind == "recommendation":
            yield from (f"/feeds/recommendations/{row.id}/changes.{form}" for form in _FORMS)
            yield f"/badges/{row.id}.svg"


def write_chooser(connection: Connection, folder: Path) -> None:
    """The page at the root of the site: the languages that it has, and the files of each process."""
    page = Element("html", {"lang": "en"})
    head = SubElement(page, "head")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "meta", name="viewport", content="width=device-width")
    SubElement(head, "title").text = "Accountability tracker"
    body = SubElement(page, "body")
    SubElement(body, "h1").text = "Accountability tracker: the public record"
    pages = [(f"{language}/index.html", get_language(language).name) for language in LANGUAGES]
    _add_files(body, folder, pages)
    query = select(document.c.slug, document.c.title).where(
        document.c.kind == "process", document.c.withdrawn.is_(None)
    )
    for slug, title in connection.execute(query.order_by(document.c.sort_key)):
        SubElement(body, "h2", dir="auto").text = title
        files = [(f"feeds/{slug}/{name}", name) for name in _FILES]
        _add_files(body, folder, [(f"embed/{slug}/index.html", "Where it stands"), *files])
    _add_files(body, folder, [("log/checkpoint", "The log of all public acts")])
    written = tostring(page, encoding="utf-8", method="html")
    (folder / "index.html").write_bytes(b"<!doctype html>\n" + written)


def _add_files(parent: Element, folder: Path, files: Iterable[tuple[str, str]]) -> None:
    """A list of those of these files that are there."""
    shown = SubElement(parent, "ul")
    for path, name in files:
        if (folder / path).exists():
            SubElement(SubElement(shown, "li"), "a", href=path).text = name
