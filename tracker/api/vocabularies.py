"""What the codes mean: vocabularies and the state table, as the code itself uses them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from marshmallow import Schema, fields

from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.responses import tag_bytes
from tracker.domain.canonical import encode_json
from tracker.domain.measures import MEASURES
from tracker.domain.people import PUBLIC
from tracker.domain.states import Track
from tracker.domain.tracks import TRACKS
from tracker.domain.vocabularies.catalogue import VOCABULARIES
from tracker.domain.vocabularies.terms import Term, Vocabulary
from tracker.languages.i18n import LANGUAGES, SHOWN, get_language


class Labels(fields.Dict):
    """Words by language (BCP 47). English is always there."""

    def __init__(self) -> None:
        super().__init__(keys=fields.String(), values=fields.String(), required=True)


class TermOut(Schema):
    """A code, its labels and what it means."""

    code = fields.String(required=True)
    label = Labels()
    definition = fields.String(required=True)
    source = fields.String(required=True, allow_none=True)
    deprecated = fields.Boolean(required=True)


class VocabularyName(Schema):
    """A vocabulary by its name."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    document = fields.String(required=True)


class VocabularyOut(Schema):
    name = fields.String(required=True)
    title = fields.String(required=True)
    terms = fields.List(fields.Nested(TermOut), required=True)


class VocabularyList(Schema):
    items = fields.List(fields.Nested(VocabularyName), required=True)


class NeedOut(Schema):
    """What has to be cited in support, counted over items that still stand."""

    items = fields.Integer(required=True)
    verified = fields.Integer(required=True)
    organizations = fields.Integer(required=True)
    not_addressee = fields.Boolean(required=True)
    from_issuer = fields.Boolean(required=True)
    own_act = fields.Boolean(required=True)


class DemandsOut(Schema):
    """What the lead has to bring, and what any other assessor. A process may demand more of its lead."""

    lead = fields.Nested(NeedOut, required=True)
    others = fields.Nested(NeedOut, required=True)


class StateOut(Schema):
    """A state of a track, and what it demands."""

    code = fields.String(required=True)
    label = Labels()
    meaning = fields.String(required=True)
    demands = fields.Nested(DemandsOut, required=True)


class MoveOut(Schema):
    """A move between two states that is refused."""

    before = fields.String(required=True, data_key="from")
    after = fields.String(required=True, data_key="to")


class TrackOut(Schema):
    """One question. Every move between two of its states makes sense but those that are not allowed."""

    code = fields.String(required=True)
    subject = fields.String(required=True)
    question = fields.String(required=True)
    holder = fields.String(required=True, metadata={"description": "Who answers: lead, any, desk."})
    initial = fields.String(required=True)
    lasts = fields.Boolean(required=True)
    source = fields.String(required=True, allow_none=True)
    states = fields.List(fields.Nested(StateOut), required=True)
    not_allowed = fields.List(fields.Nested(MoveOut), required=True)


class TrackList(Schema):
    items = fields.List(fields.Nested(TrackOut), required=True)


class StageOut(Schema):
    code = fields.String(required=True)
    label = Labels()
    meaning = fields.String(required=True)


class RuleOut(Schema):
    """The whole is at least as many as the parts together."""

    whole = fields.String(required=True)
    parts = fields.List(fields.String(), required=True)


class MeasureOut(Schema):
    """What an indicator counts, and what must hold between its numbers, each a total of the day that it is given for.
    Where numbers of one assessor break a rule they are shown, and the rule with them."""

    code = fields.String(required=True)
    title = Labels()
    meaning = fields.String(required=True)
    unit = fields.String(required=True)
    source = fields.String(required=True)
    smallest = fields.Integer(required=True)
    stages = fields.List(fields.Nested(StageOut), required=True)
    rules = fields.List(fields.Nested(RuleOut), required=True)


class MeasureList(Schema):
    items = fields.List(fields.Nested(MeasureOut), required=True)


def _list_labels(vocabulary: str, term: Term) -> dict[str, str]:
    """The labels of a code: where pages show it, in every language that they have."""
    if vocabulary not in SHOWN:
        return dict(term.label)
    return {code: get_language(code).label(vocabulary, term.code) for code in LANGUAGES} | dict(term.label)


def _dump_vocabulary(vocabulary: Vocabulary) -> bytes:
    terms = [asdict(term) | {"label": _list_labels(vocabulary.name, term)} for term in vocabulary.terms]
    return encode_json({"name": vocabulary.name, "title": vocabulary.title, "terms": terms})


def _dump_track(track: Track) -> dict[str, Any]:
    vocabulary = VOCABULARIES[track.code.partition(".")[0]]
    labels = {term.code: _list_labels(vocabulary.name, term) for term in vocabulary.terms}
    return {
        "code": track.code,
        "subject": track.subject,
        "question": track.question,
        "holder": track.holder,
        "initial": track.initial,
        "lasts": track.lasts,
        "source": track.source,
        "states": [
            {
                "code": state.code,
                "label": labels[state.code],
                "meaning": state.meaning,
                "demands": {"lead": asdict(state.need), "others": asdict(state.others)},
            }
            for state in track.states
        ],
        "not_allowed": [{"from": before, "to": after} for before, after in sorted(track.forbidden)],
    }


@endpoint(
    "GET",
    "/v1/public/vocabularies",
    permission=PUBLIC,
    tag="vocabularies",
    summary="List the vocabularies that are used here",
    answer=VocabularyList,
)
def list_public_vocabularies(call: Call) -> Any:  # noqa: ARG001  # the same for every call
    """The name of each vocabulary, and where a member of a body or an answer uses it."""
    items = [
        {"name": one.name, "title": one.title, "document": f"/v1/public/vocabularies/{one.name}"}
        for one in VOCABULARIES.values()
    ]
    return tag_bytes(encode_json({"items": items}))


@endpoint(
    "GET",
    "/v1/public/vocabularies/{name}",
    permission=PUBLIC,
    tag="vocabularies",
    summary="Read a vocabulary: its codes, what they mean, and the source of each meaning",
    answer=VocabularyOut,
    choices={"name": tuple(VOCABULARIES)},
)
def get_public_vocabulary(call: Call, name: str) -> Any:  # noqa: ARG001  # the same for every call
    """Each code with its label in several languages, its meaning and its source."""
    return tag_bytes(_dump_vocabulary(VOCABULARIES[name]))


@endpoint(
    "GET",
    "/v1/public/tracks",
    permission=PUBLIC,
    tag="vocabularies",
    summary="Read the state table: every track, its states, what each demands, the moves that are not allowed",
    answer=TrackList,
)
def list_public_tracks(call: Call) -> Any:  # noqa: ARG001  # the same for every call
    """Each track with its kind of subject, who may answer it, its states, what evidence each state demands, and the
    moves that are refused."""
    return tag_bytes(encode_json({"items": [_dump_track(one) for one in TRACKS.values()]}))


@endpoint(
    "GET",
    "/v1/public/measures",
    permission=PUBLIC,
    tag="vocabularies",
    summary="Read the table of measures: what indicators count, by which stages, and what must hold between these",
    answer=MeasureList,
)
def list_public_measures(call: Call) -> Any:  # noqa: ARG001  # the same for every call
    """Each measure with its code, what it counts, and its source."""
    return tag_bytes(encode_json(MeasureList().dump({"items": list(MEASURES.values())})))
