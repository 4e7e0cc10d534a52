"""Whatever a stranger makes up from the document alone, every role gets an answer that the document declares, and no
accident. What is made up is as the document says, or just beside it; ids of things that are there stand in for made-up
ones, so that it reaches the acts and not only the door. The client holds every answer against the document.
"""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.api.conftest import one_stage  # noqa: F401  # a fixture is asked for by its name
from tests.api.factories import Stage
from tests.api.forms import FORM, form
from tests.contract.client import committed, there
from tests.draws import draws
from tracker.api.http.endpoint import ENDPOINTS, Endpoint
from tracker.domain import ids
from tracker.domain.people import PUBLIC, ROLES, SPEAKING

EXAMPLES = draws(4)
#: How often somebody who may do everything asks, next to each single role.
WHO = st.sampled_from(["everything"] * len(ROLES) + list(ROLES))


@cache
def _document() -> Any:
    """The document as Schemathesis reads it, which takes seconds to import: only where these tests are run. Headers are
    left out: `ask` sends its own, and nothing is drawn, or made wrong, that is not sent."""
    import schemathesis  # noqa: PLC0415

    document = deepcopy(committed())
    for operations in document["paths"].values():
        for said in operations.values():
            said["parameters"] = [one for one in said.get("parameters", ()) if there(one)["in"] != "header"]
    return schemathesis.openapi.from_dict(document)


def make_up(one: Endpoint) -> Any:
    """What the document lets somebody send; and what is just beside that, where there is anything to get wrong."""
    from schemathesis import GenerationMode  # noqa: PLC0415

    operation = _document()[one.path][one.method]
    made_up = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if one.body is not None or one.form is not None or one.query is not None:
        made_up |= operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    return made_up


@pytest.fixture(scope="module")
def crowd(one_stage: Stage) -> Stage:  # noqa: F811  # it is the fixture above
    """The stage with a person for each role, and one who has all of them."""
    world = one_stage.world
    for role in ROLES:
        world.person(
            role if role not in world.keys else f"one more {role}",
            role,
            organization=world.watchdog if role in SPEAKING else None,
        )
    world.person("everything", *ROLES, organization=world.lead)
    one_stage.ids["change"] = world.propose(one_stage.ids["recommendation"], "closure", "superseded").id
    one_stage.ids["resource"] = one_stage.post(
        "/v1/resources",
        {"process": "{process}", "committee": "{committee}", "type": "budget", "title": "Money"},
    )["id"]
    one_stage.ids["event"] = one_stage.get("/v1/public/changes", by=None)["items"][0]["id"]
    one_stage.ids["organization"] = one_stage.ids["press"]
    # Somebody of whom nothing else hangs: what is made up may suspend them.
    one_stage.ids["person"] = world.person("expendable", "custodian").id
    one_stage.ids["key"] = one_stage.post("/v1/keys", {"account": "{person}"}, by="admin")["key"]["id"]
    return one_stage


def real(stage: Stage, value: Any) -> Any:
    """The value with made-up ids replaced by those of things that are there."""
    if isinstance(value, str):
        return stage.ids.get(ids.kind_of(value) or "", value)
    if isinstance(value, dict):
        return {name: real(stage, inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [real(stage, inner) for inner in value]
    return value


def ask(stage: Stage, one: Endpoint, case: Any, who: str) -> None:
    path = one.path
    for name in one.parameters:
        made_up = str((case.path_parameters or {}).get(name, "x"))
        path = path.replace(f"{{{name}}}", real(stage, made_up) or "x")
    headers = {} if one.permission == PUBLIC else stage.world.headers(who)
    if one.method == "PATCH":
        read = stage.client.get(path, headers=headers)
        headers["If-Match"] = read.headers.get("ETag", '"x"')
    more: dict[str, Any] = {}
    if one.body is not None:
        body = (
            real(stage, case.body) if isinstance(case.body, (dict, list, str, int, float, type(None))) else {}
        )
        more = {"data": json.dumps(body), "content_type": one.media_types[0]}
    if one.form is not None:
        made_up = case.body if isinstance(case.body, dict) else {}
        files = made_up.get("file")
        sent = [str(one).encode() for one in files] if isinstance(files, list) else []
        more = {"data": form(real(stage, made_up.get("item")), sent), "content_type": FORM}
    query = {name: real(stage, value) for name, value in (case.query or {}).items()}
    answer = stage.client.open(path, method=one.method, headers=headers, query_string=query, **more)
    assert answer.status_code < 500


@pytest.mark.parametrize("one", [pytest.param(one, id=one.operation) for one in ENDPOINTS])
def test_whatever_is_made_up_gets_a_declared_answer(crowd: Stage, one: Endpoint) -> None:
    @given(case=make_up(one), who=WHO)
    @settings(
        max_examples=EXAMPLES * (3 if one.body is not None or one.form is not None else 1),
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def run(case: Any, who: str) -> None:
        ask(crowd, one, case, who)

    run()
