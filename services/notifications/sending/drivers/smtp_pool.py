"""Keeps SMTP connections open between mails, because connecting, TLS and login cost more than a mail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiosmtplib

from services.notifications.sending.drivers.smtp_pipeline import SmtpPipeline
from shared.smtp_url import SmtpUrl

IDLE = 30.0  # seconds without a mail after which a connection is closed; servers wait 10 s or more, RFC 5321 says 300
CHECK_AFTER = 5.0  # seconds without a mail after which a connection is checked (NOOP) before its next
CHECK_WITHIN = 3.0  # seconds for that
MAILS = 100  # over one connection; many servers allow no more
QUIT_TIMEOUT = 2.0  # seconds that a server has to end a session


class SmtpConnection:
    """One session. mails: made so far; fresh: whether it has made none; clean: whether the server expects MAIL next."""

    def __init__(self, url: SmtpUrl, timeout: float) -> None:
        self.client = aiosmtplib.SMTP(
            hostname=url.host,
            port=url.port,
            username=url.user,
            password=url.password,
            use_tls=url.scheme == "smtps",
            start_tls=url.scheme == "starttls",
            timeout=timeout,
        )
        self._pipeline: SmtpPipeline | None = None
        self.mails = 0
        self.clean = True
        self.idle_since = 0.0

    @property
    def fresh(self) -> bool:
        """Whether it has made no mail yet."""
        return self.mails == 0

    def pipeline(self) -> SmtpPipeline | None:
        """To send several commands together, if the server says that it reads them so."""
        if self._pipeline is None and self.client.supports_extension("pipelining"):
            self._pipeline = SmtpPipeline(self.client)
        return self._pipeline

    async def works(self, idle: float) -> bool:
        """Whether it may be used again. idle: seconds since its last mail."""
        if not self.client.is_connected or idle > IDLE or self.mails >= MAILS:
            return False
        if self.clean and idle <= CHECK_AFTER:
            return True
        self._hand_back()
        try:
            async with asyncio.timeout(CHECK_WITHIN):
                if not self.clean:
                    await self.client.rset()
                    self.clean = True
                else:
                    await self.client.noop()
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            return False
        return True

    async def quit(self) -> None:
        """End the session, within QUIT_TIMEOUT, and close the connection."""
        self._hand_back()
        try:
            if self.client.is_connected:
                with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
                    async with asyncio.timeout(QUIT_TIMEOUT):
                        await self.client.quit()
        finally:
            self.client.close()

    def _hand_back(self) -> None:
        if self._pipeline is not None:
            self._pipeline.hand_back()
            self._pipeline = None


class SmtpPool:
    """At most `size` connections; those that wait are closed after IDLE. Safe for many coroutines of one loop."""

    def __init__(self, url: SmtpUrl, size: int, timeout: float) -> None:
        self._url = url
        self._timeout = timeout
        self._places = asyncio.Semaphore(size)
        self._waiting: list[
            SmtpConnection
        ] = []  # the latest used last, so that few are kept when there is little to do
        self._ending: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[SmtpConnection]:
        """A connection for one mail, connected or (`fresh`) to be connected. Afterwards it is kept if it is connected
        and nothing was raised, else closed."""
        async with self._places:
            connection = await self._kept() or self.new()
            try:
                yield connection
            except BaseException:
                connection.client.close()
                raise
            self.keep(connection)

    def new(self) -> SmtpConnection:
        """A connection that is yet to be connected."""
        return SmtpConnection(self._url, self._timeout)

    def keep(self, connection: SmtpConnection) -> None:
        """Keep a connection for the next mail."""
        if not connection.client.is_connected:
            return
        loop = asyncio.get_running_loop()
        connection.idle_since = loop.time()
        self._waiting.append(connection)
        if self._timer is None:
            self._timer = loop.call_later(IDLE, self._close_idle)

    async def close(self) -> None:
        """End all sessions that wait; returns once they have ended, at most QUIT_TIMEOUT later."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        waiting, self._waiting = self._waiting, []
        await asyncio.gather(*(each.quit() for each in waiting), *self._ending)
        await asyncio.sleep(0)  # the sockets of closed connections are closed by the loop

    async def _kept(self) -> SmtpConnection | None:
        now = asyncio.get_running_loop().time()
        while self._waiting:
            connection = self._waiting.pop()
            if await connection.works(now - connection.idle_since):
                return connection
            self._end(connection)
        return None

    def _close_idle(self) -> None:
        self._timer = None
        loop = asyncio.get_running_loop()
        idle = [each for each in self._waiting if loop.time() - each.idle_since >= IDLE]
        self._waiting = [each for each in self._waiting if each not in idle]
        for connection in idle:
            self._end(connection)
        if self._waiting:
            self._timer = loop.call_later(self._waiting[0].idle_since + IDLE - loop.time(), self._close_idle)

    def _end(self, connection: SmtpConnection) -> None:
        """End a session in the background: nothing waits for a server that hangs."""
        task = asyncio.create_task(connection.quit())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
