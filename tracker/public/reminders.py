"""How far each addressee of a recommendation has been asked: the last step of the ladder, and which comes next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from tracker.domain.reminders import Place, Request, find_place
from tracker.public.document_model import World


def list_reminders(
    request: Request, addressees: Iterable[str], world: World, day: date
) -> Iterator[dict[str, Any]]:
    """For each who was asked, or is to be asked, where they stand on a day."""
    for addressee in addressees:
        place = find_place(request, addressee, day)
        if place.step is not None or place.next is not None:
            yield _show_place(place, len(request.ladder), world)


def _show_place(place: Place, steps: int, world: World) -> dict[str, Any]:
    return {
        "addressee": world.name(place.addressee),
        "step": place.step,
        "on": place.taken_on and place.taken_on.isoformat(),
        "number": place.number,
        "of": steps,
        "next": place.next and {"step": place.next.step, "due_on": place.next.due_on.isoformat()},
    }
