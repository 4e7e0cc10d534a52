"""A release: built twice it is the same bytes, installed in an empty folder it runs, and it says what it consists of.
`make release` does the same, and the steps of the image besides (`tests/house/release.py`).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.house import release
from tests.house.test_workshop import versions_in
from tracker import __version__

NAME = f"accountability_tracker-{__version__}"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return release.build_packages(release.HOUSE, tmp_path_factory.mktemp("dist"))


def test_built_again_from_its_source_it_is_the_same_bytes(built: list[Path], tmp_path: Path) -> None:
    assert [path.name for path in built] == [f"{NAME}-py3-none-any.whl", f"{NAME}.tar.gz"]
    unpacked = release.unpack_source(built[1], tmp_path / "source")
    (tmp_path / "again").mkdir()
    again = release.build_packages(unpacked, tmp_path / "again")
    release.compare_builds(built, again)
    with again[0].open("ab") as file:
        file.write(b"more")
    with pytest.raises(SystemExit, match=r"built twice, these differ: .*whl$"):
        release.compare_builds(built, again)


def test_the_wheel_runs_in_an_empty_folder_with_all_that_it_needs(built: list[Path], tmp_path: Path) -> None:
    names = zipfile.ZipFile(built[0]).namelist()
    assert {name.partition("/")[0] for name in names} == {"tracker", f"{NAME}.dist-info"}
    target, empty = tmp_path / "installed", tmp_path / "empty"
    empty.mkdir()
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile")
    release.run(*pip, "--target", target, built[0], folder=empty)
    says = "import tracker; from tracker.web.public import guides; print(tracker.__file__, len(guides.list_guides()))"
    where = {"PYTHONPATH": str(target)}
    place, guides = release.run(sys.executable, "-c", says, folder=empty, **where).split()
    assert (Path(place).parent, int(guides) > 10) == (target / "tracker", True)
    tracker = (sys.executable, "-m", "tracker")
    assert release.run(*tracker, "--version", folder=empty, **where) == f"tracker, version {__version__}"
    assert "settings" in release.run(*tracker, "init", "here", folder=empty, **where)


def test_it_lists_what_it_consists_of(tmp_path: Path) -> None:
    target = tmp_path / f"{NAME}.cdx.json"
    release.list_components(Path(sys.executable), target, validate=False)
    listed = json.loads(target.read_text("utf-8"))
    assert (listed["bomFormat"], listed["metadata"]["component"]["version"]) == ("CycloneDX", __version__)
    found = {one["purl"].removeprefix("pkg:pypi/").replace("_", "-") for one in listed["components"]}
    assert {f"{name}@{version(name)}" for name in versions_in("requirements.lock")} <= found
    release.write_sums(tmp_path)
    done = subprocess.run(["sha256sum", "--check", "--strict", release.SUMS], cwd=tmp_path, check=False)
    assert done.returncode == 0


def test_the_steps_of_the_image_are_a_script_below_a_folder(tmp_path: Path) -> None:
    script = release.list_image_steps(tmp_path)
    assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0
    assert not re.search(r"(?<![\w./])/(?:opt|build)\b", script)
    assert script.count("--require-hashes") == 2
    assert f"{tmp_path}/build/tools/bin/pip --python {tmp_path}/installed/bin/python install" in script
