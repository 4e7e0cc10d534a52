"""Pieces of what is sent: each stands inside a larger shape, or is added to a record on its own."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, validates_schema

from tracker.domain.calendars import WEEKDAYS
from tracker.domain.standing import STANCES
from tracker.domain.vocabularies import codes
from tracker.schemas.fields import (
    LINE,
    LONG,
    Amount,
    Code,
    Day,
    DayText,
    Id,
    Strict,
    Text,
    language,
    naming,
    nested,
    several,
)


class HolidayIn(Strict):
    on = DayText(required=True)
    name = Text(LINE, required=True)


class CalendarIn(Strict):
    """The weekend and holidays of the place where promises are made, and its IANA time zone."""

    time_zone = Text(64, required=True)
    weekend = several(Code([day.lower() for day in WEEKDAYS]), 6, required=True)
    holidays = nested(HolidayIn, 2000, required=True)


class AliasIn(Strict):
    name = Text(LINE, required=True)
    language = language(allow_none=True)
    note = Text(LINE, allow_none=True)


class MemberIn(Strict):
    name = Text(LINE, required=True)
    aliases = several(Text(LINE), 50)
    role = Text(LINE, allow_none=True)
    profession = Text(LINE, allow_none=True)
    from_on = Day(allow_none=True)
    to_on = Day(allow_none=True)

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_kwargs: Any) -> None:
        first, last = data.get("from_on"), data.get("to_on")
        if first is not None and last is not None and last < first:
            raise ValidationError("must not lie before from_on", "to_on")


class ScopeIn(Strict):
    """What a mandate covers: acts, time, place and persons, in the words of its instrument."""

    subject_matter = Text(LONG, lines=True)
    time = Text(LINE)
    place = Text(LINE)
    persons = Text(LINE)


class ClaimIn(Strict):
    date = Text(10, required=True, pattern=r"^[0-9]{4}(-[0-9]{2}){0,2}$")
    event = Text(LINE, required=True)
    says = Text(LINE, required=True)


class FigureIn(Strict):
    """No amount means that it was not disclosed."""

    figure = Code(codes.FIGURE, required=True)
    amount = Amount(allow_none=True)
    as_of = Day(required=True)
    source = Text(LINE, required=True)


class ReadingIn(Strict):
    """Another date that somebody gives for the same deadline."""

    due_on = DayText(required=True)
    says = Text(LINE, required=True)
    note = Text(LONG, required=True, lines=True)


class CitationIn(Strict):
    evidence = Id("evidence", required=True)
    stance = Code(STANCES, required=True)
    locator = Text(LINE, allow_none=True)


class AddresseeIn(Strict):
    organization = naming("organization", attribute="organization_id", required=True)
    role = Code(codes.ADDRESSEE_ROLE)


class TagIn(Strict):
    scheme = Text(40, required=True, pattern=r"^[a-z0-9-]+$")
    code = Text(80, required=True)
    label = Text(LINE, allow_none=True)


class LabelIn(Strict):
    """The word that a foreign scheme uses for the state, kept as it is."""

    scheme = Text(80, required=True)
    label = Text(LINE, required=True)
