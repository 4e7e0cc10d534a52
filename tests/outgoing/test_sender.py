"""A message goes to the address that was judged, over TLS, once; whatever the receiver does, it ends in time."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tracker.outgoing.sender import Sender

HOST = "hooks.example"
#: What a receiver answers with, by the beginning of its path.
PAGES = {
    "page": ("text/html; charset=utf-8", b"\n<!DOCTYPE html>\n<html><title>Log in</title>" + b"x" * 100_000),
    "bare": ("Text/HTML", b"<HTML><body>parked</body>"),
    "word": ("text/html; charset=utf-8", b"OK"),
    "file": ("application/json", b'"<html>"'),
}


class Receiver(BaseHTTPRequestHandler):
    """Answers as its path says."""

    server: Any

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.path, self.headers["Host"], body))
        self.send_response(int(self.path.rpartition("/")[2]))
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.send_header("Retry-After", "120")
        kind, page = PAGES.get(self.path.split("/")[1], ("", b""))
        if kind:
            self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(page)

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"x" * int(self.path.rpartition("/")[2]))

    def log_message(self, *_said: object) -> None:
        """Nothing."""


@contextmanager
def receive(trust: ssl.SSLContext | None = None) -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    server.heard = []  # type: ignore[attr-defined]
    if trust is not None:
        server.socket = trust.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


#: What a receiver says before it goes on for ever, and what it then says again and again.
_ENDLESS = {
    "headers": (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
    "go on": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body": (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
}


@contextmanager
def trickle(trust: ssl.SSLContext, slow: str) -> Iterator[int]:
    """A receiver that takes its time to encrypt the line, and whose answer has no end."""
    ended = Event()

    def answer(listener: socket.socket) -> None:
        with suppress(OSError), listener.accept()[0] as plain:
            sleep(0.3 if slow in ("name", "handshake") else 0)
            with trust.wrap_socket(plain, server_side=True) as line:
                first, more = _ENDLESS.get(slow, _ENDLESS["headers"])
                line.sendall(first)
                while not ended.wait(0.02):
                    line.sendall(more)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=answer, args=(listener,))
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            ended.set()
            thread.join()


def certify(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's side and a client's side of a certificate for a name."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "cert").write_bytes(made.public_bytes(pem))
    (folder / "key").write_bytes(key.private_bytes(pem, plain, serialization.NoEncryption()))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "cert", folder / "key")
    return server, ssl.create_default_context(cafile=str(folder / "cert"))


def test_a_name_is_looked_up_once_and_the_connection_goes_to_what_was_judged(tmp_path: Path) -> None:
    """Rebinding: a name that leads to another address the second time."""
    server_side, client_side = certify(tmp_path, HOST)
    judged: list[list[str]] = []
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])

    def pick(found: list[str], *, local: bool) -> str:
        judged.append(found)
        assert not local
        return found[0]

    with receive(server_side) as server:
        url = f"https://{HOST}:{server.server_port}/take/204?a=b"
        sender = Sender(resolve=lambda _host, _port: next(answers), pick=pick)
        outcome = sender.post(url.replace("204?a=b", "200"), {}, b"{}", client_side)
        other = certify(tmp_path, "other.example")[1]
        wrong = Sender(resolve=lambda *_given: ["127.0.0.1"], pick=pick).post(url, {}, b"{}", other)
        assert server.heard == [("/take/200", f"{HOST}:{server.server_port}", b"{}")]  # type: ignore[attr-defined]
    assert (outcome.status, outcome.taken, judged) == (200, True, [["127.0.0.1"], ["127.0.0.1"]])
    assert (wrong.status, wrong.fault) == (None, "tls")


def test_an_answer_is_its_number_and_no_redirect_is_followed() -> None:
    with receive() as server:
        for status, taken in (
            (200, True),
            (204, True),
            (301, False),
            (307, False),
            (410, False),
            (503, False),
        ):
            outcome = Sender(local=True).post(f"http://127.0.0.1:{server.server_port}/{status}", {}, b"x")
            assert (outcome.status, outcome.taken, outcome.wait, outcome.fault) == (status, taken, 120, None)
        assert len(server.heard) == 6  # type: ignore[attr-defined]


def test_a_web_page_is_no_receiver_and_a_word_that_is_called_html_is_one() -> None:
    with receive() as server:
        base = f"http://127.0.0.1:{server.server_port}"
        outcomes = {one: Sender(local=True).post(f"{base}/{one}/200", {}, b"x") for one in PAGES}
        failed = Sender(local=True).post(f"{base}/page/502", {}, b"x")
    assert {name: (one.taken, one.fault) for name, one in outcomes.items()} == {
        "page": (False, "page"),
        "bare": (False, "page"),
        "word": (True, None),
        "file": (True, None),
    }
    assert (failed.status, failed.fault) == (502, None)


@pytest.mark.parametrize(
    ("url", "local", "fault"),
    [
        ("http://127.0.0.1:9/", False, "address"),
        ("https://127.0.0.1:9/", True, "address"),
        ("https://localhost:9/", False, "address"),
        ("https://2130706433/", False, "address"),
        ("https://0x7f000001/", False, "address"),
        ("https://[::ffff:127.0.0.1]/", False, "address"),
        ("http://127.0.0.1:9/", True, "unreachable"),
        ("https://nowhere.invalid/", False, "unreachable"),
        ("https://[::1/", False, "unreachable"),
    ],
)
def test_why_nothing_was_sent_is_a_code(url: str, local: bool, fault: str) -> None:
    def resolve(host: str, port: int) -> list[str]:
        if host.endswith(".invalid"):
            raise socket.gaierror
        return [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]

    outcome = Sender(local=local, resolve=resolve).post(url, {}, b"x")
    assert (outcome.status, outcome.fault, outcome.taken) == (None, fault, False)


def test_a_receiver_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        outcome = Sender(local=True, patience=0.05).post(f"http://127.0.0.1:{port}/", {}, b"x")
    assert outcome.fault == "timeout"


@pytest.mark.parametrize("slow", ["name", "handshake", "headers", "go on", "body"])
def test_a_receiver_that_goes_on_for_ever_is_given_up_wherever_it_is_slow(slow: str, tmp_path: Path) -> None:
    """Each step is quick enough for itself, and a byte comes before anybody has waited for long."""
    server_side, client_side = certify(tmp_path, HOST)

    def resolve(_host: str, _port: int) -> list[str]:
        sleep(0.3 if slow == "name" else 0)
        return ["127.0.0.1"]

    with trickle(server_side, slow) as port:
        sender = Sender(resolve=resolve, pick=lambda found, **_more: found[0], patience=0.4)
        began = monotonic()
        outcome = sender.ask(f"https://{HOST}:{port}/", {}, 10**6, b"{}", client_side)
        took = monotonic() - began
    assert (outcome.fault, took < 1.5) == ("timeout", True)


def test_a_name_that_nobody_looks_up_in_time_is_given_up() -> None:
    ended = Event()
    sender = Sender(resolve=lambda *_given: ["8.8.8.8"] if ended.wait(10) else [], patience=0.1)
    began = monotonic()
    outcome = sender.post(f"https://{HOST}/", {}, b"x")
    took = monotonic() - began
    ended.set()
    assert (outcome.fault, took < 1) == ("timeout", True)


def test_of_what_is_asked_for_so_many_bytes_are_read_and_no_more() -> None:
    with receive() as server:
        base = f"http://127.0.0.1:{server.server_port}"
        whole = Sender(local=True).ask(f"{base}/100", {}, 100)
        assert (whole.status, whole.body) == (200, b"x" * 100)
        more = Sender(local=True).ask(f"{base}/101", {}, 100)
        assert (more.fault, more.body) == ("too_large", b"")
        assert "x" not in repr(whole)
    assert Sender().ask(base, {}, 100).fault == "address"
