"""The public copy of an item is served from the public side: what it is found by, when it is gone, and that the record
is not asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from werkzeug.test import TestResponse

from tests.api.factories import Stage
from tracker.api.http.endpoint import Call
from tracker.public.tables import metadata as public_side
from tracker.store import models
from tracker.store.database import db

FILES = "/v1/evidence/{evidence}/files"
PUBLIC = "/v1/public/evidence/{evidence}/file"
BODY = b"Without names."


def copy(stage: Stage, body: bytes = BODY, *, approved: bool = True) -> str:
    """A public copy of the item; its id."""
    made = stage.send("POST", f"{FILES}?role=public_derivative", body, content_type="text/plain").json
    if approved:
        stage.post(f"{FILES}/{made['id']}/approval", None, by="approver", status=200)
    return str(made["id"])


def download(stage: Stage, **headers: str) -> TestResponse:
    return stage.send("GET", PUBLIC, by=None, headers=headers)


def problem(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, str(answer.json["type"]).rpartition("/")[2]


@contextmanager
def watched() -> Iterator[list[str]]:
    """The tables that are named by statements while the block lasts."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.extend(re.findall(r"(?:FROM|JOIN|INTO|UPDATE)\s+\"?(\w+)", statement))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def no_session(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """A stage with a public copy, whose record can no longer be opened."""
    copy(stage)

    def closed(_call: Call) -> Any:
        raise AssertionError("somebody opened the record")

    monkeypatch.setattr(Call, "session", property(closed))
    return stage


@pytest.mark.parametrize("known", [False, True])
def test_an_anonymous_download_names_public_tables_only_and_opens_no_record(
    no_session: Stage, known: bool
) -> None:
    tag = download(no_session).headers["ETag"]
    with watched() as tables:
        answer = download(no_session, **({"If-None-Match": tag} if known else {}))
    assert answer.status_code == (304 if known else 200)
    assert set(tables) == {"public_document", "public_file"}
    assert set(tables) <= public_side.tables.keys()
    assert not set(tables) & models.metadata.tables.keys()


def test_the_door_of_the_public_copy_cannot_name_the_record() -> None:
    import tracker.api.public_files as door  # noqa: PLC0415  # the module itself is looked at

    assert not [name for name, one in vars(door).items() if "tracker.store" in repr(one)]


def test_what_was_not_approved_is_not_there_and_what_was_is(stage: Stage) -> None:
    assert problem(download(stage)) == (404, "not-found")
    copy(stage, approved=False)
    assert problem(download(stage)) == (404, "not-found")
    copy(stage, b"Another.")
    sent = download(stage)
    assert sent.data == b"Another."
    assert sent.headers["Content-Disposition"].endswith('.txt"'), "the public opens it with its own programs"


def test_of_several_copies_that_were_approved_the_last_is_public(stage: Stage) -> None:
    for body in (b"First.", b"Second."):
        copy(stage, body)
        stage.world.clock.move(seconds=1)  # type: ignore[attr-defined]  # the clock of a test
        assert download(stage).data == body


def test_a_copy_that_was_approved_before_its_item_was_published_is_public_with_it(stage: Stage) -> None:
    stage.ids["evidence"] = stage.world.item(publish=False)
    copy(stage)
    assert problem(download(stage)) == (404, "not-found")
    stage.publish(stage.ids["evidence"])
    assert download(stage).data == BODY


def test_a_withdrawn_copy_is_gone_and_nothing_public_names_its_bytes(stage: Stage) -> None:
    copy(stage)
    stage.withdraw(stage.ids["evidence"])
    assert problem(download(stage)) == (410, "withdrawn")
    assert public_rows() == []


def test_what_is_withdrawn_with_its_process_takes_its_copy_along(stage: Stage) -> None:
    copy(stage)
    stage.world.withdraw(stage.ids["process"])
    assert problem(download(stage)) == (410, "withdrawn")
    assert public_rows() == []


def test_a_redacted_copy_is_gone_from_the_first_order(stage: Stage) -> None:
    copy(stage)
    for who in ("first", "second"):
        stage.world.person(who, "custodian")
        stage.post("/v1/subjects/{evidence}/redaction", {"reason": "minor"}, by=who, status=200)
        assert problem(download(stage)) == (410, "redacted")
        assert public_rows() == []


def test_a_raised_protection_takes_the_copy_away(stage: Stage) -> None:
    copy(stage)
    stage.post(
        "/v1/evidence/{evidence}/protection",
        {"protection": "confidential", "reason": "A name can be read."},
        status=200,
    )
    assert problem(download(stage)) == (410, "withdrawn")
    assert public_rows() == []


def public_rows() -> list[Any]:
    with db.engine.connect() as connection:
        return list(connection.execute(public_side.tables["public_file"].select()))
