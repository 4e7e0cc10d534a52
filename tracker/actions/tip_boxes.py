"""Tip boxes: by which a process takes tips of people without an account. None is open unless somebody opens it.

One custodian opens a box and closes it. Custodians are those who read what comes in. To open one shows nothing that is
confidential, and whatever goes wrong with it, nobody has to be found before it can be closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.actions.support import lookup
from tracker.actions.support.unit import Unit
from tracker.domain.errors import AlreadyDone, NotFound, NotPublished
from tracker.domain.publication import PUBLISHED
from tracker.domain.sentences import sentence
from tracker.store.processes import Process
from tracker.store.tips import TipBox
from tracker.store.viewer import Viewer

#: Who may do anything with tips: those who may read what is sealed.
MAY = "evidence.unseal"


@dataclass(frozen=True, slots=True)
class OpenBox:
    """An open box as the people see it who come to it."""

    process: str
    slug: str
    title: str
    kept_days: int
    words: list[Any]
    translations: list[Any]

    def name(self, language: str) -> str:
        """The title of the process in their language, where somebody translated it."""
        own = (one.get("title") for one in self.translations if one["language"].partition("-")[0] == language)
        return next(filter(None, own), self.title)

    def tell(self, language: str) -> str | None:
        """What the desk says to those who come, in their language, or else in the one that it named first."""
        words = [one for one in self.words if one["language"].partition("-")[0] == language] or self.words
        return words[0]["text"] if words else None


def open_box(unit: Unit, process: str, wanted: Mapping[str, Any]) -> TipBox:
    """Let a public process take tips, or say something else on the page of a box that is open."""
    unit.by.require(MAY)
    row: Process = lookup.get(unit.viewer, process, "process")
    if row.publication != PUBLISHED:
        raise NotPublished(sentence("only a public process takes tips"))
    box = unit.session.get(TipBox, process)
    if box is None:
        box = TipBox(process_id=process)
        unit.session.add(box)
    box.words, box.kept_days = list(wanted["words"]), wanted["kept_days"]
    box.opened_at, box.closed_at = unit.now, None
    unit.audit("tip_box.open", process)
    unit.session.flush()
    return box


def close_box(unit: Unit, process: str) -> TipBox:
    """Take no more tips. Those that came stay, and their senders still come back."""
    unit.by.require(MAY)
    box = get_box(unit.viewer, process)
    if box.closed_at is not None:
        raise AlreadyDone(sentence("the tip box of this process is closed"))
    box.closed_at = unit.now
    unit.audit("tip_box.close", process)
    unit.session.flush()
    return box


def get_box(viewer: Viewer, process: str) -> TipBox:
    """The box of a process that somebody works on, open or closed."""
    lookup.get(viewer, process, "process")
    box = viewer.session.get(TipBox, process)
    if box is None:
        raise NotFound(sentence("this process never had a tip box"))
    return box


def list_open(session: Session) -> list[OpenBox]:
    """The boxes that take tips, for everybody: of public processes alone."""
    query = (
        select(TipBox, Process)
        .join(Process, Process.id == TipBox.process_id)
        .where(TipBox.closed_at.is_(None), Process.publication == PUBLISHED)
    )
    rows = session.execute(query.order_by(Process.title))
    return [
        OpenBox(row.id, row.slug, row.title, box.kept_days, box.words, row.translations) for box, row in rows
    ]


def find_open(session: Session, slug: str) -> OpenBox:
    """The open box of the process of this short name. `NotFound` says the same of what is closed and of what never
    was."""
    box = next((one for one in list_open(session) if one.slug == slug), None)
    if box is None:
        raise NotFound(sentence("no tip box is open at this address"))
    return box
