"""What each state of a track demands of an answer today, with what evidence that somebody has in hand would give.

The table of states and the policy of the process, the items that one would cite, and those that the present answer
cites already, are counted together, exactly as `tracker.actions.statuses` counts them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tracker.actions import responses
from tracker.actions.statuses import make_proposal
from tracker.actions.support import lookup, status_support
from tracker.actions.support.status_checks import (
    at_pointer,
    find_assessor,
    find_state,
    require_open,
    require_other_than_submitter,
)
from tracker.actions.support.unit import Unit
from tracker.actions.support.visibility import filter_known_evidence
from tracker.domain import tracks
from tracker.domain.basis import explain_items
from tracker.domain.errors import ForbiddenMove
from tracker.domain.states import Act, Track
from tracker.store import answers
from tracker.store.change_rows import ChangeRow
from tracker.store.subject_rows import SubjectRow

#: The acts by which an item that does not count yet comes to count.
PROPOSE, DECIDE = "propose_status_change", "decide_status_change"


def list_demands(unit: Unit, id: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What the states of a track demand. ``asked`` has ``track`` and may have ``state``, ``assessor``, ``addressee``
    and ``cites``, the items that would support it. Raises what a proposal would."""
    unit.by.require("status.propose")
    subject = lookup.get_known_subject(unit.viewer, id)
    require_open(subject)
    track = at_pointer("track", lambda: tracks.get_track(asked["track"], subject.kind))
    if "state" in asked:
        at_pointer("state", lambda: track.state(asked["state"]))
    assessor = find_assessor(unit, subject, track, asked.get("assessor"))
    require_other_than_submitter(unit, subject, track)
    answer = {
        "track": track.code,
        "assessor_id": assessor,
        "addressee_id": responses.find_addressee(unit, subject, track, asked),
    }
    data = {
        "effective_on": subject.process.days.today(unit.now),
        "reason": "",
        "citations": [{"evidence": item, "stance": "supports"} for item in asked.get("cites", ())],
    }
    wanted = [one for one in track.codes if asked.get("state", one) == one]
    changes = [make_proposal(unit, subject, data, **answer, to_state=state) for state in wanted]
    stands = find_state(changes[0], answers.read_before(unit.session, changes[0])[0])
    return {
        "subject": subject.id,
        **answer,
        "stands": stands,
        "states": _describe_states(unit, subject, track, stands, changes),
    }


def _describe_states(
    unit: Unit, subject: SubjectRow, track: Track, stands: str, changes: Sequence[ChangeRow]
) -> list[dict[str, Any]]:
    runs = [[change, *answers.list_repeated(unit.session, change)] for change in changes]
    supports = status_support.of_runs(unit.session, subject, runs, unit.now)
    known = filter_known_evidence(
        unit.viewer, {item.evidence for one in supports.values() for item in one.items}
    )
    return [
        {
            "state": change.to_state,
            "act": _find_act(track, stands, change.to_state),
            "support": status_support.describe_support(supports[change.id], known),
            "items": _describe_items(unit, supports[change.id], known),
        }
        for change in changes
    ]


def _find_act(track: Track, stands: str, state: str) -> Act | None:
    """By what act an answer comes to this state from the one that stands; None where by none."""
    act: Act = "confirmation" if stands == state else "move"
    try:
        tracks.check_move(track, stands, state, act)
    except ForbiddenMove:
        return None
    return act


def _describe_items(
    unit: Unit, support: status_support.StatusSupport, known: set[str]
) -> list[dict[str, Any]]:
    """The items in support that somebody knows of, why each does not count, and what would make it count."""
    items = []
    for id, because in explain_items(support.need, support.items, support.parties).items():
        if id in known:
            mended_by, change = _find_mending(unit, id) if because == "unverified" else (None, None)
            items.append({"evidence": id, "because": because, "mended_by": mended_by, "change": change})
    return items


def _find_mending(unit: Unit, item: str) -> tuple[str, str | None]:
    """Its verification is to be proposed, or the one that waits to be decided."""
    for change in answers.list_unsettled(unit.session, item):
        if change.track == "verification" and change.decision == "proposed":
            return DECIDE, change.id
    return PROPOSE, None
