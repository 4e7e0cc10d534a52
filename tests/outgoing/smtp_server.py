"""A mail server on this machine, which takes letters or misbehaves as a test tells it to."""

from __future__ import annotations

import socketserver
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from threading import Event, Thread
from typing import Any


class _Session(socketserver.StreamRequestHandler):
    """One connection. What the server answers to a word instead of taking it stands in its ``says``."""

    server: PostBox

    def handle(self) -> None:
        if self.server.at_once:
            self._encrypt()
        if self._does("CONNECT", "220 ready"):
            while self._take(self.rfile.readline()):
                pass

    def _take(self, line: bytes) -> bool:
        word = line.decode("ascii").strip().split(" ")[0].upper()
        if not word:
            return False
        self.server.heard.append(word + line.decode("ascii").strip()[len(word) :])
        if word == "EHLO":
            offers = "".join(f"250-{one}\r\n" for one in self.server.offers)
            return self._does(word, f"{offers}250 OK")
        if word == "STARTTLS" and self._does(word, "220 go ahead"):
            self._encrypt()
            return True
        if word == "DATA":
            return self._does(word, "354 go on") and self._take_letter()
        return self._does(word, {"AUTH": "235 welcome", "QUIT": "221 bye"}.get(word, "250 OK"))

    def _encrypt(self) -> None:
        assert self.server.trust is not None
        self.request = self.server.trust.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", 0)

    def finish(self) -> None:
        """The line that was encrypted is another than the one that came in."""
        super().finish()
        self.request.close()

    def _take_letter(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.server.raw.append(b"".join(lines))
        return self._does("TAKEN", "250 taken")

    def _does(self, word: str, otherwise: str) -> bool:
        """Answer a word. ``drop`` ends the connection, ``hang`` answers when the test is over."""
        answers = self.server.says.get(word, [])
        said = answers.pop(0) if answers else otherwise
        if said == "hang":
            self.server.ended.wait(30)
        if said in ("drop", "hang"):
            return False
        self.wfile.write(f"{said}\r\n".encode())
        return not said.startswith("421")


class PostBox(socketserver.ThreadingTCPServer):
    """``says``: what it answers to a word, the next time and after that; ``raw``: the letters that it took;
    ``at_once``: it speaks TLS from the first byte."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, trust: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.trust, self.at_once = trust, False
        self.offers = ["SIZE 1000000", *(["STARTTLS", "AUTH PLAIN"] if trust else [])]
        self.says: dict[str, list[str]] = {}
        self.heard: list[str] = []
        self.raw: list[bytes] = []
        self.ended = Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def letters(self) -> list[EmailMessage]:
        read: Any = [message_from_bytes(one, policy=SMTP) for one in self.raw]
        return list(read)

    def handle_error(self, *_given: object) -> None:
        """A line that broke is what some tests want."""


@contextmanager
def open_post_box(trust: ssl.SSLContext | None = None) -> Iterator[PostBox]:
    box = PostBox(trust)
    thread = Thread(target=box.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield box
    finally:
        box.ended.set()
        box.shutdown()
        thread.join()
        box.server_close()
