"""Approving as fast as the tracker takes it: some connections, each with one approval on its way at a time."""

from __future__ import annotations

import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from statistics import quantiles
from threading import Thread

from sqlalchemy import Connection, select

from bench.servers import HOST, Server
from bench.wrk import Round
from tracker.store.statuses import StatusChange

CONNECTIONS = 8
_BODY = b'{"decision":"approve"}'


@dataclass(slots=True)
class _Answered:
    seconds: list[float]
    refused: list[str]


def waiting(connection: Connection) -> list[str]:
    """The proposals that wait, those of one recommendation together: so they race for the same line."""
    own = StatusChange.__table__.c
    query = select(own.id).where(own.decision == "proposed").order_by(own.subject_id, own.id)
    return list(connection.scalars(query))


def measure(server: Server, key: str, proposals: Sequence[str]) -> Round:
    """Approve these. Every one has to be answered with 200."""
    queue: SimpleQueue[str] = SimpleQueue()
    for proposal in proposals:
        queue.put(proposal)
    answered = _Answered([], [])
    threads = [Thread(target=_approve, args=(server, key, queue, answered)) for _ in range(CONNECTIONS)]
    before, started = server.cpu(), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - started
    if answered.refused or len(answered.seconds) != len(proposals):
        raise RuntimeError(f"{len(answered.refused)} approvals failed, the first: {answered.refused[:1]}")
    cuts = quantiles(answered.seconds, n=100)
    return Round(len(proposals) / took, (server.cpu() - before) / len(proposals), p50=cuts[49], p99=cuts[98])


def _approve(server: Server, key: str, queue: SimpleQueue[str], answered: _Answered) -> None:
    with socket.create_connection((HOST, server.port)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while True:
            try:
                proposal = queue.get_nowait()
            except Empty:
                return
            head = (
                f"POST /v1/status-changes/{proposal}/decision HTTP/1.1\r\nHost: {HOST}\r\n"
                f"Authorization: Bearer {key}\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(_BODY)}\r\n\r\n"
            )
            started = time.perf_counter()
            line.sendall(head.encode() + _BODY)
            status, answer = _read(line)
            answered.seconds.append(time.perf_counter() - started)
            if status != 200:
                answered.refused.append(f"{status} {answer[:200]!r}")


def _read(line: socket.socket) -> tuple[int, bytes]:
    """One answer, whole."""
    said = b""
    while b"\r\n\r\n" not in said:
        said += _more(line)
    head, _, body = said.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next(int(one.partition(b":")[2]) for one in lines if one.startswith(b"content-length:"))
    while len(body) < length:
        body += _more(line)
    return int(head.split()[1]), body


def _more(line: socket.socket) -> bytes:
    found = line.recv(65536)
    if not found:
        raise ConnectionError("the tracker closed the connection")
    return found
