"""Files over real HTTP, to `tracker serve` in a process of its own: in little memory, and nothing by halves."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from tests.api.forms import BETWEEN, FORM, PLAIN, end, item
from tests.conftest import SECRET, make_app
from tests.world import World
from tracker.store.database import db

HOUSE = Path(__file__).resolve().parents[2]
PIECE = secrets.token_bytes(1 << 16)
SUBMIT = "/v1/submissions"
SAID = {"title": "The quay", "type": "photo", "acquired_from": "own_staff"}
if not Path("/proc/self/status").exists():
    pytest.skip("the memory of a process is read from /proc", allow_module_level=True)


@dataclass(frozen=True, slots=True)
class Served:
    """A tracker that listens, and an item that takes files."""

    port: int
    process: int
    folder: Path
    key: str
    other: str
    item: str
    about: str

    @property
    def path(self) -> str:
        return f"/v1/evidence/{self.item}/files"

    def peak(self) -> int:
        """Kilobytes that any of its processes has ever held."""
        tree = {str(self.process)}
        for _ in range(3):
            tree |= {pid for pid, parent in processes() if parent in tree}
        return max(int(told(pid, "VmHWM")) for pid in tree)

    def send(self, count: int, **headers: str) -> int:
        """The status for a file of so many pieces, made while it is sent."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)) as line:
            given = {"Authorization": f"Bearer {self.key}", "Content-Type": "video/mp4", **headers}
            line.request("POST", self.path, body=pieces(count), headers=given)
            return line.getresponse().status

    def ask(self, key: str) -> http.client.HTTPResponse:
        """The answer to a short question by this key."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as line:
            line.request("GET", "/v1/me", headers={"Authorization": f"Bearer {key}"})
            answer = line.getresponse()
            answer.read()
            return answer

    def begin(self, path: str, *headers: str) -> socket.socket:
        """A line on which a body has begun to arrive, and is held."""
        line = socket.create_connection(("127.0.0.1", self.port))
        head = (f"POST {path} HTTP/1.1", "Host: a", f"Authorization: Bearer {self.key}", *headers, "", "{")
        line.sendall("\r\n".join(head).encode())
        return line

    def submit(self, *counts: int, chunked: bool = False) -> int:
        """The status for an item with files of so many pieces, in one call; made twice, for its length and digest."""
        found, size = hashlib.sha256(), 0
        for piece in together(self.about, *counts):
            found.update(piece)
            size += len(piece)
        said = f"sha-256=:{base64.b64encode(found.digest()).decode()}:"
        told = {"Content-Digest": said} if chunked else {"Content-Length": str(size)}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)) as line:
            given = {"Authorization": f"Bearer {self.key}", "Content-Type": FORM, **told}
            line.request("POST", SUBMIT, body=together(self.about, *counts), headers=given)
            return line.getresponse().status

    def files(self) -> int:
        """How many files lie in the store, those included that have not all arrived."""
        return sum(1 for path in (self.folder / "files").rglob("*") if path.is_file())

    def recorded(self) -> int:
        engine = create_engine(f"sqlite:///{self.folder}/tracker.db")
        with engine.connect() as connection:
            found: int = connection.execute(text("SELECT count(*) FROM evidence_file")).scalar_one()
        engine.dispose()
        return found


def processes() -> Iterator[tuple[str, str]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                yield entry.name, told(entry.name, "PPid")
            except (OSError, IndexError):  # gone while we look
                continue


def told(pid: str, name: str) -> str:
    return re.findall(rf"^{name}:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(), re.M)[0]  # type: ignore[no-any-return]


def pieces(count: int) -> Iterator[bytes]:
    for place in range(count):
        yield place.to_bytes(4) + PIECE[4:]


def together(process: str, *counts: int) -> Iterator[bytes]:
    """An item and files of so many pieces."""
    yield item({**SAID, "process": process})
    for count in counts:
        yield f"--{BETWEEN}\r\n{PLAIN}\r\n\r\n".encode()
        yield from pieces(count)
        yield b"\r\n"
    yield end()


def digest(count: int) -> str:
    found = hashlib.sha256()
    for piece in pieces(count):
        found.update(piece)
    return f"sha-256=:{base64.b64encode(found.digest()).decode()}:"


@contextmanager
def serving(folder: Path) -> Iterator[Served]:
    url = f"sqlite:///{folder}/tracker.db"
    app = make_app(url, lambda: datetime.now(UTC), secrets.token_bytes)
    with app.app_context():
        from tracker import migrations  # noqa: PLC0415  # also when this is run by itself

        migrations.upgrade(db.engine)
        world = World(db.session(), lambda: datetime.now(UTC), secrets.token_bytes)
        made, about = world.item(), world.process
        key, other = world.keys["editor"], world.keys["reviewer"]
        db.session.remove()
        db.engine.dispose()
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, "TRACKER_DATABASE_URL": url, "TRACKER_SECRET_KEY": SECRET}
    command = (sys.executable, "-m", "tracker", "serve", "--port", str(port), "--workers", "1")
    with subprocess.Popen(
        command, cwd=HOUSE, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            wait_for(port)
            yield Served(port, server.pid, folder, key, other, made, about)
        finally:
            server.terminate()


def wait_for(port: int) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as line:
                line.request("GET", "/v1/public")
                if line.getresponse().status == 200:
                    return
        except OSError:
            if time.monotonic() > end:
                raise
        time.sleep(0.05)


def until(there: Any) -> None:
    """Wait for what another process does."""
    end = time.monotonic() + 30
    while not there():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("wire")) as at:
        yield at


def test_64_megabytes_grow_the_server_by_less_than_32(served: Served) -> None:
    assert served.send(16, **{"Content-Length": str(16 << 16)}) == 201
    before = served.peak()
    assert served.send(1024, **{"Content-Length": str(64 << 20)}) == 201
    assert served.send(1023, **{"Content-Digest": digest(1023)}) == 201  # without its length: in chunks
    assert served.peak() - before < 32 << 10


def test_64_megabytes_that_come_with_their_item_grow_the_server_by_less_than_32(served: Served) -> None:
    assert served.submit(31, 32) == 201
    before = served.peak()
    assert served.submit(1025, 33) == 201
    assert served.submit(1026, 34, chunked=True) == 201
    assert served.peak() - before < 32 << 10


def test_whoever_sends_an_item_that_is_not_taken_is_told_before_they_send_its_files(served: Served) -> None:
    kept = served.files()
    head = (
        f"POST {SUBMIT} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {served.key}\r\nContent-Type: {FORM}\r\n"
    )
    with closing(socket.create_connection(("127.0.0.1", served.port), timeout=30)) as line:
        sent = item({**SAID, "process": "prc_" + "7" * 26}) + f"--{BETWEEN}\r\n{PLAIN}\r\n\r\n".encode()
        line.sendall(
            f"{head}Content-Length: 64000000\r\n\r\n".encode() + sent + PIECE
        )  # so much is read at a time
        assert line.recv(1 << 16).startswith(b"HTTP/1.1 422 ")
    assert served.files() == kept


def test_two_files_at_once_are_both_kept(served: Served) -> None:
    before = served.recorded()
    with ThreadPoolExecutor(2) as both:
        said = [both.submit(served.send, count, **{"Content-Length": str(count << 16)}) for count in (90, 91)]
        assert [one.result() for one in said] == [201, 201]
    assert served.recorded() == before + 2


@pytest.mark.parametrize("chunked", [False, True])
def test_a_sender_who_goes_away_leaves_nothing_and_nobody_waits_for_them(
    served: Served, chunked: bool
) -> None:
    before, kept = served.recorded(), served.files()
    how = (
        f"Transfer-Encoding: chunked\r\nContent-Digest: {digest(3)}"
        if chunked
        else "Content-Length: 10000000"
    )
    head = f"POST {served.path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {served.key}\r\n{how}\r\n\r\n"
    with closing(socket.create_connection(("127.0.0.1", served.port))) as line:
        line.sendall(head.encode())
        piece = bytes(1 << 16)
        line.sendall(b"10000\r\n" + piece + b"\r\n" if chunked else piece)
        until(lambda: served.files() > kept)
        assert served.send(5 + chunked, **{"Content-Length": str((5 + chunked) << 16)}) == 201
    until(lambda: served.files() == kept + 1)
    assert served.recorded() == before + 1


def test_one_key_does_not_hold_the_whole_server(served: Served) -> None:
    kept = served.files()
    held = [served.begin(served.path, "Content-Length: 1000") for _ in range(8)]
    until(lambda: served.files() == kept + 8)  # each has its place on the disk: it is being worked on
    refused = served.ask(served.key)
    assert (refused.status, refused.headers["Retry-After"]) == (429, "1")
    with closing(
        served.begin("/v1/organizations", "Content-Type: application/json", "Content-Length: 9")
    ) as one:
        assert one.recv(12) == b"HTTP/1.1 429"  # its body is not waited for
    assert served.ask(served.other).status == 200
    held.pop().close()
    until(lambda: served.ask(served.key).status == 200)
    for line in held:
        line.close()
    until(lambda: served.files() == kept)
    with ThreadPoolExecutor(8) as all_at_once:
        assert {one.status for one in all_at_once.map(served.ask, [served.key] * 8)} == {200}


def test_nor_does_one_who_goes_away_in_the_second_of_two_files(served: Served) -> None:
    before, kept = served.recorded(), served.files()
    whole = b"".join(together(served.about, 7, 20))
    head = (
        f"POST {SUBMIT} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {served.key}\r\nContent-Type: {FORM}\r\n"
    )
    with closing(socket.create_connection(("127.0.0.1", served.port))) as line:
        line.sendall(f"{head}Content-Length: {len(whole)}\r\n\r\n".encode() + whole[: 10 << 16])
        until(lambda: served.files() == kept + 2)
    until(lambda: served.files() == kept)
    assert served.recorded() == before


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("Idempotency-Key", ("a", "b")),
        ("Idempotency-Key", ("a", "a")),
        ("Idempotency-Key", ("a,b",)),
        ("Content-Type", ("application/json, text/html",)),
        ("Content-Type", ("application/json,",)),
        ("Content-Type", ("json",)),
        ("Content-Type", ("application/json; charset",)),
    ],
)
@pytest.mark.parametrize("path", ["/v1/organizations", None])
def test_a_header_that_is_one_thing_and_comes_as_two_is_refused_by_name(
    served: Served, path: str | None, header: str, values: tuple[str, ...]
) -> None:
    kept, recorded = served.files(), served.recorded()
    given = [f"{header}: {value}" for value in values]
    if header != "Content-Type":
        given.append("Content-Type: application/json")
    with closing(served.begin(path or served.path, *given, "Connection: close", "Content-Length: 1")) as line:
        answer = b"".join(iter(lambda: line.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 400")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["detail"].startswith(f"{header} must be sent once")
    assert (served.files(), served.recorded()) == (kept, recorded)


if __name__ == "__main__":  # python -m tests.api.test_uploads_over_the_wire FOLDER MEGABYTES
    with serving(Path(sys.argv[1])) as at:
        count = int(sys.argv[2]) * 16
        at.send(16, **{"Content-Length": str(16 << 16)})
        before, began = at.peak(), time.monotonic()
        print(at.send(count, **{"Content-Length": str(count << 16)}))
        print(f"{time.monotonic() - began:.1f} s, grew by {at.peak() - before} KB")
