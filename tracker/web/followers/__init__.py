"""Following what is public by mail, as people without an account meet it: a form, and two buttons behind links.

These pages answer strangers and write. So they stand apart from the public pages, which know no record.
"""

from tracker.web.followers.door import attach, list_endpoints

__all__ = ["attach", "list_endpoints"]
