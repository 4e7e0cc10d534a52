"""What may be said in public of the texts of a thing in other languages."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from tracker.public.content.fields import Content


class TranslationContent(Content):
    language = fields.String(required=True)
    translator = fields.String(allow_none=True, required=True, dump_default=None)


def translations(kind: str, *members: str) -> fields.List[Any]:
    """The translations of these members, one for each language."""
    texts = {name: fields.String(allow_none=True, required=True, dump_default=None) for name in members}
    shape = type(f"{kind}Translation", (TranslationContent,), texts)
    return fields.List(fields.Nested(shape), required=True)
