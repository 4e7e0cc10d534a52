"""The texts of a thing in other languages than its own, as they are sent and answered."""

from __future__ import annotations

from functools import cache
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from tracker.domain.sentences import sentence
from tracker.schemas.answer_fields import text_field
from tracker.schemas.fields import LINE, LONG, Strict, Text, language
from tracker.schemas.list_fields import Several, list_of

#: How long each text may be, and whether it may have lines.
_TEXTS = {"title": (LINE, False), "text": (LONG, True), "summary": (LONG, True), "description": (LONG, True)}


class TranslationIn(Strict):
    """The texts of a thing in one other language, and who translated them."""

    language = language(required=True)
    translator = Text(LINE, allow_none=True)

    @validates_schema
    def _says_something(self, data: dict[str, Any], **_more: object) -> None:
        if not any(data.get(name) for name in _TEXTS):
            known = ", ".join(name for name in self.fields if name in _TEXTS)
            raise ValidationError(sentence("translates nothing; give one of %(known)s", known=known))


class TranslationOut(Schema):
    language = fields.String(required=True)
    translator = text_field(dump_default=None)


def translations_in(kind: str, *members: str) -> Several:
    """The translations of these members, at most one for each language."""
    return list_of(fields.Nested(_shape_in(kind, members)), 50, once=("language",))


def translations_out(kind: str, *members: str) -> fields.List[Any]:
    return fields.List(fields.Nested(_shape_out(kind, members)), required=True)


@cache
def _shape_in(kind: str, members: tuple[str, ...]) -> type[Schema]:
    """One shape for each kind, wherever it is sent."""
    texts = {name: Text(_TEXTS[name][0], lines=_TEXTS[name][1], allow_none=True) for name in members}
    return type(f"{kind}TranslationIn", (TranslationIn,), texts)


@cache
def _shape_out(kind: str, members: tuple[str, ...]) -> type[Schema]:
    """One shape for each kind, wherever it is answered."""
    texts = {name: text_field(dump_default=None) for name in members}
    return type(f"{kind}TranslationOut", (TranslationOut,), texts)
