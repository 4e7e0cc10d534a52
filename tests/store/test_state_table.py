"""The database takes exactly the moves that the state table takes: every track, act and pair of states is put to the
rule that the database itself has, on SQLite and on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Engine, column, inspect, table, text

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
    offered = list(candidates())
    with full.connect() as connection:
        checks = inspect(connection).get_check_constraints("status_change")
        (rule,) = (one["sqltext"] for one in checks if one["name"] == "ck_status_change_state_table")
        typed = ", ".join(f"{name} VARCHAR(40)" for name in COLUMNS)
        connection.execute(text(f"CREATE TEMPORARY TABLE candidate ({typed})"))
        offer = table("candidate", *(column(name) for name in COLUMNS))
        connection.execute(offer.insert(), [dict(zip(COLUMNS, one, strict=True)) for one in offered])
        taken = connection.execute(text(f"SELECT * FROM candidate WHERE {rule}"))  # noqa: S608  # its own rule
        found = {tuple(row) for row in taken}
        connection.rollback()

    assert found == {one for one in offered if makes_sense(*one)}
    assert len(found) > 1000
