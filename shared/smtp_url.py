"""The URL of a mail server: `smtp://`, `starttls://` or `smtps://` `[user:password@]host[:port]`."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

PORTS = {"smtp": 25, "starttls": 587, "smtps": 465}


@dataclass(frozen=True)
class SmtpUrl:
    """scheme: smtp never encrypts, starttls requires encryption after the greeting, smtps from the first byte."""

    scheme: str
    host: str
    port: int
    user: str | None
    password: str | None

    def __repr__(self) -> str:
        """Without the password."""
        return f"{self.scheme}://{self.host}:{self.port}"


def parse(url: str) -> SmtpUrl:
    """Raises ValueError, whose text does not repeat the URL (it may contain a password)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("is no URL of the form smtp://[user:password@]host[:port]") from None
    if parts.scheme not in PORTS:
        raise ValueError("must begin with smtp://, starttls:// or smtps://")
    if not parts.hostname:
        raise ValueError("names no host")
    user = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password else None
    if (user is None) != (password is None):
        raise ValueError("needs both a user and a password, or neither")
    return SmtpUrl(parts.scheme, parts.hostname, port or PORTS[parts.scheme], user, password)
