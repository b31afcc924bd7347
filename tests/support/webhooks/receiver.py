"""A real receiver of webhooks on loopback, whose answers a test says."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

Answer = Callable[["Request", asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Request:
    """headers: with names in small letters; ended: set when the receiver stops."""

    target: str
    headers: dict[str, str]
    body: bytes
    ended: asyncio.Event


@dataclass
class Receiver:
    """answer: what is done with each request, which may be changed at any time; connections: how many were made."""

    answer: Answer
    scheme: str = "http"
    port: int = 0
    connections: int = 0
    requests: list[Request] = field(default_factory=list)
    received: asyncio.Event = field(default_factory=asyncio.Event)
    serving: set[asyncio.Task[None]] = field(default_factory=set)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/hook?of=test"

    @property
    def ids(self) -> list[str]:
        return [each.headers["webhook-id"] for each in self.requests]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if task := asyncio.current_task():
            self.serving.add(task)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            request = await _read(reader, self.ended)
            self.requests.append(request)
            self.received.set()
            await self.answer(request, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


def status(code: int, **headers: str) -> Answer:
    """An empty answer. headers: with underscores for hyphens."""

    async def answer(_: Request, writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {code} X", "Content-Length: 0"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        await writer.drain()

    return answer


def in_turn(*answers: Answer) -> Answer:
    """Each once, the last one for ever."""
    left = list(answers)

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(request, writer)

    return answer


def refusing(subject: str, code: int = 500) -> Answer:
    """Refuse what is about one subject, and accept all else."""

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        refused = f'"subject":"{subject}"'.encode() in request.body
        await status(code if refused else 204)(request, writer)

    return answer


async def hang(request: Request, _: asyncio.StreamWriter) -> None:
    """No answer."""
    await request.ended.wait()


async def a_gigabyte(_: Request, writer: asyncio.StreamWriter) -> None:
    """An accepting answer of a gigabyte, as fast as it is taken."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
    part = b"x" * 65_536
    for _number in range(1_000_000_000 // len(part)):
        writer.write(part)
        await writer.drain()


@asynccontextmanager
async def receiving(answer: Answer | None = None, tls: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    """A running receiver, which accepts all by default."""
    receiver = Receiver(answer or status(204), "https" if tls else "http")
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        receiver.ended.set()
        server.close()
        await asyncio.wait_for(asyncio.gather(*receiver.serving, return_exceptions=True), 10)


async def _read(reader: asyncio.StreamReader, ended: asyncio.Event) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in head[1:] if line)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(head[0].split(" ")[1], headers, body, ended)
