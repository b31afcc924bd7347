"""The URL of a mailbox: `imap://` or `imaps://` `user:password@host[:port]/folder`."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from shared.settings import is_loopback

PORTS = {"imap": 143, "imaps": 993}


@dataclass(frozen=True)
class ImapUrl:
    """scheme: imaps encrypts from the first byte; imap never, so it is for this machine only; folder: by default
    `INBOX`."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    folder: str

    def __repr__(self) -> str:
        """Without the password."""
        return f"{self.scheme}://{self.host}:{self.port}/{self.folder}"


def parse(url: str) -> ImapUrl:
    """Raises ValueError, whose text does not repeat the URL (it contains a password)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("is no URL of the form imaps://user:password@host[:port]/folder") from None
    if parts.scheme not in PORTS:
        raise ValueError("must begin with imaps:// or imap://")
    if not parts.hostname or not parts.username or not parts.password:
        raise ValueError("must be imaps://user:password@host[:port]/folder")
    if parts.scheme == "imap" and not is_loopback(parts.hostname):
        raise ValueError("must be imaps://: a login is not sent over a network without TLS")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    if not folder.isascii() or not folder.isprintable():
        raise ValueError("names a folder with other characters than ASCII")
    user, password = unquote(parts.username), unquote(parts.password)
    return ImapUrl(parts.scheme, parts.hostname, port or PORTS[parts.scheme], user, password, folder)
