"""An item and its files in one call: all of it is recorded or nothing, what is refused leaves no bytes, and what can be
refused before a file arrives is refused before.
"""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.api.factories import Stage, dump
from tests.api.forms import FORM, PLAIN, end, form, item, part
from tests.api.http_client import RepeatingClient
from tests.api.test_evidence_files import FILES, digest, download, kept, problem
from tracker.domain.service_errors import Busy

SUBMIT = "/v1/submissions"
SAID = {"process": "{process}", "title": "The quay", "type": "photo", "acquired_from": "own_staff"}
TWO = [b"The quay at noon.", b"The quay at night."]


def named(disposition: str, content: bytes = b"The quay.") -> tuple[str, bytes]:
    return f'Content-Disposition: form-data; name="file"; {disposition}', content


def submit(
    stage: Stage, said: Any = SAID, files: Any = TWO, *, body: bytes | None = None, **more: Any
) -> TestResponse:
    sent = form(stage.fill(said), files) if body is None else body
    return stage.send("POST", SUBMIT, sent, content_type=more.pop("content_type", FORM), **more)


def nothing_happens(stage: Stage, **more: Any) -> TestResponse:
    """The answer to a call that is refused, and has left the record as it was and no bytes."""
    stage.get("/v1/me", by=more.get("by", "editor"))  # the day of the last use of the key is noted
    before = dump(stage.app)
    answer = submit(stage, **more)
    assert answer.status_code >= 400
    assert (kept(stage), dump(stage.app)) == ([], before)
    return answer


def test_an_item_and_its_files_are_recorded_together(stage: Stage) -> None:
    picture = ('Content-Disposition: form-data; name="file"\r\nContent-Type: image/x-quay', b"\xff\xd8\xff")
    made = submit(stage, files=[*TWO, picture, named("", b"")]).json
    stage.ids["evidence"] = made["evidence"]["id"]
    assert stage.get("/v1/evidence/{evidence}") == made["evidence"]
    assert stage.get(FILES)["items"] == sorted(made["files"], key=lambda one: str(one["id"]))
    assert [one["sha256"] for one in made["files"]] == [
        hashlib.sha256(content).hexdigest() for content in (*TWO, b"\xff\xd8\xff", b"")
    ]
    told = [(one["declared_type"], one["detected_type"]) for one in made["files"]]
    assert told[2:] == [("image/x-quay", "image/jpeg"), (None, told[3][1])]
    assert {one["role"] for one in made["files"]} == {"evidentiary_copy"}
    assert [download(stage, one["id"]).data for one in made["files"][:2]] == TWO
    line = stage.pages("/v1/evidence/{evidence}/custody")
    assert [one["type"] for one in line[:3]] == [
        "accession", "message digest calculation", "format identification"
    ]  # fmt: skip


def test_it_is_recorded_on_either_database(desk: RepeatingClient) -> None:
    said = SAID | {"process": desk.world.process, "consent": {"basis": "public_interest_open_source"}}
    answer = desk.app.test_client().post(
        SUBMIT, data=form(said, TWO), content_type=FORM, headers=desk.world.headers("watcher")
    )
    assert answer.status_code == 201, answer.data


def test_what_was_asked_before_is_answered_again_and_kept_once(stage: Stage) -> None:
    once = {"Idempotency-Key": "a"}
    first, again = submit(stage, headers=once), submit(stage, headers=once)
    assert again.data == first.data
    assert again.headers["Idempotency-Replayed"] == "true"
    assert kept(stage) == sorted(TWO)
    for other in (
        {"said": SAID | {"title": "Another"}},
        {"files": TWO[::-1]},
        {"files": [*TWO, b"more"]},
        {"files": [named("filename=a", TWO[0]), TWO[1]]},
        {"files": [(PLAIN.replace("plain", "csv"), TWO[0]), TWO[1]]},
    ):
        assert problem(submit(stage, headers=once, **other)) == "idempotency-key-reused"
    assert kept(stage) == sorted(TWO)


def test_what_was_answered_once_goes_with_a_redaction(stage: Stage) -> None:
    once = {"Idempotency-Key": "a"}
    stage.ids["evidence"] = submit(stage, headers=once).json["evidence"]["id"]
    for who in ("first", "second"):
        stage.world.person(who, "custodian")
        path = "/v1/subjects/{evidence}/redaction"
        stage.post(path, {"reason": "witness_safety"}, by=who, status=200)
    assert kept(stage) == []
    assert "Idempotency-Replayed" not in submit(stage, headers=once).headers


def test_an_item_may_be_sealed_from_the_first_with_its_files(stage: Stage) -> None:
    """Two calls cannot do this: to its own submitter an item that is sealed is not there."""
    stage.world.person("custodian", "custodian")
    said = SAID | {"protection": "sealed", "sealed": {"creator": "Who stood there"}}
    made = submit(stage, said, [named('filename="the quay.jpg"')], by="watcher").json
    stage.ids["evidence"] = made["evidence"]["id"]
    assert stage.send("GET", FILES, by="watcher").status_code == 404
    file = made["files"][0]["id"]
    way = stage.post(f"{FILES}/{file}/access", None, by="custodian", status=200)
    assert way["original_name"] == "the quay.jpg"
    assert "the quay.jpg" not in str(dump(stage.app))


@pytest.mark.parametrize(
    ("said", "problem_", "pointers"),
    [
        ({"title": "", "colour": 1}, "invalid-input", {"/title", "/colour"}),
        ({"process": "{committee}"}, "wrong-kind", {"/process"}),
        ({"process": "prc_" + "7" * 26}, "invalid-input", {"/process"}),
        ({"occurred_from": "2025-03-09", "occurred_to": "2025-03-08"}, "invalid-input", {"/occurred_to"}),
    ],
)  # fmt: skip
def test_an_item_that_is_not_taken_is_refused_before_a_byte_of_a_file_is_asked_for(
    stage: Stage, said: dict[str, Any], problem_: str, pointers: set[str]
) -> None:
    answer = behind(stage, item(stage.fill(SAID | said)))
    assert problem(answer) == problem_
    assert {one["pointer"] for one in answer.json["errors"]} == pointers


class Ends:
    """A body of which no more is there than its beginning: whoever asks for the rest fails."""

    def __init__(self, beginning: bytes) -> None:
        self.left = beginning

    def read(self, size: int = -1) -> bytes:
        if not self.left:
            raise AssertionError("the bytes of a file were asked for")
        said, self.left = self.left[:size], self.left[size:]
        return said


def behind(stage: Stage, beginning: bytes, by: str = "editor") -> TestResponse:
    """The answer to whoever has sent no more than the item, and the head of a file."""
    stage.get("/v1/me", by=by)
    before = dump(stage.app)
    environ = {
        "wsgi.input": Ends(beginning + part(PLAIN, b"").removesuffix(b"\r\n")),
        "CONTENT_LENGTH": "1000000000",
        "CONTENT_TYPE": FORM,
    }
    answer = stage.send("POST", SUBMIT, by=by, environ_overrides=environ)
    assert (kept(stage), dump(stage.app)) == ([], before)
    return answer


def test_so_is_one_whose_sender_may_not_submit_it(stage: Stage) -> None:
    assert problem(behind(stage, item({}), by="approver")) == "not-permitted"
    foreign = item(stage.fill(SAID | {"watchdog": "{lead}"}))
    assert problem(behind(stage, foreign, by="watcher")) == "not-permitted"
    standing = {"standing": "suspended", "reason": "It is being looked into."}
    stage.post("/v1/watchdogs/{watchdog}/standing", standing, by="admin", status=200)
    assert problem(behind(stage, item(stage.fill(SAID)), by="watcher")) == "not-permitted"


def test_so_is_one_that_could_not_be_sealed(stage: Stage) -> None:
    object.__setattr__(stage.app.extensions["tracker"].settings, "sealing_keys", None)
    said = item(stage.fill(SAID | {"sealed": {"creator": "Who stood there"}}))
    assert problem(behind(stage, said)) == "sealing-unavailable"
    assert problem(nothing_happens(stage, files=[TWO[0], named("filename=a")])) == "sealing-unavailable"


BAD_ITEMS = {
    "no json": (b"{", 400, "bad-json"),
    "a member twice": (b'{"title": "a", "title": "b"}', 400, "bad-json"),
    "too deep": (b'{"title": ' + b"[" * 100 + b"]" * 100 + b"}", 400, "bad-json"),
    "no object": (b"[]", 422, "invalid-input"),
    "too long": (b" " * 1_000_001, 413, "too-large"),
}


@pytest.mark.parametrize("name", BAD_ITEMS)
def test_the_item_is_read_as_strictly_as_when_it_comes_alone(stage: Stage, name: str) -> None:
    said, status, code = BAD_ITEMS[name]
    answer = nothing_happens(stage, body=item(said) + part(PLAIN, b"a") + end())
    assert (answer.status_code, problem(answer)) == (status, code)
    if code != "too-large":
        alone = stage.send("POST", "/v1/evidence", said)
        assert alone.json | {"instance": ""} == answer.json | {"instance": ""}


GOOD = part(PLAIN, b"a")


def test_parts_that_are_others_or_elsewhere_are_refused(stage: Stage) -> None:
    said = item(stage.fill(SAID))
    other = part('Content-Disposition: form-data; name="role"', b"public_derivative")
    for body, pointer in (
        (GOOD + said, "item"),
        (GOOD, "item"),
        (said, "file"),
        (said + said + GOOD, "item"),
        (said + GOOD + said, "item"),
        (said + other + GOOD, "role"),
        (said + GOOD + other, "role"),
        (said + part(PLAIN.replace('"file"', '"FILE"'), b"a"), "FILE"),
        (said + b"".join(part(PLAIN, bytes([n])) for n in range(21)), "file"),
    ):
        answer = nothing_happens(stage, body=body + end())
        assert answer.status_code == 422, body
        assert [one["pointer"] for one in answer.json["errors"]] == [pointer]
    twenty = [bytes([n]) for n in range(20)]
    assert len(submit(stage, files=twenty).json["files"]) == 20


def test_what_is_no_form_or_is_cut_off_is_refused(stage: Stage) -> None:
    whole = form(stage.fill(SAID), TWO)
    assert (
        problem(nothing_happens(stage, body=whole, content_type="application/json"))
        == "unsupported-media-type"
    )
    text_item = item(stage.fill(SAID)).replace(b"application/json", b"text/plain") + GOOD + end()
    assert problem(nothing_happens(stage, body=text_item)) == "unsupported-media-type"
    odd = item(stage.fill(SAID)) + part(PLAIN.replace("text/plain", "jpeg"), b"a") + end()
    assert problem(nothing_happens(stage, body=odd)) == "unsupported-media-type"
    for boundary in (
        "",
        "; boundary=",
        f"; boundary={'b' * 71}",
        '; boundary="ends with "',
        '; boundary="a@b"',
    ):
        answer = nothing_happens(stage, body=whole, content_type=f"multipart/form-data{boundary}")
        assert (answer.status_code, problem(answer)) == (400, "bad-request")
    for size in range(1, len(whole) - 6, 7):
        answer = nothing_happens(stage, body=whole[:size])
        assert (answer.status_code, problem(answer)) in ((400, "bad-request"), (422, "invalid-input"))


def test_the_digest_of_the_whole_body_is_checked(stage: Stage) -> None:
    whole = form(stage.fill(SAID), TWO)
    for header in ("Content-Digest", "Repr-Digest"):
        answer = nothing_happens(stage, body=whole, headers={header: digest(b"another")})
        assert problem(answer) == "bad-content-digest"
    assert submit(stage, body=whole, headers={"Content-Digest": digest(whole)}).status_code == 201


def test_the_same_file_is_refused_within_a_call_and_from_an_earlier_one(stage: Stage) -> None:
    twice = nothing_happens(stage, files=[*TWO, TWO[0]])
    assert problem(twice) == "same-file"
    assert "1 and 3" in twice.json["detail"]
    first = submit(stage).json
    before = dump(stage.app)
    again = submit(stage, files=[b"new", TWO[1]])
    assert problem(again) == "same-file"
    assert first["files"][1]["id"] in again.json["detail"]
    assert (kept(stage), dump(stage.app)) == (sorted(TWO), before)


def test_where_nobody_knows_whether_it_was_recorded_the_bytes_are_left_to_the_sweep(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_arguments: object) -> None:
        raise Busy("the database did not answer in time; nothing was recorded", wait=5)

    monkeypatch.setattr("tracker.actions.submissions.submit_with_files", busy)
    assert submit(stage).status_code == 503
    assert kept(stage) == sorted(TWO)


def test_a_reference_that_is_taken_undoes_the_files(stage: Stage) -> None:
    said = SAID | {"reference": "E-1"}
    assert submit(stage, said).status_code == 201
    before = dump(stage.app)
    assert problem(submit(stage, said, [b"other"])) == "slug-taken"
    assert (kept(stage), dump(stage.app)) == (sorted(TWO), before)
