"""What the pages of the house are tried on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tracker.cli import cli


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that `tracker demo` made: loaded once, copied by whoever writes."""
    if shutil.which("curl") is None or shutil.which("bash") is None:
        pytest.skip("there is no curl, or no bash")
    folder = tmp_path_factory.mktemp("demo") / "demo"
    cli.main(["demo", "--dir", str(folder)], standalone_mode=False)
    return folder
