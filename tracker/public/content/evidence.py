"""What may be said in public of an item of evidence."""

from __future__ import annotations

from marshmallow import fields

from tracker.public.content.fields import Content, Named, Nested


class FileContent(Content):
    """The public copy of an item: what a reader needs to know whether the bytes are right, and nothing else."""

    sha256 = fields.String(required=True)
    size = fields.Integer(required=True)
    media_type = fields.String(required=True, attribute="detected_type")


class EvidenceContent(Content):
    """Who submitted an item is not public; who published it, where it was public already, is."""

    title = fields.String()
    type = fields.String()
    description = fields.String(allow_none=True)
    language = fields.String(allow_none=True)
    source_url = fields.String(allow_none=True)
    archived_url = fields.String(allow_none=True)
    published_on = fields.Date(allow_none=True)
    occurred_from = fields.Date(allow_none=True)
    occurred_to = fields.Date(allow_none=True)
    precision = fields.String(allow_none=True)
    country = fields.String(allow_none=True)
    area = fields.String(allow_none=True)
    publisher = Named("publisher_id")
    generation = fields.String()
    edited = fields.String()
    content_warnings = fields.List(fields.String())
    rights = fields.String(allow_none=True)
    licence = fields.String(allow_none=True)
    source_analysis = fields.String()
    technical_analysis = fields.String()
    content_analysis = fields.String()
    file = Nested(FileContent)
