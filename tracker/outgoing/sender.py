"""Sending one message, or asking for something: the name is looked up once, the address is judged, and the connection
goes to that address.

No redirect is followed, no more of an answer is read than was asked for, and all of it takes at most so many seconds.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection, HTTPException, HTTPResponse
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

from tracker.outgoing.addresses import AddressRefused, pick_address
from tracker.outgoing.endings import answer_within, ended_after

#: Seconds for the whole of it.
PATIENCE: Final = 15.0
#: Bytes of an answer by which a web page is known.
_BEGINNING: Final = 512
#: Looks a name up: the addresses of a host and port.
Resolver = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """``status`` of the answer; or the ``fault`` for which there was none. ``wait``: the seconds of `Retry-After`.
    ``body``: what was asked for. ``is_page``: the answer is a document for people."""

    status: int | None = None
    fault: str | None = None
    wait: int | None = None
    took_ms: int = 0
    body: bytes = field(default=b"", repr=False)
    is_page: bool = False

    @property
    def taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300 and self.fault is None


def look_up(host: str, port: int) -> list[str]:
    addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(one[4][0]) for one in addresses]


@dataclass(frozen=True, slots=True)
class Sender:
    """Posts messages. ``local`` lets plain HTTP go to this machine, and to no other."""

    local: bool = False
    resolve: Resolver = look_up
    pick: Callable[..., str] = pick_address
    patience: float = PATIENCE

    def post(
        self, url: str, headers: Mapping[str, str], body: bytes, trust: ssl.SSLContext | None = None
    ) -> Outcome:
        """Send it, and say what came back: its body only where it is a web page, which takes no message. It raises
        nothing."""
        outcome = self._send("POST", url, headers, body, trust, most_bytes=0)
        return replace(outcome, fault="page") if outcome.taken and outcome.is_page else outcome

    def ask(
        self,
        url: str,
        headers: Mapping[str, str],
        most_bytes: int,
        body: bytes | None = None,
        trust: ssl.SSLContext | None = None,
    ) -> Outcome:
        """The same with the body of the answer, of so many bytes at most; without a ``body`` of its own a GET."""
        return self._send("GET" if body is None else "POST", url, headers, body, trust, most_bytes)

    def _send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        trust: ssl.SSLContext | None,
        most_bytes: int,
    ) -> Outcome:
        began = monotonic()
        outcome = self._try(method, url, headers, body, trust, most_bytes, began)
        if outcome.fault == "address":
            return outcome  # nothing was sent that could take time
        return replace(outcome, took_ms=round((monotonic() - began) * 1000))

    def _try(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        trust: ssl.SSLContext | None,
        most_bytes: int,
        began: float,
    ) -> Outcome:
        try:
            connection = self._make_connection(url, trust)
            left = max(0.0, self.patience - (monotonic() - began))
            with closing(connection), ended_after(left, connection.find_line):
                connection.request(method, _target(url), body, dict(headers))
                answer = connection.getresponse()
                read = answer.read(most_bytes + 1) if most_bytes else b""
                is_page = not most_bytes and _reads_as_page(answer)
                if self._is_over(began):  # what was cut off reads like an answer that ended
                    return Outcome(fault="timeout")
                if len(read) > most_bytes:
                    return Outcome(fault="too_large")
                wait = _read_wait(answer.getheader("Retry-After"))
                return Outcome(answer.status, wait=wait, body=read, is_page=is_page)
        except AddressRefused:
            return Outcome(fault="address")
        except ssl.SSLError:
            return Outcome(fault="timeout" if self._is_over(began) else "tls")
        except (OSError, HTTPException, ValueError):
            return Outcome(fault="timeout" if self._is_over(began) else "unreachable")

    def _make_connection(self, url: str, trust: ssl.SSLContext | None) -> _Pinned:
        parts = urlsplit(url)
        plain, host = parts.scheme == "http", parts.hostname or ""
        if plain and not self.local:
            raise AddressRefused("what leaves is encrypted")
        port = parts.port or (80 if plain else 443)
        addresses = answer_within(self.patience, lambda: self.resolve(host, port))
        address = self.pick(addresses, local=plain)
        if not plain and trust is None:
            trust = ssl.create_default_context()
        return _Pinned(host, port, address, None if plain else trust, self.patience)

    def _is_over(self, began: float) -> bool:
        return monotonic() - began >= self.patience


class _Pinned(HTTPConnection):
    """Speaks to one address under the name of its host."""

    def __init__(
        self, host: str, port: int, address: str, trust: ssl.SSLContext | None, patience: float
    ) -> None:
        super().__init__(host, port, timeout=patience)
        self._address, self._trust = address, trust
        self._line: socket.socket | None = None

    def connect(self) -> None:
        self._line = socket.create_connection((self._address, self.port), self.timeout)
        if self._trust is not None:
            self._line = self._trust.wrap_socket(self._line, server_hostname=self.host)
        self.sock = self._line

    def find_line(self) -> socket.socket | None:
        """``sock`` is forgotten where the answer ends with the line."""
        return self._line


def _target(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _reads_as_page(answer: HTTPResponse) -> bool:
    """Many receivers call their "OK" HTML; a page says at its beginning that it is one."""
    if not (answer.getheader("Content-Type") or "").lower().startswith("text/html"):
        return False
    return answer.read(_BEGINNING).lstrip().lower().startswith((b"<!doctype html", b"<html"))


def _read_wait(given: str | None) -> int | None:
    """The seconds of a `Retry-After`; a date in it is passed over."""
    return (
        min(int(given), 10**6) if given and given.isascii() and given.isdigit() and len(given) < 10 else None
    )
