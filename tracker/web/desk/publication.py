"""Whether a thing is public: proposing that a draft becomes public, publishing what others recorded, withdrawing."""

from __future__ import annotations

from typing import Any, Final

from tracker.actions import publication
from tracker.actions.support import editable_things, lookup
from tracker.actions.support.registry import KINDS
from tracker.actions.support.unit import open_view
from tracker.domain.errors import AlreadyDone, NotAgreed, NotPublished
from tracker.domain.publication import PUBLISHED, PublicationRefused
from tracker.languages.i18n import mark
from tracker.schemas.publication import PublicationIn, ReasonIn
from tracker.store.proposals import Proposal
from tracker.web.desk.names import name_row, name_things
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.forms import Field, Form

_THINGS: Final = {"id": tuple(KINDS)}
_WHY: Final = Field("reason", mark("Why it becomes public"))
_HOUR: Final = Field(
    "not_before",
    mark("Not before (UTC)"),
    hint=mark("An hour until which nobody outside of the desk sees it; left out, it is public at once."),
    rest=True,
)
PROPOSING = Form(PublicationIn, _WHY, _HOUR, button=mark("Propose to publish"))
PUBLISHING = Form(PublicationIn, _WHY, _HOUR, button=mark("Publish"))
WITHDRAWING = Form(
    ReasonIn,
    Field("reason", mark("Why it is withdrawn"), hint=mark("If it was public, everybody reads this.")),
    button=mark("Withdraw"),
)
_FINAL: Final = mark(
    "Its content is taken from the public side, and a note with your reason stays. This is final."
)
_FINAL_DRAFT: Final = mark("It was never public, so nothing stays of it in public. This is final.")


@view("/things/{id}/publication", permission="record.write", template="publication", names=_THINGS)
def show_publication(desk: Visit, id: str) -> Shown:
    row = lookup.get(desk.viewer, id)
    return {
        "title": desk.language.say("Propose to publish: %(name)s", name=name_row(row)),
        "lead": desk.language.say("Another person decides whether it becomes public."),
        **_list_drafts(desk, id),
    }


def try_publication(desk: Visit, unit: Unit, data: Shown, id: str) -> Any:
    return _try(desk, data, publication.propose_publication(unit, [id], **_read(desk, data)))


@act(
    show_publication,
    PROPOSING,
    done=mark("It was proposed. Another person decides."),
    tries=try_publication,
    then="/things/{id}",
)
def propose_publication(desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    publication.propose_publication(unit, [id], **_read(desk, data))


@view("/things/{id}/publishing", permission="record.publish", template="publication", names=_THINGS)
def show_publishing(desk: Visit, id: str) -> Shown:
    row = lookup.get(desk.viewer, id)
    return {
        "title": desk.language.say("Publish: %(name)s", name=name_row(row)),
        "lead": desk.language.say("Others recorded it, and you decide: everybody reads it from then on."),
        **_list_drafts(desk, id),
    }


def try_publishing(desk: Visit, unit: Unit, data: Shown, id: str) -> Any:
    return _try(desk, data, publication.publish_drafts(unit, [id], **_read(desk, data)))


@act(
    show_publishing,
    PUBLISHING,
    done=mark("It was published, or waits for its hour."),
    tries=try_publishing,
    then="/things/{id}",
)
def publish_draft(desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    publication.publish_drafts(unit, [id], **_read(desk, data))


def _read(desk: Visit, data: Shown) -> dict[str, Any]:
    """What is wanted: all that was shown, at the versions that were shown."""
    return {"with_named": True, "versions": desk.versions, **data}


def _try(desk: Visit, data: Shown, made: Proposal) -> Proposal:
    """What was tried, with the hour until which nobody sees it."""
    hour = data.get("not_before")
    if hour is not None:
        day, time = desk.language.day(hour.date()), hour.strftime("%H:%M")
        words = desk.language.say(
            "Nobody outside of the desk sees it before %(day)s, %(time)s UTC.", day=day, time=time
        )
        desk.told = {"dates": [words]}
    return made


@view("/things/{id}/withdrawal", permission="record.publish", template="form", names=_THINGS)
def show_withdrawal(desk: Visit, id: str) -> Shown:
    row = lookup.get(desk.viewer, id)
    return {
        "title": desk.language.say("Withdraw: %(name)s", name=name_row(row)),
        "lead": desk.language.say(_FINAL if row.publication == PUBLISHED else _FINAL_DRAFT),
        "version": row.version,
    }


@act(show_withdrawal, WITHDRAWING, done=mark("It was withdrawn."), then="/things/{id}")
def withdraw_thing(desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    editable_things.require_version(lookup.get_for_act(unit.viewer, id), desk.expected)
    publication.withdraw_thing(unit, id, data["reason"])


def _list_drafts(desk: Visit, id: str) -> dict[str, Any]:
    """What would become public with a thing, at which versions, and what stands in the way."""
    refusal, versions = None, dict[str, int]()
    with open_view(desk.session, desk.by, desk.now, desk.context.entropy) as unit:
        try:
            rows = publication.list_drafts(unit, [id], with_named=True)
            versions = {row.id: row.version for row in rows}
        except (AlreadyDone, NotAgreed, NotPublished, PublicationRefused) as refused:
            refusal = refused
    missing = [] if refusal is None else list(refusal.missing)
    names = name_things(desk, [*versions, *missing])
    return {
        "versions": versions,
        "drafts": [_link(desk, one, names) for one in versions],
        "in_the_way": refusal,
        "missing": [_link(desk, one, names) for one in missing if one in names],
    }


def _link(desk: Visit, id: str, names: dict[str, str]) -> tuple[str, str]:
    return desk.link(f"/things/{id}"), names.get(id, id)
