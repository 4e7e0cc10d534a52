"""How others would call where things stand: crosswalks, and a process in the words of another scheme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.responses import tag_bytes
from tracker.api.public import Then
from tracker.domain import errors
from tracker.domain.canonical import encode_json
from tracker.domain.people import PUBLIC
from tracker.domain.vocabularies.crosswalks import SCHEMES, TRACK, VERSION, Cell, Scheme
from tracker.public import queries
from tracker.public.schema_fields import Name
from tracker.schemas.fields import Code


class CellOut(Schema):
    """Their word for a state of ours, null where they have none; ``lossy`` where it does not say quite the same."""

    state = fields.String(required=True)
    label = fields.String(required=True, allow_none=True)
    lossy = fields.Boolean(required=True)


class CrosswalkName(Schema):
    """A scale of another project."""

    scheme = fields.String(required=True)
    title = fields.String(required=True)
    about = fields.String(required=True)
    track = fields.String(required=True)
    version = fields.String(required=True)


class CrosswalkOut(CrosswalkName):
    """The words of a scale for our states."""

    cells = fields.List(fields.Nested(CellOut), required=True)


class CrosswalkList(Schema):
    """The scales that our states can be read in."""

    items = fields.List(fields.Nested(CrosswalkName), required=True)


class ForeignAnswer(CellOut):
    """A state in the word of another scale."""

    assessor = fields.Nested(Name, required=True)


class ForeignStanding(Schema):
    """Where each recommendation stands, in the words of another scale."""

    id = fields.String(required=True)
    reference = fields.String(required=True, allow_none=True)
    title = fields.String(required=True)
    lead = fields.Nested(ForeignAnswer, required=True)
    others = fields.List(fields.Nested(ForeignAnswer), required=True)


class ForeignCount(Schema):
    """How many recommendations their word stands for, by the lead's answer; null counts those without any."""

    label = fields.String(required=True, allow_none=True)
    count = fields.Integer(required=True)


class ForeignProcess(Schema):
    """Where the implementation of every recommendation stands, in the words of another scheme, beside our own."""

    scheme = fields.String(required=True)
    version = fields.String(required=True)
    track = fields.String(required=True)
    total = fields.Integer(required=True)
    counts = fields.List(fields.Nested(ForeignCount), required=True)
    items = fields.List(fields.Nested(ForeignStanding), required=True)


class SchemeQuery(Then):
    scheme = Code(
        SCHEMES, required=True, metadata={"description": "One of those at `/v1/public/crosswalks`."}
    )


def _find_scheme(scheme: Scheme) -> dict[str, Any]:
    return {
        "scheme": scheme.code,
        "title": scheme.title,
        "about": scheme.about,
        "track": TRACK,
        "version": VERSION,
    }


def _dump_cell(state: str, cell: Cell) -> dict[str, Any]:
    return {"state": state, "label": cell.label, "lossy": cell.lossy}


@endpoint(
    "GET",
    "/v1/public/crosswalks",
    permission=PUBLIC,
    tag="vocabularies",
    summary="List the schemes into which states of implementation are translated",
    answer=CrosswalkList,
)
def list_public_crosswalks(call: Call) -> Any:  # noqa: ARG001  # the same for every call
    """A scheme is the scale of another project, for example of a follow-up procedure of the UN. Each has its name,
    its publisher and a link."""
    return tag_bytes(encode_json({"items": [_find_scheme(one) for one in SCHEMES.values()]}))


@endpoint(
    "GET",
    "/v1/public/crosswalks/{scheme}",
    permission=PUBLIC,
    tag="vocabularies",
    summary="Read the word of a scheme for each state of implementation",
    answer=CrosswalkOut,
    choices={"scheme": tuple(SCHEMES)},
)
def get_public_crosswalk(call: Call, scheme: str) -> Any:  # noqa: ARG001  # the same for every call
    """For each of our states of implementation, the word of the scheme, and whether it says the same, more or
    less."""
    crosswalk = SCHEMES[scheme]
    return tag_bytes(
        encode_json(
            {**_find_scheme(crosswalk), "cells": [_dump_cell(*cell) for cell in crosswalk.cells.items()]}
        )
    )


@endpoint(
    "GET",
    "/v1/public/processes/{id}/standing",
    permission=PUBLIC,
    tag="public-processes",
    summary="Read the state of every recommendation of a process, in the words of another scheme",
    query=SchemeQuery,
    answer=ForeignProcess,
    refusals=(errors.Withdrawn, errors.Redacted),
    names={"id": "process"},
)
def get_public_standing_in_a_scheme(call: Call, id: str) -> Any:
    """Each public recommendation of the process with its state of implementation, in our word and in the word of
    the scheme."""
    queries.find_document(call.public, "process", id, call.now)
    scheme = SCHEMES[call.query["scheme"]]
    then = (call.now, call.query.get("as_of"), call.query.get("known_at"))
    briefs = queries.list_past_briefs(call.public, id, "recommendation", *then)
    items = [_dump_standing(scheme, one) for one in briefs]
    counts = {cell.label: 0 for cell in scheme.cells.values()}
    for item in items:
        counts[item["lead"]["label"]] += 1
    page = {
        "scheme": scheme.code,
        "version": VERSION,
        "track": TRACK,
        "total": len(items),
        "counts": [{"label": label, "count": count} for label, count in counts.items()],
        "items": items,
    }
    return tag_bytes(encode_json(page))


def _dump_standing(scheme: Scheme, brief: Mapping[str, Any]) -> dict[str, Any]:
    """Where a recommendation stands: the lead's answer and everybody else's, none of them left out."""
    answers = next(one for one in brief["standing"] if one["track"] == TRACK)

    def dump_answer(row: Mapping[str, Any]) -> dict[str, Any]:
        return {"assessor": row["assessor"], **_dump_cell(row["state"], scheme.cells[row["state"]])}

    return {
        "id": brief["id"],
        "reference": brief["reference"],
        "title": brief["title"],
        "lead": dump_answer(answers["lead"]),
        "others": [dump_answer(row) for row in answers["others"]],
    }
