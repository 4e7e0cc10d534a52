"""An item of evidence, as it is sent, edited and answered."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from tracker.domain import evidence
from tracker.domain.protection import PROTECTION
from tracker.domain.sent_values import Repeats
from tracker.domain.vocabularies import codes
from tracker.schemas.answer_fields import SubjectOut, partial_day_field, text_field
from tracker.schemas.consent import ConsentIn
from tracker.schemas.day_fields import Moment, PartialDay
from tracker.schemas.fields import (
    LINE,
    LONG,
    Code,
    Link,
    Strict,
    Text,
    country,
    language,
    names_thing,
    reference,
)
from tracker.schemas.list_fields import list_of
from tracker.schemas.releases import ReleaseOut
from tracker.schemas.revisions import make_patch
from tracker.schemas.sealed_fields import SealedIn
from tracker.schemas.translations import translations_in, translations_out


class EvidenceIn(Strict):
    """A described item. Confidential unless ``protection`` says otherwise."""

    refusals_repeat = Repeats.CODES

    process = names_thing("process", attribute="process_id", required=True)
    reference = reference(allow_none=True)
    title = Text(LINE, required=True)
    translations = translations_in("Evidence", "title", "description")
    type = Code(codes.EVIDENCE_TYPE, required=True)
    description = Text(LONG, lines=True, allow_none=True)
    language = language(allow_none=True)
    source_url = Link(allow_none=True)
    archived_url = Link(allow_none=True)
    published_on = PartialDay(allow_none=True)
    captured_on = PartialDay(allow_none=True)
    capture_method = Code(evidence.CAPTURE, allow_none=True)
    occurred_from = PartialDay(allow_none=True)
    occurred_to = PartialDay(allow_none=True)
    precision = Code(evidence.PRECISION, allow_none=True)
    country = country(allow_none=True)
    area = Text(
        LINE, allow_none=True, metadata={"description": "First-level area at most; nothing more precise."}
    )
    publisher = names_thing("organization", attribute="publisher_id", allow_none=True)
    watchdog = names_thing("organization", attribute="watchdog_id")
    acquired_from = Code(evidence.ACQUIRED_FROM, required=True)
    generation = Code(evidence.GENERATION)
    derived_from = names_thing("evidence", attribute="derived_from_id", allow_none=True)
    edited = Code(evidence.EDITED)
    content_warnings = list_of(Code(evidence.WARNINGS), 10)
    rights = Text(LINE, allow_none=True)
    licence = Text(80, allow_none=True)
    protection = Code(PROTECTION)


class SubmissionIn(EvidenceIn):
    """An item with what is sealed of it, which is encrypted at once and answered to nobody but custodians."""

    sealed = fields.Nested(SealedIn)
    consent = fields.Nested(ConsentIn)


#: The three analyses of the Berkeley Protocol are done, and the grades given, by somebody else than who submitted the
#: item.
EvidencePatch = make_patch(
    "EvidencePatch",
    EvidenceIn,
    *("process", "watchdog", "protection"),
    **{
        name: Code(evidence.ANALYSIS)
        for name in ("source_analysis", "technical_analysis", "content_analysis")
    },
    source_reliability=Code(evidence.RELIABILITY, allow_none=True),
    content_credibility=Code(evidence.CREDIBILITY, allow_none=True),
)


class EvidenceOut(SubjectOut):
    title = fields.String(required=True)
    translations = translations_out("Evidence", "title", "description")
    type = fields.String(required=True)
    description = text_field()
    language = text_field()
    source_url = text_field()
    archived_url = text_field()
    published_on = partial_day_field()
    captured_on = partial_day_field()
    capture_method = text_field()
    occurred_from = partial_day_field()
    occurred_to = partial_day_field()
    precision = text_field()
    country = text_field()
    area = text_field()
    publisher = text_field("publisher_id")
    watchdog = text_field("watchdog_id", null=False)
    acquired_from = fields.String(required=True)
    generation = fields.String(required=True)
    derived_from = text_field("derived_from_id")
    edited = fields.String(required=True)
    content_warnings = fields.List(fields.String(), required=True)
    rights = text_field()
    licence = text_field()
    protection = fields.String(required=True)
    source_analysis = fields.String(required=True)
    technical_analysis = fields.String(required=True)
    content_analysis = fields.String(required=True)
    source_reliability = text_field()
    content_credibility = text_field()
    release = fields.Nested(ReleaseOut, allow_none=True, required=True)


class OwnEvidenceOut(Schema):
    """An item as it was handed over, how it is protected, and whether it is public."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    created_at = Moment(required=True)
    publication = fields.String(required=True)
    published_at = Moment(allow_none=True, required=True)
    withdrawn_at = Moment(allow_none=True, required=True)
    withdrawn_because = fields.String(allow_none=True, required=True)
    process = fields.String(attribute="process_id", required=True)
    reference = fields.String(allow_none=True, required=True)
    title = fields.String(required=True)
    translations = translations_out("Evidence", "title", "description")
    type = fields.String(required=True)
    description = fields.String(allow_none=True, required=True)
    language = fields.String(allow_none=True, required=True)
    source_url = fields.String(allow_none=True, required=True)
    archived_url = fields.String(allow_none=True, required=True)
    published_on = partial_day_field()
    captured_on = partial_day_field()
    capture_method = fields.String(allow_none=True, required=True)
    occurred_from = partial_day_field()
    occurred_to = partial_day_field()
    precision = fields.String(allow_none=True, required=True)
    country = fields.String(allow_none=True, required=True)
    area = fields.String(allow_none=True, required=True)
    publisher = fields.String(attribute="publisher_id", allow_none=True, required=True)
    watchdog = fields.String(attribute="watchdog_id", required=True)
    acquired_from = fields.String(required=True)
    generation = fields.String(required=True)
    edited = fields.String(required=True)
    content_warnings = fields.List(fields.String(), required=True)
    rights = fields.String(allow_none=True, required=True)
    licence = fields.String(allow_none=True, required=True)
    protection = fields.String(required=True)


class OwnReviewOut(Schema):
    """What the desk found, without its reasons and without those who found it."""

    evidence = fields.String(required=True)
    recorded_by = fields.String(
        required=True,
        metadata={
            "description": "`desk`, or the id of an organization. The desk may record one in the name of a watchdog."
        },
    )
    state = fields.String(required=True, metadata={"description": "A state of the track `verification`."})
    since = fields.Date(format="iso", required=True, allow_none=True)


class ReviewOut(OwnReviewOut):
    """The same for the desk, with the items that show the same. At most 100 of each are named."""

    same_bytes_as = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "The items that have a file with the same bytes."},
    )
    same_address_as = fields.List(
        fields.String(),
        required=True,
        metadata={
            "description": "The items of the process at the same address, as published or as archived."
        },
    )
    same_original_as = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "The original of which it is derived, and what else is derived from that."},
    )


class EvidenceUseOut(Schema):
    """A status change that cites the item."""

    change = fields.String(attribute="id", required=True)
    subject = fields.String(attribute="subject_id", required=True)
    track = fields.String(required=True)
    to_state = fields.String(data_key="to", required=True)
    assessor = fields.String(attribute="assessor_id", required=True)
    stance = fields.String(required=True)
    locator = fields.String(required=True, allow_none=True)
    effective_on = fields.Date(format="iso", required=True)
    decision = fields.String(required=True)


class OwnEvidenceSubject(OwnEvidenceOut):
    """The same with its kind beside it, for where any subject may stand."""

    kind = fields.String(required=True, validate=validate.Equal("evidence"))
