"""Content-Digest (RFC 9530): a body that is not what its digest says is refused before anything is done."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
from werkzeug.test import TestResponse

from tests.api.factories import Stage, dump

BODY = json.dumps({"slug": "digested", "name": "The digested press", "type": "media"}).encode()


def of(algorithm: str, body: bytes = BODY) -> str:
    digest = hashlib.new(algorithm.replace("-", ""), body).digest()
    return f"{algorithm}=:{base64.b64encode(digest).decode()}:"


def send(stage: Stage, digest: str, body: bytes = BODY) -> TestResponse:
    headers = {**stage.world.headers("editor"), "Content-Digest": digest}
    return stage.client.post("/v1/organizations", data=body, headers=headers, content_type="application/json")


@pytest.mark.parametrize(
    "digest",
    [
        of("sha-256"),
        of("sha-512"),
        f"{of('sha-256')}, {of('sha-512')}",
        f"md5=:AAAA:, {of('sha-256')}",
        f"sha-256=:AAAA:, {of('sha-256')}",  # RFC 9651: of two members of one name the last counts
        f"{of('sha-512')};a=1",
    ],
)
def test_a_body_that_is_what_its_digest_says_is_taken(stage: Stage, digest: str) -> None:
    assert send(stage, digest).status_code == 201


@pytest.mark.parametrize(
    "digest",
    [
        of("sha-256", b"another"),
        of("sha-512", b""),
        f"{of('sha-256')}, {of('sha-512', b'another')}",
        f"{of('sha-256')}, sha-512=:AAAA:",
        "sha-256=:AAAA:",
        "sha-256=::",
        "sha-256",
        "sha-256=1",
        'sha-256="AAAA"',
        "sha-256=(:AAAA:)",
        "sha-256=:not base64!:",
        "sha-256=",
        "=",
        "",
        "ünreadable",
        f"{of('sha-256')}, ",
        "md5=:AAAA:",
        f"sha=:AAAA:, {of('md5')}",
        of("sha-256").upper(),
    ],
)
def test_any_other_is_refused_and_nothing_is_done(stage: Stage, digest: str) -> None:
    stage.get("/v1/me")  # the day of the last use of the key is noted
    before = dump(stage.app)
    answer = send(stage, digest)
    assert answer.status_code == 400
    assert answer.get_json()["type"] == "/problems/bad-content-digest"
    assert answer.headers["Want-Content-Digest"] == "sha-512=10, sha-256=9"
    assert dump(stage.app) == before


def test_a_body_that_was_cut_off_is_named_as_such_and_not_as_bad_json(stage: Stage) -> None:
    assert send(stage, of("sha-256"), BODY[:-9]).get_json()["type"].endswith("bad-content-digest")


def test_an_edit_is_checked_as_well(stage: Stage) -> None:
    path = f"/v1/organizations/{stage.ids['press']}"
    tag = stage.client.get(path, headers=stage.world.headers("editor")).headers["ETag"]
    body = b'{"contact": "The Gazette"}'
    said = [
        stage.client.patch(
            path,
            data=body,
            content_type="application/merge-patch+json",
            headers={**stage.world.headers("editor"), "If-Match": tag, "Content-Digest": digest},
        ).status_code
        for digest in (of("sha-256"), of("sha-256", body))
    ]
    assert said == [400, 200]


def test_where_nobody_sends_a_body_the_header_is_not_read(stage: Stage) -> None:
    headers = {**stage.world.headers("editor"), "Content-Digest": "nonsense"}
    assert stage.client.get("/v1/processes", headers=headers).status_code == 200
