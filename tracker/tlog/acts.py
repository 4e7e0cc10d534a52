"""Whether the public acts that a tracker shows say what its log promised: for a stranger, who trusts neither.

The tree is verified before (`tracker.tlog.verify`). Here the entries are read again, one bundle at a time, beside the
list of public acts, which has the same order. What was verified is kept in a temporary database, so that feeds can be
compared with it (`tracker.tlog.feeds`) and memory does not grow with the log.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

from tracker.tlog.commitment import opens
from tracker.tlog.errors import Malformed, TlogError
from tracker.tlog.verified_acts import Act, VerifiedActs
from tracker.tlog.verify import Fetch, Progress

Json: TypeAlias = Any
#: The JSON document at a path below the address of the tracker. Raises `NotServed`, `Unreachable`, or `Malformed`.
Ask: TypeAlias = Callable[[str], Json]

_LIST: Final = "/v1/public/changes?"
_FIRST: Final = f"{_LIST}verification=true&limit=200"
#: What is added to an act so that it can be verified.
_VERIFICATION: Final = ("log", "entry", "disclosure", "salt", "redacted_by")
#: So many acts may wait for their signature; a list that is longer does not end.
_UNSIGNED: Final = 10_000
#: What hostile JSON can raise where a member is missing or is of another type.
STRANGE: Final = (LookupError, TypeError, ValueError, AttributeError, RecursionError, TlogError)


def read_json(fetch: Fetch) -> Ask:
    """How to read documents where bytes are read."""

    def ask(path: str) -> Json:
        try:
            return json.loads(fetch(path.removeprefix("/")))
        except (ValueError, RecursionError):
            raise Malformed(f"{path}: this is no JSON document") from None

    return ask


class ActsCheck:
    """One reading of the acts of one tracker. ``unsigned`` is how many acts are newer than the checkpoint; those from
    before the instant ``late`` should have been signed."""

    def __init__(
        self, ask: Ask, verified: VerifiedActs, size: int, late: str, progress: Progress | None = None
    ) -> None:
        self._ask, self._verified, self._size, self._late = ask, verified, size, late
        self._progress = progress
        self.unsigned = 0
        # What the entries, and acts that are not signed yet, give as the reason why a text is not shown.
        self._withdrawn: set[str] = set()
        self._redactions: dict[int, list[int]] = {}
        self._closed: list[tuple[int, str, str | None, int | None]] = []

    def findings(self, entries: Iterator[bytes]) -> Iterator[str]:
        """Each entry without its act, each act without an entry, each act that is not what its entry promised."""
        index = 0
        for act in self._acts():
            try:
                place, id = int(act["log"]["index"]), str(act["id"])
            except STRANGE:
                yield f"a public act after entry {index - 1} does not say where it stands in the log"
                continue
            if place < index:
                yield f"act {id}: no entry of the log is left for it; it claims entry {place}"
                continue
            while index < min(place, self._size):
                yield self._missing(index, next(entries))
                index += 1
            if place >= self._size:
                self._note_reason(place, act)
                self.unsigned += 1
                if str(act.get("at")) < self._late:
                    yield f"act {id}: it is in no signed entry; the log has {self._size}"
                continue
            yield from self._compare(index, next(entries), id, act)
            index += 1
            if self._progress and (index % 200 == 0 or index == self._size):
                self._progress(index, self._size)
        for entry in entries:
            yield self._missing(index, entry)
            index += 1
        yield from self._unexplained()

    def _acts(self) -> Iterator[dict[str, Any]]:
        """The list of public acts, oldest first, until a page has none; it may lead nowhere else, and has to end."""
        path, count = _FIRST, 0
        while True:
            page = self._ask(path)
            try:
                items, path = page["items"], page["next"]
                if not (isinstance(items, list) and path.startswith(_LIST)):
                    raise Malformed("the list leads to another place")
            except STRANGE:
                raise Malformed(f"{_LIST[:-1]}: this is not a page of public acts") from None
            if not items:
                return
            yield from items
            count += len(items)
            if count > self._size + _UNSIGNED:
                raise Malformed(f"{_LIST[:-1]}: the list of public acts does not end")

    def _missing(self, index: int, entry: bytes) -> str:
        promised = json.loads(entry)
        self._note_reason(index, promised)
        return f"entry {index} ({promised['kind']}): no public act is shown for it"

    def _note_reason(self, index: int, event: dict[str, Any]) -> None:
        if event.get("kind") == "subject.withdrawn":
            self._withdrawn.add(str(event.get("subject")))
        elif event.get("kind") == "record.redacted":
            self._redactions[index] = list(event.get("refs") or ())

    def _compare(self, index: int, entry: bytes, id: str, shown: dict[str, Any]) -> Iterator[str]:
        promised = json.loads(entry)
        self._note_reason(index, promised)
        act = {name: value for name, value in shown.items() if name not in _VERIFICATION}
        try:
            wrong = self._difference(index, entry, promised, act, shown)
            if wrong is None:
                self._verified.add(Act.read(index, act))
        except STRANGE as error:
            wrong = f"it cannot be verified ({type(error).__name__})"
        if wrong:
            yield f"entry {index}, act {id}: {wrong}"

    def _difference(
        self, index: int, entry: bytes, promised: dict[str, Any], act: dict[str, Any], shown: dict[str, Any]
    ) -> str | None:
        """How an act differs from its entry; None where it agrees, or where its text is not shown for a reason."""
        if _decode(shown["entry"]) != entry:
            return "it is shown with another entry than the log has there"
        if other := [name for name, value in _codes(act).items() if promised.get(name) != value]:
            return f"its {' and '.join(other)} are not those of its entry"
        if promised["kind"] == "internal.anchor":
            return None if act["commit"] == promised["commit"] else "it is another anchor than its entry"
        if shown["disclosure"] is None or shown["salt"] is None:
            self._closed.append((index, act["id"], act["subject"], shown["redacted_by"]))
            return None
        text = _decode(shown["disclosure"])
        if not opens(promised["commit"], _decode(shown["salt"]), text):
            return "its text and salt do not open its entry"
        return (
            None
            if json.loads(text) == act
            else "it is shown with other words than the text that was promised"
        )

    def _unexplained(self) -> Iterator[str]:
        """Acts without a text, of which no entry says that they were redacted or withdrawn."""
        for index, id, subject, redaction in self._closed:
            if redaction is not None and index in self._redactions.get(redaction, ()):
                continue
            if redaction is not None or subject not in self._withdrawn:
                yield f"entry {index}, act {id}: its text is not shown, and no entry redacts or withdraws it"


def _codes(act: dict[str, Any]) -> dict[str, Any]:
    """What an act says in codes, as its entry says it in clear."""
    codes = {name: act[name] for name in ("kind", "at")} | {"subject": act.get("subject")}
    if "change" in act:
        codes |= {name: act["change"][name] for name in ("assessor", "track", "from", "to")}
    if "basis" in act:
        codes |= {"assessor": act["assessor"], "track": act["track"], "from": act["was"], "to": act["basis"]}
    if "refs" in act:
        codes |= {"refs": act["refs"], "reason": act["reason"].removeprefix("Redacted: ")}
    return codes


def _decode(given: str) -> bytes:
    return urlsafe_b64decode(given + "=" * (-len(given) % 4))
