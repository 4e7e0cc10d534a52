"""What is wrong with what a reader of pages asked for, as the id of a text that is said in their language."""

from __future__ import annotations

from collections.abc import Iterable


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


def mark(message: str) -> str:
    """The id of a text that is said later, in the language of whoever reads it."""
    return message


def mark_number(one: str, many: str) -> tuple[str, str]:
    """The same of a text with a number in it."""
    return one, many
