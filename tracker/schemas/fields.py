"""Fields that take exactly what they say: no number read from a text, no date guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from tracker.domain import ids, text
from tracker.domain.sentences import Sentence, sentence
from tracker.domain.vocabularies import countries
from tracker.schemas import sentences

_AMOUNT: Final = re.compile(r"^[0-9]{1,15}(\.[0-9]{1,2})?$", re.ASCII)
#: More decimals than an amount has, or thousands as some languages part them.
_FINE: Final = re.compile(r"[0-9]\.[0-9]{3}", re.ASCII)
#: A number inside of words, with or without marks between its thousands.
_NUMBER: Final = re.compile(r"[0-9]{1,3}(?:[, ][0-9]{3})+(?![0-9])|[0-9]+(?:\.[0-9]{1,2})?", re.ASCII)
#: A number whose marks people write in several ways: 1.500 and 12,50.
_MARKED: Final = re.compile(r"(?<![0-9])[0-9]+(?:[.,'’][0-9]+)+", re.ASCII)
LANGUAGE: Final = r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$"
#: A word that makes a number another one.
_MULTIPLE: Final = re.compile(
    r"[0-9] ?(?:hundred|thousand|million|billion|bn|[km])\b", re.ASCII | re.IGNORECASE
)
_OTHER_FORM: Final = sentence("of another form")
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
        form: Sentence = _OTHER_FORM,
        **kwargs: Any,
    ) -> None:
        checks: list[Any] = [validate.Length(min=1, max=longest, error=sentences.require_length(1, longest))]
        if pattern is not None:
            checks.append(
                validate.Regexp(pattern, flags=re.ASCII, error=sentence("must be %(form)s", form=form))
            )
        super().__init__(validate=checks, **kwargs)
        self.lines = lines
        self.longest = longest

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        if not isinstance(value, str):
            raise ValidationError(sentences.STRING)
        if len(value) > self.longest:  # before anything looks at its characters
            raise ValidationError(sentences.require_length(1, self.longest))
        fault = text.find_fault(value, lines=self.lines)
        if fault is not None:
            raise ValidationError(fault)
        if value and text.is_blank(value):
            raise ValidationError(sentence("must not be blank"))
        loaded: str = super()._deserialize(value, attr, data, **kwargs)
        return loaded


class Code(Text):
    """One of a list of codes."""

    def __init__(self, codes: Any, **kwargs: Any) -> None:
        super().__init__(64, **kwargs)
        choices = sentence("must be one of %(choices)s", choices=", ".join(codes))
        self.validators = [validate.OneOf(list(codes), error=choices)]


class Truth(fields.Boolean):
    """JSON true or false, nothing that looks like it."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> bool:
        if not isinstance(value, bool):
            raise ValidationError(sentences.TRUTH)
        return value


class Whole(fields.Integer):
    """A whole number within bounds; true and 1.0 are none."""

    def __init__(self, least: int, most: int, **kwargs: Any) -> None:
        within = validate.Range(least, most, error=sentences.require_range(least, most))
        super().__init__(strict=True, validate=within, **kwargs)

    def _validated(self, value: Any) -> Any:
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValidationError(sentences.WHOLE)
        return super()._validated(value)


class Digits(fields.Integer):
    """A whole number from 1 in a query string, in plain digits."""

    def __init__(self, most: int, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(1, most, error=sentences.require_range(1, most)), **kwargs)

    def _validated(self, value: Any) -> Any:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,10}", value, re.ASCII):
            raise ValidationError(sentences.WHOLE)
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
            raise ValidationError(
                sentence(
                    'must be digits in a string, as "1200000.50"; %(remedy)s', remedy=_name_members(read)
                )
            )
        return Decimal(read)


def _name_members(given: str) -> Sentence:
    """Where the numbers in a text go."""
    if _MULTIPLE.search(given):
        return sentence("write out the number, with all its zeros")
    if _FINE.search(given):
        return sentence("give at most two decimals, and no sign between thousands")
    given = " ".join(given.split())  # no-break spaces too
    marked = _MARKED.findall(given)
    if len(marked) == 1 and not _NUMBER.fullmatch(marked[0]):
        return sentence(
            "write it without marks between thousands, and a dot before hundredths, as 1500 or 12.50"
        )
    numbers = [one.replace(",", "").replace(" ", "") for one in _NUMBER.findall(given)]
    match numbers:
        case [number]:
            return sentence(
                'send "%(number)s" as `amount` if it is exact, as `about` if nobody says exactly, or as `at_least` or'
                " `at_most`",
                number=number,
            )
        case [first, last]:
            return sentence(
                'send "%(first)s" as `at_least` and "%(last)s" as `at_most`', first=first, last=last
            )
        case _:
            return sentence("where nobody gives a number, leave it out and say the words in `source`")


def _one_of(kinds: tuple[str, ...]) -> str:
    return " or ".join(text.with_article(kind) for kind in kinds)


class Id(fields.String):
    """The id of a thing of one of these kinds.

    In a body another id passes here: the act itself refuses it, as the wrong kind. ``sought`` is for queries, where
    nothing else looks at it.
    """

    def __init__(self, *kinds: str, sought: bool = False, **kwargs: Any) -> None:
        described = {"description": f"The id of {_one_of(kinds)}.", "pattern": ids.make_pattern(*kinds)}
        described |= kwargs.pop("metadata", {})
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


class IdOrSlug(Id):
    """The id of a public thing of this kind, or its short name, in a query. Who reads the query puts the id in the
    place of the name."""

    def __init__(self, kind: str, **kwargs: Any) -> None:
        described = {
            "description": f"The id or the short name (`slug`) of {_one_of((kind,))}.",
            "pattern": make_pattern_with_slug(kind),
        }
        super().__init__(kind, sought=True, metadata=described | kwargs.pop("metadata", {}), **kwargs)
        self.longest = text.SLUG_LENGTH
        self.validators = [validate.Length(max=self.longest)]

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        if isinstance(value, str) and text.is_slug(value):
            return value
        return super()._deserialize(value, attr, data, **kwargs)

    def kindly(self) -> str:
        return f"must be the id or the short name (`slug`) of {_one_of(self.kinds)}"


def make_pattern_with_slug(*kinds: str) -> str:
    """The regular expression of an id of these kinds, or of a short name."""
    return f"^(?:{ids.make_pattern(*kinds)[1:-1]}|{text.SLUG[1:-1]})$"


class Link(Text):
    """An http or https address. The server never fetches it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(2000, metadata={"format": "uri"}, **kwargs)
        self.validators.append(
            validate.URL(
                schemes={"http", "https"}, require_tld=False, error=sentence("must be an http(s) address")
            )
        )


def slug(**kwargs: Any) -> Text:
    form = sentence("small letters and digits, joined by single hyphens, as final-report")
    return Text(text.SLUG_LENGTH, pattern=text.SLUG, form=form, **kwargs)


def reference(*, printed: str = "", **kwargs: Any) -> Text:
    """The handle of a thing in its process. ``printed`` names the member that takes the number as it is printed."""
    form = sentence("letters and digits, joined by single dots, hyphens or underscores, as R-12.3")
    if printed:
        form = sentence(
            "%(form)s; send what is printed, as 12(a), in `%(member)s`", form=form, member=printed
        )
    return Text(text.REFERENCE_LENGTH, pattern=text.REFERENCE, form=form, **kwargs)


def language(**kwargs: Any) -> Text:
    return Text(35, pattern=LANGUAGE, form=sentence("a language tag (BCP 47), as ar or pt-BR"), **kwargs)


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
            raise ValidationError(
                sentence("must be the two letters of a country (ISO 3166-1 alpha-2), as SY")
            )
        return super()._deserialize(code, attr, data, **kwargs)


def country(**kwargs: Any) -> Country:
    return Country(**kwargs)


def names_thing(*kinds: str, attribute: str, **kwargs: Any) -> Id:
    """The id of another thing: ``lead`` on the wire, ``lead_id`` in the record."""
    return Id(*kinds, attribute=attribute, **kwargs)
