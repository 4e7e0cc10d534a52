"""What the endpoints promise of files holds wherever these lie: in a folder, and in a real S3 server that runs in this
process. The store is named by settings, as an operator names it.
"""

from __future__ import annotations

import hashlib
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.api.factories import Stage, dump
from tests.api.forms import FORM, form
from tests.api.test_evidence_files import FILES, digest, download, hand_over, problem
from tests.api.test_file_bounds import Line, Wrap, both, send
from tests.api.test_submissions import SAID, SUBMIT
from tests.conftest import SECRET
from tests.contract.client import ContractClient
from tests.files.conftest import bucket, s3_endpoint  # noqa: F401  # fixtures are asked for by their names
from tests.world import World
from tracker.actions.operations import fixity
from tracker.app import create_app
from tracker.domain.service_errors import Busy
from tracker.settings import Settings
from tracker.store.database import db

#: More than one part of an upload to S3.
BIG = bytes(range(256)) * (24 << 10)
Opened = Callable[..., Stage]


@pytest.fixture
def opened(world: World, sqlite_url: str, entropy: Callable[[int], bytes]) -> Iterator[Opened]:
    """A tracker as its settings say."""
    made = []

    def create(**more: str) -> Stage:
        environment = {"TRACKER_DATABASE_URL": sqlite_url, "TRACKER_SECRET_KEY": SECRET, **more}
        app = create_app(Settings.from_environment(environment), world.clock, entropy)
        app.test_client_class = ContractClient
        made.append(app)
        stage = Stage(app, app.test_client(), world)
        stage.get("/v1/me")  # the day of the last use of the key is noted
        return stage

    yield create
    for app in made:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def in_folder(opened: Opened, tmp_path: Path) -> Stage:
    return opened(TRACKER_FILES=(tmp_path / "elsewhere").as_uri())


@pytest.fixture
def in_s3(opened: Opened, bucket: str, s3_endpoint: str) -> Stage:  # noqa: F811  # they are the fixtures above
    return opened(TRACKER_FILES=bucket, TRACKER_FILES_ENDPOINT=s3_endpoint)


@pytest.fixture(params=["in_folder", "in_s3"])
def placed(request: pytest.FixtureRequest, opened: Opened) -> Stage:  # else there is no world yet
    stage: Stage = request.getfixturevalue(request.param)
    return stage


def held(stage: Stage) -> list[int]:
    """The sizes of all files that lie in the store."""
    return sorted(one.size for one in stage.app.extensions["tracker"].files.held())


def test_what_comes_back_is_what_was_handed_over(placed: Stage) -> None:
    made = hand_over(placed, BIG, headers={"Content-Digest": digest(BIG)}).json
    back = download(placed, made["id"])
    assert (back.data, back.headers["Repr-Digest"]) == (BIG, digest(BIG))
    assert problem(hand_over(placed, BIG)) == "same-file"
    assert held(placed) == [len(BIG)]


def test_an_item_and_its_files_come_in_one_call(placed: Stage) -> None:
    files = [BIG, b"The quay.", b""]
    once = {"Idempotency-Key": "a"}
    body = form(placed.fill(SAID), files)
    first, again = (placed.send("POST", SUBMIT, body, content_type=FORM, headers=once) for _ in range(2))
    assert (first.status_code, again.data) == (201, first.data)
    assert held(placed) == sorted(map(len, files))
    placed.ids["evidence"] = first.json["evidence"]["id"]
    assert [download(placed, one["id"]).data for one in first.json["files"]] == files
    assert (
        problem(placed.send("POST", SUBMIT, form(placed.fill(SAID), [b"new", BIG]), content_type=FORM))
        == "same-file"
    )
    assert held(placed) == sorted(map(len, files))


def test_a_copy_becomes_public(placed: Stage) -> None:
    copy = hand_over(placed, b"Without names.", query="?role=public_derivative").json
    placed.post(f"{FILES}/{copy['id']}/approval", None, by="approver", status=200)
    back = placed.send("GET", "/v1/public/evidence/{evidence}/file", by=None)
    assert back.data == b"Without names."
    assert back.headers["Repr-Digest"] == digest(b"Without names.")


def test_a_redaction_removes_the_bytes(placed: Stage) -> None:
    hand_over(placed, BIG)
    for who in ("first", "second"):
        placed.world.person(who, "custodian")
        path = "/v1/subjects/{evidence}/redaction"
        placed.post(path, {"reason": "witness_safety"}, by=who, status=200)
    assert held(placed) == []


@both
def test_an_upload_that_breaks_off_leaves_nothing(
    placed: Stage, way: Wrap, request: pytest.FixtureRequest
) -> None:
    path, before, after, media_type = way(placed, b"")
    body = before + BIG * 3 + after
    was = dump(placed.app)
    for size in (len(before) + 1000, len(body) - 1000):
        line = Line(iter([body[:size]]), breaks=True)
        answer = send(placed, path, line, media_type, length=str(len(body)))
        assert (answer.status_code, problem(answer)) == (400, "bad-request")
    assert (held(placed), dump(placed.app)) == ([], was)
    if "in_s3" in request.fixturenames:
        address = f"{request.getfixturevalue('s3_endpoint')}/{request.getfixturevalue('bucket').split('/')[2]}?uploads"
        with urllib.request.urlopen(address) as answer:  # noqa: S310  # our own server
            assert b"<Upload>" not in answer.read()


@both
def test_bytes_whose_record_did_not_come_about_are_swept(
    placed: Stage, way: Wrap, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_arguments: object) -> None:
        raise Busy("the database did not answer in time; nothing was recorded", wait=5)

    kept = hand_over(placed, b"kept").json
    path, before, after, media_type = way(placed, b"The quay.")
    with monkeypatch.context() as changed:
        changed.setattr("tracker.actions.custody.add_file", busy)
        changed.setattr("tracker.actions.submissions.submit_with_files", busy)
        body = before + after
        answer = send(placed, path, Line(iter([body])), media_type, length=str(len(body)))
    assert (answer.status_code, problem(answer)) == (503, "busy")
    assert len(held(placed)) > 1
    with placed.app.app_context():
        files, later = placed.app.extensions["tracker"].files, datetime.now(UTC) + timedelta(days=1)
        fixity.sweep_orphans(db.session(), files, later)
        db.session.remove()
    assert held(placed) == [4]
    assert hashlib.sha256(download(placed, kept["id"]).data).hexdigest() == kept["sha256"]


@both
@pytest.mark.parametrize("where", ["folder", "s3"])
def test_a_store_that_is_down_refuses_and_nothing_is_recorded(
    opened: Opened,
    where: str,
    way: Wrap,
    tmp_path: Path,
    bucket: str,  # noqa: F811  # it is the fixture above
) -> None:
    (tmp_path / "no-folder").write_text("a file where the folder should be")
    stage = opened(
        **{"TRACKER_FILES": (tmp_path / "no-folder" / "files").as_uri()}
        if where == "folder"
        else {"TRACKER_FILES": bucket, "TRACKER_FILES_ENDPOINT": "http://127.0.0.1:9"}
    )
    was = dump(stage.app)
    path, before, after, media_type = way(stage, b"The quay.")
    body = before + after
    answer = send(stage, path, Line(iter([body])), media_type, length=str(len(body)))
    assert (answer.status_code, problem(answer)) == (503, "storage-unavailable")
    assert not any(word in answer.get_data(as_text=True) for word in ("127.0", "bucket", "no-folder"))
    assert dump(stage.app) == was
