"""Fields that take exactly what they say: no number read from a text, no date guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Final

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from tracker.domain import ids, partial_days, text
from tracker.domain.errors import InvalidInput
from tracker.domain.vocabularies import countries
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
_AMOUNT: Final = re.compile(r"^[0-9]{1,15}(\.[0-9]{1,2})?$", re.ASCII)
#: A number inside of words, with or without marks between its thousands.
_NUMBER: Final = re.compile(r"[0-9]{1,3}(?:[, ][0-9]{3})+(?![0-9])|[0-9]+(?:\.[0-9]{1,2})?", re.ASCII)
LANGUAGE: Final = r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$"
#: The most letters of a long text, and of a line.
LONG: Final = 20_000
LINE: Final = 300


class Strict(Schema):
    """A shape that refuses members it does not know, in the words of this house (`tracker.schemas.sentences`)."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": sentences.UNKNOWN, "type": sentences.OBJECT}  # noqa: RUF012  # marshmallow declares it

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:  # marshmallow's
        sentences.use_house_sentences(field_obj)


class Text(fields.String):
    """A text of at least one visible character. ``lines`` allows line feeds; see `tracker.domain.text`. ``form``
    says in words what ``pattern`` asks for."""

    def __init__(
        self,
        longest: int,
        *,
        lines: bool = False,
        pattern: str | None = None,
        form: str = "of another form",
        **kwargs: Any,
    ) -> None:
        checks: list[Any] = [validate.Length(min=1, max=longest, error=sentences.LENGTH)]
        if pattern is not None:
            checks.append(validate.Regexp(pattern, flags=re.ASCII, error=f"must be {form}"))
        super().__init__(validate=checks, **kwargs)
        self.lines = lines
        self.longest = longest

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        if not isinstance(value, str):
            raise ValidationError(sentences.STRING)
        if len(value) > self.longest:  # before anything looks at its characters
            raise ValidationError(sentences.LENGTH.format(min=1, max=self.longest))
        fault = text.find_fault(value, lines=self.lines)
        if fault is not None:
            raise ValidationError(fault)
        if value and not value.strip():
            raise ValidationError("must not be blank")
        loaded: str = super()._deserialize(value, attr, data, **kwargs)
        return loaded


class Code(Text):
    """One of a list of codes."""

    def __init__(self, codes: Any, **kwargs: Any) -> None:
        super().__init__(64, **kwargs)
        self.validators = [validate.OneOf(list(codes), error="must be one of {choices}")]


class Day(fields.Date):
    """A day as ``YYYY-MM-DD`` between 1800 and 2200."""

    #: What the contract says of one that is sent.
    SENT: ClassVar[str] = f"A day as `2025-03-09`, {_BETWEEN}."

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> date:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise ValidationError(f"must be a date as 2025-03-09{_name_last_day(value)}")
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise ValidationError("there is no such day") from None
        if not _FIRST <= day <= _LAST:
            raise ValidationError(f"must be a day {_BETWEEN}")
        return day


def _name_last_day(value: Any) -> str:
    """What to send in place of a month or a year, where a date is reckoned from the day."""
    try:
        known = partial_days.parse_day(value) if isinstance(value, str) else None
    except InvalidInput:
        return ""
    return (
        ""
        if known is None
        else f"; an exact day is needed here, and the last one of {known} is {known.latest}"
    )


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
            raise ValidationError(f"must lie {_BETWEEN}, which {day} does not")
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
        return None if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> datetime:
        match = _MOMENT.fullmatch(value.upper()) if isinstance(value, str) and len(value) < 40 else None
        if match is None:
            plus = (
                ", and its plus sign as %2B in an address" if isinstance(value, str) and " " in value else ""
            )
            raise ValidationError(
                f"must be an RFC 3339 instant with its offset, as 2025-04-10T09:00:00Z{plus}"
            )
        day, time, offset = match.groups()
        try:
            moment = datetime.fromisoformat(f"{day}T{time[:15]}{offset}").astimezone(UTC)
        except (ValueError, OverflowError):
            raise ValidationError("there is no such instant") from None
        if not _FIRST <= moment.date() <= _LAST:
            raise ValidationError(f"must be an instant {_BETWEEN}, in UTC")
        return moment


class Truth(fields.Boolean):
    """JSON true or false, nothing that looks like it."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("must be true or false")
        return value


class Whole(fields.Integer):
    """A whole number within bounds; true and 1.0 are none."""

    def __init__(self, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(least, most, error=sentences.RANGE), **kwargs)

    def _validated(self, value: Any) -> Any:
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValidationError("must be a whole number")
        return super()._validated(value)


class Digits(fields.Integer):
    """A whole number in a query string, in plain digits."""

    def __init__(self, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(least, most, error=sentences.RANGE), **kwargs)

    def _validated(self, value: Any) -> Any:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,10}", value, re.ASCII):
            raise ValidationError("must be a whole number")
        return super()._validated(value)


class Amount(Text):
    """An amount as a text of digits, so that none is lost on the way: ``"1200000.50"``. What is less certain than that
    has members of its own; the refusal of a text names them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(40, metadata={"pattern": _AMOUNT.pattern}, **kwargs)

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        read = super().deserialize(value, attr, data, **kwargs)
        if not isinstance(read, str):
            return read
        if not _AMOUNT.fullmatch(read):
            raise ValidationError(f'must be digits in a string, as "1200000.50"; {_name_members(read)}')
        return Decimal(read)


def _name_members(said: str) -> str:
    """Where the numbers in a text go."""
    numbers = [one.replace(",", "").replace(" ", "") for one in _NUMBER.findall(said)]
    match numbers:
        case [number]:
            return (
                f'send "{number}" as `amount` if it is exact, as `about` if nobody says exactly, or as `at_least` or'
                " `at_most`"
            )
        case [first, last]:
            return f'send "{first}" as `at_least` and "{last}" as `at_most`'
        case _:
            return "where nobody gives a number, leave it out and say the words in `source`"


def _one_of(kinds: tuple[str, ...]) -> str:
    return " or ".join(text.with_article(kind) for kind in kinds)


class Id(fields.String):
    """The id of a thing of one of these kinds.

    In a body another id passes here: the act itself refuses it, as the wrong kind. ``sought`` is for queries, where
    nothing else looks at it.
    """

    def __init__(self, *kinds: str, sought: bool = False, **kwargs: Any) -> None:
        described = {"description": f"The id of {_one_of(kinds)}.", "pattern": ids.make_pattern(*kinds)}
        super().__init__(validate=validate.Length(max=40), metadata=described, **kwargs)
        self.longest = 40
        self.kinds = kinds
        self._sought = kinds if sought else ()

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        if not isinstance(value, str):
            raise ValidationError(sentences.STRING)
        if len(value) > self.longest:
            raise ValidationError(self.kindly())
        if self._sought and ids.kind_of(value) not in self._sought:
            raise ValidationError(self.kindly())
        loaded: str = super()._deserialize(value, attr, data, **kwargs)
        return loaded

    def kindly(self) -> str:
        return f"must be the id of {_one_of(self.kinds)}"


class Table(fields.Dict):
    """An object of at most ``most`` members whose names are not known beforehand. Their number is checked before one of
    them is read; what is wrong with one is said of that member."""

    def __init__(self, names: fields.Field[Any], values: fields.Field[Any], most: int, **kwargs: Any) -> None:
        super().__init__(keys=names, values=values, **kwargs)
        self.most = most
        self.metadata = {"maxProperties": most, **self.metadata}

    def _bind_to_schema(self, field_name: str, parent: Any) -> None:
        super()._bind_to_schema(field_name, parent)  # type: ignore[no-untyped-call]
        for inner in (self.key_field, self.value_field):
            if inner is not None:
                sentences.use_house_sentences(inner)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, Mapping):
            raise ValidationError(sentences.OBJECT)
        if len(value) > self.most:
            raise ValidationError(f"takes at most {self.most} members, not {len(value)}")
        try:
            return super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]
        except ValidationError as error:
            if not isinstance(error.messages, dict):
                raise
            faults = {name: of.get("key", of.get("value")) for name, of in error.messages.items()}
            raise ValidationError(faults) from None


class Several(fields.List[Any]):
    """A list of bounded length, which is checked before one of its elements is read. The one list of what is sent."""

    def __init__(self, inner: fields.Field[Any], most: int, least: int = 0, **kwargs: Any) -> None:
        bounds = validate.Length(min=least or None, max=most)  # for the contract; `_deserialize` enforces it
        super().__init__(inner, validate=[bounds, *kwargs.pop("validate", ())], **kwargs)
        self.most, self.least = most, least

    def _bind_to_schema(self, field_name: str, parent: Any) -> None:
        super()._bind_to_schema(field_name, parent)
        sentences.use_house_sentences(self.inner)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ValidationError("must be a list")
        if not self.least <= len(value) <= self.most:
            bounds = f"{self.least} to {self.most}" if self.least else f"at most {self.most}"
            raise ValidationError(f"takes {bounds} entries, not {len(value)}")
        loaded: list[Any] = super()._deserialize(value, attr, data, **kwargs)
        return loaded


class Once(validate.Validator):
    """In a list, no two that are alike in these members."""

    def __init__(self, *members: str) -> None:
        self.members = members

    def __call__(self, value: Any) -> Any:
        seen: set[tuple[Any, ...]] = set()
        for place, one in enumerate(value):
            key = tuple(one.get(member) for member in self.members)
            if key in seen:
                raise ValidationError({place: {self.members[0]: ["stands here twice; give it once"]}})
            seen.add(key)
        return value


class Link(Text):
    """An http or https address. The server never fetches it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(2000, metadata={"format": "uri"}, **kwargs)
        self.validators.append(
            validate.URL(schemes={"http", "https"}, require_tld=False, error="must be an http(s) address")
        )


def slug(**kwargs: Any) -> Text:
    form = "small letters and digits, joined by single hyphens, as final-report"
    return Text(text.SLUG_LENGTH, pattern=text.SLUG, form=form, **kwargs)


def reference(*, printed: str = "", **kwargs: Any) -> Text:
    """The handle of a thing in its process. ``printed`` names the member that takes the number as it is printed."""
    form = "letters and digits, joined by single dots, hyphens or underscores, as R-12.3"
    if printed:
        form += f"; send what is printed, as 12(a), in `{printed}`"
    return Text(text.REFERENCE_LENGTH, pattern=text.REFERENCE, form=form, **kwargs)


def language(**kwargs: Any) -> Text:
    return Text(35, pattern=LANGUAGE, form="a language tag (BCP 47), as ar or pt-BR", **kwargs)


class Country(Text):
    """A country by its two letters. In a query (``folded``) small letters do as well."""

    def __init__(self, *, folded: bool = False, **kwargs: Any) -> None:
        metadata = {
            "pattern": "^[A-Za-z]{2}$" if folded else "^[A-Z]{2}$",
            "description": "The country, by its two letters (ISO 3166-1 alpha-2), such as `SY`.",
            **kwargs.pop("metadata", {}),
        }
        super().__init__(2, metadata=metadata, **kwargs)
        self.folded = folded

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        code = value.upper() if self.folded and isinstance(value, str) else value
        if isinstance(value, str) and code not in countries.CODES:
            raise ValidationError("must be the two letters of a country (ISO 3166-1 alpha-2), as SY")
        return super()._deserialize(code, attr, data, **kwargs)


def country(**kwargs: Any) -> Country:
    return Country(**kwargs)


def names_thing(*kinds: str, attribute: str, **kwargs: Any) -> Id:
    """The id of another thing: ``lead`` on the wire, ``lead_id`` in the record."""
    return Id(*kinds, attribute=attribute, **kwargs)


def list_of(
    inner: fields.Field[Any], most: int, once: tuple[str, ...] = (), *, least: int = 0, **kwargs: Any
) -> Several:
    """A list of at most so many, no two of them alike in the members of ``once``."""
    return Several(inner, most, least, validate=[Once(*once)] if once else [], **kwargs)


def list_of_shapes(shape: type[Schema], most: int, **kwargs: Any) -> Several:
    return list_of(fields.Nested(shape), most, **kwargs)
