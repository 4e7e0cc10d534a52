"""``tracker audit`` and ``tracker proposals``: who did what, and what waits for a second admin."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from tracker.actions import audit_trail
from tracker.actions import proposals as actions_proposals
from tracker.cli.application_context import as_json, open_application, show_result
from tracker.domain.audit import FAMILIES, VERBS
from tracker.domain.canonical import format_instant
from tracker.domain.proposals import PROPOSED
from tracker.domain.sent_values import quote_value
from tracker.store.audit import AuditEntry
from tracker.store.proposals import Proposal


@click.group()
def audit() -> None:
    """Read the audit trail."""


@audit.command("list")
@click.option("--person", help="The id of a person, or `operator`.")
@click.option("--verb", help="As evidence.unseal, or how verbs begin: evidence.")
@click.option("--target", help="The id of what it was done to.")
@click.option("--from", "start", metavar="INSTANT", help="The first instant, as 2026-11-24T09:00:00Z.")
@click.option("--to", "end", metavar="INSTANT", help="The instant before which it was.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@as_json
def list_audit(
    person: str | None,
    verb: str | None,
    target: str | None,
    start: str | None,
    end: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """List who did what, newest first, acts on sealed things included. That it was read is written down.

    \b
    Example:   tracker audit list --verb evidence.unseal --from 2026-11-01T00:00:00Z
    """
    given = {
        "person": person,
        "verb": _verb(verb),
        "target": target,
        "from": _moment(start, "--from"),
        "to": _moment(end, "--to"),
    }
    asked = {name: value for name, value in given.items() if value is not None}
    with open_application() as at, at.unit() as unit:
        rows = audit_trail.read_trail(unit, asked).order_by(AuditEntry.id.desc()).limit(limit)
        entries: list[dict[str, Any]] = [
            {**one, "at": format_instant(one["at"])}
            for one in audit_trail.describe_entries(unit.session, unit.session.scalars(rows), names=True)
        ]
    lines = [
        f"{one['at']}  {one['person']}  {one['verb']}  {one['target']}  {one['detail']}" for one in entries
    ]
    show_result(entries, as_json, lines)


def _verb(given: str | None) -> str | None:
    if given is not None and given not in VERBS | FAMILIES:
        fault = (
            f"{quote_value(given)} is no verb of the trail; write it as evidence.unseal, or how verbs begin"
        )
        raise click.BadParameter(fault, param_hint="--verb")
    return given


def _moment(given: str | None, option: str) -> datetime | None:
    if given is None:
        return None
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        fault = f"{quote_value(given)} is no instant; write it as 2026-11-24T09:00:00Z"
        raise click.BadParameter(fault, param_hint=option) from None
    if moment.tzinfo is None:
        fault = f"{quote_value(given)} says no time zone; write it as 2026-11-24T09:00:00Z"
        raise click.BadParameter(fault, param_hint=option)
    return moment


@click.group()
def proposals() -> None:
    """Decide, as the second admin, on roles and keys that an admin gave."""


@proposals.command("list")
@as_json
def list_proposals(as_json: bool) -> None:
    """List the roles and keys that wait for a second admin.

    \b
    Example:   tracker proposals list --json
    """
    with open_application() as at, at.reading() as unit:
        waiting = (
            actions_proposals.select_visible(unit.viewer)
            .where(Proposal.decision == PROPOSED)
            .order_by(Proposal.proposed_at)
        )
        listed: list[dict[str, Any]] = [
            {
                "id": one.id,
                "kind": one.kind,
                "account": one.thing_id,
                "wanted": one.payload,
                "proposed_by": one.proposed_by,
                "not_before": None if one.rests_until is None else format_instant(one.rests_until),
            }
            for one in unit.session.scalars(waiting)
        ]
    lines = [
        f"{one['id']}  {one['kind']}  {one['account']}  from {one['not_before']}  {one['wanted']}"
        for one in listed
    ]
    show_result(listed, as_json, lines)


@proposals.command()
@click.argument("id")
def approve(id: str) -> None:
    """Approve a proposal, 24 hours after it was made or later.

    \b
    Example:   tracker proposals approve prp_…
    """
    with open_application() as at, at.unit() as unit:
        actions_proposals.decide_proposal(unit, id, "approve")
    click.echo(f"{id} is approved")


@proposals.command("return")
@click.argument("id")
@click.option("--note", required=True, help="What is wrong with it.")
def give_back(id: str, note: str) -> None:
    """Return a proposal, at any time.

    \b
    Example:   tracker proposals return prp_… --note "Nobody asked for it."
    """
    with open_application() as at, at.unit() as unit:
        actions_proposals.decide_proposal(unit, id, "return", note)
    click.echo(f"{id} is returned")
