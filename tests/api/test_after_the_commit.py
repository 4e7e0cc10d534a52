"""What the database cannot undo follows the commit: each step is tried, and none of them makes an act that is done look
as if it were not.
"""

from __future__ import annotations

import pytest

from tests.api.factories import Stage
from tracker.domain.files import StorageUnavailable


def test_a_store_that_fails_once_keeps_one_file_of_a_redaction_and_the_answer_says_that_it_is_done(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = stage.app.extensions["tracker"].files
    for content in (b"one", b"two", b"three"):
        made = stage.send("POST", "/v1/evidence/{evidence}/files", content, content_type="text/plain")
        assert made.status_code == 201
    for name in ("keeper", "second"):
        stage.world.person(name, "custodian")
    delete, asked = type(files).delete, []

    def failing(self: object, key: str) -> None:
        asked.append(key)
        if len(asked) == 1:
            raise StorageUnavailable("the store does not answer")
        delete(self, key)

    monkeypatch.setattr(type(files), "delete", failing)
    body, once = {"reason": "witness_safety"}, {"Idempotency-Key": "once"}
    path = "/v1/subjects/{evidence}/redaction"
    stage.post(path, body, by="keeper", status=200)
    done = stage.post(path, body, by="second", status=200, headers=once)
    assert (len(asked), len(list(files.held()))) == (3, 1)
    assert stage.post(path, body, by="second", status=200, headers=once) == done
