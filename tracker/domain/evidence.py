"""Evidence as a described item: its codes, and when it may become public.

Protection levels (`domain` rule: `confidential` unless somebody says otherwise):
``public``; ``partner``, named organizations; ``confidential``, the desk; ``sealed``, custodians, whose
very existence is secret. Only a `public` item is ever published, and by somebody else than who submitted it.

What is taken back too late is out for good, so time is part of two rules (docs/threat-model.md): a lowering rests
before it may be approved, and what came from a source is never public soon after it came.
"""

from __future__ import annotations

from typing import Final

ACQUIRED_FROM: Final = ("own_staff", "partner", "public_source", "confidential_source", "official")
CAPTURE: Final = ("submitted_file", "web_archive", "screenshot", "api", "interview", "other")
GENERATION: Final = ("original", "copy", "derivative")
EDITED: Final = ("yes", "no", "unknown")
WARNINGS: Final = ("graphic", "minors", "sexual_violence", "personal_information", "deceptive")
ANALYSIS: Final = ("not_done", "passed", "failed", "inconclusive")
#: How reliable the source is (A: completely, E: not, F: nobody can tell), and how credible the content (1: confirmed,
#: 5: improbable, 6: nobody can tell). One is graded apart from the other.
RELIABILITY: Final = ("A", "B", "C", "D", "E", "F")
CREDIBILITY: Final = ("1", "2", "3", "4", "5", "6")
PRECISION: Final = ("day", "month", "year", "approximate")
