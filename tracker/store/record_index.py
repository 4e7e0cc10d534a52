"""What lists of the record find things by: an index of its own, of the same shape as the public one.

So that nothing of the record can change what a public list finds, nor in what order.
"""

from __future__ import annotations

from typing import Final

from tracker.database.index_entries import make_list_tables
from tracker.store.base import Base

#: In the order of creation. A watchdog reads pages of its own items, so that they say nothing of those of others.
FILED: Final = make_list_tables("record", Base.metadata, order="moment", wide=("all", "owner", "process"))
