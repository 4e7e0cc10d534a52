"""The documents about states say what the code says: `docs/tracks.md` is the state table, and every code that
`docs/glossary.md` names exists.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.house.tracks_page import tracks_page
from tracker.domain import people, protection, publication, states, tracks
from tracker.domain.basis import BASES, STANCES
from tracker.store import statuses

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "tracks.md").read_text("utf-8")
GLOSSARY = (DOCS / "glossary.md").read_text("utf-8")

#: Every code that may be named: what people read in the API, the feeds and the tables.
CODES = {
    *tracks.TRACKS,
    *(code for track in tracks.TRACKS.values() for code in track.codes),
    *tracks.SUBJECTS,
    *states.ACTS,
    *BASES,
    *STANCES,
    *statuses.DECISIONS,
    *publication.STATES,
    *protection.PROTECTION,
    *people.ROLES,
    *("as_of", "known_at"),
}


def test_the_page_about_tracks_is_the_state_table():
    assert tracks_page() == PAGE, "run: python -m tests.house.tracks_page > docs/tracks.md"


def test_the_command_that_the_page_names_writes_the_page():
    command = re.search(r"`python (-m \S+) > docs/tracks\.md`", PAGE)
    assert command is not None
    written = subprocess.run(
        [sys.executable, "-X", "utf8", *command.group(1).split()],
        cwd=DOCS.parent,
        capture_output=True,
        check=True,
    )

    assert written.stdout.decode() == PAGE


def test_the_page_has_every_track_with_every_state_and_every_forbidden_arrow():
    for track in tracks.TRACKS.values():
        assert f"`{track.code}`" in PAGE
        assert track.question in PAGE
        for state in track.states:
            assert f"| `{state.code}` | {state.label} | {state.meaning} |" in PAGE
    arrows = re.findall(r"^    (\w+) --> (\w+): never$", PAGE, re.M)
    assert sorted(arrows) == sorted(arrow for track in tracks.TRACKS.values() for arrow in track.forbidden)


def test_every_diagram_is_a_state_diagram_that_begins_where_its_track_does():
    diagrams = re.findall(r"^```mermaid\n(.*?)^```$", PAGE, re.M | re.S)
    restricted = [track for track in tracks.TRACKS.values() if track.forbidden]

    assert len(diagrams) == len(restricted)
    for diagram, track in zip(diagrams, restricted, strict=True):
        first, begin, *rest = diagram.splitlines()
        assert (first, begin) == ("stateDiagram-v2", f"    [*] --> {track.initial}")
        assert {word for line in rest for word in re.findall(r"\w+", line)} - {"never"} == set(track.codes)


def test_every_code_in_the_glossary_exists():
    assert set(re.findall(r"`([^`\n]+)`", GLOSSARY.replace("`code type`", ""))) <= CODES


def test_the_glossary_explains_each_term_once_and_in_a_sentence():
    terms = [
        term
        for heads in re.findall(r"^- (.*?): ", GLOSSARY, re.M)
        for term in re.findall(r"\*\*(.+?)\*\*", heads)
    ]
    entries = re.split(r"^- ", GLOSSARY, flags=re.M)[1:]

    assert len(terms) == len({term.lower() for term in terms}) >= 40
    assert all(re.split(r"\n\n", entry)[0].rstrip().endswith(".") for entry in entries)
    for wanted in (
        "Process",
        "Track",
        "Lead",
        "Confirmation",
        "Basis",
        "Standing",
        "Divergence",
        "Stale",
        "Baseline",
    ):
        assert wanted.lower() in {term.lower() for term in terms}
