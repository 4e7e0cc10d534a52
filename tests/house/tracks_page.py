"""`docs/tracks.md`, written from the state table: `python -m tests.house.tracks_page > docs/tracks.md`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from tracker.domain.states import ONE_FROM_ANOTHER, Need, State, Track
from tracker.domain.tracks import TRACKS

HELD_BY: Final = {
    "lead": "the lead organization of the process",
    "any": "any assessor",
    "desk": "the desk, as the lead; never whoever submitted the item",
}

INTRODUCTION: Final = """\
# Tracks and their states

A **track** is one question about one kind of subject. An assessor answers it by dated status changes: a *move* to
another state, a *confirmation* that the state still holds, or a *correction* of an earlier change. The first state of
each track is the one where it begins. Codes are stable: they are the values in the API and in the feeds.

- **Almost every move is allowed**, for statuses really do go backwards. What each track forbids is listed under it,
  beside what all forbid: a move to the same state (confirm it instead), and confirming that nobody has looked
  (`not_assessed`, `unreviewed`).
- **A reply** is what another organization says to a verdict, on a track that any assessor may answer. It stands beside
  the verdict, moves no state, and counts as an answer nowhere.
- **A correction** may also lead to what stood before the change that it corrects: that takes a mistake back.
- **No status without a reason.** "Needs" says which evidence comes on top: of the lead, then of every other assessor.
  A process may demand more of its lead, never less. *Verified* items are `verified` or `corroborated`.
- The arrows in a diagram are those that are **forbidden**. All others are allowed.

This page is written from the state table in `tracker/domain/tracks.py`, and written anew by
`python -m tests.house.tracks_page > docs/tracks.md`.
"""


def tracks_page() -> str:
    """The whole page. Tracks that differ in their question only stand together."""
    parts = [INTRODUCTION]
    for _, alike in groupby(
        TRACKS.values(), key=lambda track: (track.subject, track.states, track.forbidden)
    ):
        parts.append("\n".join(_section(list(alike))) + "\n")
    return "\n".join(parts)


def _section(alike: list[Track]) -> Iterator[str]:
    track = alike[0]
    yield f"## {_title(alike)}"
    yield ""
    if len(alike) == 1:
        yield f"**{track.question}**"
    else:
        yield from _table(("code", "question"), ((f"`{one.code}`", one.question) for one in alike))
    yield ""
    yield f"Subject: {track.subject}. Held by {HELD_BY[track.holder]}."
    yield ""
    answered_by_others = track.holder == "any"
    heads = (
        "state",
        "label",
        "means",
        *(("the lead needs", "others need") if answered_by_others else ("needs",)),
    )
    yield from _table(heads, (_row(state, others=answered_by_others) for state in track.states))
    yield ""
    yield from _forbidden(track)


def _title(alike: list[Track]) -> str:
    code = alike[0].code
    return f"`{code}`" if len(alike) == 1 else f"`{code.partition('.')[0]}.<criterion>`"


def _row(state: State, *, others: bool) -> tuple[str, ...]:
    needs = (state.need, state.others) if others else (state.need,)
    return f"`{state.code}`", state.label, state.meaning, *(in_words(need) for need in needs)


def in_words(need: Need) -> str:
    """A demand as people say it: ``2 items, 2 of them verified, from 2 independent organizations``."""
    if need == Need():
        return "a reason"
    parts = ["1 item" if need.items == 1 else f"{need.items} items"]
    if need.verified:
        parts.append("verified" if need.verified == need.items == 1 else f"{need.verified} of them verified")
    if need.organizations:
        parts.append(f"from {need.organizations} independent organizations")
    if need.not_addressee:
        another = need == ONE_FROM_ANOTHER
        parts.append("from elsewhere than the item itself" if another else "not from an addressee")
    return ", ".join(parts)


def _forbidden(track: Track) -> Iterator[str]:
    if not track.forbidden:
        yield "Every move is allowed."
        return
    place = {code: number for number, code in enumerate(track.codes)}
    arrows = sorted(track.forbidden, key=lambda arrow: (place[arrow[1]], place[arrow[0]]))
    for after, into in groupby(arrows, key=lambda arrow: arrow[1]):
        yield f"- Never to `{after}` from {_listed(before for before, _ in into)}."
    yield from ("", "```mermaid", "stateDiagram-v2", f"    [*] --> {track.initial}")
    touched = {code for arrow in arrows for code in arrow}
    yield from (f"    {code}" for code in track.codes if code not in touched)
    yield from (f"    {before} --> {after}: never" for before, after in arrows)
    yield "```"


def _listed(codes: Iterable[str]) -> str:
    quoted = [f"`{code}`" for code in codes]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


if __name__ == "__main__":
    print(tracks_page(), end="")
