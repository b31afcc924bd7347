"""One mailbox by IMAP (RFC 3501), with the standard library's client in a thread of its own.

aioimaplib would need no thread, but it is under GPL-3.0-only, and a dependency's licence must allow use in a work under
Apache-2.0. One look a minute needs no more.
"""

from __future__ import annotations

import asyncio
import imaplib
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

from services.notifications.sending.bounces.imap_url import ImapUrl

TIMEOUT = 15.0  # seconds for the connection, and for one command

T = TypeVar("T")


class MailboxAway(Exception):
    """The mailbox does not answer, or refuses the login or the folder. The reason is a slug, without names."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class OpenMailbox:
    """A selected folder. validity: of its UIDs (`UIDVALIDITY`); another one means that all UIDs are new. All methods
    raise MailboxAway."""

    def __init__(self, client: imaplib.IMAP4, validity: int) -> None:
        self._client = client
        self.validity = validity

    async def unseen(self, after: int, limit: int) -> list[int]:
        """The UIDs of unseen reports above `after`, ascending, at most `limit`. The server tells reports from the mails
        of people, which are not even read."""
        criteria = f'UID {after + 1}:* UNSEEN HEADER CONTENT-TYPE "multipart/report"'
        (line, *_) = await _ok(lambda: self._client.uid("SEARCH", criteria), "search")
        found = {int(word) for word in (line or b"").split() if word.isdigit()}
        return sorted(uid for uid in found if uid > after)[:limit]  # `11:*` gives 10 when nothing is above it

    async def read(self, uid: int, most: int) -> bytes:
        """The first `most` bytes of a mail, which stays unseen; empty when it is gone."""
        parts = await _ok(lambda: self._client.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{most}>)"), "fetch")
        return next((part[1] for part in parts if isinstance(part, tuple)), b"")

    async def see(self, uid: int) -> None:
        """Mark a mail as seen."""
        await _ok(lambda: self._client.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)"), "store")


@asynccontextmanager
async def opened(url: ImapUrl) -> AsyncIterator[OpenMailbox]:
    """Connect, log in, select the folder; log out at the end. Raises MailboxAway."""
    client = await _reached(lambda: _connected(url), "no-connection")
    try:
        await _ok(lambda: client.login(url.user, url.password), "login")
        await _ok(lambda: client.select(_quoted(url.folder)), "folder")
        validity = client.response("UIDVALIDITY")[1][0]
        yield OpenMailbox(client, int(validity or 0))
        with suppress(MailboxAway):
            await _reached(client.logout, "logout")
    finally:
        with suppress(OSError):
            client.shutdown()  # ends a command that still waits in its thread


def _connected(url: ImapUrl) -> imaplib.IMAP4:
    if url.scheme == "imaps":
        return imaplib.IMAP4_SSL(url.host, url.port, ssl_context=ssl.create_default_context(), timeout=TIMEOUT)
    return imaplib.IMAP4(url.host, url.port, timeout=TIMEOUT)


async def _ok(command: Callable[[], tuple[str, list[Any]]], reason: str) -> list[Any]:
    """What a command gives. Raises MailboxAway when its answer is not OK."""
    status, data = await _reached(command, reason)
    if status != "OK":
        raise MailboxAway(reason)
    return data


async def _reached(command: Callable[[], T], reason: str) -> T:
    try:
        return await asyncio.to_thread(command)
    except (imaplib.IMAP4.error, OSError, EOFError, ValueError) as error:
        raise MailboxAway(reason) from error


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
