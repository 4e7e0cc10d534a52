"""How a state looks: one of six tones, each with a colour and a shape, so that no state is told by its colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

Tone = Literal["done", "part", "promised", "stopped", "failed", "unknown"]

#: family of tracks -> tone -> the states that have it. The test of this module finds every state in it once.
_TONES: Final[Mapping[str, Mapping[Tone, str]]] = {
    "stage": {
        "promised": "announced",
        "part": "constituted working reported",
        "done": "published",
        "stopped": "dissolved",
        "failed": "lapsed",
    },
    "adequacy": {"unknown": "no_information", "done": "met", "part": "partly_met", "failed": "not_met"},
    "release": {
        "promised": "awaited",
        "part": "delivered announced published_in_part",
        "done": "published",
        "failed": "withheld",
    },
    "delivery": {
        "unknown": "not_disclosed",
        "stopped": "needed",
        "promised": "pledged",
        "part": "partly_delivered",
        "done": "delivered",
        "failed": "withheld",
    },
    "outcome": {
        "promised": "pending",
        "done": "met",
        "failed": "missed",
        "stopped": "extended waived suspended brought_forward",
    },
    "response": {
        "unknown": "awaiting",
        "promised": "under_consideration",
        "done": "accepted",
        "part": "accepted_in_part accepted_in_principle",
        "stopped": "noted",
        "failed": "rejected not_addressed",
    },
    "reminder": {
        "unknown": "not_asked",
        "promised": "asked",
        "part": "reminded",
        "stopped": "reminded_in_public",
        "failed": "silence_recorded",
    },
    "implementation": {
        "done": "implemented",
        "part": "partly_implemented underway",
        "promised": "committed",
        "stopped": "not_started stalled",
        "failed": "not_implemented regressed",
        "unknown": "no_evidence not_assessed",
    },
    "closure": {
        "promised": "open",
        "done": "closed_implemented",
        "failed": "closed_not_implemented",
        "stopped": "closed_by_issuer superseded no_longer_applicable",
    },
    "specificity": {
        "unknown": "not_rated",
        "stopped": "minimal continuing considering",
        "part": "general",
        "done": "specific",
    },
    "priority": {"unknown": "not_rated", "stopped": "low", "part": "medium", "promised": "high"},
    "procedure": {
        "unknown": "no_information",
        "stopped": "not_begun suspended",
        "promised": "prepared",
        "part": "in_progress",
        "done": "completed",
        "failed": "abandoned",
    },
    "verification": {
        "unknown": "unreviewed unverifiable",
        "promised": "in_review",
        "part": "partly_verified",
        "done": "verified corroborated",
        "stopped": "disputed",
        "failed": "refuted withdrawn",
    },
}
_TONE_OF: Final[Mapping[tuple[str, str], Tone]] = {
    (family, state): tone
    for family, tones in _TONES.items()
    for tone, states in tones.items()
    for state in states.split()
}
#: The bands in which the states of recommendations are summed up, the best first; what is unknown stands outside.
BANDS: Final[Mapping[Tone, tuple[str, ...]]] = {
    tone: tuple(states.split()) for tone, states in _TONES["implementation"].items()
}


def family_of(track: str) -> str:
    """The vocabulary of a track: the criteria of adequacy share one."""
    return track.partition(".")[0]


def tone_of(track: str, state: str) -> Tone:
    return _TONE_OF[family_of(track), state]
