"""The tracker serves its own contract, and a page for the type of every problem that it answers."""

from __future__ import annotations

import json

import yaml

from tests.api.factories import Stage
from tests.contract.client import committed
from tracker.api.http.problems import type_of
from tracker.http.refusals import STATUS


def test_the_contract_is_served_as_json_and_as_yaml_to_anybody_and_kept_by_its_tag(one_stage: Stage) -> None:
    for form, read in (("json", json.loads), ("yaml", lambda raw: yaml.load(raw, yaml.CSafeLoader))):
        path = f"/openapi.{form}"
        answer = one_stage.client.get(path)
        assert answer.content_type == f"application/{form}"
        assert read(answer.data) == committed()
        again = one_stage.client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    assert one_stage.get("/v1/public", by=None)["contract"] == "/openapi.json"


def test_the_type_of_a_problem_is_an_address_at_which_it_is_explained(one_stage: Stage) -> None:
    problem = one_stage.client.get("/v1/nothing").get_json()
    page = one_stage.get(problem["type"], by=None)
    assert (page["type"], page["title"], page["status"]) == (problem["type"], problem["title"], 404)
    assert page["remedy"]
    listed = one_stage.get("/problems", by=None)["items"]
    assert [one["type"] for one in listed] == sorted(type_of(kind) for kind in STATUS)
    assert one_stage.client.get("/problems/no-such-type").status_code == 404
