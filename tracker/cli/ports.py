"""The port a server listens on: taken once, by the first process, before anything else is done.

Workers inherit the listening socket. None of them binds the port again, so a second tracker, or any other program,
cannot share it: its own bind fails while the first tracker runs.
"""

from __future__ import annotations

import errno
import socket
from typing import Final

import click

_BACKLOG: Final = 1024
#: Addresses that mean "every address of this machine". A link needs one that leads somewhere.
_EVERY: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # nothing is bound here


def bind_port(host: str, port: int, command: str) -> socket.socket:
    """Listen on the port. The refusal names the ``command`` that takes another one: it ends where the port follows."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        # Without SO_REUSEPORT: two listeners would each get a part of the requests, in silence.
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            other = port + 1 if port < 65_535 else port - 1
            raise click.ClickException(f"Port {port} is taken. Choose another: {command}{other}") from None
        if error.errno == errno.EACCES:
            raise click.ClickException(
                f"Port {port} needs the rights of root. Choose another: {command}8000"
            ) from None
        raise click.ClickException(f"this machine cannot listen at {host}: {error.strerror}") from None


def base_url(host: str, port: int) -> str:
    """Where a browser on this machine finds a server that listens there."""
    host = _EVERY.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
