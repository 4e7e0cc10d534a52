"""Keeping a thing for a court or an inquiry, and letting go of it: while it is held, nothing destroys it."""

from __future__ import annotations

from typing import Final

from tracker.actions import redaction
from tracker.actions.support import lookup
from tracker.domain.tracks import SUBJECTS
from tracker.languages.i18n import mark
from tracker.schemas.redaction import HoldIn
from tracker.store.protection import list_hold_acts
from tracker.web.desk.names import name_row
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.forms import BOUND, Field, Form

#: How many times a thing was held or released are shown, the newest.
MOST_SHOWN: Final = 50
FORM: Final = Form(
    HoldIn,
    Field("held", "", kind=BOUND),
    Field(
        "reason",
        mark("Why"),
        hint=mark("The order or the request, and its date. Only custodians read it. Name no source."),
    ),
    button=mark("Record it"),
)


@view("/things/{id}/hold", permission="evidence.redact", names={"id": tuple(SUBJECTS)})
def show_hold(desk: Visit, id: str) -> Shown:
    row = lookup.get(desk.viewer, id, *SUBJECTS)
    is_held = redaction.describe_hold(desk.viewer, id)["held"]
    title = mark("Let go of: %(name)s") if is_held else mark("Keep for a court: %(name)s")
    return {
        "title": desk.language.say(title, name=name_row(row)),
        "held": is_held,
        "acts": list_hold_acts(desk.session, id, MOST_SHOWN),
        "values": {"held": not is_held},
    }


@act(show_hold, FORM, done=mark("It is recorded."), then="/things/{id}", dangerous=True)
def hold_thing(_desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    redaction.hold_thing(unit, id, data["reason"], placed=data["held"])
