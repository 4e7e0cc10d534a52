"""``tracker log``: the public history that nobody can rewrite."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import click
from sqlalchemy.exc import DBAPIError

from tracker import migrations
from tracker.actions.operations import auditing, rebuild, signing, succession
from tracker.actions.operations.signing import CannotSign, Keyring
from tracker.cli import log_files, log_mirrors, witness
from tracker.cli.application_context import ApplicationContext, as_json, open_application, show_result
from tracker.database.file_damage import find_damage
from tracker.domain.service_errors import Unavailable
from tracker.public import log as public_log
from tracker.public.tables import log as log_table
from tracker.tlog import text
from tracker.tlog.__main__ import main as verifier
from tracker.tlog.errors import TlogError
from tracker.tlog.keys import parse_vkey

key_file = click.option(
    "--key",
    "path",
    envvar="TRACKER_LOG_KEY",
    required=True,
    show_envvar=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file with the key.",
)


mirrors = click.option(
    "--mirror",
    "mirrors",
    multiple=True,
    metavar="URL",
    help="A copy of the log that others have: https://… or a folder. Again for more.",
)
_NEW_MARK: Final = (
    "--new-mark makes the database alone say how far the log was signed. If more was ever signed, the next signature"
    " is a second history under the same name, and everybody who has an older checkpoint can prove it. Add --mirror"
    " with a copy of the log that others have, to compare with; or, if there is none and you know it, --nothing-lost."
)


@contextmanager
def _open_log() -> Iterator[ApplicationContext]:
    try:
        with open_application() as at:
            yield at
    except CannotSign as error:
        click.echo(f"tracker: {error}", err=True)
        sys.exit(1)


@click.group()
def log() -> None:
    """Sign, anchor, audit, export and verify the log of public acts."""


@log.command()
@click.option(
    "--origin", required=True, help="The address of the log without its scheme, as tracker.example/log."
)
@key_file
def init(origin: str, path: Path) -> None:
    """Name the log of this database and make its first key. Once; there is no default name.

    Give the key that it prints to others by another way than this server: in print, in a DNS record, on their sites.

    \b
    Example:   tracker log init --origin tracker.example/log --key /etc/tracker/log.key
    """
    with _open_log() as at:
        with at.unit() as unit:
            made = signing.create_log(unit, origin, path)
        with at.unit() as unit:
            signing.sign_log(unit, made)
        click.echo(made.signers[0].public.vkey)


@log.command()
@key_file
@click.option("--new-mark", is_flag=True, help="The mark beside the key is lost, and nothing else.")
@mirrors
@click.option("--nothing-lost", is_flag=True, help="With --new-mark: nobody has a copy to compare with.")
@as_json
def sign(path: Path, new_mark: bool, mirrors: tuple[str, ...], nothing_lost: bool, as_json: bool) -> None:
    """Sign what is not signed yet. The server does so within a second of each act; this is for a
    server that has no key.

    \b
    Example:   tracker log sign
    """
    if new_mark and not mirrors and not nothing_lost:
        raise click.UsageError(_NEW_MARK)
    with _open_log() as at:
        keyring = Keyring.read(path)
        with at.unit() as unit:
            if new_mark:
                seen = log_mirrors.ask_mirrors(unit.connection, keyring, mirrors)
                signing.write_new_mark(unit, keyring, seen)
            signing.sign_log(unit, keyring)
            checkpoint = public_log.last_checkpoint(unit.connection)
    size, root = (checkpoint[0].size, text.to_base64(checkpoint[0].root)) if checkpoint else (0, "")
    show_result({"size": size, "root": root}, as_json, [f"{size} entries are signed, root {root}"])


@log.command()
@key_file
@click.argument("address")
@as_json
def compare(path: Path, address: str, as_json: bool) -> None:
    """Compare the database with a copy of the log that others have: which entries are not here any more?

    \b
    Example:   tracker log compare https://mirror.example/log
    """
    with _open_log() as at, at.reading() as unit:
        comparison = log_mirrors.compare_mirror(unit.connection, Keyring.read(path), address)
    missing = [json.loads(entry) for entry in comparison.missing]
    shown = {"mirror": comparison.mirror.size, "same": comparison.same, "missing": missing}
    show_result(shown, as_json, comparison.list_lines())
    if missing:
        sys.exit(1)


@log.command()
@click.option("--origin", required=True, help="The name of the log that goes on, as tracker.example/log-2.")
@key_file
@click.option(
    "--new-key",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file for its key. It must not be there yet.",
)
@click.option("--because", required=True, help="Why, in one sentence that everybody reads.")
@mirrors
def succeed(origin: str, path: Path, new_key: Path, because: str, mirrors: tuple[str, ...]) -> None:
    """Close a log that lost entries it had signed, and begin another that goes on. There is no way back.

    A statement, which both logs sign, says how much was signed and how much is left. Everybody can read it below
    /log/succession, and `tracker log verify` follows it. Afterwards name the new key in TRACKER_LOG_KEY.

    \b
    Example:   tracker log succeed --origin tracker.example/log-2 --new-key /etc/tracker/log-2.key
                 --because "A disk failed, and the backup was of the day before." --mirror https://mirror.example/log
    """
    with _open_log() as opened:
        at = replace(opened, signs=False)  # the key in the settings is that of the log that ends
        keyring = Keyring.read(path)
        with at.unit() as unit:
            seen = log_mirrors.ask_mirrors(unit.connection, keyring, mirrors)
            made, statement = succession.close_log(unit, keyring, origin, new_key, because, seen)
        with at.unit() as unit:
            signing.sign_log(unit, made)
    click.echo(
        f"{statement.signed.origin} is closed: {statement.signed.size} entries were signed, {statement.lost} are lost"
    )
    click.echo(f"{origin} goes on from entry {statement.kept.size}; set TRACKER_LOG_KEY={new_key}")
    click.echo(made.signers[0].public.vkey)


@log.command()
def anchor() -> None:
    """Bind the internal log to the public one. The worker does this every day at the same time.

    \b
    Example:   tracker log anchor
    """
    with _open_log() as at, at.unit() as unit:
        click.echo(f"anchored at {signing.anchor_internal_log(unit) - 1}")


@log.command()
@key_file
@click.option("--retire", is_flag=True, help="End the rotation: the old key signs no more.")
def rotate(path: Path, retire: bool) -> None:
    """Begin to sign with a second key; later, with `--retire`, no longer with the first.

    \b
    Example:   tracker log rotate; later: tracker log rotate --retire
    """
    with _open_log() as at:
        keyring = Keyring.read(path)
        with at.unit() as unit:
            made = (signing.retire_key if retire else signing.rotate_key)(unit, keyring)
    for key in made.signers:
        click.echo(key.public.vkey)


@log.command()
@click.option("--key", "path", envvar="TRACKER_LOG_KEY", type=click.Path(path_type=Path, dir_okay=False))
@as_json
def audit(path: Path | None, as_json: bool) -> None:
    """Rebuild everything from the entries: hashes, signatures, public acts, the trail, the record. Says what differs.

    \b
    Example:   tracker log audit
    """
    with _open_log() as at:
        size, faults = find_faults(at, path)
    summary = f"{size} entries: entries, hashes, signatures, acts, trail and record agree"
    if path is None:
        summary = summary.replace(" signatures,", "") + "; signatures were not checked, for no key was named"
    show_result({"findings": faults, "size": size}, as_json, faults or [summary])
    if faults:
        sys.exit(1)


def find_faults(at: ApplicationContext, path: Path | None) -> tuple[int, list[str]]:
    """How many entries the public log has, and all that does not agree. `CannotSign` where the key cannot be read."""
    damage = find_damage(at.engine)
    try:
        with at.reading() as unit:
            faults = auditing.audit_logs(unit.session, Keyring.read(path) if path else None)
            faults += [*rebuild.check_public_side(unit), *migrations.rule_differences(at.engine)]
            # Several checks name what is broken or was emptied.
            return log_table.size(unit.connection), [*damage, *dict.fromkeys(faults)]
    except (DBAPIError, Unavailable):
        # Somebody who drops a table must not end the audit without a word; a database that is away has to.
        if not (lost := damage or migrations.name_differences(at.engine)):
            raise
        return 0, [*lost, "nothing else can be audited until it is there again: see After a restore"]


@log.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def export(folder: Path) -> None:
    """Write what is signed as plain files. Any web server can serve them; `verify` reads them.

    \b
    Example:   tracker log export /srv/mirror/log
    """
    with _open_log() as at, at.reading() as unit:
        click.echo(f"{log_files.write_log_files(unit.connection, folder)} files")


@log.command()
@click.argument("address")
@click.option("--vkey", required=True, help="The public key, got by another way than the log.")
@click.option("--state", help="A file that remembers the last checkpoint.", type=click.Path(dir_okay=False))
@click.option("--acts", is_flag=True, help="Compare the public acts and the feeds with the log too.")
@click.option("--tracker", help="The tracker whose acts are compared; the address before /log if left out.")
def verify(address: str, vkey: str, state: str | None, acts: bool, tracker: str | None) -> None:
    """Verify a log at an address, or in a folder, as a stranger does: without a database.

    \b
    Example:   tracker log verify https://tracker.example/log --vkey … --state seen.checkpoint --acts
    """
    given = [] if state is None else ["--state", state]
    given += [] if tracker is None else ["--tracker", tracker]
    given += ["--acts"] if acts else []
    sys.exit(verifier(["verify", address, "--vkey", vkey, *given], "tracker log"))


@log.command("witness-push")
@click.argument("url")
@click.option("--vkey", required=True, help="The public key of the witness.")
def witness_push(url: str, vkey: str) -> None:
    """Have a witness sign that it saw the newest checkpoint, and that the log only grew since the one before.

    \b
    Example:   tracker log witness-push https://witness.example --vkey witness.example+…
    """
    with _open_log() as at:
        try:
            size = witness.push_checkpoint(at, url, parse_vkey(vkey))
        except (witness.WitnessRefused, TlogError) as error:
            raise CannotSign(f"the witness did not sign: {error}") from None
        click.echo(f"the witness has signed the checkpoint of {size}")
