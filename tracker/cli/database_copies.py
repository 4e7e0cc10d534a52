"""A copy of the whole database by its own means, taken while others write: one consistent moment of it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Final

import click
from sqlalchemy import URL, create_engine, inspect

from tracker.database.file_damage import list_damage
from tracker.database.file_modes import PRIVATE, find_sqlite_file, list_pending, open_private

#: What a copy is called, by the kind of database.
NAMES: Final = {"sqlite": "tracker.db", "postgresql": "tracker.dump"}


def copy_database(url: URL, folder: Path) -> Path:
    """Write a copy into ``folder``, for its owner alone. Returns its path."""
    path = folder / NAMES[url.get_backend_name()]
    os.close(open_private(path))
    source = find_sqlite_file(url)
    if source is None:
        _run("pg_dump", url, "--format=custom", f"--file={path}")
    else:
        with closing(sqlite3.connect(source)) as database, closing(sqlite3.connect(path)) as copy:
            database.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # all of it is in the one file
    settle(path)
    return path


def require_empty(copy: Path, url: URL) -> None:
    """`click.ClickException` where a database is already, or where the copy is of another kind."""
    if copy.name != NAMES[url.get_backend_name()]:
        raise click.ClickException(f"{copy.name} is no copy of a {url.get_backend_name()} database")
    place = find_sqlite_file(url)
    if place is not None and place.exists():
        raise click.ClickException(f"there is a database already: {place}")
    for left in list_pending(place) if place is not None else ():
        raise click.ClickException(
            f"{left} is left of another database, and would be written into this one: move it to where that one is"
        )
    if place is None:
        engine = create_engine(url)
        try:
            if inspect(engine).get_table_names():
                raise click.ClickException("there is a database already: name an empty one")
        finally:
            engine.dispose()


def load_database(copy: Path, url: URL) -> None:
    """Put a copy where there is no database yet; `require_empty` has looked."""
    place = find_sqlite_file(url)
    if place is None:
        _run("pg_restore", url, "--no-owner", "--exit-on-error", "--single-transaction", str(copy))
        return
    new = place.with_name(place.name + ".new")
    try:
        new.unlink(missing_ok=True)
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE)
        with copy.open("rb") as source, os.fdopen(handle, "wb") as file:
            shutil.copyfileobj(source, file, 1 << 20)
            file.flush()
            os.fsync(file.fileno())
        os.link(new, place)  # whole or not at all, and never over another
    finally:
        new.unlink(missing_ok=True)
    settle(place.parent)


def find_damage(copy: Path) -> str | None:
    """Why a copy cannot be read as a database; None where it can."""
    if copy.name == NAMES["sqlite"]:
        with closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as database:
            return next(iter(list_damage(database)), None)
    done = _start("pg_restore", "--list", str(copy))
    return None if done.returncode == 0 else _last_line(done.stderr)


def _run(program: str, url: URL, *options: str) -> None:
    """Run a program of PostgreSQL. The password goes by the environment: the list of processes shows arguments."""
    address = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    done = _start(program, f"--dbname={address}", *options, password=url.password)
    if done.returncode != 0:
        raise click.ClickException(f"{program}: {_last_line(done.stderr)}")


def _start(program: str, *options: str, password: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    command = [_find(program), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)  # noqa: S603  # ours


def _find(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise click.ClickException(f"{program} is not installed: it comes with the client of PostgreSQL")
    return path


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "it failed and did not say why"


def settle(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
