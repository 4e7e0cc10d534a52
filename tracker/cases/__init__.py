"""Two real cases that come with the tracker, as YAML; `docs/cases.md` tells what is in them and how they are written.

They are facts restated from public sources, contradictions included. Nothing here touches the database: loading
goes through the same schemas and acts as everything else (`tracker/cli/cases.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from importlib.resources import files
from typing import Any, Final

import yaml

#: name of a case -> the files it is made of. The desk stands in a file of its own: it leads both.
CASES: Final[Mapping[str, tuple[str, ...]]] = {
    "syria_coast": ("desk.yaml", "syria_coast.yaml"),
    "trc_canada": ("desk.yaml", "trc_canada.yaml", "trc_canada_calls.yaml"),
}


def read_case(name: str) -> dict[str, Any]:
    """A case as one mapping. Lists that stand in several of its files are put one after the other."""
    case: dict[str, Any] = {}
    for file in CASES[name]:
        part = yaml.safe_load(files(__name__).joinpath(file).read_text("utf-8"))
        for member, value in part.items():
            case[member] = [*case[member], *value] if member in case else value
    return case


def count_acts(case: Mapping[str, Any]) -> int:
    """How many things and answers a case has, its process among them."""
    listed = (
        "organizations",
        "evidence",
        "committees",
        "reports",
        "recommendations",
        "resources",
        "deadlines",
        "indicators",
        "changes",
    )
    things = sum(len(case.get(member, ())) for member in listed)
    reviews = sum("verification" in item for item in case["evidence"])
    answers = sum(len(group["subjects"]) for one in case.get("snapshots", ()) for group in one["states"])
    return 1 + things + reviews + answers


def expand_case(snapshots: Iterable[Mapping[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Snapshots, each one assessor's answers on many subjects as of one day, as the status changes they stand for.

    An answer that is still the same is a confirmation. One that has changed did so at some time after the ``previous``
    snapshot: the day itself is not known, and ``not_before`` says so.
    """
    places: dict[tuple[str, str, str], str] = {}
    for snapshot in snapshots:
        who, track = snapshot["assessor"], snapshot["track"]
        changes = []
        for group in snapshot["states"]:
            for subject in group["subjects"]:
                unchanged = places.get((subject, track, who)) == group["state"]
                places[subject, track, who] = group["state"]
                changes.append(_expand_change(snapshot, group, subject, unchanged=unchanged))
        yield changes


def _expand_change(
    snapshot: Mapping[str, Any], group: Mapping[str, Any], subject: str, *, unchanged: bool
) -> dict[str, Any]:
    change = {
        "subject": subject,
        "track": snapshot["track"],
        "assessor": snapshot["assessor"],
        "state": group["state"],
        "effective_on": snapshot["day"],
        "reason": snapshot.get("reasons", {}).get(subject, snapshot["reason"]),
        "label": {"scheme": snapshot["scheme"], "label": group["label"]},
        "citations": snapshot["citations"],
        "confirms": unchanged,
    }
    if not unchanged and "previous" in snapshot:
        change["not_before"] = (date.fromisoformat(snapshot["previous"]) + timedelta(days=1)).isoformat()
    return change
