"""What is left of a person who hands something over: a submission acted out against the real server, with a marker in
each place that says who they are, and then every store searched for them: the database and its write-ahead log, the
folder of files, the log, the Redis that counts. `docs/threat-model.md` says what is kept and for how long.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import secrets
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import redis

from tests.api.test_uploads_over_the_wire import wait_for
from tests.conftest import SECRET, make_app
from tests.services import REDIS, needs_redis
from tests.world import World
from tracker import migrations
from tracker.sealing.sealer import add_key
from tracker.store.database import db

HOUSE = Path(__file__).resolve().parents[1]
#: Where the submitter sits: an address of this machine that nothing else here has.
ADDRESS = "127.0.0.77"
#: What says who they are, each in its place.
MARKS = {
    "agent": "zqagent/1.0 (a phone of theirs)",
    "proxy": "203.0.113.77",
    "cookie": "zqcookie",
    "page": "zqpage.example",
    "once": "zqonce",
    "file": "zqfile of Amal.jpg",
    "creator": "zqcreator",
    "place": "zqplace 35.5312 35.7921",
    "sought": "zqsought",
    "password": "zqpassword nine figs",
}
NAME = "zqname Amal Haddad"


Acted = tuple["Server", dict[str, bytes], dict[bytes, tuple[Any, int]]]


@dataclass
class Server:
    """A server that listens, all that it has said, and whoever speaks to it."""

    port: int
    folder: Path
    person: str
    keys: Mapping[str, str]
    process: str
    recommendation: str
    said: list[str] = field(default_factory=list)

    def ask(
        self, method: str, path: str, body: Any = None, *, by: str = NAME, **more: str
    ) -> tuple[int, Any]:
        """From their address, with their marks in every header that a client or a proxy sends."""
        headers = {
            "Authorization": f"Bearer {self.keys.get(by, 'trk_' + 'x' * 43)}",
            "User-Agent": MARKS["agent"],
            "X-Forwarded-For": f"{MARKS['proxy']}, {ADDRESS}",
            "Forwarded": f"for={MARKS['proxy']}",
            "X-Real-IP": MARKS["proxy"],
            "Cookie": MARKS["cookie"],
            "Referer": f"https://{MARKS['page']}/",
            **{name.replace("_", "-"): value for name, value in more.items()},
        }
        if method == "POST":
            headers.setdefault("Idempotency-Key", MARKS["once"] + secrets.token_hex(4))
        sent = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        if sent is not None:
            headers.setdefault("Content-Type", "application/json")
        source = (ADDRESS, 0)
        with closing(
            http.client.HTTPConnection("127.0.0.1", self.port, timeout=30, source_address=source)
        ) as line:
            line.request(method, path, sent, headers)
            answer = line.getresponse()
            said = answer.read()
        return answer.status, json.loads(said) if said.startswith(b"{") else said

    def raw(self, said: bytes) -> None:
        """Something that is no request, and then they are gone."""
        line = socket.create_connection(("127.0.0.1", self.port), 30, (ADDRESS, 0))
        with closing(line), suppress(OSError):  # the server may be the first to hang up
            line.sendall(said)
            line.shutdown(socket.SHUT_WR)
            while line.recv(4096):
                pass

    @property
    def database(self) -> Path:
        return self.folder / "tracker.db"

    def kept(self) -> dict[str, bytes]:
        """Every file that there is beside the database, and it."""
        return {str(path): path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}

    def tables(self) -> dict[str, str]:
        with closing(sqlite3.connect(self.database)) as raw:
            names = [row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {of: repr(raw.execute(f'SELECT * FROM "{of}"').fetchall()) for of in names}  # noqa: S608  # our own


@contextmanager
def listening(folder: Path) -> Iterator[Server]:
    """`tracker serve`, as it is started by whoever follows the guide."""
    url = f"sqlite:///{folder}/tracker.db"
    app = make_app(url, lambda: datetime.now(UTC), secrets.token_bytes)
    with app.app_context():
        migrations.upgrade(db.engine)
        world = World(db.session(), lambda: datetime.now(UTC), secrets.token_bytes)
        person = world.person(NAME, "watchdog", organization=world.watchdog).id
        asked = world.recommendation("R1")
        db.session.remove()
        db.engine.dispose()
    add_key(folder / "sealing.keys", secrets.token_bytes)
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")},
        "TRACKER_DATABASE_URL": url,
        "TRACKER_SECRET_KEY": SECRET,
        "TRACKER_SEALING_KEYS": str(folder / "sealing.keys"),
        "TRACKER_RATE_LIMIT_STORAGE": REDIS or "memory://",
        "TRACKER_LOG_LEVEL": "debug",
    }
    command = (sys.executable, "-m", "tracker", "serve", "--port", str(port), "--workers", "1")
    log = folder.parent / f"{folder.name}.log"
    with log.open("wb") as said:
        server = subprocess.Popen(command, cwd=HOUSE, env=environment, stdout=said, stderr=said)
        made = Server(port, folder, person, world.keys, world.process, asked)
        try:
            wait_for(port)
            yield made
        finally:
            server.terminate()
            server.wait()
            made.said.append(log.read_text("utf-8"))


def act(server: Server) -> None:
    """Somebody hands over an item with its file, judges, searches, errs and goes; the desk reads."""
    item = {
        "process": server.process,
        "title": "What was seen",
        "type": "photo",
        "acquired_from": "own_staff",
        "sealed": {
            "creator": MARKS["creator"],
            "precise_place": MARKS["place"],
            "original_file_name": MARKS["file"],
        },
    }
    status, made = server.ask("POST", "/v1/evidence", item)
    assert status == 201, made
    path = f"/v1/evidence/{made['id']}"
    named = {"Content_Disposition": f'attachment; filename="{MARKS["file"]}"', "Content_Type": "image/jpeg"}
    status, file = server.ask("POST", f"{path}/files", b"\xff\xd8\xff\xe0 what was seen", **named)
    assert status == 201, file
    status, way = server.ask("POST", f"{path}/files/{file['id']}/access", by="editor")
    assert status == 200, way
    assert server.ask("GET", way["link"], by="editor")[0] == 200
    verdict = {
        "subject": server.recommendation,
        "track": "implementation",
        "state": "not_started",
        "effective_on": "2025-06-01",
        "reason": "Nobody was vetted.",
    }
    assert server.ask("POST", "/v1/status-changes", verdict)[0] == 201
    assert server.ask("POST", "/v1/me/password", {"password": MARKS["password"]})[0] == 200
    wrong = {"password": MARKS["password"], "current": MARKS["password"] + " wrong"}
    assert server.ask("POST", "/v1/me/password", wrong)[0] == 403
    for asked in ("/v1/evidence?mine=true", "/v1/me", path, f"{path}/custody"):
        assert server.ask("GET", asked)[0] == 200
    err(server, path)


def err(server: Server, path: str) -> None:
    """All that can go wrong on the way: refusals, what is no request, an accident inside."""
    sought = MARKS["sought"]
    assert server.ask("GET", f"/v1/search?q={sought}")[0] == 403
    assert server.ask("GET", f"/v1/public/search?q={sought}")[0] == 200
    assert server.ask("GET", f"/v1/{sought}")[0] == 404
    assert server.ask("GET", path, by="nobody")[0] == 401
    assert server.ask("POST", "/v1/evidence", f'{{"{sought}"'.encode())[0] == 400
    assert server.ask("POST", f"{path}/files", b"x", Content_Digest=f"{sought}=:AA==:")[0] == 400
    agent = f"User-Agent: {MARKS['agent']}\r\nX-Forwarded-For: {MARKS['proxy']}\r\n"
    key = f"Authorization: Bearer {server.keys[NAME]}\r\n"
    server.raw(f"GET /{sought} HTTP/1.1\r\n{agent}no header\r\n\r\n".encode())
    server.raw(f"POST {path}/files HTTP/1.1\r\nHost: x\r\n{agent}{key}Content-Length: 900\r\n\r\nx".encode())
    server.raw(f"GET /v1/me HTTP/1.1\r\nHost: x\r\n{agent}{key}X: {'x' * 900_000}".encode())
    with closing(sqlite3.connect(server.database, isolation_level=None)) as raw:
        raw.execute("ALTER TABLE person RENAME TO gone")
        assert server.ask("GET", path)[0] == 500
        assert server.ask("POST", "/v1/evidence", {})[0] == 500
        raw.execute("ALTER TABLE gone RENAME TO person")
    assert server.ask("GET", "/v1/me")[0] == 200


def counted(others: Collection[bytes] = ()) -> dict[bytes, tuple[Any, int]]:
    """What else the Redis holds, each with how many seconds it still lives."""
    if REDIS is None:
        return {}
    with closing(redis.from_url(REDIS)) as store:
        return {key: (store.get(key), store.ttl(key)) for key in store.scan_iter("*") if key not in others}


@pytest.fixture(scope="module")
def acted(tmp_path_factory: pytest.TempPathFactory) -> Acted:
    """The server after it is over, its files while it still ran and afterwards, and what was counted."""
    folder = tmp_path_factory.mktemp("traces")
    others = counted()
    with listening(folder) as server:
        act(server)
        limits = counted(others)
        files = server.kept()
    after = {f"{path} afterwards": held for path, held in server.kept().items()}
    return server, {**files, **after}, limits


def test_nothing_that_says_who_handed_it_over_is_in_any_file(acted: Acted) -> None:
    server, files, _limits = acted
    assert {Path(path).name for path in files} >= {"tracker.db", "tracker.db-wal"}
    assert any("/files/" in path for path in files)
    assert any(b"What was seen" in held for held in files.values())  # what is not sealed is found
    for mark in (ADDRESS, *MARKS.values()):
        for spelt in (mark.encode(), mark.encode("utf-16-le"), json.dumps(mark)[1:-1].encode()):
            assert [path for path, held in files.items() if spelt in held] == [], mark
    assert [path for path, held in files.items() if NAME.encode() in held and "tracker.db" not in path] == []
    assert server.keys[NAME].encode() not in b"".join(files.values())


def test_the_name_of_an_account_stands_in_one_place_and_its_id_where_acts_are_answered_for(
    acted: Acted,
) -> None:
    server, _files, _limits = acted
    tables = server.tables()
    assert [of for of, rows in tables.items() if NAME in rows] == ["person"]
    assert {of for of, rows in tables.items() if server.person in rows} == {
        "person",
        "key",
        "credential",
        "audit_entry",
        "subject",
        "open_work",
        "record_facet",
        "record_filing",
        "status_change",
        "evidence_file",
    }


def test_the_log_of_the_server_and_ours_name_nobody(acted: Acted) -> None:
    server, _files, _limits = acted
    (said,) = server.said
    ours = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert {line["event"] for line in ours} == {"request", "accident", "server"}
    assert [line for line in said.splitlines() if not line.startswith("{")] == []
    assert len(ours) > 15
    private = (ADDRESS, NAME, server.person, server.keys[NAME], *MARKS.values())
    assert [one for one in private if one in said] == []
    assert re.search(r"(?:evd|key|per|fil)_[0-9a-z]{26}", said) is None


@needs_redis
def test_what_is_counted_is_a_key_and_a_number_for_a_minute(acted: Acted) -> None:
    _server, _files, limits = acted
    assert limits
    for key, (number, left) in limits.items():
        assert re.fullmatch(rb"LIMITS:LIMITER/key_[0-9a-z]{26}/\d+/\d+/minute", key), key
        assert int(number) > 0
        assert 0 <= left <= 60
