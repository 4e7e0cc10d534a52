"""Status changes: as they are proposed, decided and answered."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validates_schema

from tracker.domain import partial_days
from tracker.domain.basis import STANCES
from tracker.domain.sentences import sentence
from tracker.domain.tracks import SUBJECTS, TRACKS
from tracker.schemas.answer_fields import WHO, LabelOut, RecordOut, day_field, instant_field, text_field
from tracker.schemas.day_fields import Day, Moment, PartialDay
from tracker.schemas.fields import LINE, LONG, Code, Id, Strict, Text, Truth
from tracker.schemas.list_fields import list_of_shapes
from tracker.schemas.proposals import Reasoned, versions_field


class CitationIn(Strict):
    """An item that supports, contradicts or explains a status, as you send it."""

    evidence = Id("evidence", required=True)
    stance = Code(STANCES, required=True)
    locator = Text(LINE, allow_none=True)


class LabelIn(Strict):
    """The word that a foreign scheme uses for the state, kept as it is."""

    scheme = Text(80, required=True)
    label = Text(LINE, required=True)


#: Which states each track has, for those who read the document only.
_STATES = "; ".join(f"`{track.code}`: {', '.join(track.codes)}" for track in TRACKS.values())


_CODES = list(dict.fromkeys(code for track in TRACKS.values() for code in track.codes))


class StatusChangeIn(Strict):
    """An answer on a track, or with ``replies_to`` what an organization says to another's verdict.

    What is no track or state of the subject is refused by a name of its own.
    """

    subject = Id(*SUBJECTS, required=True)
    track = Text(
        40, named=True, metadata={"enum": list(TRACKS), "description": "Required, except in a reply."}
    )
    state = Text(
        32,
        named=True,
        metadata={"enum": _CODES, "description": f"Required, except in a reply. By track: {_STATES}."},
    )
    assessor = Id("organization")
    addressee = Id("organization")
    effective_on = PartialDay(required=True)
    not_before = Day(allow_none=True)
    reason = Text(LONG, required=True, lines=True)
    confirms = Truth()
    corrects = Id("change")
    replies_to = Id("change")
    superseded_by = Id("recommendation")
    label = fields.Nested(LabelIn)
    citations = list_of_shapes(CitationIn, 50)

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def _answers_or_replies(self, _data: object, sent: dict[str, Any], **_more: object) -> None:
        """A reply says neither track nor state, for the verdict has them; anything else says both."""
        if "replies_to" in sent:
            stray = (
                "track",
                "state",
                "addressee",
                "not_before",
                "confirms",
                "corrects",
                "label",
                "superseded_by",
            )
            faults = {
                name: [sentence("is no part of a reply; leave it out")] for name in stray if name in sent
            }
        else:
            missing = sentence("is required; only a reply, with replies_to, goes without")
            faults = {name: [missing] for name in ("track", "state") if name not in sent}
        if faults:
            raise ValidationError(faults)

    @post_load
    def _keep_interval(self, data: dict[str, Any], **_more: object) -> dict[str, Any]:
        """A month or a year is the interval that it is: from its first day, in ``not_before``, to its last. What began
        in it was answered after that, and what still runs until today (`status_checks.clip_period`)."""
        known: partial_days.PartialDay = data["effective_on"]
        first, last = known.earliest, known.latest
        if first == last:
            return {**data, "effective_on": last}
        if "replies_to" in data:
            raise ValidationError(
                sentence(
                    "a reply is of one day; %(known)s ends on %(last)s", known=str(known), last=str(last)
                ),
                "effective_on",
            )
        given = data.get("not_before")
        return {**data, "effective_on": last, "not_before": given or first, "period": known}


class ImportedChangeIn(StatusChangeIn):
    """A status change as a row of an import. Its subject may be named by its reference, of the kind in
    ``subject_kind``; evidence by its address."""

    process = Id("process", attribute="process_id")
    subject_kind = Code(SUBJECTS)


class DecisionIn(Reasoned):
    """``approve`` and ``return`` are for others than the author; ``retract`` is for the author."""

    decision = Code(("approve", "return", "retract"), required=True)
    note = Text(LONG, lines=True)
    versions = versions_field()


class CitationOut(Schema):
    evidence = text_field("evidence_id", null=False)
    stance = fields.String(required=True)
    locator = text_field()


class StatusChangeOut(RecordOut):
    process = text_field("process_id", null=False)
    subject = text_field("subject_id", null=False)
    track = fields.String(required=True)
    assessor = text_field("assessor_id", null=False)
    addressee = text_field("addressee_id")
    act = fields.String(required=True)
    from_state = fields.String(data_key="from", required=True)
    to_state = fields.String(data_key="to", required=True)
    effective_on = day_field(null=False)
    not_before = day_field()
    reason = fields.String(required=True)
    label = fields.Nested(LabelOut, allow_none=True, required=True)
    corrects = text_field("corrects_id")
    replies_to = text_field("replies_to_id")
    superseded_by = text_field("superseded_by_id")
    citations = fields.List(fields.Nested(CitationOut), required=True)
    proposed_by = fields.String(attribute="proposer.known_as", metadata=WHO, required=True)
    decision = fields.String(required=True)
    decided_by = text_field("decider.known_as", dump_default=None, metadata=WHO)
    decided_at = instant_field()
    decision_note = text_field()


class HandedStatusChangeOut(Schema):
    """An approved status change as it is handed over: nothing that was said among the desk. Who it was is told by its
    side alone."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    created_at = Moment(required=True)
    process = fields.String(attribute="process_id", required=True)
    subject = fields.String(attribute="subject_id", required=True)
    track = fields.String(required=True)
    assessor = fields.String(attribute="assessor_id", required=True)
    addressee = fields.String(attribute="addressee_id", allow_none=True, required=True)
    act = fields.String(required=True)
    from_state = fields.String(data_key="from", required=True)
    to_state = fields.String(data_key="to", required=True)
    effective_on = fields.Date(format="iso", required=True)
    not_before = fields.Date(format="iso", allow_none=True, required=True)
    reason = fields.String(required=True)
    label = fields.Nested(LabelOut, allow_none=True, required=True)
    corrects = fields.String(attribute="corrects_id", allow_none=True, required=True)
    replies_to = fields.String(attribute="replies_to_id", allow_none=True, required=True)
    superseded_by = fields.String(attribute="superseded_by_id", allow_none=True, required=True)
    citations = fields.List(fields.Nested(CitationOut), required=True)
    proposed_by = fields.String(
        attribute="proposer.side",
        required=True,
        metadata={"description": "An organization, or `desk`; never a person."},
    )
    decision = fields.String(required=True)
    decided_at = Moment(allow_none=True, required=True)


class OwnStatusChangeOut(HandedStatusChangeOut):
    """A verdict of the organization, and what the desk decided on it. Who it was is told by its side alone."""

    decision_note = fields.String(allow_none=True, required=True)
