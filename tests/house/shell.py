"""Pages whose shell blocks are run as they stand, one after the other in one shell."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
_MARK = "-- end of block --"


def blocks(page: str) -> list[str]:
    """What a page tells people to type."""
    return re.findall(r"^```sh\n(.*?)^```$", page, re.M | re.S)


def run(given: Sequence[str], folder: Path, **environment: str) -> list[list[str]]:
    """The lines that each block prints. Nothing may fail, and nothing may be said on standard error."""
    script = "set -euo pipefail\n" + "".join(f"{block}echo '{_MARK}'\n" for block in given)
    known: Mapping[str, str] = {"PATH": os.environ["PATH"], "NO_PROXY": "*", "LC_ALL": "C.UTF-8"}
    said = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env={**known, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert said.returncode == 0, said.stdout + said.stderr
    assert said.stderr == ""
    return [piece.splitlines() for piece in said.stdout.split(f"{_MARK}\n")[:-1]]
