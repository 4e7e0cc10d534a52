"""The workshop is sound: what is installed is what was locked, nothing here knows one person's machine,
and the floors of the house (CONTRIBUTING.md) hold. Each contract is also shown to catch its own breach.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import coverage
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.tracing import UNTRACED, list_untraced

HOUSE = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-extras.lock", "requirements-build.lock", "requirements-dev.lock")
PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))

LOCKED = re.compile(r"(?P<name>[a-z0-9._-]+)==(?P<version>[^\s;]+)( ; [^-]+?)?( --hash=sha256:[0-9a-f]{64})+")
ADDRESS = re.compile(r"://|file:|\b[a-z0-9-]+\.(?:org|com|net|io|dev|internal|local)\b|(?:^|\s)/\w", re.I)
HOME_OF_SOMEONE = re.compile(rb"(?<![\w.])/(?:root|home)/\w")


def requirements_in(text: str) -> list[str]:
    """The requirements of a lock file, each on one line, without comments."""
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    joined = re.sub(r"\s*\\\n\s*", " ", "\n".join(lines))
    return [line.strip() for line in joined.splitlines() if line.strip()]


def versions_in(lock: str) -> dict[str, str]:
    """Package name to version, for one lock file."""
    found = [LOCKED.fullmatch(line) for line in requirements_in((HOUSE / lock).read_text("utf-8"))]
    return {match["name"]: match["version"] for match in found if match}


def files_of_the_project() -> list[Path]:
    """What git has or would take in; in an unpacked archive, without git, every file that is not made."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=HOUSE,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        paths = [HOUSE / os.fsdecode(name) for name in listed.stdout.split(b"\0") if name]
    else:
        made = {".venv", "var", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}
        paths = [path for path in HOUSE.rglob("*") if not made & set(path.relative_to(HOUSE).parts)]
    return [path for path in paths if path.is_file()]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_is_pinned_and_carries_a_hash(lock: str) -> None:
    requirements = requirements_in((HOUSE / lock).read_text("utf-8"))
    assert requirements
    assert [line for line in requirements if not LOCKED.fullmatch(line)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_an_address_a_host_or_a_path(lock: str) -> None:
    lines = (HOUSE / lock).read_text("utf-8").splitlines()
    assert [line for line in lines if ADDRESS.search(line)] == []


def test_the_locks_agree_with_each_other() -> None:
    runtime, extras, build, dev = map(versions_in, LOCKS)
    assert runtime.items() <= extras.items() <= dev.items()
    assert {name: dev[name] for name in build.keys() & dev.keys()}.items() <= build.items()


def wanted(lock: str) -> Iterator[Requirement]:
    """What pyproject.toml asks for and this lock must hold."""
    groups = PROJECT["dependency-groups"]
    runtime = PROJECT["project"]["dependencies"]
    extras = [one for extra in PROJECT["project"]["optional-dependencies"].values() for one in extra]
    wanted = (runtime, [*runtime, *extras], groups["build"], [*runtime, *extras, *groups["dev"]])
    asked = dict(zip(LOCKS, wanted, strict=True))
    return map(Requirement, asked[lock])


@pytest.mark.parametrize("lock", LOCKS)
def test_each_lock_satisfies_what_the_project_asks_for(lock: str) -> None:
    held = versions_in(lock)
    unmet = []
    for asked in wanted(lock):
        version = held.get(canonicalize_name(asked.name))
        if version is None or version not in asked.specifier:
            unmet.append(str(asked))
    assert unmet == [], "run `make lock`"


def test_no_file_knows_the_home_of_one_person() -> None:
    files = files_of_the_project()
    assert HOUSE / "pyproject.toml" in files
    told = [str(path.relative_to(HOUSE)) for path in files if HOME_OF_SOMEONE.search(path.read_bytes())]
    assert told == []


def lint_imports(where: Path) -> subprocess.CompletedProcess[str]:
    command = "from importlinter.cli import lint_imports_command as run; run(['--no-cache'])"
    return subprocess.run(
        [sys.executable, "-c", command],
        cwd=where,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_floors_hold() -> None:
    result = lint_imports(HOUSE)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("floor", "breach", "contract"),
    [
        ("domain", "import flask", "The domain imports the standard library only"),
        ("domain", "import tracker.store", "The domain imports the standard library only"),
        ("tlog", "import tracker.domain", "The transparency log imports nothing of the tracker"),
        ("public", "import tracker.store", "The public side never imports the record"),
        ("store", "import tracker.public", "The record imports the domain only"),
        ("schemas", "import sqlalchemy", "Schemas import the domain and marshmallow only"),
        ("files", "import tracker.store", "Files, sealing and what leaves import the domain only"),
        ("actions", "import tracker.api", "Actions import no door"),
        ("actions", "import flask", "HTTP is known to doors only"),
        ("feeds", "import tracker.store", "Feeds read the public side and nothing else"),
        ("api", "import tracker.feeds", "Doors never import each other"),
    ],
)
def test_a_breach_of_a_floor_is_caught(tmp_path: Path, floor: str, breach: str, contract: str) -> None:
    shutil.copy(HOUSE / "pyproject.toml", tmp_path)
    shutil.copytree(HOUSE / "tracker", tmp_path / "tracker", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "tracker" / floor / "planted.py").write_text(f"{breach}\n", "utf-8")
    result = lint_imports(tmp_path)
    assert result.returncode == 1, result.stdout + result.stderr
    assert f"{contract} BROKEN" in result.stdout


def imported_by(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "tracker.domain" if node.level else node.module or ""


@pytest.mark.parametrize(("floor", "packages"), [("domain", set()), ("tlog", {"cryptography"})])
def test_the_lowest_floors_need_no_other_package(floor: str, packages: set[str]) -> None:
    """import-linter can forbid the packages it is told of; this forbids those that nobody thought of."""
    foreign = [
        f"{path.relative_to(HOUSE)}: {name}"
        for path in sorted((HOUSE / "tracker" / floor).rglob("*.py"))
        for name in imported_by(ast.parse(path.read_bytes()))
        if name.split(".")[0] not in {*sys.stdlib_module_names, *packages}
        and not (name == f"tracker.{floor}" or name.startswith(f"tracker.{floor}."))
    ]
    assert foreign == []


def test_the_domain_reads_no_clock_and_draws_no_lots() -> None:
    """Time, the actor and ids are arguments: the same input gives the same answer, today and in ten years."""
    impure_modules = {"random", "secrets", "time", "os", "socket"}
    impure_calls = {"now", "utcnow", "today", "uuid1", "uuid4"}
    found = []
    for path in sorted((HOUSE / "tracker" / "domain").rglob("*.py")):
        tree = ast.parse(path.read_bytes())
        found += [f"{path.name}: import {name}" for name in imported_by(tree) if name in impure_modules]
        found += [
            f"{path.name}:{node.lineno}: {node.func.attr}()"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in impure_calls
        ]
    assert found == []


def test_nothing_is_traced_where_it_would_prove_nothing() -> None:
    """This file is one of those. Each name still stands for tests."""
    assert coverage.Coverage.current() is None
    assert sys.gettrace() is None
    named = [(folder, name) for folder, names in UNTRACED.items() for name in names]
    assert [one for one in named if not list_untraced(*one)] == []
