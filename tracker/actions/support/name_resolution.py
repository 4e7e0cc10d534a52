"""What people call a thing by: the slug of an organization or a process; the name or an alias of an organization, or a
name that it had before; the reference of a subject in its process, or the printed number that it was made from; the
address of an item.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final, NoReturn

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from tracker.actions.support.lookup import MODELS
from tracker.actions.support.registry import KINDS
from tracker.database.prepared import Prepared
from tracker.domain import ids, text
from tracker.domain.errors import InvalidInput
from tracker.domain.search import fold_words
from tracker.domain.sentences import sentence
from tracker.domain.sources import normalize_address
from tracker.store import evidence, organizations, subjects
from tracker.store.database import core_connection
from tracker.store.viewer import Viewer

_NAME: Final = re.compile(f"{text.SLUG}|{text.REFERENCE}", re.ASCII)
#: The id of what is not in the record, given its kind, its name, the process and the member that names it; or None.
Otherwise = Callable[[str, str, str | None, str], str | None]


def _prepare_look_up(kind: str, name: str) -> Prepared:
    """The thing of a kind that has, or had, a slug."""
    own = MODELS[kind].__table__.c
    return Prepared(select(own.id).where(own[name] == bindparam("slug")))


#: kind of thing -> the one that has a slug, and a draft that had it and was thrown away.
_OF_SLUG: Final = {kind: _prepare_look_up(kind, "slug") for kind in ("organization", "process")}
_OF_FORMER_SLUG: Final = {kind: _prepare_look_up(kind, "former_slug") for kind in _OF_SLUG}


def find_id(session: Session, kind: str, name: str, process: str | None) -> str | None:
    """The id of the thing of a kind that goes by this short name, None where there is none."""
    if kind not in _OF_SLUG:
        return subjects.find_named(session, process, kind, name)
    id: str | None = _OF_SLUG[kind].value(core_connection(session), slug=name)
    return id


def find_free_slug(session: Session, name: str) -> str:
    """A slug for an organization of this name, with a number where another organization has it."""
    slug = wanted = text.make_slug(name)
    number = 1
    while find_id(session, "organization", slug, None) is not None:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def find_thrown_away(session: Session, kind: str, name: str, process: str | None) -> str | None:
    """A draft of a kind that went by this short name, and was thrown away."""
    if kind not in _OF_SLUG:
        return subjects.find_thrown_away(session, process, kind, name)
    id: str | None = _OF_FORMER_SLUG[kind].value(core_connection(session), slug=name)
    return id


def fold_name(name: str) -> str:
    """A name as it is compared: case, marks and the forms of Arabic letters make no difference."""
    return " ".join(fold_words(name)) or name.casefold()


def refuse_name(name: str, kinds: tuple[str, ...]) -> NoReturn:
    """`InvalidInput`: a name stands for nothing, or for nothing that somebody may know of."""
    parts = {"kinds": ids.name_kinds(kinds), "name": repr(name[:64])}
    if kinds == ("organization",):
        raise InvalidInput(sentence("there is no %(kinds)s with the id, slug or name %(name)s", **parts))
    raise InvalidInput(sentence("there is no %(kinds)s with the id, slug or reference %(name)s", **parts))


def _find_nothing(_kind: str, _name: str, _process: str | None, _member: str) -> str | None:
    return None


class NameResolver:
    """Looks up what rows name, and remembers what it found. In a process that its reader does not work on it finds
    nothing. ``otherwise`` is asked for what is not in the record."""

    def __init__(self, viewer: Viewer, otherwise: Otherwise = _find_nothing) -> None:
        self.session, self._by, self._otherwise = viewer.session, viewer.by, otherwise
        self._found: dict[tuple[str, str, str | None], str] = {}
        self._called: dict[str, set[str]] | None = None
        self._lying: dict[str, dict[str, set[str]]] = {}

    def find(self, name: str, kinds: tuple[str, ...], process: str | None, member: str = "") -> str:
        """The id that a name stands for; an id stands for itself, and the act looks at it."""
        if ids.kind_of(name) is not None:
            return name
        candidates = [id for kind in kinds if (id := self._id(kind, name, process, member)) is not None]
        if len(candidates) == 1:
            return candidates[0]
        if candidates:
            wanted = ids.name_kinds(kinds)
            raise InvalidInput(
                sentence(
                    "%(name)s is the reference of several things; give the id of the %(wanted)s",
                    name=repr(name[:64]),
                    wanted=wanted,
                )
            )
        refuse_name(name, kinds)

    def call(self, id: str, names: Iterable[str]) -> None:
        """Remember that an organization that was made here goes by these names."""
        if self._called is not None:
            for name in names:
                self._called.setdefault(fold_name(name), set()).add(id)

    def _id(self, kind: str, name: str, process: str | None, member: str) -> str | None:
        key = (kind, name, None if KINDS[kind].name == "slug" else process)
        if key not in self._found:
            id = self._find_short(kind, name, process)
            if not self._by.works_on(id if kind == "process" else process) and kind != "organization":
                id = None
            if id is None and kind == "organization":
                id = self._find_called(name)
            known = process if self._by.works_on(process) else None
            if id is None and kind == "evidence" and known is not None and "://" in name:
                id = self._find_lying(name, known)
            if id is None:
                id = self._otherwise(kind, name, process, member)
            if id is None:
                return None
            self._found[key] = id
        return self._found[key]

    def _find_short(self, kind: str, name: str, process: str | None) -> str | None:
        short = name if _NAME.fullmatch(name) else None
        if short is None and KINDS[kind].name == "reference":
            short = text.make_reference(name)
        return None if short is None else find_id(self.session, kind, short, process)

    def _find_called(self, name: str) -> str | None:
        if self._called is None:
            self._called = {}
            for id, called in organizations.list_names(self.session):
                self._called.setdefault(fold_name(called), set()).add(id)
            known = frozenset(self._called)  # who is called so now comes before who was
            for id, called in organizations.list_former_names(self.session):
                if (folded := fold_name(called)) not in known:
                    self._called.setdefault(folded, set()).add(id)
        by_name = self._called.get(fold_name(name), set())
        if len(by_name) > 1:
            raise InvalidInput(
                sentence(
                    "several organizations are called %(name)s; give the slug of one", name=repr(name[:64])
                )
            )
        return next(iter(by_name), None)

    def _find_lying(self, address: str, process: str) -> str | None:
        """The item of a process that lies at an address."""
        if process not in self._lying:
            self._lying[process] = {}
            for id, url in evidence.list_addresses(self.session, process):
                self._lying[process].setdefault(normalize_address(url), set()).add(id)
        try:
            lying = self._lying[process].get(normalize_address(address), set())
        except ValueError:  # it has a port that is none
            return None
        if len(lying) > 1:
            raise InvalidInput(
                sentence(
                    "several items lie at %(address)s; give the reference or id of one",
                    address=repr(address[:64]),
                )
            )
        return next(iter(lying), None)
