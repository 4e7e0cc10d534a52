"""Days that say that something happened: they are not in the future, and what follows does not come first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from tracker.domain.errors import FieldError, InvalidInput

Data = Mapping[str, Any]
#: kind of thing or part -> its members that say when something happened. What is planned is in none of them.
HAPPENED: Final[Mapping[str, tuple[str, ...]]] = {
    "process": ("happened_from", "happened_to"),
    "committee": ("established_on",),
    "members": ("from_on",),
    "mandates": ("adopted_on",),
    "reports": ("delivered_on", "presented_on", "announced_on", "published_on"),
    "figures": ("as_of",),
    "deadline": ("set_on", "event_on"),
    "refused_extensions": ("asked_on", "refused_on"),
    "recommendation": ("issued_on",),
    "evidence": ("published_on", "captured_on", "occurred_from", "occurred_to"),
}
#: kind of thing or part -> pairs of members of which the second does not lie before the first.
IN_ORDER: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "process": (("happened_from", "happened_to"),),
    "members": (("from_on", "to_on"),),
    "mandates": (("in_force_from", "in_force_to"),),
    "reports": (("delivered_on", "published_on"),),
    "refused_extensions": (("asked_on", "refused_on"),),
    "evidence": (("occurred_from", "occurred_to"),),
}
#: kind of thing -> its lists of parts.
_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "committee": ("members", "mandates", "reports"),
    "resource": ("figures",),
    "deadline": ("refused_extensions",),
}


def require_plausible_days(kind: str, data: Data, today: date) -> None:
    """`InvalidInput` that names every day of a thing, or of a part, on which it cannot have happened.

    ``today`` is the day where the process is.
    """
    faults = list(_find_faults(kind, data, today))
    if faults:
        raise InvalidInput(faults[0].detail, fields=faults)


def _find_faults(kind: str, data: Data, today: date, at: str = "") -> Iterator[FieldError]:
    for name in HAPPENED.get(kind, ()):
        if (day := _read_day(data.get(name))) is not None and day > today:
            yield FieldError(
                f"{at}/{name}", f"says when something happened, and lies in the future; today is {today}"
            )
    for first, last in IN_ORDER.get(kind, ()):
        before, after = _read_day(data.get(first)), _read_day(data.get(last))
        if before is not None and after is not None and after < before:
            yield FieldError(f"{at}/{last}", f"must not lie before {first}, which is {before}")
    for part in _PARTS.get(kind, ()):
        for place, one in enumerate(data.get(part) or ()):
            yield from _find_faults(part, one, today, f"{at}/{part}/{place}")


def _read_day(value: date | str | None) -> date | None:
    """A part that is kept as JSON has its days as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
