"""What a real process does with connections that are slow, idle, too many or not HTTP, on raw sockets."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio

from shared.runtime.process import LIMITS
from shared.web.connections import ConnectionLimits
from shared.web.middleware import SECURITY_HEADERS
from tests.servers.smtp import Mailbox
from tests.support.client import Api, Regency
from tests.support.faults.killed_process import CONNECTION_SECONDS
from tests.support.faults.processes import RunningSystem
from tests.support.small_files import mp4_file

HEAD, IDLE = 1.5, 5.0  # seconds; in production 10 and 15, see `test_the_limits_of_production`
EARLY = 0.2  # seconds by which this clock and the server's may differ
LATER = 4.0  # seconds by which a busy machine may be late
DRIP = HEAD / 10  # seconds between two bytes of a slow client
MOST = 30  # connections
GET = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /health/live HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n"


@dataclass
class Socket:
    """A connection of a client that sends bytes as it likes."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def to(cls, system: RunningSystem) -> Socket:
        return cls(*await asyncio.open_connection("127.0.0.1", system.process.port))

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def rest(self) -> bytes:
        """Everything until the server closes the connection."""
        async with asyncio.timeout(60):
            try:
                return await self.reader.read()
            except ConnectionResetError:
                return b""
            finally:
                self.writer.close()

    async def ask(self, data: bytes) -> bytes:
        """The answer to a request whose answer has a length; the connection stays open."""
        await self.send(data)
        async with asyncio.timeout(30):
            head = await self.reader.readuntil(b"\r\n\r\n")
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            return head + await self.reader.readexactly(int(length.partition(b":")[2]))


@asynccontextmanager
async def limited(folder: Path) -> AsyncIterator[RunningSystem]:
    """A system with short limits, which sends nothing."""
    environment = {"MAX_CONNECTIONS": str(MOST), CONNECTION_SECONDS: f"{HEAD} {IDLE}"}
    async with RunningSystem(folder, environment, smtp="smtp://127.0.0.1:9") as system:
        await system.process.ready()
        yield system


@pytest.fixture
async def system(tmp_path: Path) -> AsyncIterator[RunningSystem]:
    async with limited(tmp_path) as system:
        yield system


@dataclass
class Waits:
    """What lasts longer than the limits: all begins at once, and each test waits for its own."""

    late: asyncio.Task[list[tuple[float, bytes]]]
    uploads: asyncio.Task[tuple[tuple[float, bytes], bytes]]
    slow_reader: asyncio.Task[tuple[bytes, bytes, bytes]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def waits(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Waits]:
    async with limited(tmp_path_factory.mktemp("waits")) as system, Regency(system.url, system.issue) as regency:
        await regency.found()
        agency = await regency.agency()
        one, other = [await regency.draft(agency, {}, {}) for _ in range(2)]
        waits = Waits(
            asyncio.create_task(late_and_idle(system)),
            asyncio.create_task(two_uploads(system, regency.officer(agency), one)),
            asyncio.create_task(read_slowly(system, regency.officer(agency), other)),
        )
        try:
            yield waits
        finally:
            each_of = (waits.late, waits.uploads, waits.slow_reader)
            await asyncio.gather(*each_of, return_exceptions=True)


def is_problem(answer: bytes, status: int) -> bool:
    """Whether it is a problem document with the security headers."""
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode().lower().split("\r\n")
    assert lines[0].startswith(f"http/1.1 {status}"), answer
    assert "content-type: application/problem+json" in lines
    assert all(f"{name}: {value}".lower() in lines for name, value in SECURITY_HEADERS.items())
    return bool(json.loads(body)["status"] == status)


async def closed_after(system: RunningSystem, sent: bytes, *, trickle: bytes = b"") -> tuple[float, bytes]:
    """Seconds until the server closes a connection on which `sent` was sent, then a byte of `trickle` every DRIP
    seconds; and what it answered."""
    socket = await Socket.to(system)
    began = time.monotonic()
    await socket.send(sent)

    async def drip() -> None:
        for byte in trickle:
            await asyncio.sleep(DRIP)
            await socket.send(bytes([byte]))

    dripping = asyncio.create_task(drip())
    answer = await socket.rest()
    dripping.cancel()
    await asyncio.gather(dripping, return_exceptions=True)
    return time.monotonic() - began, answer


async def late_and_idle(system: RunningSystem) -> list[tuple[float, bytes]]:
    """After how long the server ends connections that are silent, slow in their head, slow in their second head,
    answered, slow in their body, and slow in a body that nothing reads; and what it answers."""
    slow = b"GET /health/live HTTP/1.1\r\nHost: x\r\n" + b"X-Slow: 1\r\n" * 10
    return await asyncio.gather(
        closed_after(system, b""),
        closed_after(system, slow[:5], trickle=slow[5:]),
        closed_after(system, GET + slow[:5], trickle=slow[5:]),
        closed_after(system, GET),
        closed_after(system, POST.replace(b"/health/live", b"/registry/v1/nowhere") + b"x" * 50),
        closed_after(system, POST, trickle=b"x" * 60),
    )


@pytest.mark.asyncio(loop_scope="module")
async def test_late_heads_and_idle_connections_are_closed(waits: Waits) -> None:
    silent, head, second_head, answered, body, ignored = await waits.late

    assert IDLE - EARLY < silent[0] < IDLE + LATER
    for slow_head in (head, second_head):
        assert HEAD - EARLY < slow_head[0] < HEAD + LATER
        assert slow_head[0] < silent[0], "a head has less time than an idle connection"
    assert is_problem(head[1], 408)
    assert IDLE - EARLY < answered[0] < IDLE + LATER
    assert body[0] < IDLE + LATER
    assert ignored[0] < HEAD + LATER
    assert ignored[0] < silent[0]


def test_the_limits_of_production() -> None:
    assert ConnectionLimits(head=10, idle=15) == LIMITS


async def two_uploads(system: RunningSystem, officer: Api, innovation: str) -> tuple[tuple[float, bytes], bytes]:
    """After how long the server ends an upload that has stopped, with its answer; the answer to a slow one."""
    path = f"/registry/v1/innovations/{innovation}"
    tag = (await officer.raw("GET", path)).headers["etag"]
    token = officer._http.headers["authorization"]
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n'
    content, end = mp4_file() + bytes(100_000), b"\r\n--b--\r\n"

    def request(length: int) -> bytes:
        return (
            f"POST {path}/evidence/35/files HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nIf-Match: {tag}\r\n"
            f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {length}\r\n\r\n"
        ).encode()

    async def slow() -> bytes:
        socket = await Socket.to(system)
        whole = head + content + end
        await socket.send(request(len(whole)))
        for start in range(0, len(whole), 50_000):
            await socket.send(whole[start : start + 50_000])
            await asyncio.sleep(IDLE * 0.4)  # thrice, so in all more than IDLE
        answer = await socket.ask(b"")
        socket.writer.close()
        await socket.writer.wait_closed()
        return answer

    return await asyncio.gather(closed_after(system, request(999_999) + head + content), slow())


@pytest.mark.asyncio(loop_scope="module")
async def test_an_upload_that_stops_is_ended_and_one_that_goes_on_slowly_is_not(waits: Waits) -> None:
    stopped, answered = await waits.uploads

    assert IDLE - EARLY < stopped[0] < IDLE + LATER
    assert is_problem(stopped[1], 408)
    assert answered.startswith(b"HTTP/1.1 200")


async def read_slowly(system: RunningSystem, officer: Api, innovation: str) -> tuple[bytes, bytes, bytes]:
    """A video, and head and body of the answer that its reader began to read later than an idle connection may be."""
    path = f"/registry/v1/innovations/{innovation}"
    video = mp4_file() + bytes(30 * 1024 * 1024)
    files = {"file": ("a.mp4", video, "video/mp4")}
    tag = (await officer.raw("GET", path)).headers["etag"]
    added = await officer.raw("POST", f"{path}/evidence/35/files", files=files, headers={"If-Match": tag})
    digest = added.json()["evidence"]["35"]["files"][0]["digest"]
    token = officer._http.headers["authorization"]
    socket = await Socket.to(system)
    await socket.send(
        f"GET {path}/evidence/35/files/{digest} HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n"
        "Connection: close\r\n\r\n".encode()
    )
    head = await socket.reader.readuntil(b"\r\n\r\n")
    await asyncio.sleep(IDLE + 2)
    return video, head, await socket.rest()


@pytest.mark.asyncio(loop_scope="module")
async def test_an_open_answer_that_is_read_slowly_is_no_idle_connection(waits: Waits) -> None:
    video, head, body = await waits.slow_reader

    assert head.startswith(b"HTTP/1.1 200")
    assert body == video


async def test_connections_are_limited_and_places_become_free_again(system: RunningSystem) -> None:
    held = [await Socket.to(system) for _ in range(MOST)]
    for each in held:
        assert (await each.ask(GET)).startswith(b"HTTP/1.1 200")

    refused = await (await Socket.to(system)).rest()
    held[0].writer.close()
    await held[0].writer.wait_closed()
    async with asyncio.timeout(10):
        while not (answer := await closed_or_answered(system)).startswith(b"HTTP/1.1 200"):
            assert is_problem(answer, 503)
            await asyncio.sleep(0.05)

    assert is_problem(refused, 503)
    for each in held:
        each.writer.close()


async def closed_or_answered(system: RunningSystem) -> bytes:
    socket = await Socket.to(system)
    await socket.send(GET.replace(b"Host: x", b"Host: x\r\nConnection: close"))
    return await socket.rest()


REFUSED = {
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "no version": b"GET /health/live\r\n\r\n",
    "a NUL in the head": b"GET / HTTP/1.1\r\nHost: x\x00y\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "a head without end": b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 100_000,
}


async def test_what_the_server_itself_refuses_is_a_problem_document_and_a_line_of_the_log_a_minute(
    system: RunningSystem,
) -> None:
    for _ in range(5):
        for what, sent in REFUSED.items():
            socket = await Socket.to(system)
            await socket.send(sent)
            answer = await socket.rest()
            assert not answer or is_problem(answer, 400), what

    lines = system.process.log.read_text().splitlines()
    assert sum("Invalid HTTP request" in line for line in lines) == 1


async def test_a_target_in_absolute_form_is_read_as_its_path(system: RunningSystem) -> None:
    for target, status in {
        b"http://elsewhere.example/health/live": 200,
        b"http://elsewhere.example": 200,
        b"HTTP://x/registry/v1/regions": 200,
        b"http://x/nowhere": 404,
        b"http://x/registry/v1/nowhere": 404,
        b"ftp://x/health/live": 404,
        b"health/live": 404,
        b"*": 404,
    }.items():
        socket = await Socket.to(system)
        await socket.send(b"GET %b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % target)
        answer = await socket.rest()

        if status == 200:
            assert answer.startswith(b"HTTP/1.1 200"), (target, answer)
            assert b"x-content-type-options: nosniff" in answer.lower()
        else:
            assert is_problem(answer, status), target


async def test_a_service_that_is_not_open_yet_answers_with_the_security_headers(
    tmp_path: Path, mailbox: Mailbox
) -> None:
    store = "mongodb://127.0.0.1:9/{service}?serverSelectionTimeoutMS=500"
    away = {"STORE_URL": store, "FILES_URL": (tmp_path / "files").as_uri()}
    async with RunningSystem(tmp_path, away, smtp=mailbox.url) as system, httpx2.AsyncClient(trust_env=False) as http:
        async with asyncio.timeout(45):
            while True:
                try:
                    answer = await http.get(f"{system.url}/registry/v1/regions")
                    break
                except httpx2.TransportError:
                    await asyncio.sleep(0.1)

    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert {name: answer.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS
