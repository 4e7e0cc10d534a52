"""``tracker mail``: is a letter taken? And links to the desk that also go by mail."""

from __future__ import annotations

import secrets
import sys
from typing import TYPE_CHECKING, Final

import click

from tracker.app import utc_now
from tracker.cli.application_context import ApplicationContext
from tracker.domain import ids
from tracker.domain.errors import InvalidInput
from tracker.domain.mail import is_address
from tracker.settings import Settings

if TYPE_CHECKING:
    from tracker.actions.entry_links import Carrier

#: fault -> what an operator does about it.
REMEDIES: Final = {
    "later": "the server asks to try again later",
    "login": "the server does not take the user and password: look at TRACKER_MAIL_USER and TRACKER_MAIL_PASSWORD_FILE",
    "recipient": "the server knows no such mailbox",
    "refused": "the server refuses the letter: may TRACKER_MAIL_FROM send by it?",
    "timeout": "the server did not answer in time",
    "tls": "no encrypted line could be made: look at TRACKER_MAIL_SERVER and the certificate of the server",
    "unreachable": "the server cannot be reached at TRACKER_MAIL_SERVER, or broke off",
    "sealed": "no sealing key of this tracker opens the letter; bring the key back",
    "unsure": "the server took the letter and never said so",
}


@click.group()
def mail() -> None:
    """Test the mail server that TRACKER_MAIL_SERVER names."""


@mail.command()
@click.argument("address")
def test(address: str) -> None:
    """Send a letter to ADDRESS, at once, and say what the server answered. Needs no worker.

    \b
    Example:   tracker mail test you@host.example
    """
    from tracker.domain.mail import check_address
    from tracker.languages.i18n import get_language
    from tracker.languages.letters import write_trial
    from tracker.outgoing.letters import Letter
    from tracker.outgoing.mail_server import PasswordMissing

    settings = Settings.from_environment()
    server = settings.mail
    if server is None:
        raise click.ClickException("TRACKER_MAIL_SERVER is not set: nobody is told by mail")
    try:
        check_address(address, "/address")
        server.read_password()
    except InvalidInput:
        raise click.BadParameter("must be one address, as you@host.example") from None
    except PasswordMissing as error:
        raise click.ClickException(str(error)) from None
    written = write_trial(get_language("en"), settings.base_url)
    id = ids.make_id("letter", secrets.token_bytes(ids.RANDOM_BYTES))
    fault = server.send(Letter(id, address, written.subject, written.text), utc_now())
    if fault is not None:
        click.echo(f"tracker: {server}: {REMEDIES[fault]}", err=True)
        sys.exit(1)
    click.echo(f"taken by {server}")


@mail.command()
@click.argument("address", required=False)
def bounced(address: str | None) -> None:
    """Stop writing to ADDRESS, which takes no mail. A follower with it is forgotten; somebody of the desk has to
    confirm it again. Without ADDRESS a bounce (RFC 3464) is read from standard input: let your mail server hand over
    what comes to TRACKER_MAIL_FROM. Any other message changes nothing, and ends with 0.

    \b
    Example:   tracker mail bounced gone@host.example
               tracker mail bounced < message
    """
    from tracker.actions import followers, mailboxes
    from tracker.cli.application_context import open_application
    from tracker.outgoing.bounces import NoBounce

    if address is None:
        try:
            address = _read_bounce()
        except NoBounce as error:
            click.echo(f"nothing is changed: {error}")
            return
    if not is_address(address):
        raise click.BadParameter("must be one address, as you@host.example")
    with open_application() as at, at.unit() as unit:
        left = mailboxes.leave_address(unit, address, at.sealer())
        gone = followers.leave_address(unit, address, at.settings.secret_key)
    click.echo(f"{left} mailboxes of the desk have to be confirmed again, {gone} followers are forgotten")


def _read_bounce() -> str:
    """The address that a message on standard input says takes no mail."""
    from tracker.outgoing.bounces import LONGEST, read_bounce

    server = Settings.from_environment().mail
    if server is None:
        raise click.ClickException("TRACKER_MAIL_SERVER is not set: no letter left from here")
    return read_bounce(sys.stdin.buffer.read(LONGEST + 1), server.sender)


#: An option of commands that make a link.
sends_letter = click.option("--mail", "address", help="Also send the link there; the worker does it.")


def find_carrier(at: ApplicationContext, address: str | None) -> Carrier | None:
    """By which letter a link travels, where somebody wants one."""
    from tracker.actions.entry_links import Carrier
    from tracker.actions.support.letters import Addressed
    from tracker.languages.i18n import get_language

    if address is None:
        return None
    if at.settings.mail is None:
        raise click.ClickException("TRACKER_MAIL_SERVER is not set: nothing is sent; leave out --mail")
    return Carrier(Addressed(address, get_language("en")), at.sealer(), entry_page(at.settings.base_url))


def entry_page(base_url: str) -> str:
    """The page that links open."""
    return f"{base_url}/en/desk/entry"
