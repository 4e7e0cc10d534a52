"""A stranger compares the public acts and the feeds with the log: each lie of a tracker is named, in few requests."""

from __future__ import annotations

import contextlib
import io
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.tlog.logs import KEY, OTHER, Log, export
from tests.tlog.server import Answer, served
from tracker.tlog.__main__ import main
from tracker.tlog.commitment import commit

SIZE = 300
AT = "2025-04-10T09:00:00.000000Z"
DESK, WITHDRAWN, EMPTIED = "org_desk", "rec_0007", 5


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")


def encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def number(act: dict[str, Any]) -> int:
    return int(act["log"]["index"])


@dataclass
class Tracker:
    """What a tracker shows: its acts as they are listed, its log, and the feeds of one process."""

    acts: list[dict[str, Any]] = field(default_factory=list)
    log: Log = field(default_factory=Log)
    asked: list[str] = field(default_factory=list)
    status: dict[str, Any] = field(default_factory=dict)
    items: list[dict[str, Any]] = field(default_factory=list)

    def add(self, kind: str, subject: str | None, **said: Any) -> None:
        index = len(self.acts)
        act = {
            "id": f"evt_{index:04}",
            "kind": kind,
            "at": AT,
            "process": "prc_1",
            "subject": subject,
            **said,
        }
        salt, text = index.to_bytes(32), canonical(act)
        change = said.get("change", {})
        entry = {
            "v": 1,
            "kind": kind,
            "at": AT,
            "prev": -1,
            "commit": said.get("commit") or commit(salt, text),
        }
        entry |= {"subject": subject} if subject else {}
        entry |= {name: change[name] for name in ("assessor", "track", "from", "to") if change}
        if "refs" in said:
            entry |= {"refs": said["refs"], "reason": said["reason"].removeprefix("Redacted: ")}
        self.log.add(canonical(entry))
        shown = kind != "internal.anchor"
        self.acts.append(
            act
            | {"log": {"origin": KEY.name, "index": index}, "entry": encoded(canonical(entry))}
            | {"disclosure": encoded(text) if shown else None, "salt": encoded(salt) if shown else None}
            | {"redacted_by": None}
        )

    def answer(self, path: str) -> Answer | None:
        self.asked.append(path)
        address = urlsplit(path)
        query = dict(pair.split("=") for pair in address.query.split("&") if pair)
        if address.path == "/v1/public/changes":
            assert query["limit"] == "200"
            first = int(query.get("after", 0))
            page = {"items": self.acts[first : first + 200]}
            page["next"] = (
                f"/v1/public/changes?verification=true&limit=200&after={first + len(page['items'])}"  # type: ignore[assignment]
            )
        elif address.path == "/v1/public/processes":
            page = {"items": [{"slug": "coast"}], "next": None}  # type: ignore[dict-item]
        elif address.path == "/feeds/coast/status.json":
            page = self.status
        elif address.path == "/feeds/coast/changes.json":
            before = int(query.get("before", 10**6))
            rest = [item for item in self.items if item["place"] < before]
            page = {"items": rest[:50]}
            if rest[50:]:
                page["next_url"] = f"http://x/feeds/coast/changes.json?before={rest[49]['place']}"  # type: ignore[assignment]
        else:
            return None
        return 200, {}, json.dumps(page).encode()


@pytest.fixture
def tracker() -> Tracker:
    """300 acts of every sort, and feeds that say what they say."""
    made = Tracker()
    made.add("subject.published", "prc_1", content={"title": "Coast", "lead": DESK})
    while len(made.acts) < SIZE - 3:
        index = len(made.acts)
        if index % 2:
            made.add(
                "subject.published", f"rec_{index:04}", content={"title": f"Call {index}", "tags": ["a"]}
            )
            continue
        change = {"id": f"chg_{index:04}", "assessor": DESK, "track": "implementation", "reason": "It began."}
        made.add(
            "status.changed",
            f"rec_{index - 1:04}",
            change=change | {"from": "not_assessed", "to": "underway"},
        )
    made.add("internal.anchor", None, commit="x" * 43)
    made.add("subject.withdrawn", WITHDRAWN, reason="By mistake.")
    made.add("record.redacted", f"rec_{EMPTIED:04}", refs=[EMPTIED], reason="Redacted: minor")
    made.acts[EMPTIED] |= {"content": {}, "disclosure": None, "salt": None, "redacted_by": SIZE - 1}
    for act in made.acts:
        if act["subject"] == WITHDRAWN:
            act |= {"disclosure": None, "salt": None}
            act.pop("content", None), act.pop("change", None)
    show(made)
    return made


def show(made: Tracker) -> None:
    """The feeds, as they follow from the acts."""
    last: dict[str, dict[str, Any]] = {}
    for act in made.acts:
        if act["subject"]:
            thing = last.setdefault(act["subject"], {"id": act["subject"], "standing": []})
            thing |= {"last_act": {"event": f"/v1/public/events/{act['id']}", "index": number(act)}}
            thing |= act.get("content") or {}
            if change := act.get("change"):
                row = {"assessor": {"id": DESK}, "state": change["to"], "change": change["id"], "replies": []}
                thing["standing"] = [{"track": change["track"], "lead": row, "others": []}]
    del last[WITHDRAWN]
    process = last.pop("prc_1") | {"lead": {"id": DESK, "name": "Desk"}}
    note = made.log.signed().decode()
    made.status = {"process": process, "changes": SIZE, "checkpoint": note}
    made.status |= {
        "committees": [],
        "resources": [],
        "deadlines": [],
        "recommendations": list(last.values()),
    }
    hidden = ("log", "entry", "disclosure", "salt", "redacted_by", "content")
    made.items = [
        {
            "place": number(act) + 1,
            "url": "http://x/en/coast",
            "content_text": act.get("change", {}).get("reason", ""),
            "_tracker": {name: value for name, value in act.items() if name not in hidden},
        }
        for act in reversed(made.acts)
    ]


def run(tracker: Tracker, *more: str, size: int | None = None) -> tuple[int, str]:
    """Exit status, and all that was said."""
    said = io.StringIO()
    with (
        served(tracker.log.files(size), tracker.answer) as address,
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
    ):
        status = main(["verify", address, "--vkey", KEY.public.vkey, "--acts", *more])
    return status, said.getvalue()


def test_a_tracker_that_shows_what_it_promised_is_verified_in_few_requests(tracker: Tracker) -> None:
    status, said = run(tracker)
    assert status == 0, said
    assert "300 public acts open their entries, and 1 processes have feeds of them" in said
    lists = [path for path in tracker.asked if "/v1/public/changes" in path]
    assert len(lists) == 3  # 200, 100, and the end
    # 8 for the log, twice its entries; 1 whether it was closed; 3 lists, 1 of processes, 1 + 6 for the feeds
    assert len(tracker.asked) == 21


def test_acts_that_are_not_signed_yet_are_told_and_are_no_finding_for_a_day(tracker: Tracker) -> None:
    for act in tracker.acts[-2:]:
        act["at"] = "2999-01-01T00:00:00.000000Z"
    status, said = run(tracker, size=SIZE - 2)
    # The withdrawal and the redaction of those two say why the texts of earlier acts are not shown.
    assert (status, "2 newer acts and 1 feeds wait for the next checkpoint" in said) == (0, True), said
    tracker.acts[-1]["at"] = AT
    status, said = run(tracker, size=SIZE - 2)
    assert (status, "act evt_0299: it is in no signed entry" in said) == (1, True), said


def words(tracker: Tracker) -> None:
    tracker.acts[11]["content"]["title"] = "Another"


def text(tracker: Tracker) -> None:
    act = tracker.acts[11]
    act["content"]["title"] = "Another"
    kept = {
        name: value
        for name, value in act.items()
        if name in ("id", "kind", "at", "process", "subject", "content")
    }
    act["disclosure"] = encoded(canonical(kept))


def salt(tracker: Tracker) -> None:
    tracker.acts[11]["salt"] = encoded(bytes(32))


def state(tracker: Tracker) -> None:
    tracker.acts[12]["change"]["to"] = "implemented"


def missing(tracker: Tracker) -> None:
    del tracker.acts[11]


def last_missing(tracker: Tracker) -> None:
    del tracker.acts[-1]


def added(tracker: Tracker) -> None:
    tracker.acts.insert(12, tracker.acts[11] | {"id": "evt_more"})


def unplaced(tracker: Tracker) -> None:
    tracker.acts.insert(12, tracker.acts[11] | {"id": "evt_more", "log": None})


def hidden(tracker: Tracker) -> None:
    tracker.acts[11] |= {"disclosure": None, "salt": None}


def named_wrongly(tracker: Tracker) -> None:
    tracker.acts[11] |= {"disclosure": None, "salt": None, "redacted_by": SIZE - 1}


def entry(tracker: Tracker) -> None:
    tracker.acts[11]["entry"] = tracker.acts[13]["entry"]


def anchor(tracker: Tracker) -> None:
    tracker.acts[SIZE - 3]["commit"] = "y" * 43


def odd(tracker: Tracker) -> None:
    tracker.acts[12]["change"] = 7


def feed_state(tracker: Tracker) -> None:
    tracker.status["recommendations"][4]["standing"][0]["lead"]["state"] = "implemented"


def feed_title(tracker: Tracker) -> None:
    tracker.status["recommendations"][4]["title"] = "Another"


def feed_act(tracker: Tracker) -> None:
    tracker.status["recommendations"][4]["last_act"]["event"] = "/v1/public/events/evt_9999"


def feed_checkpoint(tracker: Tracker) -> None:
    tracker.status["checkpoint"] = Log([b"other"] * SIZE).signed().decode()


def feed_signature(tracker: Tracker) -> None:
    tracker.status["checkpoint"] = tracker.log.signed(key=OTHER).decode()


def feed_old(tracker: Tracker) -> None:
    tracker.status["checkpoint"] = tracker.log.signed(SIZE - 1).decode()


def item(tracker: Tracker) -> None:
    tracker.items[9]["_tracker"]["at"] = "2020-01-01T00:00:00.000000Z"


def item_text(tracker: Tracker) -> None:
    tracker.items[-3]["content_text"] = "It ended."


def item_missing(tracker: Tracker) -> None:
    del tracker.items[9]


LIES: list[tuple[Callable[[Tracker], None], str]] = [
    (words, "entry 11, act evt_0011: it is shown with other words than the text that was promised"),
    (text, "entry 11, act evt_0011: its text and salt do not open its entry"),
    (salt, "entry 11, act evt_0011: its text and salt do not open its entry"),
    (state, "entry 12, act evt_0012: its to are not those of its entry"),
    (missing, "entry 11 (subject.published): no public act is shown for it"),
    (last_missing, "entry 299 (record.redacted): no public act is shown for it"),
    (added, "act evt_more: no entry of the log is left for it; it claims entry 11"),
    (unplaced, "a public act after entry 11 does not say where it stands in the log"),
    (hidden, "entry 11, act evt_0011: its text is not shown, and no entry redacts or withdraws it"),
    (named_wrongly, "entry 11, act evt_0011: its text is not shown, and no entry redacts or withdraws it"),
    (entry, "entry 11, act evt_0011: it is shown with another entry"),
    (anchor, "entry 297, act evt_0297: it is another anchor than its entry"),
    (odd, "entry 12, act evt_0012: it cannot be verified"),
    (feed_state, "the state implemented of rec_0011 on implementation is not what chg_0012 says"),
    (feed_title, "/feeds/coast/status.json: the title of rec_0011 is not what its last verified act says"),
    (feed_act, "rec_0011 rests on act evt_9999"),
    (feed_checkpoint, "/feeds/coast/status.json: its checkpoint of 300 entries is of another history"),
    (feed_signature, "/feeds/coast/status.json: its checkpoint is not one of this log"),
    (feed_old, "its checkpoint has 299 entries and does not cover act 300"),
    (item, "/feeds/coast/changes.json: the item evt_0290 is not a verified act, or says something else"),
    (item_text, "/feeds/coast/changes.json: the text of the item evt_0002 is not that of its act"),
    (item_missing, "/feeds/coast/changes.json: it has 299 items; 300 verified acts"),
]


@pytest.mark.parametrize(("lie", "told"), LIES, ids=[one.__name__ for one, _ in LIES])
def test_each_lie_is_named_on_a_line(lie: Callable[[Tracker], None], told: str, tracker: Tracker) -> None:
    lie(tracker)
    status, said = run(tracker)
    assert status == 1, said
    assert told in said
    assert "WRONG: " in said
    assert "http://127.0.0.1" in said


def test_a_list_leads_nowhere_else_and_ends(tracker: Tracker) -> None:
    honest = tracker.answer
    for following in ("https://other.example/", "/v1/public/processes?limit=1", None):
        page = json.dumps({"items": tracker.acts[:1], "next": following}).encode()
        tracker.answer = lambda path: (200, {}, page) if "public/changes" in path else honest(path)  # type: ignore[method-assign]  # noqa: B023
        status, said = run(tracker)
        assert (status, "this is not a page of public acts" in said) == (1, True), said


def test_a_folder_has_no_acts_and_is_compared_with_those_of_a_tracker(
    tracker: Tracker, tmp_path: Path
) -> None:
    folder = str(export(tracker.log.files(), tmp_path))
    said = io.StringIO()
    with (
        served({}, tracker.answer) as address,
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
    ):
        assert main(["verify", folder, "--vkey", KEY.public.vkey, "--acts"]) == 2
        more = ["--tracker", address.removesuffix("/log")]
        assert main(["verify", folder, "--vkey", KEY.public.vkey, "--acts", *more]) == 0, said.getvalue()
    assert "a folder has the log and not the acts" in said.getvalue()
