"""``/log/…``: the transparency log as C2SP tlog-tiles lays it out, for those who verify it.

Nothing is signed and nothing is written here. What a path holds never changes, but for the checkpoint and the proofs,
which speak of the last checkpoint that was signed; the unsigned end of the log is not public yet.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

from sqlalchemy import Engine

from tracker.domain.errors import NotFound
from tracker.feeds.cache import Page, PageCache
from tracker.public import log, successions
from tracker.public.tables import log as public_log
from tracker.tlog.errors import Malformed
from tracker.tlog.succession import FOLDER
from tracker.tlog.tiles import FULL, Tile, parse

_PROOF: Final = re.compile(r"proof/(0|[1-9][0-9]{0,17})", re.ASCII)
_SUCCESSION: Final = re.compile(FOLDER + r"/(0|[1-9][0-9]{0,3})", re.ASCII)
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_TEXT: Final = "text/plain; charset=utf-8"

Answer = tuple[bytes, list[tuple[str, str]]]


class LogFiles:
    """The files of the public log of one server."""

    def __init__(self, engine: Engine, cache: PageCache) -> None:
        self._engine, self._cache = engine, cache

    def read(self, path: str) -> Answer:
        """The bytes at a path below ``/log/``, and their headers. `NotFound` for every other."""
        if path == "checkpoint":
            return self._checkpoint()
        match = _SUCCESSION.fullmatch(path)
        if match is not None:
            return self._succession(int(match[1]))
        match = _PROOF.fullmatch(path)
        if match is not None:
            return self._proof(int(match[1]))
        try:
            tile = parse(path)
        except Malformed:
            raise NotFound("there is nothing at this address of the log") from None
        return self._tile(tile)

    def _checkpoint(self) -> Answer:
        with self._engine.connect() as connection:
            signed = log.read_served(connection)
        if signed is None:
            raise NotFound("the log has not been signed yet")
        return signed, _moving_answer(signed)

    def _succession(self, number: int) -> Answer:
        with self._engine.connect() as connection:
            statement = successions.read_statement(connection, number)
        if statement is None:
            raise NotFound("no more logs were closed here")
        return statement, _answer_headers(statement, _FOR_EVER, _TEXT)

    def _proof(self, index: int) -> Answer:
        with self._engine.connect() as connection:
            proof = log.make_proof(connection, index)
        if proof is None:
            raise NotFound(f"there is no signed entry {index}")
        return proof.data, _moving_answer(proof.data)

    def _tile(self, tile: Tile) -> Answer:
        """A full tile never changes, so it is kept; a partial one is read again."""
        page = self._cache.page(f"/log/{tile}", None, lambda: self._read(tile), keep=tile.width == FULL)
        return page.body, list(page.headers)

    def _read(self, tile: Tile) -> Page:
        with self._engine.connect() as connection:
            checkpoint = log.last_checkpoint(connection)
            if checkpoint is None or not tile.within(checkpoint[0].size):
                raise NotFound("the signed log does not reach so far")
            body = public_log.content(connection, tile)
        headers = _answer_headers(body, _FOR_EVER, "application/octet-stream")
        return Page(body, headers[0][1], tuple(headers))


def _moving_answer(body: bytes) -> list[tuple[str, str]]:
    return _answer_headers(body, "public, max-age=5", _TEXT)


def _answer_headers(body: bytes, cached: str, media_type: str) -> list[tuple[str, str]]:
    tag = hashlib.sha256(body).hexdigest()[:32]
    return [("ETag", f'"{tag}"'), ("Cache-Control", cached), ("Content-Type", media_type)]
