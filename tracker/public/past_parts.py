"""What the parts of a thing said on a day: its members, mandates, figures and their like.

A part begins on its own day. What an update changed of one is told from the day of that update on, and so is what a
later correction put right of it; another part that was corrected in the meantime is told as it was corrected.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from tracker.public.projection import Told

Part = Mapping[str, Any]
Key = tuple[Any, ...]
#: The parts of things -> the member that says on which day one begins; where it is left out, with the whole.
OWN_DAY: Final[Mapping[str, str]] = {
    "members": "from_on",
    "mandates": "adopted_on",
    "figures": "as_of",
    "member_of": "from_on",
    "refused_extensions": "refused_on",
    "stays": "from_on",
}
#: Those that people edit -> the members by which one knows that it is the same one.
IDENTITY: Final[Mapping[str, tuple[str, ...]]] = {
    "members": ("name",),
    "mandates": ("id",),
    "figures": ("figure", "of", "stage", "unit", "as_of", "organization", "source"),
    "member_of": ("organization",),
    "refused_extensions": ("refused_on",),
}


def tell_parts(tellings: Sequence[Told], name: str, day: str) -> list[Part]:
    """The parts of this name as they were on a day, those that begin later too: what its acts said of them in
    this order, without an update that holds from a later day on."""
    parts: dict[Key, Part] = {}
    before: dict[Key, Part] = {}
    late: set[Key] = set()
    for telling in tellings:
        if (telling.members and name not in telling.members) or name not in telling.content:
            continue  # it says nothing of them, or its words were redacted
        listed = _name_parts(name, telling.content[name])
        changed = {key for key in before.keys() | listed.keys() if before.get(key) != listed.get(key)}
        if telling.since > day:
            late |= {key for key in changed if key in before or listed[key][OWN_DAY[name]] is None}
        elif telling.since:
            late -= changed
        for key in changed - late:
            parts.pop(key, None)
            parts |= {key: listed[key]} if key in listed else {}
        before = listed
    places = {key: place for place, key in enumerate(before)}
    return [parts[key] for key in sorted(parts, key=lambda key: places.get(key, len(places)))]


def _name_parts(name: str, parts: Iterable[Part]) -> dict[Key, Part]:
    """Parts by what tells them apart: one that is there twice also by which of them it is."""
    seen: Counter[Key] = Counter()
    named: dict[Key, Part] = {}
    for part in parts:
        key = tuple(part[member] for member in IDENTITY[name])
        seen[key] += 1
        named[(*key, seen[key])] = part
    return named
