"""`docs/verifying.md` works as written: its blocks are run against a log that is served, and say what they should."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Clock, make_app
from tests.house.shell import HOUSE, blocks, run
from tests.live_server import serve_live
from tests.world import World
from tracker import migrations
from tracker.actions.operations import signing
from tracker.actions.people import OPERATOR
from tracker.store.database import db

BLOCKS = blocks((HOUSE / "docs" / "verifying.md").read_text("utf-8"))


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[list[str]]]:
    folder = tmp_path_factory.mktemp("verifying")
    app = make_app(f"sqlite:///{folder / 'tracker.db'}", Clock(), secrets.token_bytes)
    with app.app_context():
        migrations.upgrade(db.engine)
        world = World(db.session(), Clock(), secrets.token_bytes)
        with world.act(OPERATOR) as act:
            keyring = signing.create_log(act, "tracker.example/log", folder / "log.key")
        with world.act(OPERATOR) as act:
            signing.sign_log(act, keyring)
        db.session.remove()
    commands = Path(sys.executable).parent
    with serve_live(app) as url:
        path = f"{commands}{os.pathsep}{os.environ['PATH']}"
        yield run(BLOCKS, folder, TRACKER=url, VKEY=keyring.signers[0].public.vkey, PATH=path)
    with app.app_context():
        db.engine.dispose()


def test_the_whole_log_is_verified(printed: list[list[str]]) -> None:
    assert printed[1][0].startswith("verified: tracker.example/log, ")


def test_the_acts_and_feeds_say_what_the_log_promised(printed: list[list[str]]) -> None:
    assert "public acts open their entries, and 1 processes have feeds of them" in printed[2][1]


def test_openssl_verifies_the_signature(printed: list[list[str]]) -> None:
    assert printed[3] == ["Signature Verified Successfully"]


def test_the_text_opens_the_commitment(printed: list[list[str]]) -> None:
    committed, opened = printed[5]
    assert committed == opened
    assert len(opened) == 43


def test_the_entry_is_in_the_log(printed: list[list[str]]) -> None:
    assert printed[6] == ["it is in the log"]
    assert len(printed) == len(BLOCKS) == 7
