"""The guides as pages: what the repository says in Markdown, shipped with the package and shown in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from tracker.languages.i18n import mark
from tracker.web.public.refusals import Missing

#: Where the guides lie: in a checkout, or in the package as it is installed.
_FOLDERS: Final = (Path(__file__).resolve().parents[3] / "docs", Path(__file__).resolve().parents[2] / "docs")
_NAME: Final = re.compile(r"(?:decisions/)?[A-Za-z0-9-]+(?:\.ar)?", re.ASCII)
_LINK: Final = re.compile(r"((?:decisions/)?[A-Za-z0-9-]+(?:\.ar)?)\.md(#.*)?", re.ASCII)
_PICTURE: Final = re.compile(r"pictures/([a-z]+-[a-z]{2}\.png)", re.ASCII)
_INDEX: Final = "README"


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide: ``lead`` is its first paragraph, as plain text."""

    name: str
    title: str
    lead: str
    body: Markup

    @property
    def language(self) -> str:
        """In which it is written: in English, where its name says nothing else."""
        return self.name.partition(".")[2] or "en"


def list_guides() -> list[Guide]:
    """Every guide, in the order of their names; decisions have an index of their own."""
    return [read_guide(path.stem) for path in sorted(_find_folder().glob("*.md"))]


@lru_cache(maxsize=256)
def read_guide(name: str) -> Guide:
    """A guide by its name. `Missing` where there is none."""
    path = _find_folder() / f"{name}.md"
    if _NAME.fullmatch(name) is None or not path.is_file():
        raise Missing(mark("There is no guide “%(name)s”."), name=name[:80])
    tokens = _PARSER.parse(path.read_text(encoding="utf-8"))
    texts = [one.content for one in tokens if one.type == "inline"]
    inside = name.rpartition("/")[0]
    for token, text in _walk_headings(tokens):
        token.attrSet("id", make_anchor(text))
    for part in tokens:
        _rewrite_links(part, inside)
    body = Markup(_PARSER.renderer.render(tokens, _PARSER.options, {}))  # noqa: S704  # our own words; HTML in them is off
    return Guide(name, _to_plain(texts[0]), _to_plain(texts[1]) if len(texts) > 1 else "", body)


def read_picture(name: str) -> bytes:
    """A picture of a guide by its name. `Missing` where there is none."""
    path = _find_folder() / "pictures" / name
    if _PICTURE.fullmatch(f"pictures/{name}") is None or not path.is_file():
        raise Missing(mark("There is no picture “%(name)s”."), name=name[:80])
    return path.read_bytes()


def render_line(text: str) -> Markup:
    """A sentence of the contract, in which code stands between backticks."""
    return Markup(_PARSER.renderInline(text))  # noqa: S704  # HTML in it is off


def _find_folder() -> Path:
    return next(folder for folder in _FOLDERS if (folder / "glossary.md").is_file())


def make_anchor(heading: str) -> str:
    """The anchor of a heading, as the links in the guides write it."""
    return re.sub(r"[^\w\- ]", "", _to_plain(heading).lower()).replace(" ", "-")


def _to_plain(text: str) -> str:
    """A line of Markdown without its marks."""
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).replace("`", "").replace("*", "").replace("\n", " ")


def _walk_headings(tokens: list[Token]) -> Iterator[tuple[Token, str]]:
    return (
        (token, tokens[place + 1].content)
        for place, token in enumerate(tokens)
        if token.type == "heading_open"
    )


def _rewrite_links(token: Token, inside: str) -> None:
    """Let links to other guides lead to their pages, and pictures to theirs; those to files that are not shipped lead
    nowhere."""
    for child in token.children or ():
        if child.type == "link_open":
            child.attrSet("href", rewrite_link(str(child.attrs["href"]), inside))
        if child.type == "image":
            child.attrSet("src", f"/docs/{child.attrs['src']}")


def rewrite_link(link: str, inside: str = "") -> str:
    """Where a link of a guide leads as a page."""
    if link.startswith(("http://", "https://", "#", "/")):
        return link
    path = link.removeprefix("../") if inside else link
    path = f"{inside}/{path}" if inside and not link.startswith("../") else path
    match = _LINK.fullmatch(path)
    if match is not None:
        name, anchor = match[1], match[2] or ""
        return f"/docs/decisions/{anchor}" if name == f"decisions/{_INDEX}" else f"/docs/{name}{anchor}"
    return _ELSEWHERE.get(path, "/docs/")


#: Files that guides link to and that are served elsewhere.
_ELSEWHERE: Final = {"../openapi/tracker-v1.yaml": "/openapi.yaml", "../openapi/README.md": "/docs/api"}


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.add_render_rule("table_open", _open_table)
    parser.add_render_rule("table_close", _close_table)
    parser.add_render_rule("fence", _write_code)
    parser.add_render_rule("code_block", _write_code)
    return parser


def _open_table(_renderer: Any, *_given: Any) -> str:
    return '<div class="scroll" role="region" tabindex="0" aria-label="Table"><table>'


def _close_table(_renderer: Any, *_given: Any) -> str:
    return "</table></div>"


def _write_code(_renderer: Any, tokens: Any, place: int, *_given: Any) -> str:
    return f'<pre tabindex="0"><code>{escape(tokens[place].content)}</code></pre>'


_PARSER: Final = _make_parser()
