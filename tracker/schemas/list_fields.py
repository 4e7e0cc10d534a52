"""Fields of many values. How many there are is checked before one of them is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validate

from tracker.domain.sentences import Sentence, sentence
from tracker.schemas import sentences

_TWICE: Final = sentence("stands here twice; give it once")


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
            raise ValidationError(
                sentence("takes at most %(most)s members, not %(given)s", most=self.most, given=len(value))
            )
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
            raise ValidationError(sentences.LIST)
        if not self.least <= len(value) <= self.most:
            raise ValidationError(self._require_number(len(value)))
        loaded: list[Any] = super()._deserialize(value, attr, data, **kwargs)
        return loaded

    def _require_number(self, given: int) -> Sentence:
        if self.least:
            return sentence(
                "takes %(least)s to %(most)s entries, not %(given)s",
                least=self.least, most=self.most, given=given,
            )  # fmt: skip
        return sentence("takes at most %(most)s entries, not %(given)s", most=self.most, given=given)


class Once(validate.Validator):
    """In a list, no two that are alike in these members."""

    def __init__(self, *members: str) -> None:
        self.members = members

    def __call__(self, value: Any) -> Any:
        seen: set[tuple[Any, ...]] = set()
        for place, item in enumerate(value):
            key = tuple(item.get(member) for member in self.members)
            if key in seen:
                raise ValidationError({place: {self.members[0]: [_TWICE]}})
            seen.add(key)
        return value


def list_of(
    inner: fields.Field[Any], most: int, once: tuple[str, ...] = (), *, least: int = 0, **kwargs: Any
) -> Several:
    """A list of at most so many, no two of them alike in the members of ``once``."""
    return Several(inner, most, least, validate=[Once(*once)] if once else [], **kwargs)


def list_of_shapes(shape: type[Schema], most: int, **kwargs: Any) -> Several:
    return list_of(fields.Nested(shape), most, **kwargs)
