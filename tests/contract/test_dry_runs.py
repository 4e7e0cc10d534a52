"""Every act whose body is JSON can be tried first: the answer is the one that the act then has, and until then nothing
is recorded, on neither side. The whole script is acted out so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from sqlalchemy import Connection, text

from tests.contract import scenario_steps
from tests.contract.scenario import OPERATIONS, Example, stage
from tracker.schemas.trials import DRY_RUN

TRIED: Final = sorted(name for name, one in OPERATIONS.items() if one.tries)
#: What is drawn by lot: another id, or another key, each time.
_DRAWN: Final = re.compile(r"[0-9a-z]{26}|trk_[\w-]+|whsec_[\w+/=]+")


@pytest.fixture(scope="module")
def tries() -> dict[str, list[tuple[Any, Any]]]:
    """operation -> what each dry run of it said, and how the act was then answered."""
    found: dict[str, list[tuple[Any, Any]]] = {name: [] for name in TRIED}
    with stage() as play, play.world.session.get_bind().connect() as watching:
        keep, send = play._keep, play.send
        asked: list[str] = []

        def noting(operation: str, request: Example, as_name: str | None) -> Any:
            asked.append(operation)
            return keep(operation, request, as_name)

        def tried_first(request: Example) -> Any:
            if request["method"] == "GET" or asked[-1] not in found:
                return send(request)
            send(
                {"method": "GET", "path": "/v1/me", "by": request["by"]}
            )  # on which day a key was used is kept
            with _nothing_committed(watching):
                tried = send({**request, "query": {"dry_run": "true"}})
            assert tried.content_type == DRY_RUN, tried.data
            answer = send(request)
            found[asked[-1]].append((tried.get_json(), answer))
            return answer

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(play, "_keep", noting)
            patched.setattr(play, "send", tried_first)
            scenario_steps.act(play)
    return found


@contextmanager
def _nothing_committed(watching: Connection) -> Iterator[None]:
    """SQLite gives its file another version whenever somebody else commits a change."""
    before = _version(watching)
    yield
    assert _version(watching) == before


def _version(watching: Connection) -> Any:
    found = watching.scalar(text("PRAGMA data_version"))
    watching.rollback()
    return found


@pytest.mark.parametrize("operation", TRIED)
def test_a_dry_run_is_answered_as_the_act_then_is(tries, operation: str) -> None:
    assert tries[operation], "no line of the script calls it"
    for tried, answer in tries[operation]:
        assert tried["status"] == answer.status_code
        assert _DRAWN.sub("…", repr(tried["answer"])) == _DRAWN.sub("…", repr(answer.get_json()))


def test_what_is_read_on_record_and_what_counts_attempts_is_not_tried() -> None:
    untried = {one.operation for one in OPERATIONS.values() if one.method != "GET" and not one.tries}
    assert untried == {
        *("hand_over", "read_audit", "read_file", "read_sealed", "read_tip", "set_password"),
        *("add_file", "submit_with_files", "import_rows", "test_webhook"),
    }
