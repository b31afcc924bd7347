"""Follows the feed as other systems do, with many long polls and streams at once, as a process of its own.

``python -m benchmarks.load.follow < follow.json``: a line of JSON (a `Follow`) comes in; the first line that goes out
says that everyone is connected, and once stdin has ended a second one is the `Followed`.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import process_time
from urllib.parse import urlsplit

from pydantic import TypeAdapter

from benchmarks.load.connection import Connection

READY = b"ready\n"
_OK = 200
_EVENT = b'"specversion"'
_CURSOR = re.compile(rb'"cursor": ?"([^"]+)"')
_ID = re.compile(rb"^id: ?(.+?)\r?$", re.MULTILINE)
_AGAIN = 0.05  # seconds until a follower that was closed or refused comes again
_LONGEST = 120  # seconds until everyone is connected, or has ended


@dataclass(frozen=True)
class Follow:
    """tokens: of the accounts, each used by `each` followers; query: of every request, what is followed; polls,
    streams: how many at once."""

    url: str
    tokens: tuple[str, ...]
    query: str = ""
    polls: int = 100
    streams: int = 50
    each: int = 4


@dataclass
class Followed:
    """answers: of long polls; events: handed to all followers together; closed: streams that the feed ended; refused:
    status → how many; cpu: seconds of this process."""

    answers: int = 0
    events: int = 0
    closed: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    cpu: float = 0.0


@contextlib.contextmanager
def following(job: Follow) -> Iterator[Followed]:
    """Everyone follows until the block ends; then the result holds what they were given. Raises RuntimeError when they
    do not get connected."""
    result = Followed()
    command = [sys.executable, "-m", "benchmarks.load.follow"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(TypeAdapter(Follow).dump_json(job) + b"\n")
        process.stdin.flush()
        if process.stdout.readline() != READY:
            raise RuntimeError("the followers did not get connected")
        yield result
        said, _ = process.communicate(timeout=_LONGEST)
    vars(result).update(vars(TypeAdapter(Followed).validate_json(said)))


class _Followers:
    """All of them, on one loop."""

    def __init__(self, job: Follow) -> None:
        self._job = job
        self._connected = asyncio.Semaphore(0)
        self.result = Followed()

    async def run(self, over: asyncio.Event) -> None:
        """Say when everyone is connected; follow until it is over."""
        job = self._job
        tokens = [job.tokens[n // job.each] for n in range(job.polls + job.streams)]
        present = await self._present(tokens[0])  # one reads what is there; all go on from its cursor
        tasks = [asyncio.create_task(self._poll(token, present)) for token in tokens[: job.polls]]
        tasks += [asyncio.create_task(self._stream(token, present)) for token in tokens[job.polls :]]
        async with asyncio.timeout(_LONGEST):
            for _ in tasks:
                await self._connected.acquire()
        await asyncio.sleep(2 * _AGAIN)  # the last polls have been sent
        sys.stdout.buffer.write(READY)
        sys.stdout.flush()
        await over.wait()
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _poll(self, token: str, cursor: str) -> None:
        """Read what has come since the cursor, then wait for what comes, one long poll after the other."""
        connection, present = Connection(self._job.url, token), False
        while True:
            after = f"&after={cursor}" if cursor else ""
            wait = "&wait=30" if present else ""
            try:
                status, body = await connection.request("GET", f"/feed/v1/events?limit=500{self._query}{after}{wait}")
            except (OSError, asyncio.IncompleteReadError) as error:
                connection.close()
                await self._refused(type(error).__name__)
                continue
            if status != _OK:
                await self._refused(str(status))
                continue
            found = _CURSOR.search(body)
            cursor = found[1].decode() if found else cursor
            count = body.count(_EVENT)
            if present:
                self.result.answers += 1
                self.result.events += count
            elif not count:
                present = True
                self._connected.release()

    async def _stream(self, token: str, cursor: str) -> None:
        """Read the stream, again and again from its last cursor."""
        connected = False
        parts = urlsplit(self._job.url)
        while True:
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
            after = f"&after={cursor}" if cursor else ""
            writer.write(
                f"GET /feed/v1/stream?{self._query.removeprefix('&')}{after} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
                f"Authorization: Bearer {token}\r\nAccept: text/event-stream\r\n\r\n".encode()
            )
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                head = await reader.readuntil(b"\r\n\r\n")
                if int(head[9:12]) != _OK:
                    await self._refused(head[9:12].decode())
                    continue
                if not connected:
                    connected = True
                    self._connected.release()
                rest = b""
                while more := await reader.read(1 << 16):
                    self.result.events += more.count(_EVENT)
                    whole, _, rest = (rest + more).rpartition(b"\n\n")
                    if ids := _ID.findall(whole):
                        cursor = ids[-1].decode()
            writer.close()
            self.result.closed += 1
            await asyncio.sleep(_AGAIN)

    async def _present(self, token: str) -> str:
        """The cursor after all that is there."""
        connection, cursor = Connection(self._job.url, token), ""
        while True:
            after = f"&after={cursor}" if cursor else ""
            status, body = await connection.request("GET", f"/feed/v1/events?limit=500{self._query}{after}")
            if status != _OK:
                await self._refused(str(status))
                continue
            found = _CURSOR.search(body)
            cursor = found[1].decode() if found else cursor
            if _EVENT not in body:
                connection.close()
                return cursor

    async def _refused(self, why: str) -> None:
        self.result.refused[why] = self.result.refused.get(why, 0) + 1
        await asyncio.sleep(_AGAIN)

    @property
    def _query(self) -> str:
        return f"&{self._job.query}" if self._job.query else ""


async def _main() -> None:
    job = TypeAdapter(Follow).validate_json(sys.stdin.buffer.readline())
    over, loop, cpu = asyncio.Event(), asyncio.get_running_loop(), process_time()
    loop.add_reader(sys.stdin.fileno(), over.set)  # readable again at its end only
    followers = _Followers(job)
    gc.freeze()
    await followers.run(over)
    followers.result.cpu = process_time() - cpu
    sys.stdout.buffer.write(TypeAdapter(Followed).dump_json(followers.result))


if __name__ == "__main__":
    asyncio.run(_main())
