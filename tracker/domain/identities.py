"""Who somebody is elsewhere: an identity is the issuer and what it calls them (``sub``), never an address of mail.

An address belongs to somebody else tomorrow, and a provider may let people type one.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

#: For how long a question to the provider may be answered, and an answer be made use of.
QUESTION: Final = timedelta(minutes=10)
#: The longest name of somebody at a provider (OpenID Connect Core 1.0, 2), and of a provider.
LONGEST_SUBJECT: Final = 255
LONGEST_ISSUER: Final = 500
