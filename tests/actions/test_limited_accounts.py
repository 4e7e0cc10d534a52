"""People who work on some processes only: what is elsewhere is to them as if it were not there, and an act too."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.actions.test_imports import ASKED, run
from tests.public.assertions import refused
from tests.world import World
from tracker.actions.support.record_search import search_record
from tracker.actions.support.thing_names import find_names
from tracker.domain.errors import InvalidInput
from tracker.domain.people import Actor
from tracker.domain.search import parse_terms
from tracker.store.viewer import Viewer


@pytest.fixture
def own(world: World) -> str:
    return world.make_process("their-own")


@pytest.fixture
def limited(world: World, own: str) -> Actor:
    return replace(world.editor, processes=frozenset({own}))


def test_a_thing_of_another_process_has_no_name(world: World, limited: Actor, own: str) -> None:
    elsewhere = world.recommendation("R1")
    assert find_names(Viewer(world.session, limited), [own, elsewhere]).keys() == {own}


def test_a_search_in_another_process_finds_nothing(world: World, limited: Actor, own: str) -> None:
    world.recommendation("R1", title="Vet the harbour")
    mine = world.recommendation("R2", title="Vet the harbour", process_id=own)
    viewer, words = Viewer(world.session, limited), parse_terms("harbour")
    assert search_record(viewer, words, [("process", world.process)], None, 9) == []
    assert [hit.id for hit in search_record(viewer, words, [("process", own)], None, 9)] == [mine]


def test_an_import_names_and_meets_nothing_of_another_process(world: World, limited: Actor) -> None:
    run(world, "recommendation", ASKED)
    with refused(world, InvalidInput, "/process") as caught:
        run(world, "recommendation", ASKED, by=limited, process="coast")
    assert caught.value.detail == "there is no process with the id, slug or reference 'coast'"
    report = run(world, "recommendation", {**ASKED, "process": world.process}, by=limited, process=None)
    assert not report.recorded
    assert "process" in report.faults[0].pointer
