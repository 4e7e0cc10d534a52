"""What lists of the record find things by: an index of its own, of the same shape as the public one.

So that nothing of the record can change what a public list finds, nor in what order.
"""

from __future__ import annotations

from typing import Final

from tracker.database.index_entries import make_index_table
from tracker.store.base import Base

FACET: Final = make_index_table("record_facet", Base.metadata)
