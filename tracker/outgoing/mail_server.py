"""Handing a letter to the mail server of the operator, over a line that is encrypted, within so many seconds.

The server is the operator's choice, so its address is not judged. Signing letters (DKIM) is its work.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import stat
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

from tracker.outgoing.addresses import is_local
from tracker.outgoing.endings import ended_after
from tracker.outgoing.letters import Letter, write_letter

#: Seconds for the whole of it.
PATIENCE: Final = 30.0
#: How the line is encrypted -> the port where none is named.
PORTS: Final = {"starttls": 587, "tls": 465, "plain": 25}
_GO_ON: Final = 354
_LINE: Final = re.compile(rb"\r\n|\r|\n")
_DOT: Final = re.compile(rb"(?m)^\.")


class PasswordMissing(Exception):
    """The file with the password cannot be used; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """``security``: how the line is encrypted. ``patience``: seconds for one letter."""

    host: str
    port: int
    security: str
    sender: str
    user: str | None = None
    password_file: Path | None = None
    patience: float = PATIENCE
    trust: ssl.SSLContext | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"{self.security}://{self.host}:{self.port} as {self.sender}"

    def read_password(self) -> str:
        """The password of the user. `PasswordMissing` where there is none, or others may read it."""
        path = self.password_file
        try:
            if path is None:
                return ""
            if stat.S_IMODE(path.stat().st_mode) & 0o077:
                raise PasswordMissing(
                    f"others may read the password of the mail server; run: chmod 600 {path}"
                )
            return path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise PasswordMissing(f"the password of the mail server cannot be read: {path}") from None

    def send(self, letter: Letter, now: datetime) -> str | None:
        """Hand it over. Returns why it was not taken; None where it was. It raises nothing."""
        began, delivery = monotonic(), _Delivery(self)
        try:
            with closing(delivery), ended_after(self.patience, delivery.find_line):
                delivery.hand_over(letter.to, write_letter(letter, self.sender, now))
        except (OSError, ssl.SSLError, smtplib.SMTPException, PasswordMissing, ValueError) as error:
            return _name_fault(error, delivery, over=monotonic() - began >= self.patience)
        else:
            return None


class _Delivery:
    """One letter on its way. ``sent``: the server has all of it, and has not answered yet."""

    def __init__(self, server: MailServer) -> None:
        self.sent = False
        self._server = server
        encrypts = server.security != "plain"
        self._trust = (server.trust or ssl.create_default_context()) if encrypts else None
        name = server.sender.rpartition("@")[2]  # and not that of this machine
        if server.security == "tls":
            self._line: smtplib.SMTP = smtplib.SMTP_SSL(
                local_hostname=name, timeout=server.patience, context=self._trust
            )
        else:
            self._line = smtplib.SMTP(local_hostname=name, timeout=server.patience)

    def hand_over(self, to: str, content: bytes) -> None:
        line, server = self._line, self._server
        line._host = server.host  # type: ignore[attr-defined]  # the name that the certificate must have
        _require(line.connect(server.host, server.port))
        if server.security == "starttls":
            self._encrypt()
        line.ehlo_or_helo_if_needed()
        if server.user is not None:
            line.login(server.user, server.read_password())
        _require(line.mail(server.sender))
        code, answer = line.rcpt(to)
        if code // 100 != 2:
            raise smtplib.SMTPRecipientsRefused({to: (code, answer)})
        code, answer = line.docmd("DATA")
        if code != _GO_ON:
            raise smtplib.SMTPDataError(code, answer)
        line.send(_DOT.sub(b"..", _LINE.sub(b"\r\n", content)).removesuffix(b"\r\n") + b"\r\n.\r\n")
        self.sent = True
        reply = line.getreply()
        self.sent = False
        _require(reply)

    def _encrypt(self) -> None:
        try:
            self._line.starttls(context=self._trust)
        except smtplib.SMTPResponseException as error:
            if error.smtp_code // 100 == 5:  # it speaks of the line, and not of a letter
                raise smtplib.SMTPNotSupportedError("STARTTLS is refused") from error
            raise

    def find_line(self) -> socket.socket | None:
        return self._line.sock

    def close(self) -> None:
        """A letter that was taken is taken, however its server says farewell."""
        with suppress(OSError):
            self._line.close()


def _require(reply: tuple[int, bytes]) -> None:
    code, message = reply
    if code // 100 != 2:
        raise smtplib.SMTPResponseException(code, message)


def _name_fault(error: Exception, delivery: _Delivery, *, over: bool) -> str:
    """What went wrong, as one of the codes of `tracker.domain.mail`."""
    if delivery.sent:
        return "unsure"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "recipient" if all(code // 100 == 5 for code, _said in error.recipients.values()) else "later"
    if isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code // 100 == 4:
        return "later"
    if isinstance(error, (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError, PasswordMissing)):
        return "tls" if "STARTTLS" in str(error) else "login"
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code > 0:
        return "later" if error.smtp_code // 100 == 4 else "refused"
    if over:
        return "timeout"
    return "tls" if isinstance(error, ssl.SSLError) else "unreachable"


def read_server(address: str, sender: str | None, user: str | None, password_file: Path | None) -> MailServer:
    """The mail server that the settings name. `ValueError` says which of them makes no sense."""
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        port = 0
    if (
        parts.scheme not in PORTS
        or not parts.hostname
        or port == 0
        or parts.path
        or parts.username
        or parts.query
    ):
        raise ValueError(
            "TRACKER_MAIL_SERVER must be starttls://HOST:587, tls://HOST:465 or plain://127.0.0.1:25"
        )
    if parts.scheme == "plain" and parts.hostname != "localhost" and not is_local(parts.hostname):
        raise ValueError("TRACKER_MAIL_SERVER: plain:// is for this machine only; use starttls:// or tls://")
    if sender is None:
        raise ValueError(
            "TRACKER_MAIL_FROM must be set with TRACKER_MAIL_SERVER: the address that letters come from"
        )
    if (user is None) != (password_file is None):
        raise ValueError("TRACKER_MAIL_USER and TRACKER_MAIL_PASSWORD_FILE go together: set both or none")
    if password_file is not None and not password_file.is_absolute():
        raise ValueError("TRACKER_MAIL_PASSWORD_FILE must be the absolute path of a file")
    return MailServer(parts.hostname, port or PORTS[parts.scheme], parts.scheme, sender, user, password_file)
