"""What is read: the addresses of every workload, and the answers that the bare application gives to them."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from sqlalchemy import select

from bench.raw import Answers, Headers
from bench.servers import Server
from bench.world import World
from tracker.public.page_addresses import make_address
from tracker.public.tables import document, head

_LIST = "/v1/public/recommendations?implementation=underway"
#: How many different recommendations are asked for.
_SPREAD = 2_000
_LEFT_OUT = {"date", "server", "transfer-encoding", "connection"}


@dataclass(frozen=True, slots=True)
class Workload:
    """One thing that is read: its goal is a share of what the bare application reaches, as `performance.md` has it."""

    code: str
    name: str
    goal: float
    addresses: Path
    tag: str | None
    bytes: int


def workloads(world: World, server: Server, folder: Path) -> list[Workload]:
    """Every workload with its addresses in a file, and one file of answers for the bare application."""
    with world.connection() as connection:
        ids = connection.scalars(
            select(document.c.id).where(document.c.kind == "recommendation").order_by(document.c.id)
        ).all()
        process, slug = connection.execute(
            select(head.c.process_id, head.c.slug).order_by(head.c.slug).limit(1)
        ).one()
        reference = connection.scalar(
            select(document.c.slug)
            .where(document.c.kind == "recommendation", document.c.process_id == process)
            .order_by(document.c.id)
            .limit(1)
        )
    chosen = Random(2).sample(ids, min(_SPREAD, len(ids)))
    first, deep = f"{_LIST}&limit=50", _deep(server)
    feed, atom, page = list_cold(slug)
    named = [
        ("R1", "one recommendation with its history", 0.30, [f"/v1/public/recommendations/{chosen[0]}"]),
        ("R1 spread", f"{len(chosen):,} of them in turn", 0.30,
         [f"/v1/public/recommendations/{one}" for one in chosen]),
        ("R2 first", "a list of 50, filtered, its first page", 0.20, [first]),
        ("R2 deep", "the same list, a page near its end", 0.20, [deep]),
        ("R3 200", "the status feed of a process", 0.60, [feed]),
        ("R3 304", "the same for a reader who has it already", 0.60, [feed]),
        ("P1", "the page of a recommendation", 0.60,
         [make_address("en", "recommendation", process=slug, reference=str(reference))]),
        ("P2", "the page of a process", 0.60, [page]),
        ("P3", "what changed there, as Atom", 0.60, [atom]),
    ]  # fmt: skip
    answers: Answers = {}
    made = []
    for code, name, goal, addresses in named:
        headers, body = get(server, addresses[0])
        tag = next(value for key, value in headers if key.lower() == "etag") if code == "R3 304" else None
        answers.setdefault(addresses[0] if "?" in addresses[0] else addresses[0] + "?", (headers, body))
        path = folder / f"{code.replace(' ', '-')}.addresses"
        path.write_text("\n".join(addresses) + "\n")
        made.append(Workload(code, name, goal, path, tag, 0 if tag else len(body)))
        if tag is not None:
            _require_304(server, addresses[0], tag)
    (folder / "answers").write_bytes(pickle.dumps(answers))
    return made


def list_cold(slug: str) -> tuple[str, str, str]:
    """What is made of a whole process when somebody first asks for it: status feed, Atom feed, page."""
    feeds = f"/feeds/{slug}"
    return f"{feeds}/status.json", f"{feeds}/changes.atom", make_address("en", "process", process=slug)


def _deep(server: Server) -> str:
    """The address of a page near the end of the list: page by page until three quarters or more are behind."""
    following: str | None = f"{_LIST}&limit=200"
    seen: list[str] = []
    while following is not None:
        seen.append(following)
        following = json.loads(get(server, following)[1])["next"]
    return seen[-2 if len(seen) > 1 else -1].replace("limit=200", "limit=50")


def get(server: Server, path: str) -> tuple[Headers, bytes]:
    with urlopen(server.base + path) as answer:
        return list(_kept(answer.headers.items())), answer.read()


def _kept(headers: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in headers if name.lower() not in _LEFT_OUT)


def _require_304(server: Server, path: str, tag: str) -> None:
    try:
        urlopen(Request(server.base + path, headers={"If-None-Match": tag}))
    except HTTPError as answer:
        if answer.code == 304:
            return
    raise RuntimeError(f"{path} is not answered with 304 to its own tag")
