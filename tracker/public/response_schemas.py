"""The shapes of finished documents, for those who read them: what `finish` and its neighbours put together.

Nothing is loaded or dumped through these; they describe. A test holds every answer against them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from marshmallow import Schema, fields, validate

from tracker.domain.basis import BASES
from tracker.domain.measures import MEASURES
from tracker.domain.partial_days import PATTERN
from tracker.domain.reports import RELEASE
from tracker.domain.responses import RULES
from tracker.domain.revisions import ACTS
from tracker.domain.tracks import SUBJECTS, TRACKS, list_tracks_of
from tracker.domain.vocabularies.codes import TYPES
from tracker.public.content.allow_list import CONTENT
from tracker.public.content.deadlines import ReadingContent
from tracker.public.content.fields import Named, NamedList
from tracker.public.content.figures import FigureContent
from tracker.public.content.recommendations import AddresseeContent
from tracker.public.content.statuses import ChangeContent, CitationContent


def text_field(**kwargs: Any) -> fields.String:
    return fields.String(required=True, **kwargs)


def optional_text(**kwargs: Any) -> fields.String:
    return fields.String(required=True, allow_none=True, **kwargs)


def instant_field(
    *, maybe: bool = False, metadata: Mapping[str, str] = MappingProxyType({})
) -> fields.String:
    """An instant, kept in a document as the text that it is shown as."""
    return fields.String(required=True, allow_none=maybe, metadata={"format": "date-time", **metadata})


def day_field() -> fields.Date:
    return fields.Date(required=True, allow_none=True)


class Name(Schema):
    """Another thing: its id, and its public name and short name."""

    id = text_field()
    name = optional_text()
    slug = optional_text()


class MayBe(Schema):
    """Inside an interval: the state that may have been reached, and from which day on."""

    state = text_field()
    not_before = fields.Date(required=True)
    effective_on = fields.Date(required=True)


class Reply(Schema):
    """What another organization says to an answer. Its word, not a verdict; ``change`` is found in the history."""

    assessor = fields.Nested(Name, required=True)
    on = fields.Date(required=True)
    reason = text_field()
    basis = text_field(validate=validate.OneOf(BASES))
    change = text_field()


class Row(Schema):
    """One assessor's answer on one track, and what was replied to it: the last of it, and how many in all."""

    assessor = fields.Nested(Name, required=True)
    state = text_field()
    since = day_field()
    not_before = day_field()
    verified_on = day_field()
    basis = optional_text(validate=validate.OneOf([*BASES, None]))
    stale = fields.Boolean(required=True)
    reason = optional_text()
    change = optional_text()
    may_be = fields.Nested(MayBe, required=True, allow_none=True)
    replies = fields.List(fields.Nested(Reply), required=True)
    replied = fields.Integer(required=True)


def _shape(name: str, content: type[Schema], members: Mapping[str, Any]) -> type[Schema]:
    """A content shape as documents show it: what names another thing carries its name, and more stands beside it."""
    named: dict[str, Any] = {
        member: fields.Nested(Name, required=True, allow_none=True)
        for member, one in content().fields.items()
        if isinstance(one, Named) and member != "corrects"
    }
    named |= {
        member: fields.List(fields.Nested(Name), required=True)
        for member, one in content().fields.items()
        if isinstance(one, NamedList)
    }
    return type(name, (content,), {**named, **members})


Citation = _shape("Citation", CitationContent, {})
PastChange = _shape(
    "PastChange",
    ChangeContent,
    {
        "citations": fields.List(fields.Nested(Citation), required=True),
        "replies_to": optional_text(),
        "verdict_by": fields.Nested(Name, required=True, allow_none=True),
        "basis": text_field(validate=validate.OneOf(BASES)),
        "rests_on_undisclosed": fields.Boolean(
            required=True,
            metadata={
                "description": "It also rests on evidence that cannot be shown: the desk saw it, and readers cannot."
            },
        ),
        "at": instant_field(),
        "event": text_field(),
    },
)


class Timing(Schema):
    """Where a date stands, in days; null where the question does not arise."""

    state = optional_text()
    days_overdue = fields.Integer(required=True)
    days_late = fields.Integer(required=True, allow_none=True)
    days_early = fields.Integer(required=True, allow_none=True)
    days_left = fields.Integer(required=True, allow_none=True)


class ReadingTiming(ReadingContent):
    due_on = fields.String(metadata={"pattern": PATTERN})
    timing = fields.Nested(Timing, required=True)


class Silence(Schema):
    report = fields.Nested(Name, required=True)
    since = fields.Date(required=True)
    days = fields.Integer(required=True)


class Unanswered(Schema):
    """Which addressees did not answer, and since when: since the day after an answer was due or, where no day was ever
    set, since it was asked. ``confirmed_on`` is the last day on which the lead looked, or reminded one of them, and
    there was none."""

    because = text_field(validate=validate.OneOf(["past_due", "no_due_day"]))
    deadline = optional_text()
    due_on = day_field()
    since = fields.Date(required=True)
    days = fields.Integer(required=True)
    confirmed_on = day_field()
    addressees = fields.List(fields.Nested(Name), required=True)


class Owed(Schema):
    """A deadline that has passed while the thing is still owed."""

    id = text_field()
    title = text_field()
    due_on = fields.Date(required=True)


def _release_days() -> dict[str, Any]:
    return {
        name: fields.Date(
            required=True, allow_none=True, metadata={"description": f"{says}, by the lead's word."}
        )
        for name, says in (
            ("delivered_on", "The first day on which it was handed over, or published"),
            ("announced_on", "The first day on which it was announced"),
            ("published_on", "The first day on which its full text was public"),
        )
    }


#: A report in the document of its committee: its state on the track `release`, by the lead's word, and its days.
ListedReport: Final = type(
    "ListedReport",
    (Schema,),
    {
        "id": text_field(),
        "reference": optional_text(),
        "title": text_field(),
        "type": text_field(),
        RELEASE: text_field(validate=validate.OneOf(TRACKS[RELEASE].codes)),
        **_release_days(),
    },
)


class RollUp(Schema):
    """How the headline follows from the answers of those who are asked, and how many of them have answered."""

    rule = text_field(validate=validate.OneOf(list(RULES)))
    asked = fields.Integer(required=True)
    answered = fields.Integer(required=True)


class Parts(Schema):
    """The parts of a recommendation: how many stand at which state by the lead."""

    total = fields.Integer(required=True)
    implementation = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    closure = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    diverges = fields.Boolean(required=True)


NamedAddressee = _shape("NamedAddressee", AddresseeContent, {})
NamedFigure = _shape(
    "NamedFigure", FigureContent, {"evidence": fields.List(fields.Nested(Name), required=True)}
)


class Quantity(Schema):
    """How many: exactly, about, at least, at most, or between the two."""

    amount = optional_text()
    about = optional_text()
    at_least = optional_text()
    at_most = optional_text()


class EarlierRecommendation(Name):
    """One that asked before for the same, and where it stands by the lead."""

    implementation = text_field(validate=validate.OneOf(TRACKS["implementation"].codes))
    closure = text_field(validate=validate.OneOf(TRACKS["closure"].codes))


class Recurrence(Schema):
    """What was asked before and is asked again. ``undone`` counts those of ``earlier`` that are not done by the lead,
    ``later`` the recommendations that ask for this one again."""

    earlier = fields.List(fields.Nested(EarlierRecommendation), required=True)
    undone = fields.Integer(required=True)
    later = fields.Integer(required=True)


class NeededResource(Name):
    """Means that a recommendation takes, and whether they are there by the lead."""

    type = text_field(validate=validate.OneOf(list(TYPES["resource"])))
    delivery = text_field(validate=validate.OneOf(TRACKS["delivery"].codes))


class SeriesRow(Schema):
    """What one assessor says of one day and one group: its numbers by stage, and the rules between stages that they
    break. Nothing is put right: at least one of these numbers is wrong, or is of something else."""

    as_of = text_field(metadata={"pattern": PATTERN})
    organization = fields.Nested(Name, required=True, allow_none=True)
    source = optional_text()
    of = optional_text()
    counts = fields.Dict(keys=fields.String(), values=fields.Nested(Quantity), required=True)
    contradictions = fields.List(fields.String(), required=True)


class FollowingIndicator(Name):
    """An indicator that follows a recommendation, with the last row of each assessor."""

    type = text_field(validate=validate.OneOf(list(MEASURES)))
    latest = fields.List(fields.Nested(SeriesRow), required=True)


def make_answers_schema(kind: str) -> type[Schema]:
    """The answers on one track, each row's state one of those that the kind's tracks have."""
    tracks = list_tracks_of(kind)
    states = list(dict.fromkeys(code for track in tracks for code in track.codes))
    row = type(f"{kind.title()}Row", (Row,), {"state": text_field(validate=validate.OneOf(states))})
    members: dict[str, Any] = {
        "track": text_field(validate=validate.OneOf([track.code for track in tracks])),
        "lead": fields.Nested(row, required=True),
        "others": fields.List(fields.Nested(row), required=True),
        "diverges": fields.Boolean(required=True),
    }
    if kind == "recommendation":
        of_one = {
            "addressee": fields.Nested(Name, required=True, allow_none=True),
            "asked": fields.Boolean(required=True),
        }
        said = type("AddresseeAnswer", (row,), of_one)
        members["by_addressee"] = fields.List(fields.Nested(said), required=True)
        members["rolled_up"] = fields.Nested(RollUp, required=True, allow_none=True)
    return type(f"{kind.title()}Answers", (Schema,), members)


UPDATING: Final = {
    "description": "Since when an edit that reaches far is being carried out: until then what it reaches may still"
    " say what it said before. Null when nothing is pending."
}

_COMPUTED: dict[str, dict[str, Any]] = {
    "process": {"updating_since": instant_field(maybe=True, metadata=UPDATING)},
    "deadline": {
        "met_by_fact_on": fields.Date(
            required=True,
            allow_none=True,
            metadata={
                "description": "The day of the fact that this date waits for: the answer, the implementation, the"
                " report handed over or published. Null while there is none, for types that wait for no recorded fact,"
                " and once another date took its place or it was waived."
            },
        ),
        "waits_for": fields.String(required=True, allow_none=True),
        "calendar_changed": fields.Boolean(required=True),
        "unanswered_by": fields.List(fields.String(), required=True),
        "timing": fields.Nested(Timing, required=True),
        "readings": fields.List(fields.Nested(ReadingTiming), required=True),
    },
    "report": _release_days(),
    "indicator": {"series": fields.List(fields.Nested(SeriesRow), required=True)},
    "committee": {
        "reports": fields.List(fields.Nested(ListedReport), required=True),
        "silence": fields.List(fields.Nested(Silence), required=True),
        "overdue": fields.List(fields.Nested(Owed), required=True),
    },
    "recommendation": {
        "addressees": fields.List(fields.Nested(NamedAddressee), required=True),
        "silence": fields.List(fields.Nested(Unanswered), required=True),
        "superseded_by": fields.Nested(Name, required=True, allow_none=True),
        "supersedes": fields.List(fields.Nested(Name), required=True),
        "repeated_by": fields.List(fields.Nested(Name), required=True),
        "indicators": fields.List(fields.Nested(FollowingIndicator), required=True),
        "recurrence": fields.Nested(Recurrence, required=True),
        "resources": fields.List(fields.Nested(NeededResource), required=True),
        "parts": fields.Nested(Parts, required=True),
        "overdue": fields.List(fields.Nested(Owed), required=True),
    },
}


def make_brief_schema(kind: str) -> type[Schema]:
    """A finished document without its history, as lists carry it."""
    members: dict[str, Any] = {
        "id": text_field(),
        "kind": text_field(validate=validate.Equal(kind)),
        "published_at": instant_field(maybe=True),
        "revised_at": instant_field(maybe=True),
        "changed_at": instant_field(),
        "last_act": fields.Nested(LastAct, required=True),
    }
    if kind in SUBJECTS:
        members |= {
            "process": fields.Nested(Name, required=True),
            "standing": fields.List(fields.Nested(make_answers_schema(kind)), required=True),
        }
    if "figures" in CONTENT[kind]._declared_fields:
        members["figures"] = fields.List(fields.Nested(NamedFigure), required=True)
    return _shape(f"{kind.title()}Brief", CONTENT[kind], {**members, **_COMPUTED.get(kind, {})})


def make_document_schema(of: type[Schema], kind: str) -> type[Schema]:
    """A finished document with the status changes that led to it, newest first."""
    return type(
        f"{kind.title()}Document", (of,), {"history": fields.List(fields.Nested(PastChange), required=True)}
    )


class Event(Schema):
    """One public act about a thing."""

    id = text_field()
    kind = text_field()
    at = instant_field()
    process = optional_text()
    subject = text_field()
    subject_kind = text_field()
    content = fields.Dict()
    change = fields.Dict()
    reason = fields.String()
    changed = fields.String()
    replies_to = fields.String()
    track = fields.String(validate=validate.OneOf(list(TRACKS)))
    assessor = fields.String()
    basis = fields.String(validate=validate.OneOf(BASES))
    was = fields.String(validate=validate.OneOf(BASES))
    revision = fields.String(
        validate=validate.OneOf(ACTS),
        metadata={"description": "Of a revision: what was wrong is corrected, or the world changed."},
    )
    since = fields.String(
        allow_none=True,
        metadata={"pattern": PATTERN, "description": "Of an update: from which day it is so. Else null."},
    )
    members = fields.List(
        fields.String(), metadata={"description": "Of a revision: the members that it changed."}
    )
    refs = fields.List(
        fields.Integer(), metadata={"description": "Of a redaction: the entries that nothing opens any more."}
    )
    event = fields.String(
        metadata={
            "description": "Of a redaction: the act whose words it took; left out where it took the thing."
        }
    )


class AnyEvent(Event):
    """One public act. Those of the log itself, an anchor or a change of key, are about no subject."""

    subject = optional_text()
    subject_kind = fields.String()
    commit = fields.String(metadata={"description": "Of an anchor: its commitment to the internal log."})
    vkey = fields.String(metadata={"description": "Of a change of key: the public key that signs."})
    beside = fields.String(metadata={"description": "The public key that signs as well, for now."})
    retired = fields.String(metadata={"description": "The public key that signs no more."})


class Place(Schema):
    """Where an act stands: in which log, and which of its entries it is."""

    origin = optional_text()
    index = fields.Integer(required=True)


class VerifiableEvent(AnyEvent):
    """One public act, and what verifies it without us: see `docs/verifying.md`.

    ``entry`` is the bytes of the log; its ``commit`` is opened by ``disclosure``, the text of this act, and ``salt``.
    Both are null once the act may no longer be shown. All three are base64url without padding. ``redacted_by`` is the
    entry of the redaction that destroyed them; null where none did.
    """

    log = fields.Nested(Place, required=True)
    entry = text_field()
    disclosure = optional_text()
    salt = optional_text()
    redacted_by = fields.Integer(required=True, allow_none=True)


class ListedEvent(AnyEvent):
    """One public act of the list of changes; where it is asked for, with what verifies it as in `VerifiableEvent`."""

    log = fields.Nested(Place)
    entry = fields.String()
    disclosure = fields.String(allow_none=True)
    salt = fields.String(allow_none=True)
    redacted_by = fields.Integer(allow_none=True)


class RedactionMonth(Schema):
    """How many redactions there were in a month of UTC, of what had been public; and how many for which reason."""

    month = text_field(metadata={"description": "As in 2026-10."})
    redactions = fields.Integer(required=True)
    reasons = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class RedactionCounts(Schema):
    """The months that are over and in which there was one, the newest first."""

    months = fields.List(fields.Nested(RedactionMonth), required=True)


class LastAct(Schema):
    """The last public act on a thing itself: where it can be read and verified, and which entry of the log it is."""

    event = text_field()
    index = fields.Integer(required=True)
