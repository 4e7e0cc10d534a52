"""Every operation has an example, and every example holds: the same request, in the same small world, gets the same
status and the same body; what it says is what its schema says; the document shows it.
"""

from __future__ import annotations

import pytest

from tests.contract.client import committed, faults, whole
from tests.contract.examples import acted_out
from tests.contract.examples import committed as kept
from tests.contract.scenario import OPERATIONS

KEPT = kept()
HINT = "; a new endpoint gets a line in tests/contract/scenario_steps.py, then run `make examples`"


def test_every_operation_has_an_example_and_every_example_an_operation() -> None:
    missing = sorted(OPERATIONS.keys() - KEPT.keys())
    stray = sorted(KEPT.keys() - OPERATIONS.keys() - {"dry_run"})  # of all that can be tried
    assert (missing, stray) == ([], []), f"no example: {missing}, no operation: {stray}{HINT}"


def test_the_examples_are_those_that_the_script_acts_out() -> None:
    """Each request is sent again as its example tells it, and is answered again as it was."""
    again = acted_out()
    assert again.keys() == KEPT.keys(), "run `make examples`"
    changed = [name for name, example in KEPT.items() if again[name] != example]
    assert changed == [], "these have changed: look at why, then run `make examples`"


@pytest.mark.parametrize("operation", sorted(OPERATIONS.keys() & KEPT.keys()))
def test_the_document_shows_the_example_in_its_place(operation: str) -> None:
    one, example = OPERATIONS[operation], KEPT[operation]
    said = whole(committed()["paths"][one.path][one.method.lower()])
    if one.body is not None:
        for content in said["requestBody"]["content"].values():
            assert content["examples"]["sent"]["value"] == example["request"]["body"], "run `make spec`"
            assert faults(example["request"]["body"], content["schema"]["$ref"]) == []
    if one.form is not None:
        (content,) = said["requestBody"]["content"].values()
        assert content["examples"]["sent"]["value"] == example["request"]["body"], "run `make spec`"
    answer = example["answer"]
    content = said["responses"][str(answer["status"])].get("content")
    if content is None:
        assert "body" not in answer
        return
    shown = content[answer["content_type"]]
    assert shown["examples"]["answered"]["value"] == answer["body"], "run `make spec`"
    if "$ref" in shown["schema"]:
        assert faults(answer["body"], shown["schema"]["$ref"]) == []


def test_no_example_holds_a_key_that_somebody_could_take_for_a_real_one() -> None:
    shown = [name for name, one in KEPT.items() if "authorization" in str(one["request"]).lower()]
    assert shown == []
