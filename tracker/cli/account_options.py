"""What commands about accounts are told: roles, the processes that an account is limited to, whom it speaks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.errors import InvalidInput
from tracker.domain.people import ROLES, Actor

#: Who reads every process, to find one by its short name.
_KEEPER: Final = Actor("operator", frozenset({"custodian"}))


def describes_account(command: Callable[..., None]) -> Callable[..., None]:
    """A command that adds an account takes its name, its roles and whom it speaks for."""
    says = "The organization that they speak for, by its id or short name; none means the desk."
    organization = click.option("--organization", help=says)
    roles = click.option(
        "--role",
        "roles",
        multiple=True,
        required=True,
        type=click.Choice(sorted(ROLES)),
        help="May be given more than once.",
    )
    return click.argument("name")(roles(names_processes(organization(command))))


def names_processes(command: Callable[..., None]) -> Callable[..., None]:
    says = "Only this process, by its id or slug; all where left out. May be given more than once."
    return click.option("--process", "processes", multiple=True, help=says)(command)


def find_processes(session: Session, named: tuple[str, ...]) -> list[str] | None:
    """The ids of the processes that an account is limited to; None for all."""
    from tracker.actions import exports
    from tracker.store.viewer import Viewer

    return [exports.find_process(Viewer(session, _KEEPER), one) for one in named] or None


def find_organization(session: Session, named: str | None) -> str | None:
    """The id of the organization that an account speaks for; None for the desk."""
    from tracker.store.organizations import Organization

    if named is None:
        return None
    query = select(Organization.id).where((Organization.id == named) | (Organization.slug == named))
    id: str | None = session.scalar(query)
    if id is None:
        raise InvalidInput.at(
            "organization", f"there is no organization with the id or short name {named[:80]!r}"
        )
    return id
