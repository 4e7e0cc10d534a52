"""What desk and watchdog ask each other about an item of evidence, and who answers."""

from __future__ import annotations

from typing import Final

from tracker.domain.errors import AlreadyDone, NoQuestion
from tracker.domain.sentences import sentence

#: How many questions of one side about one item may wait for an answer.
MOST_WAITING: Final = 20


def require_somebody_to_ask(owner: str | None, *, sealed: bool, withdrawn: bool) -> None:
    """`NoQuestion` where nobody on the other side could read a question about an item."""
    if owner is None:
        raise NoQuestion(sentence("the desk submitted this item itself, for no organization"))
    if sealed:
        raise NoQuestion(
            sentence("this item is sealed: its submitter does not see it, nor a question about it")
        )
    if withdrawn:
        raise NoQuestion(sentence("this item has been withdrawn; nothing more is asked about it"))


def require_room(waiting: int) -> None:
    """`NoQuestion` where one side asked so much already that nobody has answered."""
    if waiting >= MOST_WAITING:
        raise NoQuestion(
            sentence(
                "%(waiting)s of your questions about it wait for an answer; wait, or take one back",
                waiting=waiting,
            )
        )


def require_open(*, answered: bool, retracted: bool) -> None:
    """`AlreadyDone` for a question that waits for nothing any more."""
    if answered:
        raise AlreadyDone(sentence("the question is answered; ask another one where something is left open"))
    if retracted:
        raise AlreadyDone(sentence("the question was taken back by those who asked it"))


def require_other_side(*, asked_by_own: bool) -> None:
    """`NoQuestion` for an answer by those who asked."""
    if asked_by_own:
        raise NoQuestion(
            sentence("your side asked this, and the other side answers it; you can take it back")
        )


def require_own_side(*, asked_by_own: bool) -> None:
    """`NoQuestion` where somebody takes back what the other side asked."""
    if not asked_by_own:
        raise NoQuestion(sentence("the other side asked this and can take it back; you can answer it"))
