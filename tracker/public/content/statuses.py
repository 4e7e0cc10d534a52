"""What may be said in public of a status change."""

from __future__ import annotations

from marshmallow import fields

from tracker.public.content.fields import Content, Named


class CitationContent(Content):
    evidence = Named("evidence_id")
    stance = fields.String(required=True)
    locator = fields.String(allow_none=True, required=True)


class ChangeContent(Content):
    """A status change. Who proposed and who approved it stays inside."""

    id = fields.String(required=True)
    track = fields.String(required=True)
    assessor = Named("assessor_id")
    addressee = Named("addressee_id")
    act = fields.String(required=True)
    from_state = fields.String(data_key="from", required=True)
    to_state = fields.String(data_key="to", required=True)
    effective_on = fields.Date(required=True)
    not_before = fields.Date(allow_none=True, required=True)
    reason = fields.String(required=True)
    label = fields.Dict(allow_none=True, required=True)
    corrects = Named("corrects_id")
    superseded_by = Named("superseded_by_id")


class ReplyContent(ChangeContent):
    """What an organization says to another's verdict, and whose verdict that is."""

    replies_to = Named("replies_to_id")
    verdict_by = Named("verdict.assessor_id")
