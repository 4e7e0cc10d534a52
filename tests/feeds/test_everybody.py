"""What is answered in front of the API is the same for everybody: no key, of whatever role, changes a byte of it, and
nothing but reading is taken."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import Clock
from tests.public.assertions import opened as inhabited
from tests.world import World
from tracker.api.openapi import feed_operations
from tracker.domain.people import ROLES

#: What changes from one answer to the next.
OF_THE_ANSWER = ("Date", "X-Request-Id")
#: Roles of people who speak for an organization.
OUTSIDE = ("watchdog", "partner", "respondent")
NEEDED = {"q": "report", "url": "http://127.0.0.1:8000/en/coast"}
PATHS = sorted(feed_operations.operations())


def fill(path: str, asked: str) -> str:
    """An address that such an operation answers."""
    values = {
        "process": "coast",
        "organization": "desk",
        "id": asked,
        "subject": "coast",
        "index": "0",
        "level": "0",
    }
    for name, value in {**values, "tile": "000"}.items():
        path = path.replace(f"{{{name}}}", value)
    parameters = feed_operations.operations().get(path, {}).get("get", {}).get("parameters", ())
    query = [f"{one['name']}={NEEDED[one['name']]}" for one in parameters if one["name"] in NEEDED]
    return f"{path}?{'&'.join(query)}" if query else path


def read(client: FlaskClient, path: str, headers: dict[str, str]) -> tuple[int, list[tuple[str, str]], bytes]:
    answer: Any = client.get(path, headers=headers)
    kept = [one for one in answer.headers if one[0] not in OF_THE_ANSWER]
    body = answer.data if answer.status_code == 200 else b""
    return answer.status_code, kept, body


def test_no_key_of_any_role_changes_what_a_feed_says(world: World, client: FlaskClient) -> None:
    asked = world.recommendation("C1")
    world.answer(asked, "implementation", "underway", cites=(world.item(),))
    world.deadline()
    names = []
    for role in ROLES:
        organization = world.watchdog if role in OUTSIDE else None
        world.person(f"one {role}", role, organization=organization)
        names.append(f"one {role}")
    answered = 0
    for path in (fill(path, asked) for path in PATHS):
        anonymous = read(client, path, {})
        answered += anonymous[0] == 200
        for name in names:
            assert read(client, path, world.headers(name)) == anonymous, (path, name)
    assert answered >= len(PATHS) - 5  # the log is not signed here, and nobody is named in security.txt


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_feed_is_only_read(world: World, client: FlaskClient, method: str) -> None:
    asked = world.recommendation("C1")
    for path in (fill(path, asked) for path in PATHS):
        answer = getattr(client, method)(path)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS"), path


def test_of_a_withdrawn_process_no_feed_says_a_word(world: World, client: FlaskClient) -> None:
    secret = "Quay of the seven lamps"
    asked = world.recommendation("C1", title=secret, text=secret)
    world.answer(asked, "implementation", "underway", cites=(world.item(title=secret),), reason=secret)
    world.deadline(title=secret)
    paths = [fill(path, asked) for path in PATHS]
    before = [path for path in paths if secret in read(client, path, {})[2].decode("utf-8", "replace")]
    assert len(before) > 10
    world.withdraw(world.process, "It named a witness.")
    for path in paths:
        status, _headers, body = read(client, path, {})
        assert secret not in body.decode("utf-8", "replace"), path
        if path.startswith(("/feeds/coast/", "/embed/", "/badges/", "/oembed")):
            assert status == 410, path


def filled(url: str, made: World) -> dict[str, tuple[int, bytes]]:
    """What each feed answers in a world that is made in this database."""
    with inhabited(url, made, Clock(), Random(7).randbytes) as (app, world):
        asked = world.recommendation("C1", title="Vet the forces")
        world.answer(asked, "implementation", "underway", cites=(world.item(),))
        world.answer(asked, "implementation", "stalled", assessor=world.watchdog)
        world.deadline()
        world.withdraw(world.deadline(title="Interim report"))
        world.withdraw(world.recommendation("C2"))
        client = app.test_client()
        answers = {path: client.get(fill(path, asked)) for path in PATHS}
        return {path: (answer.status_code, answer.data) for path, answer in answers.items()}


def test_both_databases_give_the_same_feeds(
    sqlite_url: str, postgres_url: str, world_template: tuple[Path, World]
) -> None:
    found = filled(sqlite_url, world_template[1])
    other = filled(postgres_url, world_template[1])
    assert [path for path in PATHS if found[path] != other[path] and found[path][0] != 404] == []
    assert sum(status == 200 for status, _body in found.values()) >= len(PATHS) - 5
