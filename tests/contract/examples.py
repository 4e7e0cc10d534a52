"""Writes `openapi/examples/`, one file for each operation: `python -m tests.contract.examples`.

What is sent and answered there is acted out on the real application (`tests/contract/scenario_steps.py`),
never made up.
"""

from __future__ import annotations

from pathlib import Path

import yaml

from tests.contract import scenario_steps
from tests.contract.scenario import Example, stage
from tracker.api.openapi import components

FOLDER = Path(__file__).resolve().parents[2] / "openapi" / "examples"
_HEAD = "# Acted out by `make examples`, shown in tracker-v1.yaml, replayed by the tests. `by`: whose key.\n"


def acted_out() -> dict[str, Example]:
    with stage() as play:
        scenario_steps.act(play)
        scenario_steps.try_out(play)
        return play.kept


def committed() -> dict[str, Example]:
    files = sorted(FOLDER.glob("*.yaml"))
    return {path.stem: yaml.load(path.read_text("utf-8"), yaml.CSafeLoader) for path in files}


def as_text(example: Example) -> str:
    return _HEAD + components.dump_yaml(example)


def main() -> None:
    fresh = acted_out()
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.yaml"):
        if path.stem not in fresh:
            path.unlink()
    for operation, example in fresh.items():
        (FOLDER / f"{operation}.yaml").write_text(as_text(example), "utf-8")


if __name__ == "__main__":
    main()
