"""A download that broke off goes on where it ended: one range, of the same bytes, for whoever may have them."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.api.factories import Stage
from tracker.files.files import place

BODY = bytes(range(32, 122)) * 7
FILES = "/v1/evidence/{evidence}/files"
PUBLIC = "/v1/public/evidence/{evidence}/file"


class Copy:
    """A file that can be downloaded by two ways: the private one, and that of its public copy."""

    def __init__(self, stage: Stage, body: bytes = BODY) -> None:
        self.stage = stage
        made = stage.send("POST", f"{FILES}?role=public_derivative", body, content_type="text/plain").json
        stage.post(f"{FILES}/{made['id']}/approval", None, by="approver", status=200)
        link = stage.post(f"{FILES}/{made['id']}/access", None, status=200)["link"]
        self.ways: dict[str, tuple[str, str | None]] = {"private": (link, "editor"), "public": (PUBLIC, None)}

    def get(self, way: str, method: str = "GET", **headers: str) -> TestResponse:
        path, by = self.ways[way]
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.stage.send(method, path, by=by, headers=given)


@pytest.fixture
def copy(stage: Stage) -> Copy:
    return Copy(stage)


both = pytest.mark.parametrize("way", ["private", "public"])
END = len(BODY)


@both
@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-", 0, END),
        ("bytes=100-", 100, END),
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        (f"bytes=600-{END + 5}", 600, END),
        ("bytes=-7", END - 7, END),
        ("bytes=-999999", 0, END),
    ],
)
def test_the_part_that_is_asked_for_is_sent(copy: Copy, way: str, asked: str, start: int, stop: int) -> None:
    answer = copy.get(way, Range=asked)
    assert (answer.status_code, answer.data) == (206, BODY[start:stop])
    assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{END}"
    assert answer.headers["Content-Length"] == str(stop - start)
    assert answer.headers["Repr-Digest"] == copy.get(way).headers["Repr-Digest"]  # that of all of it


@both
def test_two_halves_are_the_whole(copy: Copy, way: str) -> None:
    whole = copy.get(way)
    assert (whole.status_code, whole.data, whole.headers["Accept-Ranges"]) == (200, BODY, "bytes")
    tag = whole.headers["ETag"]
    rest = copy.get(way, Range="bytes=300-", If_Range=tag)
    assert BODY[:300] + rest.data == BODY
    assert rest.headers["ETag"] == tag


@both
@pytest.mark.parametrize(
    "asked",
    [
        "bytes=3-1",
        "bytes=0-1,4-5",
        "bytes=a-b",
        "bytes=-",
        "bytes=",
        "lines=0-1",
        "bytes 0-1",
        "bytes=1" * 99,
        "",
    ],
)
def test_what_is_not_one_range_is_passed_over(copy: Copy, way: str, asked: str) -> None:
    answer = copy.get(way, Range=asked)
    assert (answer.status_code, answer.data) == (200, BODY)
    assert "Content-Range" not in answer.headers


@both
@pytest.mark.parametrize("tag", ['"another"', 'W/"{}"', "Tue, 24 Nov 2026 12:00:00 GMT"])
def test_a_part_of_other_bytes_is_not_asked_for(copy: Copy, way: str, tag: str) -> None:
    own = copy.get(way).headers["ETag"].strip('"')
    answer = copy.get(way, Range="bytes=10-", If_Range=tag.format(own))
    assert (answer.status_code, answer.data) == (200, BODY)


@both
@pytest.mark.parametrize("asked", [f"bytes={END}-", "bytes=9999-10000", "bytes=-0"])
def test_what_lies_beyond_the_end_is_refused_with_its_length(copy: Copy, way: str, asked: str) -> None:
    answer: Any = copy.get(way, Range=asked)
    assert (answer.status_code, answer.json["type"]) == (416, "/problems/range-not-satisfiable")
    assert answer.headers["Content-Range"] == f"bytes */{END}"
    assert answer.headers["Cache-Control"] == "no-store"


@both
def test_a_question_for_the_headers_gets_those_of_all_of_it(copy: Copy, way: str) -> None:
    answer = copy.get(way, "HEAD", Range="bytes=10-")
    assert (answer.status_code, answer.headers["Content-Length"]) == (200, str(END))


@both
def test_of_bytes_that_were_changed_the_end_is_not_sent(
    copy: Copy, way: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A reader takes nothing changed for the whole, and the server log says which file it is."""
    store = copy.stage.app.extensions["tracker"].files
    [stored] = store.held()
    (store._root / place(stored.key)).write_bytes(BODY[:-1] + b"X")
    answer = copy.get(way)
    assert (answer.data, answer.headers["Content-Length"]) == (b"", str(END))
    assert '"event": "fixity"' in capsys.readouterr().err


def test_an_empty_file_has_no_part(stage: Stage) -> None:
    file = stage.send("POST", FILES, environ_overrides={"CONTENT_LENGTH": "0"}).json["id"]
    link = stage.post(f"{FILES}/{file}/access", None, status=200)["link"]
    assert stage.send("GET", link).status_code == 200
    assert stage.send("GET", link, headers={"Range": "bytes=0-"}).status_code == 416


def test_what_is_known_is_not_sent_in_parts(copy: Copy) -> None:
    tag = copy.get("public").headers["ETag"]
    assert copy.get("public", Range="bytes=10-", If_None_Match=tag).status_code == 304


def test_a_package_is_made_while_it_is_sent_and_has_no_parts(stage: Stage) -> None:
    stage.world.person("keeper", "custodian")
    link = stage.post("/v1/evidence/{evidence}/package", {"recipient": "court"}, by="keeper", status=200)[
        "link"
    ]
    answer = stage.send("GET", link, by="keeper", headers={"Range": "bytes=10-"})
    assert (answer.status_code, answer.headers["Accept-Ranges"]) == (200, "none")
