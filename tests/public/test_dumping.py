"""A finished document leaves through the schema that describes it: with all that is described, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from marshmallow import Schema, fields

from tests.public.factories import prepare
from tests.world import World
from tracker.public import build_document, rendering
from tracker.public.content.allow_list import CONTENT
from tracker.public.document_model import Document
from tracker.public.document_schemas import make_brief_schema
from tracker.public.dumping import dump_brief
from tracker.public.tables import document


def members(schema: Schema) -> set[str]:
    return {field.data_key or name for name, field in schema.dump_fields.items() if field.required}


def test_every_stored_document_has_the_members_that_its_schema_describes(world: World) -> None:
    prepare(world)
    world.report("final")
    world.resource(world.committee)
    world.indicator()
    rows = world.session.connection().execute(document.select().where(document.c.withdrawn.is_(None))).all()
    assert {row.kind for row in rows} == set(CONTENT)
    for row in rows:
        said = json.loads(row.brief)
        schema = make_brief_schema(row.kind)()
        assert members(schema) <= said.keys() <= {one.data_key or name for name, one in schema.fields.items()}
        assert dump_brief(row.kind, said) == said


def test_what_no_schema_describes_does_not_leave(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever somebody puts into a document, and however deep."""
    build = build_document.build_document

    def build_more(*given: Any) -> Document:
        made = build(*given)
        made.brief |= {"submitted_by": "Name of a witness"}
        for answer in made.brief.get("standing", ()):
            answer["lead"]["assessor"] = {**answer["lead"]["assessor"], "contact": "Name of a witness"}
        made.history = [{**change, "decided_by": "Name of a witness"} for change in made.history]
        return made

    monkeypatch.setattr(rendering, "build_document", build_more)
    asked = world.recommendation("C1")
    world.answer(asked, "implementation", "not_started")
    row = world.session.connection().execute(document.select().where(document.c.id == asked)).one()
    assert b"not_started" in row.history
    assert b"witness" not in row.brief + row.history


class Inner(Schema):
    name = fields.String(required=True)
    note = fields.String(required=True, allow_none=True)


class Outer(Schema):
    one = fields.Nested(Inner, required=True, allow_none=True)
    several = fields.List(fields.Nested(Inner), required=True)
    words = fields.Dict(required=True)
    more = fields.String()


def test_what_an_act_of_an_earlier_version_does_not_say_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.public.dumping.make_brief_schema", lambda _kind: Outer)
    assert dump_brief("x", {}) == {"one": None, "several": [], "words": {}}
    said = {
        "one": {"name": "A", "secret": "B"},
        "several": [{"name": "C", "note": "D"}],
        "more": "E",
        "no": "F",
    }
    assert dump_brief("x", said) == {
        "one": {"name": "A", "note": None},
        "several": [{"name": "C", "note": "D"}],
        "words": {},
        "more": "E",
    }
    with pytest.raises(KeyError, match="name"):
        dump_brief("x", {"one": {"note": None}})
