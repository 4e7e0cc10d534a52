"""Watchdogs: who may submit evidence and hold verdicts, and who may not for now."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tracker.actions import watchdogs
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.paging import PageQuery, make_page_schema, read_page
from tracker.domain import errors
from tracker.domain.watchdogs import REGISTRATIONS
from tracker.schemas.fields import Code
from tracker.schemas.watchdogs import StandingIn, WatchdogIn, WatchdogOut
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
    answer=make_page_schema(WatchdogOut, "WatchdogPage"),
)
def list_watchdogs(call: Call) -> Any:
    """Each watchdog with its standing and the conflicts of interest that it declared."""
    rows = select(Watchdog)
    if "standing" in call.query:
        rows = rows.where(Watchdog.standing == call.query["standing"])
    return read_page(call, rows, Watchdog.organization_id)


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
    """The standing, since when, the conflicts of interest that it declared, and each act on its standing."""
    watchdog = call.session.get(Watchdog, id)
    if watchdog is None:
        raise errors.NotFound(f"there is no watchdog {id[:64]!r}")
    return watchdog


@endpoint(
    "POST",
    "/v1/watchdogs/{id}/standing",
    permission="people.manage",
    tag="watchdogs",
    summary="Suspend, reinstate or withdraw a watchdog; suspended, it writes nothing from that moment",
    body=StandingIn,
    answer=WatchdogOut,
    again=get_watchdog,
    refusals=(errors.AlreadyDone,),
    names={"id": "organization"},
)
def set_standing(call: Call, id: str) -> Any:
    """A suspended or withdrawn watchdog writes nothing from that moment, in any role. What it said stays."""
    return watchdogs.set_registration(call.unit, id, call.body["standing"], call.body["reason"])


@endpoint(
    "POST",
    "/v1/organizations/{id}/watchdog",
    permission="record.write",
    tag="organizations",
    summary="Register an organization as a watchdog",
    body=WatchdogIn,
    answer=WatchdogOut,
    again=get_watchdog,
    status=201,
    refusals=(errors.AlreadyDone,),
    names={"id": "organization"},
)
def register_watchdog(call: Call, id: str) -> Any:
    """The organization may then submit evidence and hold verdicts. The accounts of its people name it."""
    return watchdogs.register_watchdog(call.unit, id, call.body)
