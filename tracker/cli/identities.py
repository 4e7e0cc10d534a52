"""``tracker people identity``: as whom the identity provider knows somebody."""

from __future__ import annotations

import click

from tracker.cli.application_context import open_application
from tracker.domain.errors import InvalidInput, NotFound
from tracker.domain.identities import LONGEST_SUBJECT
from tracker.store.people import find_person_by_name


@click.command()
@click.argument("name")
@click.option("--subject", help="What the provider of TRACKER_OIDC_ISSUER calls them (`sub`).")
@click.option("--end", is_flag=True, help="End the link.")
def identity(name: str, subject: str | None, end: bool) -> None:
    """Link an account with who somebody is at the identity provider, or end the link.

    \b
    Example:   tracker people identity amal --subject 5f0c2d1e
    """
    from tracker.actions import identities

    with open_application() as at, at.unit() as unit:
        person, provider = find_person_by_name(unit.session, name), at.settings.provider
        if person is None:
            raise NotFound(f"there is nobody called {name!r}")
        if end:
            identities.unlink_identities(unit, person.id)
        elif provider is None or not subject or len(subject) > LONGEST_SUBJECT:
            raise InvalidInput("give --subject, of 255 characters at most, and set TRACKER_OIDC_ISSUER")
        else:
            identities.link_identity(unit, provider.issuer, subject, person.id)
