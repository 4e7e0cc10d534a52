"""Fields that take exactly what they say: no number read from a text, no date guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from tracker.domain import ids, text
from tracker.domain.sent_values import Repeats
from tracker.domain.sentences import Sentence, sentence
from tracker.domain.vocabularies import countries
from tracker.schemas import sentences

LANGUAGE: Final = r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$"
_OTHER_FORM: Final = sentence("of another form")
#: The most letters of a long text, and of a line.
LONG: Final = 20_000
LINE: Final = 300


class Strict(Schema):
    """A shape that refuses members it does not know, in the words of this house (`tracker.schemas.sentences`).

    ``refusals_repeat`` says what a refusal may repeat of the texts in it."""

    refusals_repeat: ClassVar[Repeats] = Repeats.WORDS

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": sentences.UNKNOWN, "type": sentences.OBJECT}  # noqa: RUF012  # marshmallow declares it

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:  # marshmallow's
        sentences.use_house_sentences(field_obj)

    def handle_error(self, error: ValidationError, *_data: Any, **_more: Any) -> None:  # marshmallow's
        """Name the member that somebody may mean who misspells one."""
        known = [field.data_key or name for name, field in self.fields.items()]
        for name, messages in error.messages_dict.items():
            if messages == [sentences.UNKNOWN]:
                messages[:] = [sentences.tell_unknown(str(name), known)]


class Text(fields.String):
    """A text of at least one visible character. ``lines`` allows line feeds; see `tracker.domain.text`. ``form``
    says in words what ``pattern`` asks for; ``named`` is one that names something by a code or a short name."""

    def __init__(
        self,
        longest: int,
        *,
        lines: bool = False,
        pattern: str | None = None,
        named: bool = False,
        form: Sentence = _OTHER_FORM,
        **kwargs: Any,
    ) -> None:
        checks: list[Any] = [_Length(1, longest)]
        if pattern is not None:
            checks.append(
                validate.Regexp(pattern, flags=re.ASCII, error=sentence("must be %(form)s", form=form))
            )
        super().__init__(validate=checks, **kwargs)
        self.lines = lines
        self.longest = longest
        self.has_form = named or pattern is not None

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        if not isinstance(value, str):
            raise ValidationError(sentences.STRING)
        if len(value) > self.longest:  # before anything looks at its characters
            raise ValidationError(self.say_too_long(value))
        fault = text.find_fault(value, lines=self.lines)
        if fault is not None:
            raise ValidationError(fault)
        if value and text.is_blank(value):
            raise ValidationError(sentence("must not be blank"))
        loaded: str = super()._deserialize(value, attr, data, **kwargs)
        return loaded

    def say_too_long(self, value: str) -> Sentence:
        """What is said of a longer text."""
        return sentences.require_length(1, self.longest, len(value))


class _Length(validate.Length):
    """A length within bounds, whose refusal counts."""

    def __init__(self, least: int, most: int) -> None:
        super().__init__(least, most)
        self.bounds = least, most

    def _format_error(self, value: Any, message: str) -> Sentence:  # marshmallow's
        return sentences.require_length(*self.bounds, len(value))


class Code(Text):
    """One of a list of codes."""

    def __init__(self, codes: Any, **kwargs: Any) -> None:
        super().__init__(64, **kwargs)
        self.codes = list(codes)
        self.says = sentences.require_choice(self.codes)
        self.validators = [validate.OneOf(self.codes, error=self.says)]

    def say_too_long(self, value: str) -> Sentence:  # a code is not told by its length
        return self.says


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
        self.says = sentences.require_range(least, most)
        super().__init__(strict=True, validate=validate.Range(least, most, error=self.says), **kwargs)

    def _validated(self, value: Any) -> Any:
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValidationError(self.says)
        return super()._validated(value)


class Digits(fields.Integer):
    """A whole number from 1 in a query string, in plain digits."""

    def __init__(self, most: int, **kwargs: Any) -> None:
        self.says = sentences.require_range(1, most)
        super().__init__(validate=validate.Range(1, most, error=self.says), **kwargs)

    def _validated(self, value: Any) -> Any:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,10}", value, re.ASCII):
            raise ValidationError(self.says)
        return super()._validated(value)


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
        return sentence("must be the id of %(kinds)s", kinds=ids.name_any(self.kinds))


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
        return sentence(
            "must be the id or the short name (`slug`) of %(kinds)s", kinds=ids.name_any(self.kinds)
        )


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
