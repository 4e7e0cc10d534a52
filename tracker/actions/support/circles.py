"""No thing leads back to itself by what it names: a part of its own part, the successor of its own successor."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tracker.domain.errors import InvalidInput
from tracker.domain.sentences import Sentence


def require_no_circle(
    own: str,
    pointer: str,
    relatives: Iterable[str],
    list_next: Callable[[str], Iterable[str]],
    detail: Sentence,
) -> None:
    """`InvalidInput` at ``pointer`` with this ``detail`` where one of ``relatives`` leads to ``own``, at any distance,
    by what ``list_next`` says that each names. A circle of others, which an old record may hold, is passed over."""
    seen: set[str] = set()
    waiting = list(relatives)
    while waiting:
        thing = waiting.pop()
        if thing == own:
            raise InvalidInput.at(pointer, detail)
        if thing not in seen:
            seen.add(thing)
            waiting += list_next(thing)
