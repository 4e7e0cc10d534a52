"""What the pages of the house are tried on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.made_once import make_once
from tracker.cli import cli


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that `tracker demo` made: loaded once, and copied by each test that writes."""
    if shutil.which("curl") is None or shutil.which("bash") is None:
        pytest.skip("there is no curl, or no bash")
    return make_once(tmp_path_factory, "demo", _make_demo) / "demo"


def _make_demo(folder: Path) -> None:
    cli.main(["demo", "--dir", str(folder / "demo")], standalone_mode=False)
