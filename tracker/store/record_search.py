"""What the record is searched by: the same members as the public side, drafts and confidential things included.

An index of its own, so that nothing of the record can change what the public side finds, nor in what order. What is
sealed is in neither: that it exists is known to those who know its id.
"""

from __future__ import annotations

from typing import Final

from tracker.database import full_text
from tracker.store.base import Base

INDEX: Final = full_text.make_index("record_search", Base.metadata)
