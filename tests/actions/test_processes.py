"""Recording processes: no process takes a short name that other addresses need."""

from __future__ import annotations

import pytest

from tests.world import World
from tracker.actions.processes import edit_process
from tracker.domain.errors import InvalidInput
from tracker.store.processes import Process


def test_a_reserved_short_name_is_refused_when_it_is_recorded_and_when_it_is_edited(world: World) -> None:
    with pytest.raises(InvalidInput, match="kept for addresses"):
        world.make_process("search", publish=False)
    made = world.make_process("searching", publish=False)
    row = world.session.get_one(Process, made)
    with world.act(world.editor) as act:
        with pytest.raises(InvalidInput, match="code of a language"):
            edit_process(act, row, {"slug": "fr"})
        assert edit_process(act, row, {"slug": "search-of-the-missing"}) == {"slug": "search-of-the-missing"}
