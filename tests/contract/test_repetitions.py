"""Every POST that is sent twice under one `Idempotency-Key` is acted on once, and what it made is told again.

The whole script is acted out so. Nothing happens between the two requests, so both are answered the same.
"""

from __future__ import annotations

from itertools import count
from typing import Any, Final

import pytest
from werkzeug.test import TestResponse

from tests.contract import scenario_steps
from tests.contract.scenario import OPERATIONS, Example, stage

Pairs = dict[str, list[tuple[TestResponse, TestResponse]]]
POSTS: Final = {name: one for name, one in OPERATIONS.items() if one.method == "POST"}
REPEATED: Final = sorted(name for name, one in POSTS.items() if one.again is not None)
#: What is shown once, by operation, as it is told again.
_SECRETS: Final = ("issue_key", "create_webhook", "rotate_webhook_secret")
SHOWN_ONCE: Final = {name: {"secret": None} for name in _SECRETS}
#: The act itself hides what it was about from whoever asked for it.
HIDES: Final = "withdraw_consent"
#: Each call is written down, so each is an act of its own.
READINGS: Final = {"test_webhook", "hand_over", "read_audit", "read_file", "read_sealed", "read_tip"}


@pytest.fixture(scope="module")
def answers() -> Pairs:
    """operation -> the answers to each request of it and to the same again."""
    found: Pairs = {name: [] for name in POSTS}
    numbers = count()
    with stage() as play:
        keep, send = play._keep, play.send
        asked: list[str] = []

        def noting(operation: str, request: Example, as_name: str | None) -> Any:
            asked.append(operation)
            return keep(operation, request, as_name)

        def twice(request: Example) -> TestResponse:
            if request["method"] != "POST":
                return send(request)
            headers = {**request.get("headers", {}), "Idempotency-Key": f"once-{next(numbers)}"}
            first, again = (send({**request, "headers": headers}) for _ in range(2))
            found[asked[-1]].append((first, again))
            return first

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(play, "_keep", noting)
            patched.setattr(play, "send", twice)
            scenario_steps.act(play)
    return found


def as_it_stands(operation: str, answer: TestResponse) -> dict[str, Any]:
    """An answer; of the report of an import what it recorded, without what it did: that is done."""
    told: dict[str, Any] = answer.get_json()
    if operation != "import_rows":
        return told
    rows = [(one["row"], one["id"], one["name"]) for one in told["rows"]]
    return {**told, "rows": rows, "totals": sum(told["totals"].values())}


@pytest.mark.parametrize("operation", [name for name in REPEATED if name != HIDES])
def test_a_repetition_is_answered_as_the_first_request_was(answers: Pairs, operation: str) -> None:
    assert answers[operation], "the script sends no such request"
    for first, again in answers[operation]:
        assert "Idempotency-Replayed" not in first.headers
        assert again.headers["Idempotency-Replayed"] == "true"
        assert again.status_code == first.status_code
        assert as_it_stands(operation, again) == as_it_stands(operation, first) | SHOWN_ONCE.get(
            operation, {}
        )
        for name in ("ETag", "Location"):
            assert again.headers.get(name) == first.headers.get(name)


def test_every_post_but_a_reading_says_what_a_repetition_reads() -> None:
    assert POSTS.keys() - set(REPEATED) == READINGS


@pytest.mark.parametrize("operation", sorted(READINGS))
def test_what_is_read_on_record_is_read_again_each_time(answers: Pairs, operation: str) -> None:
    assert answers[operation], "the script sends no such request"
    assert not any("Idempotency-Replayed" in again.headers for _first, again in answers[operation])


def test_what_an_act_has_sealed_from_its_sender_is_not_told_again(answers: Pairs) -> None:
    [(first, again)] = answers[HIDES]
    assert (first.status_code, again.status_code) == (200, 404)
