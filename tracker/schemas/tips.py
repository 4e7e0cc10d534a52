"""Tips and tip boxes, as custodians are told of them. What a tip says is in the answer to a reading alone."""

from __future__ import annotations

from marshmallow import Schema, fields

from tracker.domain.sent_values import Repeats
from tracker.domain.tips import FEWEST_DAYS, KEPT_DAYS, MOST_DAYS, STATES
from tracker.domain.vocabularies import codes
from tracker.schemas.day_fields import Moment
from tracker.schemas.fields import LINE, LONG, Code, Strict, Text, Whole, language
from tracker.schemas.list_fields import list_of_shapes

_SAID = {"description": "What the desk tells the people who come, in this language."}
_DAYS = {"description": "For how many days a tip is kept after the last that happened to it."}
_STATE = {"description": "What became of the tip; its sender reads it, too."}
_MOST_LANGUAGES = 10


class BoxWordsIn(Strict):
    """What is said on the page of a tip box in one language."""

    language = language(required=True)
    text = Text(4_000, lines=True, required=True, metadata=_SAID)


class TipBoxIn(Strict):
    """How a tip box is opened. Say who reads the tips, and what you cannot promise."""

    words = list_of_shapes(
        BoxWordsIn,
        _MOST_LANGUAGES,
        least=1,
        required=True,
        metadata={"description": "What is said on its page, each language once; the first where none fits."},
    )
    kept_days = Whole(FEWEST_DAYS, MOST_DAYS, load_default=KEPT_DAYS, metadata=_DAYS)


class BoxWordsOut(Schema):
    """What is said on the page of a tip box in one language."""

    language = fields.String(required=True)
    text = fields.String(required=True, metadata=_SAID)


class TipBoxOut(Schema):
    """A tip box, and what is said on its page."""

    process = fields.String(attribute="process_id", required=True)
    words = fields.List(
        fields.Nested(BoxWordsOut), required=True, metadata={"description": "What is said on its page."}
    )
    kept_days = fields.Integer(required=True, metadata=_DAYS)
    opened_at = Moment(required=True, metadata={"description": "When it was opened last."})
    closed_at = Moment(
        required=True, allow_none=True, metadata={"description": "When it was closed; null while it is open."}
    )


class TipCallIn(Strict):
    """Nothing more is said."""


class TipOut(Schema):
    """A tip, without anything that it says."""

    id = fields.String(required=True)
    process = fields.String(attribute="process_id", required=True)
    state = Code(STATES, required=True, metadata=_STATE)
    language = fields.String(
        required=True, metadata={"description": "The language of the page on which it was written."}
    )
    came_at = Moment(required=True, metadata={"description": "The hour in which it came."})
    kept_until = Moment(required=True, metadata={"description": "It is destroyed then, if nothing happens."})
    unread = fields.Boolean(
        required=True, metadata={"description": "It says something that nobody has read yet."}
    )
    evidence = fields.String(
        attribute="evidence_id",
        required=True,
        allow_none=True,
        metadata={"description": "The item of evidence that was made of it."},
    )
    files = fields.Integer(required=True, metadata={"description": "How many files came with it."})
    size = fields.Integer(required=True, metadata={"description": "The bytes of its files together."})
    messages = fields.Integer(required=True, metadata={"description": "How often something was said since."})


class TipWordsOut(Schema):
    """What a tip says, in the words of its sender. A field that was left empty is left out."""

    happened = fields.String(metadata={"description": "What happened."})
    when = fields.String(metadata={"description": "When it happened."})
    where = fields.String(metadata={"description": "Where it happened."})
    harm = fields.String(metadata={"description": "Who could be hurt if this became public."})


class TipMessageOut(Schema):
    """What was said about a tip after it came."""

    text = fields.String(required=True, metadata={"description": "What was said."})
    by_desk = fields.Boolean(
        required=True, metadata={"description": "Whether the desk said it, or else the sender."}
    )
    came_at = Moment(required=True, metadata={"description": "The hour in which it was said."})


class TipFileOut(Schema):
    """A file that came with a tip. It can be read once the tip is an item of evidence."""

    name = fields.String(
        required=True, allow_none=True, metadata={"description": "What it is called where it comes from."}
    )
    size = fields.Integer(required=True)
    detected_type = fields.String(required=True)


class TipContentsOut(Schema):
    """What a tip says, what was said since, and its files."""

    tip = fields.Nested(TipOut, required=True, metadata={"description": "The tip as it is listed."})
    words = fields.Nested(TipWordsOut, required=True, metadata={"description": "What it says."})
    messages = fields.List(
        fields.Nested(TipMessageOut), required=True, metadata={"description": "What was said since."}
    )
    files = fields.List(
        fields.Nested(TipFileOut), required=True, metadata={"description": "The files that came with it."}
    )


class TipMessageIn(Strict):
    """What the desk asks or tells the person who sent a tip. They read it when they come back."""

    text = Text(LONG, lines=True, required=True, metadata={"description": "What is said."})


class TipEvidenceIn(Strict):
    """What the item is called that is made of a tip. Name no source here: what the tip says is sealed."""

    refusals_repeat = Repeats.CODES

    title = Text(LINE, required=True)
    type = Code(codes.EVIDENCE_TYPE, required=True)
    description = Text(LONG, lines=True, allow_none=True)
    language = language(allow_none=True)


class TipGoneOut(Schema):
    """That a tip was destroyed."""

    id = fields.String(required=True)
