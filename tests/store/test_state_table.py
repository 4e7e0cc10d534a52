"""The database takes exactly the moves that the state table takes: every track, act and pair of states, on SQLite and
on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Engine, inspect, text

from tracker.domain.errors import ForbiddenMove
from tracker.domain.states import ACTS
from tracker.domain.tracks import SUBJECTS, TRACKS, check_move

Candidate = tuple[str, str, str, str, str]
COLUMNS = ("track", "subject_kind", "act", "from_state", "to_state")


def candidates() -> Iterator[Candidate]:
    """Every track and act with every pair of its states and of two that are not, under every kind of subject."""
    for code, track in TRACKS.items():
        states = (*track.codes, "nonsense", "")
        for act in (*ACTS, "nonsense"):
            for before in states:
                for after in states:
                    for kind in (*SUBJECTS, "process"):
                        yield code, kind, act, before, after
    yield "nonsense", "committee", "move", "announced", "working"


def makes_sense(code: str, kind: str, act: str, before: str, after: str) -> bool:
    track = TRACKS.get(code)
    if track is None or track.subject != kind or act not in ACTS or not {before, after} <= set(track.codes):
        return False
    try:
        check_move(track, before, after, act)
    except ForbiddenMove:
        return False
    return True


def test_the_database_takes_exactly_the_moves_that_the_state_table_takes(full: Engine):
    with full.connect() as connection:
        rows = connection.execute(text(f"SELECT {', '.join(COLUMNS)} FROM transition"))  # noqa: S608  # our own
        found = {tuple(row) for row in rows}
    assert found == {one for one in candidates() if makes_sense(*one)}
    assert len(found) > 1000


def test_a_status_change_names_one_of_these_moves(full: Engine):
    keys = inspect(full).get_foreign_keys("status_change")
    named = [one["constrained_columns"] for one in keys if one["referred_table"] == "transition"]
    assert named == [["subject_kind", "track", "act", "from_state", "to_state"]]
