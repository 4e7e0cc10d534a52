"""The standing of watchdogs. Suspended, an organization writes nothing from that moment; what it said before stays."""

from __future__ import annotations

from tracker.actions.support.lookup import get_for_act
from tracker.actions.support.records import Data
from tracker.actions.support.unit import Unit
from tracker.domain.errors import AlreadyDone, NotFound
from tracker.domain.plausible_days import require_plausible_days
from tracker.domain.sentences import sentence
from tracker.store.watchdogs import Watchdog, WatchdogAct


def set_registration(unit: Unit, organization: str, standing: str, reason: str) -> Watchdog:
    """Suspend, reinstate or withdraw a watchdog, and say why. Each act is kept."""
    unit.by.require("people.manage")
    watchdog = unit.session.get(Watchdog, organization)
    if watchdog is None:
        raise NotFound(
            sentence("there is no watchdog %(organization)s", organization=repr(organization[:64]))
        )
    if watchdog.standing == standing:
        raise AlreadyDone(
            sentence("the standing of this watchdog is %(standing)s already", standing=standing)
        )
    watchdog.standing = standing
    watchdog.history.append(WatchdogAct(standing=standing, reason=reason, at=unit.now, by=unit.by.id))
    unit.audit("watchdog.standing", organization, standing=standing)
    unit.session.flush()
    return watchdog


def register_watchdog(unit: Unit, organization: str, data: Data) -> Watchdog:
    """Give an organization the standing to submit evidence and to hold verdicts."""
    unit.by.require("record.write")
    get_for_act(unit.viewer, organization, "organization")
    if unit.session.get(Watchdog, organization) is not None:
        raise AlreadyDone(sentence("this organization is a watchdog already"))
    require_plausible_days("watchdog", data, unit.now.date())
    watchdog = Watchdog(organization_id=organization, **data)
    unit.session.add(watchdog)
    unit.audit("watchdog.register", organization)
    return watchdog
