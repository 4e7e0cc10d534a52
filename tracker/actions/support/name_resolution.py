"""What people call a thing by: the slug of an organization or a process, the reference of a subject in its process."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.actions.support.lookup import MODELS
from tracker.actions.support.registry import KINDS
from tracker.domain import ids, text
from tracker.domain.errors import InvalidInput
from tracker.store import subjects

_NAME: Final = re.compile(f"{text.SLUG}|{text.REFERENCE}", re.ASCII)


def find_by_name(session: Session, kind: str, name: str, process: str | None) -> Any:
    """The thing of a kind that goes by this name, None where there is none."""
    model = MODELS[kind]
    if KINDS[kind].name == "slug":
        return session.scalar(select(model).where(model.slug == name))
    id = subjects.find_named(session, process, kind, name)
    return None if id is None else session.get_one(model, id)


def _find_nothing(_kind: str, _name: str, _process: str | None) -> str | None:
    return None


class NameResolver:
    """Looks up what rows name, and remembers what it found. ``otherwise`` is asked for what is not in the record."""

    def __init__(
        self,
        session: Session,
        otherwise: Callable[[str, str, str | None], str | None] = _find_nothing,
    ) -> None:
        self.session, self._otherwise = session, otherwise
        self._found: dict[tuple[str, str, str | None], str] = {}

    def find(self, name: str, kinds: tuple[str, ...], process: str | None) -> str:
        """The id that a name stands for; an id stands for itself, and the act looks at it."""
        if ids.kind_of(name) is not None:
            return name
        found = [id for kind in kinds if (id := self._id(kind, name, process)) is not None]
        if len(found) == 1:
            return found[0]
        wanted = " or ".join(kinds)
        if found:
            raise InvalidInput(
                f"{name[:64]!r} is the reference of several things; give the id of the {wanted}"
            )
        raise InvalidInput(f"there is no {wanted} with the id, slug or reference {name[:64]!r}")

    def _id(self, kind: str, name: str, process: str | None) -> str | None:
        if not _NAME.fullmatch(name):
            return None
        key = (kind, name, None if KINDS[kind].name == "slug" else process)
        if key not in self._found:
            row = find_by_name(self.session, kind, name, process)
            id = self._otherwise(kind, name, process) if row is None else row.id
            if id is None:
                return None
            self._found[key] = id
        return self._found[key]
