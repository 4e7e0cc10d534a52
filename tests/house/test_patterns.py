"""No pattern that looks through a text takes time with the square of its length: one long word would hold a server.

A pattern that is tried from each letter on, and reads to the end each time, does. What is matched as a whole is read
once.
"""

from __future__ import annotations

import ast
import importlib
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

TRACKER: Final = Path(__file__).resolve().parents[2] / "tracker"
#: What looks through a text from each of its letters on.
LOOKING: Final = frozenset({"search", "findall", "finditer", "sub", "subn", "split"})
LENGTH: Final = 20_000
#: What the letters of a hostile text are.
LETTERS: Final = (
    *(
        "a",
        "A",
        "0",
        " ",
        "\n",
        "-",
        "'",
        "_",
        "<",
        "&",
        "[",
        "(",
        '"',
        "/",
        "=",
        "%",
        "\\",
        "{",
        "`",
        "*",
        "|",
    ),
    *("é", "ع", "٠", "\u200c", "a ", "a-", "a.", "a,", "0.", "a_", "\t ", "a@", "# ", "a'", "_x", "ؤو"),
)
#: Patterns of short texts: of a guide that we write, and of a format that is cut off (`tracker.tables`).
SHORT: Final = frozenset({"tracker.web.public.guides._LINK", "tracker.tables.workbook_values._SAID"})


def list_patterns() -> Iterator[str]:
    """The patterns of all modules that look through texts, by their names."""
    for path in sorted(TRACKER.rglob("*.py")):
        name = ".".join(path.relative_to(TRACKER.parent).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in LOOKING and isinstance(node.value, ast.Name):
                module = importlib.import_module(name.removesuffix(".__init__"))
                if isinstance(getattr(module, node.value.id, None), re.Pattern):
                    yield f"{name}.{node.value.id}"


@pytest.mark.parametrize("name", sorted(set(list_patterns()) - SHORT))
def test_a_long_text_is_looked_through_once(name: str) -> None:
    module, _, own = name.rpartition(".")
    pattern: re.Pattern[str] | re.Pattern[bytes] = getattr(importlib.import_module(module), own)
    for letters in LETTERS:
        text = (letters * LENGTH)[:LENGTH] + "!"
        began = time.process_time()
        found = pattern.finditer(text if isinstance(pattern.pattern, str) else text.encode())  # type: ignore[arg-type]  # of its kind
        assert sum(1 for _ in found) >= 0
        assert time.process_time() - began < 1, letters
