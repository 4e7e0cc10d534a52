"""What some tests need beside Python, and why they are skipped where it is not: the reason says how to run them."""

from __future__ import annotations

import os
from typing import Final

import pytest

_HOW: Final = "CONTRIBUTING.md tells how to run this, under 'Run the checks'"
POSTGRES: Final = os.environ.get("TRACKER_TEST_POSTGRES")
REDIS: Final = os.environ.get("TRACKER_TEST_REDIS")
GO: Final = os.environ.get("TRACKER_TEST_GO", "")
CHROMIUM: Final = os.environ.get("TRACKER_TEST_CHROMIUM")
NO_POSTGRES: Final = f"TRACKER_TEST_POSTGRES names no server; {_HOW}"
NO_REDIS: Final = f"TRACKER_TEST_REDIS names no server; {_HOW}"

needs_postgres: Final = pytest.mark.skipif(POSTGRES is None, reason=NO_POSTGRES)
needs_redis: Final = pytest.mark.skipif(REDIS is None, reason=NO_REDIS)
needs_go: Final = pytest.mark.skipif(not GO, reason=f"TRACKER_TEST_GO names no Go compiler; {_HOW}")
needs_chromium: Final = pytest.mark.skipif(
    CHROMIUM is None, reason=f"TRACKER_TEST_CHROMIUM names no browser; {_HOW}"
)
