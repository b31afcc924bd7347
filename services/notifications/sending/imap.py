"""One mailbox by IMAP (RFC 3501), read with aioimaplib. The only module that imports it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from services.notifications.sending.imap_url import ImapUrl

if TYPE_CHECKING:
    import aioimaplib

TIMEOUT = 15.0  # seconds for one command
_UIDVALIDITY = re.compile(rb"\[UIDVALIDITY (\d+)\]")


class MailboxAway(Exception):
    """The mailbox does not answer, or refuses the login or the folder. The reason is a slug, without names."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class OpenMailbox:
    """A selected folder. validity: of its UIDs (`UIDVALIDITY`); another one means that all UIDs are new. All methods
    raise MailboxAway."""

    def __init__(self, client: aioimaplib.IMAP4, validity: int) -> None:
        self._client = client
        self.validity = validity

    async def unseen(self, after: int, limit: int) -> list[int]:
        """The UIDs of unseen mails above `after`, ascending, at most `limit`."""
        lines = await _ok(self._client.uid_search(f"UID {after + 1}:*", "UNSEEN", charset=None), "search")
        found = {int(word) for line in lines for word in bytes(line).split() if word.isdigit()}
        return sorted(uid for uid in found if uid > after)[:limit]

    async def read(self, uid: int, most: int) -> bytes:
        """The first `most` bytes of a mail, which stays unseen; empty when it is gone."""
        lines = await _ok(self._client.uid("fetch", str(uid), f"(BODY.PEEK[]<0.{most}>)"), "fetch")
        return next((bytes(line) for line in lines if isinstance(line, bytearray)), b"")

    async def see(self, uid: int) -> None:
        """Mark a mail as seen."""
        await _ok(self._client.uid("store", str(uid), "+FLAGS.SILENT", r"(\Seen)"), "store")


@asynccontextmanager
async def opened(url: ImapUrl) -> AsyncIterator[OpenMailbox]:
    """Connect, log in, select the folder; log out at the end. Raises MailboxAway."""
    import aioimaplib  # noqa: PLC0415 - only where a mailbox is configured; see docs/adr for its licence

    made = aioimaplib.IMAP4_SSL if url.scheme == "imaps" else aioimaplib.IMAP4
    client = made(url.host, url.port, timeout=TIMEOUT)
    try:
        await _reached(client.wait_hello_from_server(), "no-connection")
        await _ok(client.login(_quoted(url.user), url.password), "login")
        lines = await _ok(client.select(_quoted(url.folder)), "folder")
        validity = next((int(found[1]) for line in lines if (found := _UIDVALIDITY.search(bytes(line)))), 0)
        yield OpenMailbox(client, validity)
        with suppress(MailboxAway):
            await _ok(client.logout(), "logout")
    finally:
        await _closed(client)


async def _ok(command: Awaitable[Any], reason: str) -> list[bytes | bytearray]:
    """The lines of a command's answer. Raises MailboxAway when it does not answer OK."""
    response = await _reached(command, reason)
    if response.result != "OK":
        raise MailboxAway(reason)
    return list(response.lines)


async def _reached(command: Awaitable[Any], reason: str) -> Any:  # noqa: ANN401 - aioimaplib is untyped
    import aioimaplib  # noqa: PLC0415 - as above

    try:
        async with asyncio.timeout(TIMEOUT):
            return await command
    except (aioimaplib.AioImapException, OSError, TimeoutError, ValueError, AttributeError) as error:
        raise MailboxAway(reason) from error


async def _closed(client: aioimaplib.IMAP4) -> None:
    """Give the connection up; the library has no way to."""
    client._client_task.cancel()  # noqa: SLF001 - as above
    with suppress(asyncio.CancelledError, OSError):
        await client._client_task  # noqa: SLF001 - as above
    transport = client.protocol.transport
    if transport is not None:
        transport.abort()
        await asyncio.sleep(0)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
