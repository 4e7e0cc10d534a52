"""The tip boxes as people without an account meet them. No cookie, no script, no line in the server log.

These pages belong to no one's session and to neither half: they read and write tips and nothing else of the record.
"""

from tracker.web.tips.door import attach, list_endpoints

__all__ = ["attach", "list_endpoints"]
