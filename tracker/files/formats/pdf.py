"""PDF: gone through by a process of its own, with little memory and little time, for the format is no simple one.

Needs the extra ``media``. Whatever becomes of the other process, this one gets a list or says `NotCheckable`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import IO, Final

from tracker.domain.files import NotCheckable
from tracker.domain.sentences import sentence

_SECONDS: Final = 30
_COMMAND: Final = (sys.executable, "-I", "-m", "tracker.files.formats.pdf_reader")


def traces(file: IO[bytes]) -> list[str]:
    file.seek(0)
    try:
        done = subprocess.run(  # noqa: S603  # our own module; the hostile file is its standard input
            _COMMAND, stdin=file, capture_output=True, timeout=_SECONDS, check=False, env={}
        )
    except subprocess.TimeoutExpired:
        raise NotCheckable(sentence("the PDF takes too long to go through")) from None
    if done.returncode == 3:
        raise NotCheckable(sentence("to check a PDF, the extra `media` has to be installed"))
    if done.returncode:
        raise NotCheckable(sentence("the PDF is damaged, encrypted, or asks for too much memory or time"))
    answer: list[str] = json.loads(done.stdout)
    return answer
