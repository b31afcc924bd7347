"""A real SMTP server on a private port, in its own thread, with switches for the failures of a provider.

`mailbox.refuse(…)` and the like act on conversations from then on; `mailbox.mails` holds what was taken.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

PATIENCE = 10.0  # seconds


@dataclass(frozen=True)
class Received:
    """One accepted mail. body: its bytes; message: parsed."""

    sender: str
    to: str
    body: bytes
    message: EmailMessage

    @property
    def message_id(self) -> str:
        """With its angle brackets."""
        return str(self.message["Message-ID"])


class Mailbox:
    """The server and the mails that it accepted."""

    def __init__(self) -> None:
        self.port = 0
        self.pipelining = False
        """Whether the server says that it reads commands that are sent together; aiosmtpd does read them."""
        self.users: dict[str, str] = {}
        self._mails: list[Received] = []
        self._arrival = threading.Condition()
        self._rules: dict[str, str] = {}  # step -> reply, or "drop"
        self._willing = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._conversations: set[SMTP] = set()

    # --- how the server answers ---

    def accept(self) -> None:
        """Accept every mail (again), and release sessions that were made to hang."""
        self._rules = {}
        self._willing.set()

    def refuse(self, reply: str, *, at: str = "RCPT") -> None:
        """Answer `reply` (`550 5.1.1 no such user`) at MAIL, RCPT or DATA."""
        self._rules[at] = reply

    def hang(self) -> None:
        """Accept the text and never answer."""
        self._willing.clear()
        self._rules["DATA"] = "hang"

    def hang_at_quit(self) -> None:
        """Accept the text, answer so, and never answer QUIT."""
        self._willing.clear()
        self._rules["QUIT"] = "hang"

    def drop_after_data(self, *, keep: bool = True) -> None:
        """Accept the text and break the connection before answering. keep: the mail is delivered nevertheless."""
        self._rules["DATA"] = "drop-kept" if keep else "drop"

    def drop_at(self, step: str) -> None:
        """Break the connection at MAIL or RCPT."""
        self._rules[step] = "drop"

    # --- accepted mails ---

    @property
    def url(self) -> str:
        """`smtp://127.0.0.1:<port>`."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def mails(self) -> list[Received]:
        """In the order in which they were accepted."""
        with self._arrival:
            return list(self._mails)

    def clear(self) -> None:
        """Delete the mails, and accept everything."""
        with self._arrival:
            self._mails.clear()
        self.accept()

    def wait_for(self, count: int, patience: float = PATIENCE) -> list[Received]:
        """The mails once there are `count`. Raises TimeoutError. Blocks its thread: in async tests, `arrived`."""
        with self._arrival:
            if not self._arrival.wait_for(lambda: len(self._mails) >= count, timeout=patience):
                raise TimeoutError(f"{len(self._mails)} of {count} mails came within {patience} s")
            return list(self._mails)

    async def arrived(self, count: int, patience: float = PATIENCE) -> list[Received]:
        """As `wait_for`, without blocking the loop."""
        return await asyncio.to_thread(self.wait_for, count, patience)

    # --- aiosmtpd's hooks ---

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, replies: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*replies[:-1], *(["250-PIPELINING"] if self.pipelining else []), replies[-1]]

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = await self._ruled("MAIL", server)
        if reply is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return reply or "250 2.1.0 ok"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        reply = await self._ruled("RCPT", server)
        if reply is None:
            envelope.rcpt_tos.append(address)
        return reply or "250 2.1.5 ok"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - likewise
        rule = self._rules.get("DATA", "")
        if rule in ("", "drop-kept", "hang"):
            self._keep(envelope)
        reply = await self._ruled("DATA", server)
        return reply or "250 2.0.0 taken"

    async def handle_QUIT(self, server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802 - likewise
        return await self._ruled("QUIT", server) or "221 2.0.0 bye"

    async def _ruled(self, step: str, server: SMTP) -> str | None:
        rule = self._rules.get(step)
        if rule == "hang":
            await asyncio.to_thread(self._willing.wait, PATIENCE)
            return "421 4.4.2 too late"
        if rule in ("drop", "drop-kept"):
            _reset(server.transport)
            return "421 4.4.2 gone"
        return rule

    def _keep(self, envelope: Envelope) -> None:
        body = envelope.original_content or b""
        message = message_from_bytes(body, policy=policy.default)
        assert isinstance(message, EmailMessage)
        with self._arrival:
            self._mails.append(Received(envelope.mail_from or "", ", ".join(envelope.rcpt_tos), body, message))
            self._arrival.notify_all()

    def _authenticate(self, *conversation: object) -> AuthResult:
        given = conversation[-1]
        right = isinstance(given, LoginPassword) and self.users.get(given.login.decode()) == given.password.decode()
        return AuthResult(success=right, handled=False)

    # --- start and stop ---

    def start(self) -> None:
        """Listen on a free port, in a thread."""
        listening = threading.Event()

        def serve() -> None:
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
            server = self._loop.run_until_complete(
                self._loop.create_server(self._conversation, "127.0.0.1", 0, start_serving=True)
            )
            self.port = server.sockets[0].getsockname()[1]
            listening.set()
            self._loop.run_forever()
            server.close()
            for conversation in list(self._conversations):
                if isinstance(conversation.transport, asyncio.Transport):
                    conversation.transport.abort()
            pending = asyncio.all_tasks(self._loop)
            for task in pending:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
            self._loop.close()

        self._thread = threading.Thread(target=serve, name="mailbox", daemon=True)
        self._thread.start()
        if not listening.wait(PATIENCE):
            raise TimeoutError("the SMTP server did not start")

    def stop(self) -> None:
        """End the thread and its sessions."""
        self.accept()
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)

    def _conversation(self) -> SMTP:
        conversation = SMTP(
            self,
            hostname="mailbox.example",
            authenticator=self._authenticate,
            auth_require_tls=False,
            loop=self._loop,
        )
        self._conversations.add(conversation)
        return conversation


def _reset(transport: asyncio.BaseTransport | None) -> None:
    """Reset the connection, as a crash does."""
    assert isinstance(transport, asyncio.Transport)
    raw = transport.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def text_of(mail: Received) -> str:
    """The plain text of a mail."""
    part = mail.message.get_body(("plain",))
    return str(part.get_content()) if part is not None else ""


def unused_port() -> int:
    """An unused port of loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def _smtp_server() -> Iterator[Mailbox]:
    server = Mailbox()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def mailbox(_smtp_server: Mailbox) -> Iterator[Mailbox]:
    """A real SMTP server, empty and accepting everything at the start of each test."""
    _smtp_server.clear()
    _smtp_server.users = {}
    yield _smtp_server
    _smtp_server.clear()
