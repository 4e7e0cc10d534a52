"""Whether the feeds of a tracker show verified acts, and name a checkpoint of the verified log."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from tracker.tlog.acts import STRANGE, Ask
from tracker.tlog.checkpoint import Checkpoint
from tracker.tlog.errors import Malformed, TlogError
from tracker.tlog.verified_acts import VerifiedActs

_PROCESSES: Final = "/v1/public/processes?"
_SLUG: Final = re.compile(r"[a-z0-9-]{1,80}", re.ASCII)
_EVENT: Final = re.compile(r".*/v1/public/events/([a-z]{3}_[0-9a-z]{1,40})", re.ASCII | re.DOTALL)
_BEFORE: Final = re.compile(r".*\?before=([1-9][0-9]{0,17})", re.ASCII | re.DOTALL)
_PAGE: Final = re.compile(r".*/status\.json\?page=([a-z]{3}_[0-9a-z]{1,40})", re.ASCII | re.DOTALL)
_KINDS: Final = ("committees", "resources", "deadlines", "recommendations")


class FeedsCheck:
    """``newer`` counts the feeds that say more than the checkpoint covers: they are for the next time.

    ``open`` reads a signed note and raises where it is not of this log; ``same`` says whether a checkpoint is one of
    the verified log when it was smaller.
    """

    def __init__(
        self,
        ask: Ask,
        acts: VerifiedActs,
        size: int,
        open: Callable[[bytes], Checkpoint],
        same: Callable[[Checkpoint], bool],
    ) -> None:
        self._ask, self._acts, self._size, self._open, self._same = ask, acts, size, open, same
        self.count = self.newer = 0

    def findings(self) -> Iterator[str]:
        """Each item of a feed that no verified act gave, each feed whose checkpoint is not of this log."""
        for slug in self._slugs():
            status, changes = f"/feeds/{slug}/status.json", f"/feeds/{slug}/changes.json"
            try:
                feed = self._ask(status)
                self.count += 1
                if feed["changes"] > self._size:
                    self.newer += 1
                    continue
                yield from self._checkpoint(status, feed["checkpoint"], feed["changes"])
                yield from self._status(status, feed)
                yield from self._further_pages(status, feed.get("next"))
                yield from self._changes(changes, feed["process"]["id"], feed["changes"])
            except Malformed as error:
                yield str(error)
            except STRANGE as error:
                yield f"the feeds of {slug}: they cannot be verified ({type(error).__name__}: {error})"

    def _slugs(self) -> Iterator[str]:
        path: str | None = f"{_PROCESSES}limit=200"
        seen: set[str] = set()
        while path:
            page = self._ask(path)
            try:
                slugs, path = [item["slug"] for item in page["items"]], page["next"]
                if path and not path.startswith(_PROCESSES):
                    raise Malformed("the list leads to another place")
                if not all(_SLUG.fullmatch(slug) for slug in slugs) or not seen.isdisjoint(slugs):
                    raise Malformed("a short name is none, or comes twice")
            except STRANGE:
                raise Malformed(f"{_PROCESSES[:-1]}: this is not a page of processes") from None
            seen.update(slugs)
            yield from slugs
            if not slugs:
                return

    def _checkpoint(self, feed: str, signed: str | None, covered: int) -> Iterator[str]:
        if signed is None:
            yield f"{feed}: it names no checkpoint, and the log has signed what it says"
            return
        try:
            checkpoint = self._open(signed.encode())
        except TlogError as error:
            yield f"{feed}: its checkpoint is not one of this log ({error})"
            return
        if checkpoint.size < covered:
            yield f"{feed}: its checkpoint has {checkpoint.size} entries and does not cover act {covered}"
        elif checkpoint.size <= self._size and not self._same(checkpoint):
            yield f"{feed}: its checkpoint of {checkpoint.size} entries is of another history than the log"

    def _status(self, feed: str, shown: dict[str, Any]) -> Iterator[str]:
        for thing in (shown["process"], *(thing for kind in _KINDS for thing in shown[kind])):
            id = thing["id"]
            event, index = _event(thing["last_act"]["event"]), thing["last_act"]["index"]
            if self._acts.last(id) != (event, index):
                yield f"{feed}: {id} rests on act {event} (entry {index}); that is not its last verified act"
            for name, value in self._acts.content(id).items():
                if not _says(thing.get(name), value):
                    yield f"{feed}: the {name} of {id} is not what its last verified act says"
            for answers in thing.get("standing", ()):
                for row in (answers["lead"], *answers["others"], *answers.get("by_addressee", ())):
                    yield from self._row(feed, id, answers["track"], row)

    def _further_pages(self, feed: str, following: str | None) -> Iterator[str]:
        """The rest of a status feed that has several pages."""
        seen: set[str] = set()
        while following is not None:
            match = _PAGE.fullmatch(following)
            if match is None or match[1] in seen:
                raise Malformed(f"{feed}: its pages lead to another place, or do not end")
            seen.add(match[1])
            page = self._ask(f"{feed}?page={match[1]}")
            if page["changes"] > self._size:
                self.newer += 1
                return
            yield from self._status(feed, page)
            following = page["next"]

    def _row(self, feed: str, id: str, track: str, row: dict[str, Any]) -> Iterator[str]:
        given = (id, track, row["assessor"]["id"], row["state"])
        if row["change"] is not None and self._acts.change(row["change"]) != given:
            yield f"{feed}: the state {row['state']} of {id} on {track} is not what {row['change']} says"
        for reply in row["replies"]:
            change = self._acts.change(reply["change"])
            if change is None or (change[0], change[2]) != (id, reply["assessor"]["id"]):
                yield f"{feed}: the reply {reply['change']} to {id} is not a verified act"

    def _changes(self, path: str, process: str, covered: int) -> Iterator[str]:
        """Every page: each item is a verified act, and none is left out."""
        feed, count, before = path, 0, covered + 1
        while True:
            page = self._ask(path)
            for item in page["items"]:
                act = item["_tracker"]
                id = act["id"]
                count += 1
                if not self._acts.has(id, act):
                    yield f"{feed}: the item {id} is not a verified act, or says something else"
                elif "change" in act and act["change"]["reason"] not in item["content_text"]:
                    yield f"{feed}: the text of the item {id} is not that of its act"
            following = _BEFORE.fullmatch(page.get("next_url") or "")
            if following is None:
                break
            if int(following[1]) >= before:
                raise Malformed(f"{feed}: its pages do not end")
            before = int(following[1])
            path = f"{feed}?before={before}"
        if count < self._acts.count(process):
            yield f"{feed}: it has {count} items; {self._acts.count(process)} verified acts are of its process"


def _event(address: str) -> str:
    match = _EVENT.fullmatch(address)
    if match is None:
        raise ValueError("this is not the address of a public act")
    return match[1]


def _says(shown: Any, given: Any) -> bool:
    """Whether a document says what an act said. It may say more, and names what the act gives by its id."""
    if isinstance(given, dict):
        return isinstance(shown, dict) and all(_says(shown.get(name), value) for name, value in given.items())
    if isinstance(given, list):
        return isinstance(shown, list) and len(shown) == len(given) and all(map(_says, shown, given))
    return bool(shown == given or (isinstance(shown, dict) and shown.get("id") == given))
