"""Proposals: how one is decided, and what is answered of it."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from tracker.domain.proposals import DECISIONS, KINDS
from tracker.domain.sentences import sentence
from tracker.schemas.day_fields import Moment
from tracker.schemas.fields import LONG, Code, Strict, Text, Whole
from tracker.schemas.list_fields import list_of_shapes
from tracker.schemas.thing_names import NamesTold


class VersionIn(Strict):
    """A thing that the proposal was judged on, at the version that the decider has read."""

    id = Text(30, required=True)
    version = Whole(1, 2**31 - 1, required=True)


def versions_field() -> fields.List[Any]:
    """A member with which a decider says what they have read."""
    says = "The versions that you have read, where something changed since it was proposed."
    return list_of_shapes(VersionIn, 20, metadata={"description": says})


class Reasoned(Strict):
    """A decision that comes with what is wrong, where it returns something."""

    @validates_schema
    def _require_note(self, data: dict[str, Any], **_more: object) -> None:
        if data["decision"] == "return" and data.get("note") is None:
            raise ValidationError(sentence("say what is wrong with it"), "note")


class ProposalDecisionIn(Reasoned):
    """``approve`` and ``return`` are for others than the author; ``retract`` is for the author and, where the kind
    allows it, for everybody who may propose the same."""

    decision = Code(("approve", "return", "retract"), required=True)
    note = Text(LONG, lines=True)
    versions = versions_field()


class UndoIn(Strict):
    """Why a batch is taken back. The reason is public: it stands where what the batch made is withdrawn, and with each
    correction. Another person decides."""

    reason = Text(LONG, lines=True, required=True)


class VersionOut(Schema):
    """The version of a thing on which something was judged."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)


class ProposalOut(Schema):
    """A proposal and what became of it. Of people, the author alone is named, and not where evidence is concerned: that
    may be its submitter, who stays unnamed."""

    id = fields.String(required=True)
    kind = Code(KINDS, required=True)
    target = fields.String(
        attribute="target_id", required=True, metadata={"description": "What the act changes."}
    )
    thing = fields.String(
        attribute="thing_id", required=True, metadata={"description": "The thing that the target belongs to."}
    )
    process = fields.String(attribute="process_id", required=True, allow_none=True)
    reason = fields.String(
        required=True, allow_none=True, metadata={"description": "Null where a redaction destroyed it."}
    )
    wanted = fields.Dict(
        attribute="payload",
        required=True,
        metadata={
            "description": "What is proposed in codes and ids; its members depend on the kind. Of a batch of an import:"
            " the first 100 `acts`, their `count`, and `refused`, each act with what stands in its way. Of its undo:"
            " what is `left` because others have changed or named it since, and `left_count`."
        },
    )
    versions = fields.List(
        fields.Nested(VersionOut),
        required=True,
        metadata={
            "description": "On what it was judged: the first 100. An approval is refused where one of these changed."
        },
    )
    proposed_by = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "A person of the desk; `desk` where they stay unnamed; of anybody else the organization that"
            " they speak for. Null of a proposal about evidence: it may be the submitter, who stays unnamed."
        },
    )
    proposed_at = Moment(required=True)
    not_before = Moment(
        attribute="rests_until",
        required=True,
        allow_none=True,
        metadata={"description": "From when it may be approved; it is returned or retracted at any time."},
    )
    decision = Code(DECISIONS, required=True)
    decided_at = Moment(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)
    names = NamesTold()
