"""Watchdogs: who may submit evidence and hold verdicts, and who may not for now."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tracker.actions import watchdogs as acts
from tracker.api.endpoint import Call, endpoint
from tracker.api.lists import PageQuery, page, page_of
from tracker.domain import errors
from tracker.domain.watchdogs import REGISTRATIONS
from tracker.schemas.fields import Code
from tracker.schemas.watchdogs import StandingIn, WatchdogOut
from tracker.store.watchdogs import Watchdog


class WatchdogsQuery(PageQuery):
    standing = Code(REGISTRATIONS)


@endpoint(
    "GET",
    "/v1/watchdogs",
    permission="watchdogs.read",
    tag="watchdogs",
    summary="List watchdogs and their standing",
    query=WatchdogsQuery,
    answer=page_of(WatchdogOut, "WatchdogPage"),
)
def list_watchdogs(call: Call) -> Any:
    rows = select(Watchdog)
    if "standing" in call.query:
        rows = rows.where(Watchdog.standing == call.query["standing"])
    return page(call, rows, Watchdog.organization_id)


@endpoint(
    "GET",
    "/v1/watchdogs/{id}",
    permission="watchdogs.read",
    tag="watchdogs",
    summary="Read a watchdog by its organization, with what was done about its standing",
    answer=WatchdogOut,
    names={"id": "organization"},
)
def get_watchdog(call: Call, id: str) -> Any:
    found = call.session.get(Watchdog, id)
    if found is None:
        raise errors.NotFound(f"there is no watchdog {id[:64]!r}")
    return found


@endpoint(
    "POST",
    "/v1/watchdogs/{id}/standing",
    permission="people.manage",
    tag="watchdogs",
    summary="Suspend, reinstate or withdraw a watchdog; suspended, it writes nothing from that moment",
    body=StandingIn,
    answer=WatchdogOut,
    refusals=(errors.AlreadyDone,),
    names={"id": "organization"},
)
def set_standing(call: Call, id: str) -> Any:
    return acts.set_registration(call.unit, id, call.body["standing"], call.body["reason"])
