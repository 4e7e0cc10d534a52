"""Documents and code name the same things: whatever a document tells people to type exists, and every setting, command,
role, permission, kind of problem and state is told of somewhere.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tracker import cli
from tracker.api.http.problems import type_of
from tracker.domain.people import PERMISSIONS, ROLES
from tracker.domain.tracks import TRACKS
from tracker.http.refusals import STATUS

HOUSE = Path(__file__).resolve().parents[2]
PAGES = {
    path.relative_to(HOUSE).as_posix(): path.read_text("utf-8")
    for path in (*HOUSE.glob("*.md"), *HOUSE.glob("docs/*.md"), HOUSE / "openapi" / "README.md")
}
OPERATING = PAGES["docs/operating.md"]
TARGETS = set(re.findall(r"^([a-z]+):", (HOUSE / "Makefile").read_text("utf-8"), re.M))
#: One span of code, or one line of a block of them.
_SPAN = re.compile(r"`([^`\n]+)`")
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.M | re.S)


def typed(page: str) -> Iterator[str]:
    """Everything that a page shows as code."""
    for block in _BLOCK.findall(page):
        yield from (part.strip() for line in block.splitlines() for part in re.split(r"&&|\|", line))
    yield from _SPAN.findall(_BLOCK.sub("", page))


def told(program: str) -> list[tuple[str, str]]:
    """The page and the words of every call of a program."""
    return [
        (name, words)
        for name, page in sorted(PAGES.items())
        for words in typed(page)
        if words == program or words.startswith(f"{program} ")
    ]


def every_command() -> dict[tuple[str, ...], click.Command]:
    def below(
        command: click.Command, path: tuple[str, ...]
    ) -> Iterator[tuple[tuple[str, ...], click.Command]]:
        yield path, command
        if isinstance(command, click.Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                inner = command.get_command(context, name)
                assert inner is not None
                yield from below(inner, (*path, name))

    return dict(below(cli.cli, ()))


COMMANDS = every_command()


@pytest.mark.parametrize(("page", "words"), told("tracker"))
def test_a_command_that_a_page_names_exists_with_its_options(page: str, words: str) -> None:
    rest = shlex.split(words.partition(" #")[0])[1:]
    path: tuple[str, ...] = ()
    while rest and (*path, rest[0]) in COMMANDS:
        path = (*path, rest.pop(0))
    command = COMMANDS[path]
    stray = rest[:1] if isinstance(command, click.Group) and rest and rest[0].isidentifier() else []
    assert stray == [], f"{page}: {words}"
    options = {flag for one in command.params for flag in (*one.opts, *one.secondary_opts)} | {
        "--help",
        "--version",
    }
    named = [word.partition("=")[0] for word in rest if word.startswith("--")]
    assert [flag for flag in named if flag not in options] == [], f"{page}: {words}"


@pytest.mark.parametrize(("page", "words"), told("make"))
def test_a_target_that_a_page_names_exists(page: str, words: str) -> None:
    for target in (word for word in shlex.split(words)[1:] if "=" not in word):
        assert target in TARGETS, f"{page}: {words}"


@pytest.mark.parametrize(
    "path", [" ".join(path) for path, one in COMMANDS.items() if not hasattr(one, "commands")]
)
def test_every_command_is_told_of_to_whoever_operates_the_tracker(path: str) -> None:
    """In a row of the table, `tracker people add` · `list` stands for both of the commands."""
    group, _, last = path.rpartition(" ")
    rows = [set(_SPAN.findall(line)) for line in OPERATING.splitlines()]
    whole = any(f"tracker {path}" in span for row in rows for span in row)
    short = any(last in row and any(span.startswith(f"tracker {group} ") for span in row) for row in rows)
    assert whole or (group and short)


def test_every_setting_is_told_of_and_no_other() -> None:
    read = set(re.findall(r"\bTRACKER_[A-Z_]+\b", (HOUSE / "tracker" / "settings.py").read_text("utf-8")))
    rows = set(re.findall(r"^\| `(TRACKER_[A-Z_]+)` \|", OPERATING, re.M))
    assert rows == {name for name in read if not name.endswith("_")}
    named = {name for page in PAGES.values() for name in re.findall(r"\bTRACKER_[A-Z_]+\b", page)}
    assert {name for name in named - rows if not name.startswith("TRACKER_TEST_")} == set()


@pytest.mark.parametrize("role", ROLES)
def test_every_role_is_told_of(role: str) -> None:
    assert re.search(rf"^\| `{role}` \|", OPERATING, re.M)


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_every_permission_is_told_of_with_those_who_have_it(permission: str) -> None:
    row = re.search(rf"^\| `{re.escape(permission)}` \| ([^|]+) \| ([^|]*) \|$", OPERATING, re.M)
    assert row is not None, f"add a row for `{permission}` to the table of permissions"
    assert row.group(1) == PERMISSIONS[permission]
    holders = [role for role, may in ROLES.items() if permission in may]
    assert re.findall(r"`(\w+)`", row.group(2)) == holders


@pytest.mark.parametrize("problem", [type_of(refusal) for refusal in STATUS])
def test_every_kind_of_problem_is_told_of(problem: str) -> None:
    assert f"## `{problem}`\n" in PAGES["docs/problems.md"]


@pytest.mark.parametrize("track", TRACKS)
def test_every_state_of_a_track_is_told_of(track: str) -> None:
    part = PAGES["docs/tracks.md"]
    assert f"`{track}`" in part
    assert [code for code in TRACKS[track].codes if f"`{code}`" not in part] == []


def test_every_link_from_page_to_page_leads_somewhere() -> None:
    lost = [
        f"{name}: {target}"
        for name, page in PAGES.items()
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page)
        if "://" not in target and not (HOUSE / name).parent.joinpath(target).exists()
    ]
    assert lost == []


def test_a_function_that_the_architecture_names_is_where_it_says() -> None:
    named = re.findall(r"`([\w/]+\.py): (?:\w+\.)?(\w+)`", PAGES["docs/architecture.md"])
    lost = [
        f"{path}: {name}"
        for path, name in named
        if not re.search(
            rf"(?:def|class) {name}\b|^{name}\b.*=", (HOUSE / "tracker" / path).read_text("utf-8"), re.M
        )
    ]
    assert lost == []
    assert len(named) > 30


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set(), ["README.md"]
    while waiting:
        name = waiting.pop()
        if name in reached or name not in PAGES:
            continue
        reached.add(name)
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", PAGES[name]):
            if "://" not in target:
                found = (HOUSE / name).parent.joinpath(target).resolve()
                if found.is_relative_to(HOUSE):
                    waiting.append(found.relative_to(HOUSE).as_posix())
    assert sorted(PAGES.keys() - reached - {"CHANGELOG.md"}) == []
