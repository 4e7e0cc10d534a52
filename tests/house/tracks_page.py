"""`docs/tracks.md`, written from the state table: `python -m tests.house.tracks_page > docs/tracks.md`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from tracker.domain.responses import RULES
from tracker.domain.states import ONE_FROM_ANOTHER, Need, State, Track
from tracker.domain.tracks import TRACKS

HELD_BY: Final = {
    "lead": "the lead organization of the process",
    "any": "any assessor",
    "desk": "the desk, as the lead; never by the person who submitted the item",
}

INTRODUCTION: Final = """\
# Tracks and their states

A **track** is one question about one kind of subject. An assessor answers it by dated status changes: a *move* to
another state, a *confirmation* that the state still holds, or a *correction* of an earlier change. Each track begins at
its first state. Codes are stable: they are the values in the API and in the feeds.

- **Almost every move is allowed**, because real statuses do go backwards. Each track lists the moves that it
  forbids. All tracks forbid a move to the same state (confirm it instead), and a confirmation that nobody has
  looked (`not_assessed`, `not_rated`, `unreviewed`) or asked (`not_asked`).
- **A reply** is what another organization says to a verdict, on a track that any assessor may answer. It is shown
  beside the verdict and changes no state.
- **A correction** may also lead back to the state before the change that it corrects. That takes a mistake back.
- **Every status needs a reason.** "Needs" names the evidence that it needs beside the reason: from the lead, then
  from every other assessor. A process may demand more of its lead, never less. *Verified* items are `verified` or
  `corroborated`.
- **A public status may show fewer citations than it rests on.** Evidence that is not public is not listed. It
  counts as it did when the status was approved, so a status can be `supported` beside an empty list.
- The arrows in a diagram are the **forbidden** moves. All others are allowed.

`python -m tests.house.tracks_page > docs/tracks.md` writes this page from the state table in
`tracker/domain/tracks.py`.
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
    if track.source is not None:
        yield f"The scale is that of {track.source}."
        yield ""
    if track.per_addressee:
        yield "Each addressee has an answer of its own. The headline is made of them by the first rule that fits:"
        yield ""
        yield from (f"- `{rule}`: {says}" for rule, says in RULES.items())
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
    if need.from_issuer:
        parts.append("from an issuer")
    if need.own_act:
        parts.append("or else 1 verified item from an addressee, which shows its own act")
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
