"""The command line: every command explains itself with an example, and ends with 0, 1 or 2 as it should.

0 done, 1 refused or something was found wrong, 2 the call itself makes no sense. What says --json prints JSON.
"""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import date, datetime
from pathlib import Path
from random import Random

import click
import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.orm import scoped_session

from tests.cli.conftest import Said, Tracker
from tests.conftest import Clock, make_app
from tests.public.assertions import opened
from tests.world import World
from tracker import cli, migrations
from tracker.actions import keys, organizations, passwords, people, watchdogs
from tracker.actions.support import unit as acts
from tracker.actions.support.unit import open_unit
from tracker.cli import cases
from tracker.cli import serve as serving
from tracker.cli.demo import OTHERS
from tracker.domain.errors import NotPublished
from tracker.settings import NAMES
from tracker.store.database import db

HOUSE = Path(__file__).resolve().parents[2]


@pytest.fixture
def served(sqlite_url: str, clock: Clock) -> Iterator[Flask]:
    """The same database over HTTP."""
    app = make_app(sqlite_url, clock, Random(2).randbytes)
    yield app
    with app.app_context():
        db.engine.dispose()


def commands() -> Iterator[tuple[str, ...]]:
    def below(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        yield path
        if isinstance(command, click.Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                inner = command.get_command(context, name)
                assert inner is not None
                yield from below(inner, (*path, name))

    return below(cli.cli, ())


ALL = list(commands())


def test_these_are_the_commands() -> None:
    assert {" ".join(path) for path in ALL if path} == {
        *("serve", "demo", "openapi", "export-site", "db", "db upgrade", "db check"),
        *(
            "people",
            "people add",
            "people list",
            "people suspend",
            "people end",
            "keys",
            "keys issue",
            "keys revoke",
        ),
        *("deadlines", "deadlines check", "public", "public rebuild", "public refresh"),
        *("calendar", "people password", "import", "export", "mail", "mail test", "mail bounced"),
        *("sealing", "sealing new-key", "sealing check", "sealing rotate"),
        *("fixity", "fixity check", "fixity sweep", "evidence", "evidence package", "evidence release"),
        *("log", "log init", "log sign", "log anchor", "log rotate", "log audit", "log export", "log verify"),
        *("log compare", "log succeed"),
        *("people second-factor", "people code", "people invite", "people reset", "people identity"),
        *("people change", "proposals", "proposals list", "proposals approve", "proposals return"),
        *(
            "log witness-push",
            "audit",
            "audit list",
            "work",
            "work run",
            "init",
            "check",
            "backup",
            "restore",
            "jobs",
            "worker",
        ),
    }


@pytest.mark.parametrize("path", ALL, ids=" ".join)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_every_command_explains_itself_with_an_example(
    tracker: Tracker, path: tuple[str, ...], flag: str
) -> None:
    said = tracker(*path, flag)
    assert said.status == 0
    made_of = "audit db deadlines evidence fixity keys log mail people proposals public sealing work"
    groups = made_of.split()
    group = path == () or path in {(name,) for name in groups}
    assert group or f"Example:   tracker {' '.join(path)}" in said.out


@pytest.mark.parametrize("call", [("--help",), ("--version",), ("serve", "--help"), ("no-such-command",)])
def test_what_needs_no_tracker_imports_none(call: tuple[str, ...]) -> None:
    told = (
        "import sys; from tracker import cli\ntry: cli.main()\nfinally: print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", told, *call], capture_output=True, text=True, check=False)
    imported = {name.partition(".")[0] for name in done.stderr.split("\n")[-2].split()}
    heavy = {
        "sqlalchemy",
        "flask",
        "werkzeug",
        "marshmallow",
        "alembic",
        "cryptography",
        "granian",
        "holidays",
    }
    assert imported & heavy == set()


def test_a_phone_needs_keys_of_sealed_fields_and_its_secret_gives_a_code(
    tracker: Tracker, made: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tracker("people", "second-factor", "editor").status == 1
    keys = tmp_path / "sealing.keys"
    assert tracker("sealing", "new-key", str(keys)).status == 0
    monkeypatch.setenv("TRACKER_SEALING_KEYS", str(keys))
    said = tracker("people", "second-factor", "editor")
    assert (said.status, said.err.startswith("otpauth://totp/")) == (0, True)
    assert len(tracker("people", "code", said.out.strip()).out.strip()) == 6


def test_an_identity_is_linked_by_what_the_provider_calls_somebody(
    tracker: Tracker, made: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = ("people", "identity", "editor", "--subject", "5f0c2d1e")
    assert "TRACKER_OIDC_ISSUER" in tracker(*link).err
    monkeypatch.setenv("TRACKER_OIDC_ISSUER", "https://id.example")
    monkeypatch.setenv("TRACKER_OIDC_CLIENT", "the-tracker")
    assert [tracker(*link).status for _time in range(2)] == [0, 1]
    assert [tracker("people", "identity", "editor", "--end").status for _time in range(2)] == [0, 1]
    assert tracker("people", "identity", "nobody", "--end").status == 1


def test_keys_that_are_not_there_end_their_check_with_1(tracker: Tracker) -> None:
    assert tracker("sealing", "check").status == 1


def test_it_says_its_version(tracker: Tracker) -> None:
    assert tracker("--version").out.startswith("tracker, version ")


@pytest.mark.parametrize(
    "call",
    [
        ("nonsense",),
        ("people", "add"),
        ("people", "add", "amal", "--role", "king"),
        ("keys", "issue", "amal", "--days", "many"),
        ("serve", "--port", "0"),
        ("deadlines", "check", "--as-of", "yesterday"),
        ("openapi", "--check", "no-such-file"),
        ("public", "rebuild", "--unknown"),
    ],
)
def test_a_call_that_makes_no_sense_ends_with_2(tracker: Tracker, call: tuple[str, ...]) -> None:
    said = tracker(*call)
    assert said.status == 2
    assert said.err


# ---------------------------------------------------------------- settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRACKER_DATABASE_URL", None),
        ("TRACKER_DATABASE_URL", "mysql://x"),
        ("TRACKER_SECRET_KEY", None),
        ("TRACKER_SECRET_KEY", "short"),
        ("TRACKER_SECRET_KEY", "a" * 64),
        ("TRACKER_BASE_URL", "example.org"),
        ("TRACKER_BODY_LIMIT", "1"),
    ],
)
def test_a_setting_that_is_missing_or_weak_is_named_and_ends_with_2(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch, name: str, value: str | None
) -> None:
    if value is None:
        monkeypatch.delenv(name)
    else:
        monkeypatch.setenv(name, value)
    for call in (("serve",), ("people", "list"), ("db", "check")):
        said = tracker(*call)
        assert (said.status, said.out) == (2, "")
        assert name in said.err
        secret = name != "TRACKER_BASE_URL"  # what holds none is repeated: tests/test_settings.py
        assert value is None or len(value) < 6 or (value not in said.err) == secret


# ---------------------------------------------------------------- the database


def test_a_new_database_is_brought_to_the_newest_shape_and_then_is_there(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    before = tracker("db", "check")
    assert (before.status, "there is no database" in before.err) == (2, True)
    assert list(tmp_path.glob("new.db*")) == []
    refused = tracker("people", "list")
    assert refused.status != 0
    assert "tracker db upgrade" in refused.err
    made = tracker("db", "upgrade")
    assert (made.status, "rebuild" in made.out) == (0, False)  # there is nothing that was there before
    assert tracker("db", "upgrade").out.endswith("already\n")
    assert tracker("db", "check").status == 0


def test_an_upgrade_of_what_is_there_says_that_a_rebuild_follows(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    revisions = ["0001"]  # there is one migration today: the next is made up
    monkeypatch.setattr(migrations, "current", lambda _engine: revisions[-1])
    monkeypatch.setattr(migrations, "upgrade", lambda _engine: revisions.append("0002"))
    said = tracker("db", "upgrade")
    assert (said.status, "0002" in said.out, "tracker public rebuild" in said.out) == (0, True, True)


def test_a_database_of_another_shape_is_found(tracker: Tracker, sqlite_url: str) -> None:
    engine = create_engine(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE person ADD COLUMN nickname TEXT"))
    engine.dispose()
    said = tracker("db", "check")
    assert said.status == 1
    assert "nickname" in said.err


# ---------------------------------------------------------------- people and keys


def me(app: Flask, key: str) -> int:
    answer = app.test_client().get("/v1/processes", headers={"Authorization": f"Bearer {key}"})
    return answer.status_code


def test_a_database_of_a_newer_version_is_told_from_an_older_one(tracker: Tracker, sqlite_url: str) -> None:
    engine = create_engine(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    newer = "this version does not know it: install the version of the tracker that made it"
    for command in ("db upgrade", "people list", "serve"):
        said = tracker(*command.split())
        assert (said.status, newer in said.err, "tracker db upgrade" in said.err) == (2, True, False), command
    assert f"WRONG    database: is at schema 9999: {newer}" in tracker("check").out


def test_a_key_opens_the_door_until_it_is_revoked(tracker: Tracker, served: Flask) -> None:
    person = tracker("people", "add", "amal", "--role", "editor", "--role", "approver")
    assert person.out.startswith("per_")
    issued = tracker("keys", "issue", "amal", "--days", "90")
    key, id = issued.out.strip(), issued.err.split()[0]
    assert key.startswith("trk_")
    assert "2027-02-21" in issued.err
    assert me(served, key) == 200
    assert tracker("keys", "revoke", id).status == 0
    assert me(served, key) == 401
    assert tracker("keys", "revoke", id).status == 1
    assert tracker("keys", "revoke", "key_" + "0" * 26).status == 1


def test_somebody_speaks_for_an_organization_that_is_named_by_its_short_name(
    tracker: Tracker, served: Flask, world: World
) -> None:
    said = tracker("people", "invite", "amal", "--role", "watchdog", "--organization", "watchdog")
    assert "/en/desk/entry?link=" in said.out
    listed = json.loads(tracker("people", "list", "--json").out)
    assert {"amal": world.watchdog}.items() <= {one["name"]: one["organization"] for one in listed}.items()
    wrong = tracker("people", "add", "rima", "--role", "partner", "--organization", "watch")
    assert (wrong.status, "no organization with the id or short name 'watch'" in wrong.err) == (1, True)


def test_a_key_stops_when_its_days_are_over(tracker: Tracker, served: Flask, clock: Clock) -> None:
    tracker("people", "add", "amal", "--role", "editor")
    key = tracker("keys", "issue", "amal", "--days", "1").out.strip()
    clock.move(hours=23, minutes=59)
    assert me(served, key) == 200
    clock.move(minutes=1)
    assert me(served, key) == 401


def test_whoever_is_suspended_is_out_at_once(tracker: Tracker, served: Flask) -> None:
    tracker("people", "add", "amal", "--role", "editor")
    key = tracker("keys", "issue", "amal").out.strip()
    assert me(served, key) == 200
    assert tracker("people", "suspend", "amal").status == 0
    assert me(served, key) == 401
    assert tracker("people", "list").out == "amal  editor  suspended\n"
    assert tracker("people", "suspend", "amal").status == 1
    assert tracker("keys", "issue", "amal").status == 1


def test_an_account_that_ended_is_in_no_list_and_never_comes_back(tracker: Tracker, served: Flask) -> None:
    tracker("people", "add", "amal", "--role", "editor")
    key = tracker("keys", "issue", "amal").out.strip()
    assert tracker("people", "suspend", "amal", "--stolen-since", "2026-11-20").status == 0
    assert tracker("people", "end", "amal").status == 0
    assert me(served, key) == 401
    assert tracker("people", "list").out == ""
    assert tracker("people", "change", "amal", "--role", "editor").status == 1


def test_a_key_is_limited_where_it_is_issued(tracker: Tracker, served: Flask) -> None:
    tracker("people", "add", "amal", "--role", "editor")
    key = tracker("keys", "issue", "amal", "--scope", "self").out.strip()
    assert me(served, key) == 403
    assert tracker("keys", "issue", "amal", "--scope", "people.manage").status == 1
    assert tracker("keys", "issue", "amal", "--scope", "everything").status == 2


def test_a_password_is_set_and_not_said(tracker: Tracker) -> None:
    tracker("people", "add", "amal", "--role", "editor")
    said = tracker("people", "password", "amal", "--password", "correct horse battery")
    assert said == Said(0, "the password of amal is set\n", "")
    assert tracker("people", "password", "amal", "--password", "short").status == 1
    assert tracker("people", "password", "nobody", "--password", "correct horse battery").status == 1


def test_nobody_waits_to_write_while_a_password_is_hashed(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker("people", "add", "amal", "--role", "editor")
    real, writing = passwords._hash, []

    def hashed(name: str, password: str) -> str:
        writing.append(acts._OPEN in db.session.info)
        return real(name, password)

    monkeypatch.setattr(passwords, "_hash", hashed)
    assert tracker("people", "password", "amal", "--password", "correct horse battery").status == 0
    assert writing == [False]


def test_people_are_listed_for_a_person_and_for_a_program(tracker: Tracker, made: World) -> None:
    assert "watcher  watchdog" in tracker("people", "list").out
    listed = json.loads(tracker("people", "list", "--json").out)
    watcher = next(one for one in listed if one["name"] == "watcher")
    assert watcher == {
        "id": made.watcher.id,
        "name": "watcher",
        "roles": ["watchdog"],
        "organization": made.watchdog,
        "processes": None,
        "suspended": False,
    }
    tracker("people", "change", "editor", "--process", "coast")
    assert f"editor  editor  in {made.process}" in tracker("people", "list").out
    assert "no process 'nowhere'" in tracker("people", "change", "editor", "--process", "nowhere").err
    tracker("people", "change", "editor", "--all-processes")
    assert " in " not in tracker("people", "list").out


def test_a_refusal_is_one_line_and_says_where(tracker: Tracker, made: World) -> None:
    said = tracker("people", "add", "new", "--role", "watchdog")
    assert (said.status, said.out) == (1, "")
    assert said.err.startswith("tracker: ")
    assert "/organization: " in said.err
    assert tracker("people", "add", "editor", "--role", "editor").status == 1
    assert tracker("people", "add", "new", "--role", "watchdog", "--organization", made.press).status == 0


def test_what_a_refusal_misses_is_listed(tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_given: object) -> None:
        raise NotPublished("not yet", missing=["this"])

    monkeypatch.setattr(cli.cli, "main", refuse)
    said = tracker()
    assert (said.status, said.err) == (1, "tracker: not yet\n  missing: this\n")


def test_whoever_stops_it_is_told_so(tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(**_given: object) -> None:
        raise click.Abort

    monkeypatch.setattr(cli.cli, "main", stop)
    assert tracker() == Said(1, "", "stopped\n")


# ---------------------------------------------------------------- deadlines


@pytest.fixture
def due(sqlite_url: str, world_template: tuple[Path, World]) -> World:
    with opened(sqlite_url, world_template[1], Clock(), Random(1).randbytes) as (_app, world):
        world.deadline(rule=None, set_on=date(2026, 11, 1), due_on=date(2026, 12, 1), title="First")
        gone = world.deadline(title="Gone")
        body, process = world.make_committee("gone"), world.make_process("gone-too")
        there = world.make_committee("there", process_id=process)
        world.deadline(owner_id=body, type="review_date", title="Of what is gone")
        world.deadline(owner_id=there, process_id=process, title="In what is gone")
        for one in (gone, body, process):
            world.withdraw(one)
        world.session.rollback()
    return world


def test_a_nightly_job_notices_what_is_overdue(tracker: Tracker, due: World) -> None:
    soon = tracker("deadlines", "check")
    assert (soon.status, soon.out) == (0, "coast  First  due 2026-12-01  8 days left  (pending)\n")
    late = tracker("deadlines", "check", "--as-of", "2026-12-03")
    assert (late.status, late.out) == (1, "coast  First  due 2026-12-01  2 days overdue  (pending)\n")
    early = tracker("deadlines", "check", "--as-of", "2026-10-01")
    assert (early.status, early.out) == (0, "nothing is due soon or overdue\n")


def test_the_same_for_a_program(tracker: Tracker, due: World) -> None:
    said = tracker("deadlines", "check", "--as-of", "2026-12-03", "--json")
    assert said.status == 1
    (one,) = json.loads(said.out)
    assert (one["title"], one["days_overdue"], one["outcome"]) == ("First", 2, "pending")
    assert json.loads(tracker("deadlines", "check", "--as-of", "2026-10-01", "--json").out) == []


# ---------------------------------------------------------------- the public side


def test_the_public_side_is_checked_and_written_anew(tracker: Tracker, made: World, sqlite_url: str) -> None:
    assert tracker("public", "rebuild", "--check").out == "the public side equals the record\n"
    assert json.loads(tracker("public", "rebuild", "--check", "--json").out) == {"findings": []}
    engine = create_engine(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM public_document WHERE id = :id"), {"id": made.press})
    engine.dispose()
    found = tracker("public", "rebuild", "--check")
    assert (found.status, made.press in found.out) == (1, True)
    assert json.loads(tracker("public", "rebuild", "--check", "--json").out)["findings"]
    assert json.loads(tracker("public", "rebuild", "--json").out) == {"documents": 8}
    assert tracker("public", "rebuild").out == "8 documents were written\n"
    assert tracker("public", "rebuild", "--check").status == 0


# ---------------------------------------------------------------- the contract


def test_the_contract_is_printed_and_compared(tracker: Tracker, tmp_path: Path) -> None:
    printed = tracker("openapi")
    assert printed.out.startswith("openapi: 3.1")
    same, other = tmp_path / "same.yaml", tmp_path / "other.yaml"
    same.write_text(printed.out, "utf-8")
    other.write_text(printed.out + "\n", "utf-8")
    assert tracker("openapi", "--check", str(same)) == Said(0, "", "")
    differs = tracker("openapi", "--check", str(other))
    assert (differs.status, "make spec" in differs.err) == (1, True)


# ---------------------------------------------------------------- serving, and the demo


def test_a_server_is_started_only_where_settings_and_database_are_right(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    started: list[tuple[object, ...]] = []
    monkeypatch.setattr(serving, "bind_port", lambda *_given: nullcontext("the listener"))
    seen: list[str] = []
    monkeypatch.setattr(
        serving,
        "run_server",
        lambda *given: (started.append(given), seen.append(os.environ["TRACKER_BASE_URL"])),
    )
    monkeypatch.setenv("TRACKER_BASE_URL", "")
    assert tracker("serve", "--port", "8080", "--workers", "1", "--threads", "2").status == 0
    [(listener, tasks, *rest)] = started
    assert (listener, len(tasks), rest) == ("the listener", 1, [1, 2])  # type: ignore[arg-type]  # a list of tasks
    assert (seen, os.environ["TRACKER_BASE_URL"]) == (["http://127.0.0.1:8080"], "")
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    assert tracker("serve").status != 0
    assert len(started) == 1


def small(session: object, now: datetime, entropy: Callable[[int], bytes], **told: object) -> tuple[str, ...]:
    """In place of the real cases, which take a while: one person, one watchdog, and progress as they tell it."""
    own = session() if isinstance(session, scoped_session) else session
    with open_unit(own, people.OPERATOR, now, entropy) as act:  # type: ignore[arg-type]  # a session it is
        editor = people.add_person(act, "demo-editor", ("editor",)).actor
    with open_unit(own, editor, now, entropy) as act:  # type: ignore[arg-type]
        made = organizations.create_organization(act, {"slug": "union", "name": "Union", "type": "watchdog"})
        watchdogs.register_watchdog(act, made.id, {"since": now.date()})
        organizations.create_organization(act, {"slug": "court", "name": "Court", "type": "judiciary"})
    told["progress"](1, 2)  # type: ignore[operator]  # a function it is
    told["progress"](2, 2)  # type: ignore[operator]
    return ("demo-editor",)


def test_the_demo_keeps_its_secrets_to_itself_and_starts_the_same_tracker_again(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    started: list[tuple[object, ...]] = []
    monkeypatch.setattr(cases, "load_case", small)
    monkeypatch.setattr("tracker.cli.demo.bind_port", lambda *_given: nullcontext("the listener"))
    monkeypatch.setattr(
        "tracker.cli.demo.run_server", lambda *given: started.append((*given, dict(os.environ)))
    )
    folder = tmp_path / "somewhere" / "demo"
    first = tracker("demo", "--dir", str(folder))
    assert first.status == 0
    assert "tracker demo --serve" in first.out
    for name in ("settings", "keys.json"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600, name
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    keys = json.loads((folder / "keys.json").read_text("utf-8"))
    assert list(keys) == ["demo-editor", "demo-watchdog", "demo-partner", *OTHERS]
    key = keys["demo-editor"]
    assert all(one in first.out for one in keys.values())
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    before = dict(os.environ)
    again = tracker("demo", "--dir", str(folder), "--serve", "--port", "8123")
    assert (again.status, len(started), started[0][0]) == (0, 1, "the listener")
    assert key in again.out
    assert "http://127.0.0.1:8123/feeds/" in again.out
    with_server: dict[str, str] = started[0][-1]  # type: ignore[assignment]  # the environment that it found
    assert with_server["TRACKER_DATABASE_URL"].endswith("tracker.db")
    assert dict(os.environ) == before


def test_whoever_holds_the_machine_is_the_second_person_and_reads_the_trail_on_record(
    tracker: Tracker, world: World
) -> None:
    with world.act(world.admin) as act:
        key, _secret = keys.grant_key(act, world.editor.id)
        waits = world.waiting(key.id, "key")
        assert waits is not None
        waiting = waits.id
    world.session.rollback()
    [listed] = json.loads(tracker("proposals", "list", "--json").out)
    assert (listed["id"], listed["account"]) == (waiting, world.editor.id)
    early = tracker("proposals", "approve", waiting)
    assert (early.status, early.out) == (1, "")
    assert "24 hours" in early.err
    assert tracker("proposals", "return", waiting, "--note", "Nobody asked for it.").status == 0
    assert json.loads(tracker("proposals", "list", "--json").out) == []
    assert tracker("people", "change", "editor", "--role", "approver").status == 0
    assert tracker("people", "change", "editor").status == 2
    read = json.loads(tracker("audit", "list", "--verb", "person.change", "--json").out)
    assert [(one["person"], one["target"]) for one in read] == [("operator", world.editor.id)]
    assert json.loads(tracker("audit", "list", "--verb", "audit.read", "--json").out)[-1]["detail"] == {
        "asked": {"verb": "person.change"}
    }
    assert tracker("audit", "list", "--from", "yesterday").status == 2
