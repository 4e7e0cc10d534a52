"""What may be said in public of an item of evidence."""

from __future__ import annotations

from marshmallow import fields

from tracker.public.content.fields import Content, Named, Nested, partial_day
from tracker.public.content.translations import translations


class FileContent(Content):
    """The public copy of an item: what a reader needs to know whether the bytes are right, and nothing else."""

    sha256 = fields.String(required=True)
    size = fields.Integer(required=True)
    media_type = fields.String(required=True, attribute="detected_type")


class EvidenceContent(Content):
    """Who submitted an item is not public; who published it, where it was public already, is."""

    title = fields.String(required=True)
    translations = translations("Evidence", "title", "description")
    type = fields.String(required=True)
    description = fields.String(allow_none=True, required=True)
    language = fields.String(allow_none=True, required=True)
    source_url = fields.String(allow_none=True, required=True)
    archived_url = fields.String(allow_none=True, required=True)
    published_on = partial_day(null=True)
    occurred_from = partial_day(null=True)
    occurred_to = partial_day(null=True)
    precision = fields.String(allow_none=True, required=True)
    country = fields.String(allow_none=True, required=True)
    area = fields.String(allow_none=True, required=True)
    publisher = Named("publisher_id")
    generation = fields.String(required=True)
    edited = fields.String(required=True)
    content_warnings = fields.List(fields.String(), required=True)
    rights = fields.String(allow_none=True, required=True)
    licence = fields.String(allow_none=True, required=True)
    source_analysis = fields.String(required=True)
    technical_analysis = fields.String(required=True)
    content_analysis = fields.String(required=True)
    content_credibility = fields.String(allow_none=True, required=True)
    file = Nested(FileContent)
