"""How others would call where implementation stands. Versioned: a mapping that changes gets a new version.

A cell marked ``~`` loses something: two states of ours share it, or it says more or less than ours does. ``-`` means
that the other scheme has no word for it. On import a foreign label is kept as it stands; nothing here is applied to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tracker.domain.tracks import TRACKS

#: The version of the whole table, and the track that it is about.
VERSION: Final = "1"
TRACK: Final = "implementation"


@dataclass(frozen=True, slots=True)
class Cell:
    """A foreign label, None where there is no equivalent; ``lossy`` where it does not say quite the same."""

    label: str | None
    lossy: bool


@dataclass(frozen=True, slots=True)
class Scheme:
    """A foreign vocabulary: what it is, and its word for each state of ours."""

    code: str
    title: str
    about: str
    cells: Mapping[str, Cell]


_SCHEMES: Final = {
    "gao": ("GAO", "The United States Government Accountability Office, status of recommendations."),
    "beyond-94": ("Beyond 94", "CBC News, following the calls to action of Canada's truth commission."),
    "indigenous-watchdog": (
        "Indigenous Watchdog",
        "Following the calls to action of Canada's truth commission.",
    ),
    "ogp": (
        "OGP",
        "Open Government Partnership, Independent Reporting Mechanism: completion of commitments.",
    ),
    "peace-accords-matrix": ("Peace Accords Matrix", "Kroc Institute, University of Notre Dame: 0 to 3."),
    "un-hrcttee": ("UN Human Rights Committee", "Follow-up to concluding observations: grades A to E."),
    "politifact": ("PolitiFact", "Following campaign promises."),
    "uk-inquest": ("UK inquiries and INQUEST", "Following what inquiries in the United Kingdom recommended."),
}

#: One row for each state, in the order of the schemes above.
_TABLE: Final[Mapping[str, str]] = {
    "not_assessed": "Open~ | - | - | - | - | - | Not Yet Rated | -",
    "no_evidence": "Open~ | Not started~ | Not Started~ | No Evidence Available | 0~ | D~ | Not Yet Rated~"
    " | not responded~",
    "not_started": "Open | Not started | Not Started | Not Started | 0 | C | Not Yet Rated~ | -",
    "committed": "Open | Projects proposed | In Progress~ | Limited~ | 1~ | C~ | In the Works | In progress~",
    "underway": "Open | Projects underway | In Progress | Limited~ | 1~ | B | In the Works | In progress",
    "stalled": "Open | Projects proposed~ | Stalled | Limited~ | 1~ | C | Stalled | In progress~",
    "partly_implemented": "Open-Partially Addressed | Projects underway~ | In Progress~ | Substantial | 2 | B"
    " | Compromise~ | partly implemented",
    "implemented": "Closed-Implemented | Complete | Complete | Complete | 3 | A | Promise Kept | implemented",
    "regressed": "Open~ | Not started~ | Stalled~ | Not Started~ | 0~ | E | Promise Broken~ | -",
    "not_implemented": "Closed-Not Implemented | Not started~ | Stalled~ | Not Started~ | 0 | E | Promise Broken"
    " | rejected~",
}


def _cell(written: str) -> Cell:
    return (
        Cell(None, lossy=False) if written == "-" else Cell(written.removesuffix("~"), written.endswith("~"))
    )


def _schemes() -> dict[str, Scheme]:
    rows = {state: [_cell(one.strip()) for one in row.split("|")] for state, row in _TABLE.items()}
    return {
        code: Scheme(code, title, about, {state: rows[state][place] for state in TRACKS[TRACK].codes})
        for place, (code, (title, about)) in enumerate(_SCHEMES.items())
    }


SCHEMES: Final[Mapping[str, Scheme]] = _schemes()
