"""The public record as plain files: it opens from a folder and under any host, no link in it is broken, the log in it
verifies, and the same record gives the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import unquote, urlsplit

import feedparser
import pytest

from tests.cli.conftest import Tracker
from tests.conftest import Clock
from tests.public.assertions import opened as inhabited
from tests.world import World
from tracker.actions import publication
from tracker.cli import site
from tracker.cli.site_addresses import lead_to_file, name_file, read_address
from tracker.domain.service_errors import Unexpected
from tracker.public.feeds import entries
from tracker.tlog.__main__ import main as verifier

BASE = "http://127.0.0.1:8000"


@pytest.fixture
def record(sqlite_url: str, world_template: tuple[Path, World], monkeypatch: pytest.MonkeyPatch) -> World:
    """A public record with more acts than a page of a feed shows; it is closed again before the commands open it."""
    with inhabited(sqlite_url, world_template[1], Clock(), Random(1).randbytes) as (_app, world):
        item = world.item()
        asked = world.recommendation("C1", title="Vet the forces", note="/etc/passwd, and /v1/me")
        world.answer(asked, "implementation", "underway", cites=(item,))
        world.deadline()
        monkeypatch.setattr(entries, "PAGE", 10)
        for place in range(4):
            world.recommendation(f"D{place}")
        world.withdraw(world.recommendation("C2", title="Taken back"))
        world.recommendation("C3", title="A draft", publish=False)
        world.session.rollback()
    return world


@pytest.fixture
def vkey(record: World, tracker: Tracker, tmp_path: Path) -> str:
    return tracker(
        "log", "init", "--origin", "tracker.example/log", "--key", str(tmp_path / "log.key")
    ).out.strip()


def links(path: Path) -> Iterator[str]:
    """Every link of a file that leads to another file."""
    text = path.read_text("utf-8")
    if path.suffix in (".html", ".atom"):
        yield from (unescape(link) for link in re.findall(r'\s(?:href|src)="([^"]*)"', text))
    elif path.suffix in (".json", ".jsonld") and "/export." not in str(path):
        yield from (text for text in texts(json.loads(text)) if re.fullmatch(r"(\.\./)+[\w./-]+", text))


def texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)
    elif isinstance(value, str):
        yield value


def broken(folder: Path) -> list[tuple[str, str]]:
    """The links that lead to no file of the site."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in (".html", ".atom", ".json", ".jsonld"):
            for link in links(path):
                parts = urlsplit(link)
                if (
                    not parts.scheme
                    and parts.path
                    and not (path.parent / unquote(parts.path)).resolve().is_file()
                ):
                    found.append((str(path.relative_to(folder)), link))
    return found


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("link", "address", "file"),
    [
        (f"{BASE}/feeds/coast/status.json", "/feeds/coast/status.json", "feeds/coast/status.json"),
        (
            f"{BASE}/feeds/coast/changes.atom?before=51",
            "/feeds/coast/changes.atom?before=51",
            "feeds/coast/changes.before-51.atom",
        ),
        ("/embed/coast", "/embed/coast", "embed/coast/index.html"),
        ("/ar/", "/ar/", "ar/index.html"),
        (f"{BASE}/en/coast#C1", "/en/coast", "en/coast/index.html"),
        (
            f"/v1/public/events/evt_{'0' * 26}",
            f"/v1/public/events/evt_{'0' * 26}",
            f"v1/public/events/evt_{'0' * 26}.json",
        ),
    ],
)
def test_an_address_has_a_file(link: str, address: str, file: str) -> None:
    assert read_address(link, BASE) == address
    assert name_file(address) == file


@pytest.mark.parametrize(
    "link",
    [
        "https://elsewhere.example/en/coast",
        f"{BASE}.evil.example/en/coast",
        "//evil.example/en/",
        "relative",
        "/v1/public/changes?after=1",
        "/v1/me",
        "/en/coast?as_of=2025-01-01",
        "/feeds/search.atom?q=x",
        "/feeds/coast/changes.atom?before=1&q=2",
        "/log/checkpoint",
    ],
)
def test_what_answers_a_query_or_is_not_ours_has_no_file(link: str) -> None:
    assert read_address(link, BASE) is None


def test_a_link_between_files_keeps_its_place() -> None:
    assert lead_to_file("/en/coast#C1", "feeds/coast/changes.atom", "en/coast/index.html") == (
        "../../en/coast/index.html#C1"
    )
    assert lead_to_file("/en/", "index.html", "en/index.html") == "en/index.html"


def test_a_site_has_what_is_public_and_no_more_and_nothing_in_it_is_broken(
    vkey: str,
    tracker: Tracker,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "site"
    said = tracker("export-site", str(folder))
    assert (said.status, "files; open " in said.out) == (0, True)
    found = contents(folder)
    check_contents(found)
    assert broken(folder) == []
    assert verifier(["verify", str(folder / "log"), "--vkey", vkey]) == 0
    assert capsys.readouterr().out.startswith("verified: tracker.example/log")
    feed = feedparser.parse((folder / "feeds/coast/changes.atom").read_bytes())
    [following] = [link.href for link in feed.feed.links if link.rel == "next"]
    assert re.fullmatch(r"changes\.before-[0-9]+\.atom", following)
    assert (folder / "feeds/coast" / following).is_file()
    # The same record gives the same site. One that sends mail offers none there: nobody takes a form of a file.
    monkeypatch.setenv("TRACKER_MAIL_SERVER", "plain://127.0.0.1:9")
    monkeypatch.setenv("TRACKER_MAIL_FROM", "tracker@t.example")
    monkeypatch.setenv("TRACKER_SEALING_KEYS", str(tmp_path / "sealing.keys"))
    assert tracker("export-site", str(tmp_path / "two")).status == 0
    assert contents(tmp_path / "two") == found
    # And a link that is broken would be seen.
    (folder / "feeds/coast/changes.json").unlink()
    (folder / "embed/coast/index.html").unlink()
    assert {path for path, _link in broken(folder)} >= {"index.html", "feeds/coast/changes.atom"}


def check_contents(found: dict[str, bytes]) -> None:
    """A site has the pages, feeds and documents of what is public, in every language, and nothing of the rest."""
    expected = ("index.html", "embed/coast/index.html", "badges/coast.svg", "feeds/coast/status.json")
    expected += (
        "feeds/coast/deadlines.ics",
        "feeds/coast/export.ndjson",
        "feeds/organizations/desk/changes.atom",
    )
    expected += tuple(f"{language}/coast/index.html" for language in ("en", "ar", "fr"))
    expected += tuple(
        f"{language}/coast/dossier{form}" for language in ("en", "ar") for form in ("/index.html", ".md")
    )
    assert set(expected) <= found.keys()
    calendars = [path for path in found if path.endswith(".ics")]
    assert {path.rpartition("/")[2] for path in calendars} >= {"deadlines.ics", "deadlines.lang-ar.ics"}
    assert not [path for path in calendars if b"127.0.0.1" in found[path]]  # it stands under any host
    assert b'href="en/index.html"' in found["index.html"]
    assert sum(path.startswith("v1/public/recommendations/") for path in found) == 5
    assert not [path for path, content in found.items() if b"A draft" in content or b"Taken back" in content]
    assert b'href="embed/coast/index.html"' in found["index.html"]
    [document] = [
        json.loads(found[path])
        for path in found
        if b"/etc/passwd" in found[path] and "recommendations/rec" in path
    ]
    assert document["note"] == "/etc/passwd, and /v1/me"
    assert document["last_act"]["event"].startswith("../events/evt_")


def test_a_folder_that_is_there_is_left_as_it_is(record: World, tracker: Tracker, tmp_path: Path) -> None:
    said = tracker("export-site", str(tmp_path))
    assert (said.status, "exists" in said.err) == (2, True)


def test_a_record_that_does_not_stay_the_same_leaves_nothing(
    record: World, tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = iter(range(100))
    monkeypatch.setattr(site, "_read_state", lambda _connection: (next(states),))
    monkeypatch.setattr(site.StaticSite, "write", lambda *_given: None)
    said = tracker("export-site", str(tmp_path / "site"))
    assert (said.status, "became public" in said.err) == (1, True)
    assert not list(tmp_path.glob("*site*"))


def test_an_act_while_the_site_is_written_is_told_by_all_of_its_files_or_by_none(
    record: World, tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, told, holder = "/feeds/coast/status.json", [], []
    begin = site._write_site

    def hold(at: site.ApplicationContext, *given: Any) -> bool:
        holder[:] = [at]
        return begin(at, *given)

    def write(made: site.StaticSite, _seeds: object) -> None:
        """Two files of the same, and between them something becomes public, once."""
        for name in ("first", "second"):
            answer = made.ask(path)
            assert answer is not None
            told.append(b"".join(answer[1]))
            (made.folder / name).write_bytes(told[-1])
            if len(told) == 1:
                with holder[0].unit(record.approver) as act:
                    publication.withdraw_thing(act, record.committee, "It was recorded twice.")

    monkeypatch.setattr(site, "_write_site", hold)
    monkeypatch.setattr(site.StaticSite, "write", write)
    assert tracker("export-site", str(tmp_path / "site")).status == 0
    before, *after = told
    assert before not in after
    files = [(tmp_path / "site" / name).read_bytes() for name in ("first", "second")]
    assert files == after[1:] == [after[0]] * 2


def test_an_accident_leaves_nothing(
    record: World, tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall(*_given: object) -> None:
        raise Unexpected("/feeds/changes.atom could not be read: 500")

    monkeypatch.setattr(site.StaticSite, "write", fall)
    assert tracker("export-site", str(tmp_path / "site")).status == 1
    assert not list(tmp_path.glob("*site*"))
