"""Days that say that something happened: they are not in the future, and what follows does not come first.

Of a month or a year it counts what is possible (`tracker.domain.partial_days`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from tracker.domain.errors import FieldError, InvalidInput
from tracker.domain.partial_days import AnyDay, find_earliest, lies_before, parse_day
from tracker.domain.sentences import Label, Sentence, sentence

Data = Mapping[str, Any]
#: kind of thing or part -> its members that say when something happened. What is planned is in none of them.
HAPPENED: Final[Mapping[str, tuple[str, ...]]] = {
    "process": ("happened_from", "happened_to"),
    "organization": ("founded_on", "ended_on"),
    "committee": ("established_on",),
    "members": ("from_on",),
    "member_of": ("from_on",),
    "mandates": ("adopted_on",),
    "report": ("dated_on",),
    "figures": ("as_of",),
    "deadline": ("set_on",),
    "refused_extensions": ("asked_on", "refused_on"),
    "recommendation": ("issued_on",),
    "evidence": ("published_on", "captured_on", "occurred_from", "occurred_to"),
    "consent": ("obtained_on",),
    "watchdog": ("since",),
}
#: kind of thing or part -> pairs of members of which the second does not lie before the first.
IN_ORDER: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "process": (("happened_from", "happened_to"),),
    "organization": (("founded_on", "ended_on"),),
    "members": (("from_on", "to_on"),),
    "member_of": (("from_on", "to_on"),),
    "mandates": (("in_force_from", "in_force_to"),),
    "refused_extensions": (("asked_on", "refused_on"),),
    "evidence": (
        ("occurred_from", "occurred_to"),
        ("occurred_from", "captured_on"),
        ("published_on", "captured_on"),
    ),
}
#: track -> pairs of states; what one assessor says of the second does not lie before what it says of the first.
STATES_IN_ORDER: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "release": (("delivered", "published_in_part"), ("delivered", "published"))
}
#: kind of thing -> its lists of parts.
_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "organization": ("member_of",),
    "committee": ("members", "mandates", "figures"),
    **dict.fromkeys(("process", "report", "resource", "recommendation", "indicator"), ("figures",)),
    "deadline": ("refused_extensions",),
}


def require_plausible_days(kind: str, data: Data, today: date, at: str = "") -> None:
    """`InvalidInput` that names every day of a thing, or of a part, on which it cannot have happened.

    ``today`` is the day where the process is; ``at`` the pointer to what was sent, where it is part of something.
    """
    faults = list(_find_faults(kind, data, today, at))
    if faults:
        raise InvalidInput(faults[0].detail, fields=faults)


def require_past(pointer: str, day: AnyDay, today: date) -> None:
    """`InvalidInput` for a day that says that something happened, and has not come."""
    if find_earliest(day) > today:
        raise InvalidInput.at(pointer, _say_ahead(today))


def require_ordered_states(track: str, line: Iterable[Any]) -> None:
    """`InvalidInput` where, by these answers of one assessor, something came before what it follows. Of an interval
    that day counts which leaves room for both."""
    earliest: dict[str, date] = {}
    latest: dict[str, date] = {}
    for change in line:
        state, day = change.to_state, change.not_before or change.effective_on
        earliest[state] = min(day, earliest.get(state, day))
        latest[state] = min(change.effective_on, latest.get(state, change.effective_on))
    for first, then in STATES_IN_ORDER[track]:
        if first in earliest and then in latest and latest[then] < earliest[first]:
            detail = sentence(
                "'%(then)s' on %(latest)s would lie before '%(first)s', on %(earliest)s; correct the one that is"
                " wrong",
                then=Label(track, then), latest=latest[then], first=Label(track, first), earliest=earliest[first],
            )  # fmt: skip
            raise InvalidInput.at("/effective_on", detail)


def _find_faults(kind: str, data: Data, today: date, at: str = "") -> Iterator[FieldError]:
    for name in HAPPENED.get(kind, ()):
        if (day := _read_day(data.get(name))) is not None and find_earliest(day) > today:
            yield FieldError(f"{at}/{name}", _say_ahead(today))
    for first, last in IN_ORDER.get(kind, ()):
        before, after = _read_day(data.get(first)), _read_day(data.get(last))
        if before is not None and after is not None and lies_before(after, before):
            yield FieldError(
                f"{at}/{last}",
                sentence("must not lie before %(first)s, which is %(before)s", first=first, before=before),
            )
    for part in _PARTS.get(kind, ()):
        for place, piece in enumerate(data.get(part) or ()):
            yield from _find_faults(part, piece, today, f"{at}/{part}/{place}")


def _say_ahead(today: date) -> Sentence:
    return sentence("says when something happened, and lies in the future; today is %(today)s", today=today)


def _read_day(value: AnyDay | str | None) -> AnyDay | None:
    """A part that is kept as JSON has its days as text."""
    return parse_day(value) if isinstance(value, str) else value
