"""What a browser may do with a page: show it, with our style sheet and font, and send its forms back here."""

from __future__ import annotations

from typing import Final

HTML: Final = "text/html; charset=utf-8"
#: With `no-referrer` a browser would send `Origin: null` with a form, and a form of ours could not be told from others.
_REFERRER: Final = {"Referrer-Policy": "same-origin"}
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS: Final = {"Content-Security-Policy": _POLICY, **_REFERRER}
MARKDOWN: Final = "text/markdown; charset=utf-8"
#: The same of a page that loads our script: no other runs, and it may ask no server.
SCRIPT_HEADERS: Final = {"Content-Security-Policy": f"{_POLICY}; script-src 'self'", **_REFERRER}
