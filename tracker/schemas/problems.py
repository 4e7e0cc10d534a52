"""A refusal as it leaves (RFC 9457)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from tracker.domain.demands import DEMANDED
from tracker.schemas.day_fields import Moment
from tracker.schemas.fields import Code
from tracker.schemas.thing_names import NamesTold


class SentValue(fields.Raw):
    """What was sent, as a refusal repeats it."""

    def __init__(self) -> None:
        described = "What was sent, shortened. Left out of texts, and of what may be secret."
        super().__init__(metadata={"description": described})


class DemandOut(Schema):
    """One thing that a state demands of the evidence behind it, and how much of it is given."""

    code = Code(DEMANDED, required=True)
    needed = fields.Integer(required=True, metadata={"description": "How much of it is needed."})
    given = fields.Integer(required=True, metadata={"description": "How much of it is cited and counts."})
    met = fields.Boolean(required=True, metadata={"description": "Whether that is enough."})
    not_addressee = fields.Boolean(required=True)
    from_issuer = fields.Boolean(required=True)


class FieldProblem(Schema):
    """One member that is at fault: a JSON Pointer into the body, or the name of a parameter."""

    pointer = fields.String(required=True)
    detail = fields.String(required=True)
    value = SentValue()


class Problem(Schema):
    """A refusal (RFC 9457)."""

    type = fields.String(required=True, validate=validate.Regexp("^/problems/"))
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    instance = fields.String(required=True)
    errors = fields.List(fields.Nested(FieldProblem))
    missing = fields.List(
        fields.String(), metadata={"description": "What would satisfy the rule that was broken."}
    )
    demands = fields.List(
        fields.Nested(DemandOut),
        metadata={"description": "What a state demands of its evidence, those that are met too."},
    )
    names = NamesTold()
    not_before = Moment(metadata={"description": "From when the same is no longer too early."})
