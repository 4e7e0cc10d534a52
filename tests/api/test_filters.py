"""No slip of the pen in a filter passes for an empty list: what no filter knows is refused, with what it does know; and
each filter by a state says whose answer it asks for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from marshmallow import fields

from tests.api.factories import Stage
from tracker.actions import webhooks
from tracker.api.http.endpoint import ENDPOINTS, Endpoint
from tracker.domain import ids
from tracker.domain.people import PUBLIC
from tracker.domain.tracks import list_tracks_of
from tracker.domain.vocabularies.countries import CODES
from tracker.http.context import Context
from tracker.schemas.fields import Code, IdOrSlug

#: Takes any words.
FREE = {"q"}


def filters() -> Iterator[Any]:
    """Every parameter of every query of the URL map, but those that take any words."""
    for one in ENDPOINTS:
        for name, field in (
            one.query().fields.items() if one.query is not None and one.method == "GET" else ()
        ):
            if name not in FREE:
                yield pytest.param(one, name, field, id=f"{one.operation} {name}")


@pytest.fixture(scope="module")
def asked_by_all(one_stage: Stage) -> Stage:
    world = one_stage.world
    for role in ("custodian", "partner", "watchdog"):
        world.person(role, role, organization=world.press if role != "custodian" else None)
    known: Context = one_stage.app.extensions["tracker"]
    with world.act(world.admin) as act:
        said = {"url": "https://receiver.example/", "description": "Ours"}
        one_stage.ids["webhook"] = webhooks.add_webhook(act, said, known.sealer(), local=False)[0].id
    return one_stage


def ask(stage: Stage, one: Endpoint, query: str) -> Any:
    path = one.path
    for name in one.parameters:
        kind = one.kinds(name)[0] if name in one.names else ""
        nothing = ids.make_id(kind, b"\7" * 16) if kind else one.choices[name][0]
        path = path.replace(f"{{{name}}}", stage.ids.get(kind, nothing))
    for who in [None] if one.permission == PUBLIC else stage.world.keys:
        answer = stage.send("GET", f"{path}?{query}", by=who)
        if answer.status_code not in (401, 403):
            break
    return answer


@pytest.mark.parametrize(("one", "name", "field"), list(filters()))
def test_a_filter_refuses_what_it_does_not_know_and_says_what_it_does(
    asked_by_all: Stage, one: Endpoint, name: str, field: fields.Field[Any]
) -> None:
    needed = "".join(
        f"&{other}=x" for other, needs in one.query().fields.items() if needs.required and other != name
    )
    answer = ask(asked_by_all, one, f"{field.data_key or name}=no_such_value%21{needed}")
    assert answer.status_code == 422, answer.data
    faults = {one["pointer"]: one["detail"] for one in answer.get_json()["errors"]}
    detail = faults[field.data_key or name]
    if isinstance(field, Code):
        choices = next(one.choices for one in field.validators if hasattr(one, "choices"))
        assert all(str(code) in detail for code in choices)


@pytest.mark.parametrize("collection", ["processes", "evidence"])
def test_the_case_of_a_country_does_not_matter_and_an_unknown_one_is_refused(
    stage: Stage, collection: str
) -> None:
    stage.world.item(country="SY") if collection == "evidence" else stage.patch(
        "/v1/processes/{process}", {"country": "SY"}
    )
    path = f"/v1/public/{collection}?country="
    big, small = stage.get(f"{path}SY", by=None), stage.get(f"{path}sy", by=None)
    assert len(small["items"]) == 1
    assert small == big
    assert "as SY" in stage.send("GET", f"{path}zz", by=None).get_json()["errors"][0]["detail"]


def test_countries_are_those_of_the_standard() -> None:
    assert len(CODES) == 250
    assert all(len(code) == 2 and code.isupper() and code.isascii() for code in CODES)


def test_with_an_assessor_a_state_of_the_lead_alone_stays_the_leads(stage: Stage) -> None:
    world, id = stage.world, stage.ids["recommendation"]
    world.answer(id, "closure", "superseded")
    world.answer(id, "implementation", "not_started", assessor=world.press)
    path = f"/v1/public/recommendations?assessor={world.press}"
    for query, number in (
        ("", 1),
        ("&closure=superseded", 1),
        ("&closure=open", 0),
        ("&implementation=not_started", 1),
        ("&implementation=not_started&closure=superseded", 1),
        ("&implementation=not_assessed", 0),
    ):
        assert len(stage.get(path + query, by=None)["items"]) == number, query
    other = f"/v1/public/recommendations?assessor={world.daily}&closure=superseded"
    assert stage.get(other, by=None)["items"] == []


@pytest.mark.parametrize(
    "kind", ["committee", "resource", "deadline", "recommendation", "indicator", "evidence"]
)
def test_each_filter_by_a_state_says_whose_answer_it_asks_for(kind: str) -> None:
    plural = kind if kind == "evidence" else f"{kind}s"
    one = next(one for one in ENDPOINTS if one.operation == f"list_public_{plural}")
    assert one.query is not None
    declared = one.query().fields
    for track in list_tracks_of(kind):
        field = next(field for name, field in declared.items() if (field.data_key or name) == track.code)
        who = {"lead": "the lead alone", "any": "`assessor`", "desk": "the desk"}[track.holder]
        who = "any addressee" if track.per_addressee else who
        assert who in field.metadata["description"]
    differing = {track.code for track in list_tracks_of(kind) if track.holder == "any"}
    assert ("diverges" in declared) == bool(differing)


def filters_by_slug() -> Iterator[Any]:
    """Every filter of the public half by something that has a short name."""
    for one in ENDPOINTS:
        for name, field in one.query().fields.items() if one.query is not None else ():
            if one.permission == PUBLIC and getattr(field, "kinds", ())[:1] in (
                ("process",),
                ("organization",),
            ):
                yield pytest.param(one, name, field, id=f"{one.operation} {name}")


@pytest.mark.parametrize(("one", "name", "field"), list(filters_by_slug()))
def test_a_public_filter_takes_a_short_name_wherever_it_takes_an_id(
    one_stage: Stage, one: Endpoint, name: str, field: Any
) -> None:
    assert isinstance(field, IdOrSlug)
    id, slug = {
        "process": (one_stage.ids["process"], "coast"),
        "organization": (one_stage.ids["government"], "government"),
    }[field.kinds[0]]
    also = "&q=e" if "q" in one.query().fields else ""
    by_id = one_stage.send("GET", f"{one.path}?{name}={id}{also}", by=None)
    by_slug = one_stage.send("GET", f"{one.path}?{name}={slug}{also}", by=None)
    assert (by_slug.status_code, by_slug.data) == (200, by_id.data)


@pytest.mark.parametrize(("one", "name", "field"), list(filters_by_slug()))
def test_a_short_name_that_nothing_public_has_is_refused_and_named(
    one_stage: Stage, one: Endpoint, name: str, field: Any
) -> None:
    also = "&q=e" if "q" in one.query().fields else ""
    answer = one_stage.send("GET", f"{one.path}?{name}=nobody{also}", by=None)
    [fault] = answer.get_json()["errors"]
    assert (answer.status_code, fault["pointer"]) == (422, name)
    assert "'nobody'" in fault["detail"]
