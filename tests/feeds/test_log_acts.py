"""A stranger finds that the acts and feeds of a real tracker say what its log promised."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.actions.test_signing import ORIGIN
from tests.live_server import serve_live
from tests.world import World
from tracker.actions.operations import signing
from tracker.actions.people import OPERATOR
from tracker.tlog.__main__ import main


def test_acts_of_every_sort_and_the_feeds_agree_with_the_log(
    app: Flask, world: World, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    asked = world.recommendation("C1")
    world.deadline()
    world.answer(asked, "implementation", "underway", cites=(world.item(),))
    world.withdraw(world.recommendation("C2"))
    emptied = world.recommendation("C3")
    with world.act(OPERATOR) as act:
        keyring = signing.create_log(act, ORIGIN, tmp_path / "log.key")
    for name in ("keeper", "second keeper"):
        world.person(name, "custodian")
        sent = client.post(
            f"/v1/subjects/{emptied}/redaction", json={"reason": "minor"}, headers=world.headers(name)
        )
        assert sent.status_code == 200, sent.data
    with world.act(OPERATOR) as act:
        signing.anchor_internal_log(act)
    with world.act(OPERATOR) as act:
        signing.sign_log(act, keyring)
    world.session.rollback()
    said = io.StringIO()
    with serve_live(app) as url, contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = main(["verify", f"{url}/log", "--vkey", keyring.signers[0].public.vkey, "--acts"])
    assert status == 0, said.getvalue()
    assert "public acts open their entries, and 1 processes have feeds of them" in said.getvalue()


def test_the_list_gives_what_verifies_an_act_as_the_act_itself_does(
    world: World, client: FlaskClient
) -> None:
    world.withdraw(world.recommendation("C2"))
    page = client.get("/v1/public/changes?verification=true&limit=5").json
    assert "verification=true" in page["next"]
    page["items"] += client.get("/v1/public/changes?verification=true&limit=200").json["items"][-2:]
    for item in page["items"]:
        act = client.get(f"/v1/public/events/{item['id']}").json
        assert act.pop("corrected_by") is None  # that came later, and is no part of what is verified
        assert item == act
    plain = client.get("/v1/public/changes?limit=5").json["items"]
    assert not any("salt" in item for item in plain)
