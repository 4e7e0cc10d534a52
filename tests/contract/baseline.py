"""Freezes what is promised: `python -m tests.contract.baseline > openapi/baseline.yaml`, when a release is made.

The baseline is the document of that release without its examples. Until the next release it is not touched, so that a
breach shows; the breaches that CHANGELOG.md announced become part of the promise with the release.
"""

from __future__ import annotations

from typing import Any

from tests.contract.client import committed
from tracker.api.openapi import components

_HEAD = "# What the last release promised. Never edited: `tests/contract/baseline.py` freezes it with a release.\n"


def bare(value: Any) -> Any:
    """The value without examples."""
    if isinstance(value, dict):
        return {name: bare(inner) for name, inner in value.items() if not _examples(name, inner)}
    return [bare(inner) for inner in value] if isinstance(value, list) else value


def _examples(name: str, inner: Any) -> bool:
    return name == "examples" and isinstance(inner, dict) and inner.keys() <= {"sent", "answered"}


if __name__ == "__main__":
    print(_HEAD + components.dump_yaml(bare(committed())), end="")
