"""An edit of what is recorded in one step, for tests that are about something else than who decides on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracker.actions import edits
from tracker.actions.support.editable_things import Versions, get_editable, require_version
from tracker.actions.support.unit import Unit


def revise_record(act: Unit, id: str, kind: str, changes: Mapping[str, Any], expected: Versions) -> Any:
    """The thing as it is once a second person has approved the edit."""
    row = get_editable(act, id, kind, changes)
    require_version(row, expected)
    return edits.change_thing(act, row, kind, changes)
