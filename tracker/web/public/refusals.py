"""What is wrong with what was asked for, in words for the page that says so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tracker.domain import errors, service_errors
from tracker.domain.errors import Refusal
from tracker.languages.i18n import Language, mark

#: Refusals of what lies below, and with which status a page says so.
STATUS: Final[tuple[tuple[type[Refusal], int], ...]] = (
    (errors.Withdrawn, 410),
    (errors.NotFound, 404),
    (errors.InvalidInput, 422),
    (service_errors.Busy, 503),
    (service_errors.Unavailable, 503),
)


class Mistaken(Exception):
    """A page that cannot be shown, and why. ``message`` is the id of a text, ``parts`` stand in it. It is said to a
    reader of pages only, in their language; so it is no `Refusal`, and has no problem type.
    """

    status: int = 422

    def __init__(self, message: str, **parts: str) -> None:
        super().__init__(message % parts)
        self.message, self.parts = message, parts

    @classmethod
    def unknown(cls, name: str, takes: Iterable[str]) -> Mistaken:
        known = ", ".join(takes)
        if not known:
            return cls(mark("This page takes no parameters, and the address has “%(name)s”."), name=name)
        return cls(mark("This page takes no “%(name)s”. It takes: %(known)s."), name=name, known=known)

    @classmethod
    def twice(cls, name: str) -> Mistaken:
        return cls(mark("The address has “%(name)s” twice. Give it once."), name=name)

    @classmethod
    def long(cls, name: str) -> Mistaken:
        return cls(mark("“%(name)s” is too long. It takes 200 characters."), name=name)

    @classmethod
    def day(cls, given: str) -> Mistaken:
        return cls(mark("“%(given)s” is no day. Write it as in 2025-04-09."), given=given)

    @classmethod
    def value(cls, name: str, given: str) -> Mistaken:
        return cls(
            mark("“%(given)s” is nothing that “%(name)s” can be here. Choose one from the list."),
            name=name, given=given[:60],
        )  # fmt: skip


class Missing(Mistaken):
    """There is nothing at this address."""

    status = 404


def describe(refusal: Refusal | Mistaken, language: Language) -> tuple[int, str, str]:
    """The status of a page that refuses, its title, and what it says."""
    if isinstance(refusal, Mistaken):
        title = language.say("There is no such page") if refusal.status == 404 else _cannot(language)
        return refusal.status, title, language.say(refusal.message, **refusal.parts)
    status = next((status for kind, status in STATUS if isinstance(refusal, kind)), 500)
    if isinstance(refusal, errors.Redacted):
        return status, language.say("This was destroyed"), language.say(
            "It was public once. Its content was destroyed, and the record keeps only that it was there."
        )  # fmt: skip
    if status == 410:
        sentence = language.say(
            "It was public and has been withdrawn. The reason: %(reason)s", reason=refusal.detail
        )
        return status, language.say("This was withdrawn"), sentence
    if status == 404:
        sentence = language.say("Nothing is public at this address, or nothing was on that day.")
        return status, language.say("There is no such page"), sentence
    if status == 503:
        sentence = language.say("Too many people read at the same time. Try again in a few seconds.")
        return status, language.say("One moment, please"), sentence
    if status == 500:
        sentence = language.say(
            "It was logged as request %(name)s. Tell the operators if it lasts.", name=refusal.detail
        )
        return status, language.say("Something went wrong on our side"), sentence
    return status, _cannot(language), language.say("The address asks for something that cannot be.")


def _cannot(language: Language) -> str:
    return language.say("This page cannot be shown so")
