"""``tracker backup`` and ``tracker restore``: the record and its files, in a folder that can be checked.

The database is copied first, the files after it: a file is kept before the act that names it, so each file that the
copy names is there. Files are never changed, so those that an earlier backup has are not copied again. The keys are not
among it: they are kept apart, and the mark beside the key of the log must never go back.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import click
from sqlalchemy import Engine, select

from tracker import migrations
from tracker.app import open_store, utc_now
from tracker.cli.application_context import ApplicationContext, open_application
from tracker.cli.database_copies import (
    NAMES,
    copy_database,
    find_damage,
    load_database,
    require_empty,
    settle,
)
from tracker.database.file_modes import make_absolute, write_private
from tracker.database.outages import refusal_for
from tracker.domain.errors import Refusal
from tracker.domain.files import DigestMismatch, FileMissing, FileTooLarge, StorageFull
from tracker.domain.service_errors import DiskFull
from tracker.files.files import Files
from tracker.files.folder import Folder
from tracker.settings import Settings
from tracker.store import audit, tips
from tracker.store.custody import EvidenceFile
from tracker.store.database import open_snapshot

_MANIFEST: Final = "manifest.json"
#: What is being written or deleted: a process that was killed leaves it, and the next one takes it away.
_UNFINISHED: Final = ".unfinished"
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class File:
    """A file of evidence, as the record names it."""

    key: str
    size: int
    sha256: str


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--keep", type=click.IntRange(1), help="Delete all but so many of the newest backups.")
@click.option("--first", is_flag=True, help="Begin where backups were written before, and were taken away.")
def backup(folder: Path, keep: int | None, first: bool) -> None:
    """Write a backup into FOLDER: the database, and the files that no earlier backup there has. The server may run.

    Keep a copy of FOLDER on another machine. The settings and keys are not in it: keep them apart.

    \b
    Example:   tracker backup /var/backups/tracker --keep 14
    """
    with open_application() as at:
        made, lost = make_backup(at, folder.absolute(), keep, first=first)
    click.echo(made)
    for file in lost:
        click.echo(f"not in it, for it is missing or not what was recorded: {file}", err=True)
    if lost:
        sys.exit(1)


def make_backup(
    at: ApplicationContext, folder: Path, keep: int | None, *, first: bool = False
) -> tuple[Path, list[str]]:
    """Write a backup, and delete the oldest if there are more than so many. Returns where it is, and the digests of
    files that are in none because their bytes are missing or damaged: one lost file ends no backup of all the rest."""
    if not first:
        _require_disk(at, folder)
    with _hold_folder(folder):
        made, lost = _write_backup(at.settings, at, folder)
        with at.unit() as unit:
            unit.audit("backup", "database", place=_name_place(folder))
        others = [
            one for one in _list_backups(folder) if one != made
        ]  # a clock that was wrong makes none older
        for old in others[keep - 1 :] if keep else []:
            shutil.rmtree(old.rename(folder / _UNFINISHED))
        _sweep_files(folder)
    return made, lost


def _require_disk(at: ApplicationContext, folder: Path) -> None:
    """A disk that is not mounted leaves an empty folder in its place, or none: what was written there would be hidden
    as soon as the disk is back."""
    places = {detail.get("place") for detail in audit.list_details(at.session, "backup")}
    at.session.rollback()
    if _name_place(folder) in places and not _list_backups(folder):
        raise click.ClickException(
            f"backups were written into {folder} before, and none is there: is its disk mounted? If they were taken"
            f" away, run: tracker backup {folder} --first"
        )


def _name_place(folder: Path) -> str:
    """A folder, for the audit trail, which holds codes alone."""
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]


@contextmanager
def _hold_folder(folder: Path) -> Iterator[None]:
    """Two backups at once would take each other's files away."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise _refuse_folder(folder, error) from None
    try:
        with suppress(OSError):  # a disk that has no locks is trusted
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise click.ClickException(f"another backup is being written into {folder}") from None
        yield
    finally:
        os.close(handle)


def _refuse_folder(folder: Path, error: OSError) -> click.ClickException:
    return click.ClickException(f"no backup can be put into {folder}: {error.strerror}")


def _write_backup(settings: Settings, at: ApplicationContext, folder: Path) -> tuple[Path, list[str]]:
    unfinished = folder / _UNFINISHED
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        return _fill_backup(settings, at, folder, unfinished)
    except Exception as error:
        if isinstance(error, StorageFull) or isinstance(refusal_for(error), DiskFull):
            raise click.ClickException(f"no backup was written: the disk of {folder} is full") from None
        if isinstance(error, OSError):
            raise _refuse_folder(folder, error) from None
        raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)  # a full disk would stay full by it


def _fill_backup(
    settings: Settings, at: ApplicationContext, folder: Path, unfinished: Path
) -> tuple[Path, list[str]]:
    made_at = utc_now()
    copy = copy_database(make_absolute(settings.database_url), unfinished)
    if (why := find_damage(copy)) is not None:
        raise click.ClickException(
            f"{why}; no backup was written, and none was deleted: restore the last one"
        )
    files = _list_files(at.engine)
    store = open_store(settings, secrets.token_bytes)
    lost = _copy_files(files, store, Folder(folder / "files", secrets.token_bytes))
    manifest = {
        "made_at": f"{made_at:%Y-%m-%dT%H:%M:%SZ}",
        "schema": migrations.current(at.engine),
        "database": {"name": copy.name, "size": copy.stat().st_size, "sha256": _digest(copy)},
        "files": [asdict(file) for file in files if file not in lost],
        "lost": [file.sha256 for file in lost],
    }
    write_private(unfinished / _MANIFEST, json.dumps(manifest, indent=1))
    settle(unfinished)
    made = unfinished.rename(folder / f"{made_at:%Y%m%dT%H%M%SZ}")
    settle(folder)
    return made, [file.sha256 for file in lost]


def _list_files(engine: Engine) -> list[File]:
    rows = select(EvidenceFile.key, EvidenceFile.size, EvidenceFile.sha256).where(
        EvidenceFile.destroyed_at.is_(None)
    )
    with open_snapshot(engine) as session:
        rows_found = [*session.execute(rows), *session.execute(tips.select_bytes())]
        return sorted((File(*row) for row in rows_found), key=lambda file: file.key)


def _copy_files(files: list[File], source: Files | None, target: Files) -> list[File]:
    """Copy those that are not there. Each is hashed on its way. Returns those that are missing in the source, or not
    what was recorded."""
    there = {one.key: one.size for one in target.held()}
    missing = [file for file in files if there.get(file.key) != file.size]
    if missing and source is None:
        raise click.ClickException("TRACKER_FILES names no place, and the record names files")
    lost: list[File] = []
    hidden = not (missing and sys.stderr.isatty())
    with click.progressbar(missing, label="files", hidden=hidden, file=sys.stderr) as shown:
        for file in shown:
            try:
                target.keep(file.key, source.open(file.key), file.size, file.sha256)  # type: ignore[union-attr]
            except (DigestMismatch, FileMissing, FileTooLarge):
                lost.append(file)
            except StorageFull:
                raise
            except Refusal as refusal:
                raise click.ClickException(f"the files cannot be copied: {refusal.detail}") from None
    return lost


def _list_backups(folder: Path) -> list[Path]:
    """The finished backups, newest first."""
    return sorted((one.parent for one in folder.glob(f"[0-9]*/{_MANIFEST}")), reverse=True)


def _sweep_files(folder: Path) -> None:
    """Delete the files that no backup names: what was destroyed leaves with the last backup that had it."""
    store = Folder(folder / "files", secrets.token_bytes)
    named = {file.key for one in _list_backups(folder) for file in _read_manifest(one)[1]}
    for stored in list(store.held()):
        if stored.key not in named:
            store.delete(stored.key)


def _read_manifest(backup: Path) -> tuple[dict[str, Any], list[File]]:
    try:
        manifest = json.loads((backup / _MANIFEST).read_text(encoding="utf-8"))
        return manifest, [File(**file) for file in manifest["files"]]
    except (OSError, ValueError, KeyError, TypeError):
        raise click.ClickException(f"there is no finished backup in {backup}") from None


@click.command()
@click.argument("backup", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--check", "only_check", is_flag=True, help="Only say whether it is whole; change nothing.")
def restore(backup: Path, only_check: bool) -> None:
    """Put BACKUP, one folder that `tracker backup` made, where the settings say that the database and the files are.

    The database must be new or empty. The keys come from where you kept them apart. Each file and the database are
    hashed first; nothing is changed where one is not what was backed up.

    \b
    Example:   tracker restore /var/backups/tracker/20261127T180000Z --check
    """
    manifest, files = _read_manifest(backup)
    store = Folder(backup.parent / "files", secrets.token_bytes)
    damage = list(_find_damage(backup, manifest, files, store))
    if damage:
        raise click.ClickException("\n  ".join(["the backup is damaged:", *damage]))
    if only_check:
        click.echo(
            f"whole: the database and {len(files)} files{_name_lost(manifest)}, of {manifest['made_at']}"
        )
        return
    if (remedy := migrations.name_remedy(manifest["schema"])) != migrations.name_remedy(None):
        raise click.ClickException(f"the backup is of schema {manifest['schema']}; {remedy}")
    settings = Settings.from_environment()
    copy, url = backup / manifest["database"]["name"], make_absolute(settings.database_url)
    require_empty(copy, url)
    target = open_store(settings, secrets.token_bytes)
    if target is None and files:
        raise click.ClickException("TRACKER_FILES names no place for the files")
    if target is not None and _copy_files(files, store, target):
        raise click.ClickException("a file of the backup was changed while it was read; nothing was restored")
    # The database comes last: a restore that is cut off before it left only files that no record names, and goes on.
    load_database(copy, url)
    click.echo(
        f"restored: the database and {len(files)} files{_name_lost(manifest)}, of {manifest['made_at']}."
        " Before you serve it, run\n"
        "  tracker db upgrade && tracker check && tracker log audit && tracker public rebuild --check"
        " && tracker fixity check\n"
        "What was destroyed since then is there again: redact it again. docs/operating.md, After a restore"
    )


def _name_lost(manifest: dict[str, Any]) -> str:
    lost = manifest.get("lost", [])
    return f" ({len(lost)} were lost before: {', '.join(lost)})" if lost else ""


def _find_damage(backup: Path, manifest: dict[str, Any], files: list[File], store: Files) -> Iterator[str]:
    database = manifest["database"]
    copy = backup / str(database["name"])
    if database["name"] not in NAMES.values() or not copy.is_file() or _digest(copy) != database["sha256"]:
        yield f"{database['name']} is missing or was changed"
    elif (why := find_damage(copy)) is not None:
        yield f"{database['name']}: {why}"
    for file in files:
        try:
            changed = store.digest(file.key) != file.sha256
        except Refusal:
            changed = True
        if changed:
            yield f"a file is missing or was changed: {file.sha256}"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
