"""``tracker people`` and ``tracker keys``: accounts and what they log in with."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click
from sqlalchemy.orm import Session

from tracker.actions import keys as actions_keys
from tracker.actions import people as actions_people
from tracker.actions.people import OPERATOR
from tracker.actions.support.unit import Unit
from tracker.cli.account_options import describes_account, find_organization, find_processes, names_processes
from tracker.cli.application_context import as_json, open_application, show_result
from tracker.cli.identities import identity
from tracker.cli.mail import entry_page, find_carrier, sends_letter
from tracker.domain.errors import NotFound
from tracker.domain.people import PERMISSIONS, ROLES
from tracker.store.people import Person, find_person_by_name


@click.group()
def people() -> None:
    """Manage accounts."""


@people.command()
@describes_account
def add(name: str, roles: tuple[str, ...], organization: str | None, processes: tuple[str, ...]) -> None:
    """Add somebody.

    \b
    Example:   tracker people add amal --role editor --role watchdog --organization rights-watch
    """
    with open_application() as at, at.unit() as unit:
        person = _add_person(unit, name, roles, organization, processes)
        click.echo(person.id)


def _add_person(
    unit: Unit, name: str, roles: tuple[str, ...], organization: str | None, processes: tuple[str, ...]
) -> Person:
    limits = find_processes(unit.session, processes)
    return actions_people.add_person(unit, name, roles, find_organization(unit.session, organization), limits)


@people.command("list")
@as_json
def list_people(as_json: bool) -> None:
    """List everybody and their roles, but accounts that have ended.

    \b
    Example:   tracker people list --json
    """
    with open_application() as at:
        accounts: list[dict[str, Any]] = [
            {
                "id": person.id,
                "name": person.name,
                "roles": person.roles,
                "organization": person.organization_id,
                "processes": person.processes,
                "suspended": person.suspended_at is not None,
            }
            for person in at.session.scalars(actions_people.select_accounts().order_by(Person.name))
        ]
    lines = [
        f"{one['name']}  {', '.join(one['roles'])}"
        f"{'  in ' + ', '.join(one['processes']) if one['processes'] else ''}"
        f"{'  suspended' if one['suspended'] else ''}"
        for one in accounts
    ]
    show_result(accounts, as_json, lines)


@people.command()
@click.argument("name")
@click.option(
    "--stolen-since",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d"]),
    help="Since when (UTC) others had the account: what its sessions gave since then falls.",
)
def suspend(name: str, stolen_since: datetime | None) -> None:
    """Suspend somebody, at once. What they did stays.

    \b
    Example:   tracker people suspend amal
               tracker people suspend amal --stolen-since 2026-11-20
    """
    since = None if stolen_since is None else stolen_since.replace(tzinfo=UTC)
    with open_application() as at, at.unit() as unit:
        actions_people.suspend_person(unit, name, since)
    click.echo(f"{name} is suspended")


@people.command()
@click.argument("name")
def end(name: str) -> None:
    """End an account for good. Its sessions, keys, password and phone are gone; only the audit trail knows its name.

    \b
    Example:   tracker people end amal
    """
    with open_application() as at, at.unit() as unit:
        actions_people.end_person(unit, name)
    click.echo(f"the account of {name} has ended")


@people.command()
@click.argument("name")
@click.option(
    "--role", "roles", multiple=True, type=click.Choice(sorted(ROLES)), help="All roles from now on."
)
@names_processes
@click.option("--all-processes", is_flag=True, help="End a limit to processes.")
@click.option("--let-in", is_flag=True, help="End a suspension.")
def change(
    name: str, roles: tuple[str, ...], processes: tuple[str, ...], all_processes: bool, let_in: bool
) -> None:
    """Give somebody other roles or processes, or let them in again, at once: you hold the machine.

    \b
    Example:   tracker people change amal --role editor --role approver
    """
    changes: dict[str, Any] = {"roles": roles} if roles else {}
    if let_in:
        changes["suspended"] = False
    if not (changes or processes or all_processes) or (processes and all_processes):
        raise click.UsageError("say --role, --let-in, and --process or --all-processes")
    with open_application() as at, at.unit() as unit:
        if processes or all_processes:
            changes["processes"] = find_processes(unit.session, processes)
        person = _get_person(unit.session, name)
        actions_people.change_person(unit, person.id, changes, person.version)
        roles_now = ", ".join(person.roles)
    click.echo(f"{name} is {roles_now}")


@people.command()
@click.argument("name")
@click.password_option(help="Asked for where left out, so that it stands in no history of commands.")
def password(name: str, password: str) -> None:
    """Give somebody a password.

    \b
    Example:   tracker people password amal
    """
    from tracker.actions import passwords

    with open_application() as at:
        checked = passwords.check_reset(at.session, OPERATOR, name, password)
        with at.unit() as unit:
            passwords.set_password(unit, checked)
    click.echo(f"the password of {name} is set")


@people.command()
@describes_account
@sends_letter
def invite(
    name: str,
    roles: tuple[str, ...],
    organization: str | None,
    processes: tuple[str, ...],
    address: str | None,
) -> None:
    """Add somebody, and print the link by which they come to the desk. It is good once, for seven days.

    \b
    Example:   tracker people invite amal --role editor
    """
    from tracker.actions import entry_links

    with open_application() as at, at.unit() as unit:
        person = _add_person(unit, name, roles, organization, processes)
        link = entry_links.make_link(unit, person.id, "invitation", find_carrier(at, address))
        base = at.settings.base_url
    click.echo(entry_address(base, link))


@people.command()
@click.argument("name")
@sends_letter
def reset(name: str, address: str | None) -> None:
    """Print a link by which somebody chooses a new password and sets another phone. It is good once, for a day.

    \b
    Example:   tracker people reset amal
    """
    from tracker.actions import entry_links

    with open_application() as at, at.unit() as unit:
        person = _get_person(unit.session, name)
        link = entry_links.make_link(unit, person.id, "reset", find_carrier(at, address))
        base = at.settings.base_url
    click.echo(entry_address(base, link))


def entry_address(base_url: str, link: str) -> str:
    """Where somebody who was given a link opens the desk."""
    return f"{entry_page(base_url)}?link={link}"


def _get_person(session: Session, name: str) -> Person:
    person = find_person_by_name(session, name)
    if person is None:
        raise NotFound(f"there is nobody called {name!r}")
    return person


@people.command("second-factor")
@click.argument("name")
def second_factor(name: str) -> None:
    """Give somebody a new secret for their phone, and print it. With it and a password they log in at the desk.

    \b
    Example:   tracker people second-factor amal
    """
    from tracker.actions import second_factors
    from tracker.domain import one_time_codes

    with open_application() as at, at.unit() as unit:
        person = _get_person(unit.session, name)
        secret = second_factors.make_secret(unit.entropy)
        second_factors.set_second_factor(unit, person.id, secret, at.sealer())
    click.echo(one_time_codes.make_address(secret, name), err=True)
    click.echo(secret)


people.add_command(identity)


@people.command()
@click.argument("secret")
def code(secret: str) -> None:
    """Print the code that a phone with this secret shows now, to try the desk without a phone.

    \b
    Example:   tracker people code JBSWY3DPEHPK3PXP
    """
    from tracker.app import utc_now
    from tracker.domain import one_time_codes

    try:
        click.echo(one_time_codes.make_code(secret, one_time_codes.find_step(utc_now())))
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@click.group()
def keys() -> None:
    """Issue and revoke keys."""


@keys.command()
@click.argument("name")
@click.option(
    "--days",
    type=click.IntRange(1, actions_keys.LONGEST),
    default=actions_keys.KEY_DAYS,
    show_default=True,
    help="How long it is good for.",
)
@click.option(
    "--scope",
    multiple=True,
    type=click.Choice(sorted(PERMISSIONS)),
    help="Limit it to this permission. May be given more than once; all of the person's where left out.",
)
def issue(name: str, days: int, scope: tuple[str, ...]) -> None:
    """Issue a key for somebody. It is shown once and kept nowhere.

    \b
    Example:   tracker keys issue amal --days 90 --scope evidence.submit --scope record.read_own
    """
    with open_application() as at, at.unit() as unit:
        key, secret = actions_keys.issue_key(unit, name, days, scope or None)
        click.echo(f"{key.id}  good until {key.expires_at:%Y-%m-%d}", err=True)
        click.echo(secret)


@keys.command()
@click.argument("id")
def revoke(id: str) -> None:
    """Revoke a key, at once.

    \b
    Example:   tracker keys revoke key_…
    """
    with open_application() as at, at.unit() as unit:
        actions_keys.revoke_key(unit, id)
    click.echo(f"{id} is revoked")
