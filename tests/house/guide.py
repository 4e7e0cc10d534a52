"""A page whose shell blocks are run, one after the other in one shell, against a server with the data of the demo."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.house.shell import HOUSE, blocks, run
from tests.live_server import serve_live
from tracker.app import create_app
from tracker.settings import Settings
from tracker.store.database import db

#: What a test does in its place: the server of the page is one that the test stops again.
SERVED = "make run\n"


@dataclass(frozen=True, slots=True)
class Guide:
    """A page of `docs/`, with its blocks but the one that starts the server."""

    page: str

    @classmethod
    def named(cls, name: str) -> Guide:
        return cls((HOUSE / "docs" / name).read_text("utf-8"))

    @property
    def blocks(self) -> list[str]:
        return [block for block in blocks(self.page) if block != SERVED]

    @property
    def headings(self) -> list[str]:
        """For each block, the heading that it stands under."""
        found = []
        for part in self.page.split("\n## ")[1:]:
            found += [part.partition("\n")[0] for block in blocks(part) if block != SERVED]
        return found

    def told(self, demo: Path, folder: Path) -> dict[str, list[str]]:
        """The lines that its blocks print, by their heading. ``demo`` is a folder that `tracker demo` made."""
        own = folder / "var" / "demo"
        shutil.copytree(demo, own)
        found: dict[str, list[str]] = {}
        with _served(own) as url:
            pieces = run(self.blocks, folder, TRACKER=url)
        for heading, lines in zip(self.headings, pieces, strict=True):
            found.setdefault(heading, []).extend(lines)
        return found


@contextmanager
def _served(demo: Path) -> Iterator[str]:
    app = create_app(
        Settings(
            f"sqlite:///{demo / 'tracker.db'}",
            secrets.token_urlsafe(48),
            files=(demo / "files").as_uri(),
            sealing_keys=demo / "sealing.keys",
        )
    )
    with serve_live(app) as url:
        yield url
    with app.app_context():
        db.engine.dispose()
