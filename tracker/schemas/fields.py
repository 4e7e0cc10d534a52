"""Fields that take exactly what they say: no number read from a text, no date guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from tracker.domain import ids, text

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z", re.ASCII
)
_FIRST: Final = date(1800, 1, 1)
_LAST: Final = date(2200, 12, 31)
LANGUAGE: Final = r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$"
#: The most letters of a long text, and of a line.
LONG: Final = 20_000
LINE: Final = 300


class Strict(Schema):
    """A shape that refuses members it does not know."""

    class Meta:
        unknown = RAISE


class Text(fields.String):
    """A text of at least one visible character. ``lines`` allows line feeds; see `tracker.domain.text`."""

    def __init__(
        self, longest: int, *, lines: bool = False, pattern: str | None = None, **kwargs: Any
    ) -> None:
        checks: list[Any] = [validate.Length(min=1, max=longest)]
        if pattern is not None:
            checks.append(validate.Regexp(pattern, flags=re.ASCII, error="must match {regex}"))
        super().__init__(validate=checks, **kwargs)
        self.lines = lines

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        if not isinstance(value, str):
            raise ValidationError("must be a string")
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

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> date:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise ValidationError("must be a date as 2025-03-09")
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise ValidationError("there is no such day") from None
        if not _FIRST <= day <= _LAST:
            raise ValidationError(f"must lie between {_FIRST} and {_LAST}")
        return day


class DayText(Day):
    """A day that is kept as the text that was sent, inside of a JSON column."""

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        read = super().deserialize(value, attr, data, **kwargs)
        return read.isoformat() if isinstance(read, date) else read

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return value


class Moment(fields.DateTime):
    """An instant in UTC, as ``2025-04-10T09:00:00Z``; the record's own carry microseconds."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> datetime:
        if not isinstance(value, str) or not _MOMENT.fullmatch(value):
            raise ValidationError("must be an instant in UTC as 2025-04-10T09:00:00Z")
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise ValidationError("there is no such instant") from None
        if not _FIRST <= moment.date() <= _LAST:
            raise ValidationError(f"must lie between {_FIRST} and {_LAST}")
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
        super().__init__(strict=True, validate=validate.Range(least, most), **kwargs)

    def _validated(self, value: Any) -> Any:
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValidationError("must be a whole number")
        return super()._validated(value)


class Digits(fields.Integer):
    """A whole number in a query string, in plain digits."""

    def __init__(self, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(least, most), **kwargs)

    def _validated(self, value: Any) -> Any:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,10}", value, re.ASCII):
            raise ValidationError("must be a whole number")
        return super()._validated(value)


class Amount(Text):
    """An amount as a text of digits, so that none is lost on the way: ``"1200000.50"``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(19, pattern=r"^[0-9]{1,15}(\.[0-9]{1,2})?$", **kwargs)

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        read = super().deserialize(value, attr, data, **kwargs)
        return Decimal(read) if isinstance(read, str) else read


class Id(fields.String):
    """The id of a thing of one of these kinds.

    In a body another id passes here: the act itself refuses it, as the wrong kind. ``sought`` is for queries, where
    nothing else looks at it.
    """

    def __init__(self, *kinds: str, sought: bool = False, **kwargs: Any) -> None:
        named = " or ".join(("an " if kind[0] in "aeiou" else "a ") + kind for kind in kinds)
        described = {"description": f"The id of {named}.", "pattern": ids.make_pattern(*kinds)}
        super().__init__(validate=validate.Length(max=40), metadata=described, **kwargs)
        self.kinds = kinds
        self._sought = kinds if sought else ()

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        if not isinstance(value, str):
            raise ValidationError("must be a string")
        if self._sought and ids.kind_of(value) not in self._sought:
            raise ValidationError(f"must be the id of a {' or '.join(self._sought)}")
        loaded: str = super()._deserialize(value, attr, data, **kwargs)
        return loaded


class Table(fields.Dict):
    """An object whose members are not known beforehand. What is wrong with one is said of that member."""

    def __init__(self, names: fields.Field[Any], values: fields.Field[Any], **kwargs: Any) -> None:
        super().__init__(keys=names, values=values, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]
        except ValidationError as error:
            if not isinstance(error.messages, dict):
                raise
            faults = {name: of.get("key", of.get("value")) for name, of in error.messages.items()}
            raise ValidationError(faults) from None


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
    return Text(text.SLUG_LENGTH, pattern=text.SLUG, **kwargs)


def reference(**kwargs: Any) -> Text:
    return Text(text.REFERENCE_LENGTH, pattern=text.REFERENCE, **kwargs)


def language(**kwargs: Any) -> Text:
    return Text(35, pattern=LANGUAGE, **kwargs)


def country(**kwargs: Any) -> Text:
    return Text(2, pattern=r"^[A-Z]{2}$", **kwargs)


def names_thing(*kinds: str, attribute: str, **kwargs: Any) -> Id:
    """The id of another thing: ``lead`` on the wire, ``lead_id`` in the record."""
    return Id(*kinds, attribute=attribute, **kwargs)


def list_of(
    inner: fields.Field[Any], most: int, once: tuple[str, ...] = (), **kwargs: Any
) -> fields.List[Any]:
    """A list of at most so many, no two of them alike in the members of ``once``."""
    checks: list[Any] = [validate.Length(max=most), *([Once(*once)] if once else [])]
    return fields.List(inner, validate=checks, **kwargs)


def list_of_shapes(shape: type[Schema], most: int, **kwargs: Any) -> fields.List[Any]:
    return list_of(fields.Nested(shape), most, **kwargs)
