"""How long somebody who gave a wrong password has to wait, so that guessing is hopeless, and nobody locks another out.

Failures are counted for a pair: this account from this caller. A stranger who fails at somebody's account makes
themselves wait, and nobody else; there is no lock of the account that they could trigger.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

#: So many slips cost nothing.
FREE: Final = 4
_LONGEST: Final = timedelta(minutes=15)
#: After so long without a failure the count begins at zero again.
FORGOTTEN_AFTER: Final = timedelta(hours=24)
#: NIST SP 800-63B-4, 3.1.1.2: fifteen where the password is the only factor; no rule of composition.
SHORTEST: Final = 15
LONGEST: Final = 256


def count_wait_seconds(failures: int) -> timedelta:
    """How long after the last of so many failures the next try may come: nothing, then 1 s, 2 s, 4 s … 15 minutes."""
    if failures <= FREE:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(failures - FREE - 1, 20)), _LONGEST)
