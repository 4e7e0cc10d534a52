"""``python -m tracker.tlog.pack FILE``: the verifier as one file, for strangers.

It runs with Python 3.11 and `cryptography`, and has the modules of this package as they are: there is no second copy
of the logic. The bytes depend on the source only, so anybody can make the file again and compare.
"""

from __future__ import annotations

import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
_START: Final = """import sys

from tracker.tlog.__main__ import main

sys.exit(main(["verify", *sys.argv[1:]], "tracker-verify"))
"""


def packed() -> bytes:
    """The file. Nothing is compressed, for two versions of zlib may compress one text differently."""
    sources = {"__main__.py": _START, "tracker/__init__.py": ""}
    for module in sorted(_HERE.glob("*.py")):
        if module != Path(__file__):
            sources[f"tracker/tlog/{module.name}"] = module.read_text("utf-8")
    made = BytesIO(b"")
    made.write(b"#!/usr/bin/env python3\n")
    with zipfile.ZipFile(made, "a", zipfile.ZIP_STORED) as archive:
        for name, text in sources.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text)
    return made.getvalue()


def main() -> int:
    """The exit status."""
    if len(sys.argv) != 2:
        print("usage: python -m tracker.tlog.pack FILE", file=sys.stderr)
        return 2
    target = Path(sys.argv[1])
    target.write_bytes(packed())
    target.chmod(0o755)
    return 0


if __name__ == "__main__":
    sys.exit(main())
