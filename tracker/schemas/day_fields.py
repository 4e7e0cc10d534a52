"""Fields of days and instants. No date is guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, ClassVar, Final

from marshmallow import ValidationError, fields

from tracker.domain import partial_days
from tracker.domain.canonical import format_instant
from tracker.domain.errors import InvalidInput
from tracker.domain.sentences import Sentence, sentence
from tracker.schemas import sentences

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MOMENT: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?)"
    r"(Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])",
    re.ASCII,
)
_FIRST: Final = date(1800, 1, 1)
_LAST: Final = date(2200, 12, 31)
_BETWEEN: Final = f"from {_FIRST} to {_LAST}"


class Day(fields.Date):
    """A day as ``YYYY-MM-DD`` between 1800 and 2200."""

    #: What the contract says of one that is sent.
    SENT: ClassVar[str] = f"A day as `2025-03-09`, {_BETWEEN}."

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> date:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise ValidationError(_require_day(value))
        try:
            day = partial_days.parse_day(value).latest
        except InvalidInput as refusal:
            raise ValidationError(refusal.detail) from None
        if not _FIRST <= day <= _LAST:
            raise ValidationError(
                sentence("must be a day from %(first)s to %(last)s", first=str(_FIRST), last=str(_LAST))
            )
        return day


def _require_day(value: Any) -> Sentence:
    """What to send in place of a month or a year, where a date is reckoned from the day; else what was given."""
    needed = sentence("must be a date as 2025-03-09")
    if not isinstance(value, str):
        return needed
    try:
        known = partial_days.parse_day(value)
    except InvalidInput:
        return partial_days.show_given(needed, value)
    return sentence(
        "%(needed)s; an exact day is needed here, and the last one of %(known)s is %(last)s",
        needed=needed, known=str(known), last=str(known.latest),
    )  # fmt: skip


class DayText(Day):
    """A day that is kept as the text that was sent, inside of a JSON column."""

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        read = super().deserialize(value, attr, data, **kwargs)
        return read.isoformat() if isinstance(read, date) else read

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return value


class PartialDay(fields.String):
    """A year, a month or a day of the same span, kept as given: ``2011``, ``2025-03``, ``2025-03-09``."""

    def __init__(self, **kwargs: Any) -> None:
        described = {"pattern": partial_days.PATTERN, **kwargs.pop("metadata", {})}
        super().__init__(metadata=described, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        if not isinstance(value, str):
            raise ValidationError(sentences.STRING)
        try:
            day = partial_days.parse_day(value)
        except InvalidInput as refusal:
            raise ValidationError(refusal.detail) from None
        if not _FIRST <= day.earliest <= _LAST:
            raise ValidationError(
                sentence(
                    "must lie from %(first)s to %(last)s, which %(day)s does not",
                    first=str(_FIRST), last=str(_LAST), day=str(day),
                )
            )  # fmt: skip
        return day


class PartialDayText(PartialDay):
    """The same, kept as the text that was sent, inside of a JSON column."""

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        read = super().deserialize(value, attr, data, **kwargs)
        return str(read) if isinstance(read, partial_days.PartialDay) else read


class Moment(fields.DateTime):
    """An instant (RFC 3339), sent with any offset and kept in UTC to the microsecond.

    It leaves as ``2025-04-10T09:00:00.000000Z``.
    """

    #: What the contract says of one that is sent.
    SENT: ClassVar[str] = (
        "An RFC 3339 instant with any offset, such as `2025-04-10T09:00:00Z` or `2025-04-10T11:00:00+02:00`"
        f" (in an address the plus sign is written `%2B`), {_BETWEEN}. It is read in UTC; what is finer than a"
        " microsecond is cut off."
    )

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else format_instant(value)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> datetime:
        match = _MOMENT.fullmatch(value.upper()) if isinstance(value, str) and len(value) < 40 else None
        if match is None:
            needed = sentence("must be an RFC 3339 instant with its offset, as 2025-04-10T09:00:00Z")
            if isinstance(value, str) and " " in value:
                needed = sentence("%(needed)s, and its plus sign as %%2B in an address", needed=needed)
            raise ValidationError(needed)
        day, time, offset = match.groups()
        try:
            moment = datetime.fromisoformat(f"{day}T{time[:15]}{offset}").astimezone(UTC)
        except (ValueError, OverflowError):
            raise ValidationError(sentence("there is no such instant")) from None
        if not _FIRST <= moment.date() <= _LAST:
            raise ValidationError(
                sentence(
                    "must be an instant from %(first)s to %(last)s, in UTC",
                    first=str(_FIRST),
                    last=str(_LAST),
                )
            )
        return moment
