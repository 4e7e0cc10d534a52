"""One's own drafts: what one typed and has not sent yet."""

from __future__ import annotations

from typing import Any

from tracker.actions import drafts
from tracker.domain.people import SELF
from tracker.languages.i18n import mark
from tracker.schemas.sessions import Nothing
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.forms import Form

DROP = Form(Nothing, button=mark("Throw it away"))


@view("/drafts/{id}", permission=SELF, template="form", names={"id": ("draft",)})
def show_draft(desk: Visit, id: str) -> Shown:
    drafts.read_draft(desk.session, desk.by.id, id, desk.context.sealer())
    return {"title": desk.language.say("Throw this draft away"), "lead": None}


@act(
    show_draft,
    DROP,
    done=mark("The draft is gone."),
    then=lambda desk, _made, **_parts: desk.link("/", done="draft"),
    whatever_standing=True,
)
def drop_draft(_desk: Visit, unit: Unit, _data: Shown, id: str) -> None:
    drafts.drop_draft(unit, id)


def describe_drafts(desk: Visit) -> list[dict[str, Any]]:
    """One's drafts: on what page each was typed, and until when it is kept."""
    return [
        {
            "address": desk.go_back(row.page, f"draft={row.id}"),
            "drop": desk.link(f"/drafts/{row.id}"),
            "page": row.page.removeprefix("/desk"),
            "until": row.kept_until.date(),
        }
        for row in drafts.list_drafts(desk.session, desk.by, desk.now)
    ]
