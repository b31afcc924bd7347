"""The stream: server-sent events whose ids are cursors, until token, client or process end it."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import httpx2
import pytest

from services.feed.api import event_stream, lapse, stream
from services.feed.latest import watcher
from shared.clock import machine_ms, machine_seconds
from tests.contract.feed.served_feed import ServedFeed, body_of

SOME = ("innovation/a", "obligation/b", "innovation/c")
MANY = 450  # events; more than a small buffer, and what the sockets hold


@dataclass
class Stream:
    """One stream, read message by message."""

    answer: httpx2.Response
    lines: AsyncIterator[str]
    last_id: str = ""

    async def message(self) -> dict[str, str]:
        """The next message: its fields, and comments under an empty name."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(10):
            async for line in self.lines:
                if not line and fields:
                    break
                name, _, value = line.partition(":")
                fields[name] = value.removeprefix(" ")
        self.last_id = fields.get("id", self.last_id)
        return fields

    async def subject(self) -> str:
        """The subject of the next event; what is no event is passed over. Empty at the end."""
        while fields := await self.message():
            if "data" in fields:
                return str(json.loads(fields["data"])["subject"])
        return ""

    async def to_the_end(self) -> list[str]:
        found: list[str] = []
        while subject := await self.subject():
            found.append(subject)
        return found


@asynccontextmanager
async def streamed(feed: ServedFeed, query: str = "", who: str = "everywhere", **headers: str) -> AsyncIterator[Stream]:
    headers = {"Authorization": f"Bearer {who}"} | headers
    async with feed.client.stream("GET", f"/stream{query}", headers=headers) as answer:
        assert answer.status_code == 200, await answer.aread()
        yield Stream(answer, answer.aiter_lines())


async def test_a_stream_has_what_there_is_and_then_what_comes(feed_on_a_port: ServedFeed) -> None:
    feed = feed_on_a_port
    await feed.place(*SOME)

    async with streamed(feed) as one:
        first = await one.message()
        before = [await one.subject() for _ in SOME]
        await feed.place("innovation/d")
        after = await one.subject()

    assert first["retry"] == "5000"
    assert before == list(SOME)
    assert after == "innovation/d"
    assert one.answer.headers["content-type"].startswith("text/event-stream")
    assert one.answer.headers["cache-control"] == "no-store"
    assert one.answer.headers["x-accel-buffering"] == "no"
    assert "content-encoding" not in one.answer.headers


async def test_the_data_are_the_bytes_that_the_feed_received_and_the_id_is_a_cursor(feed_on_a_port: ServedFeed) -> None:
    feed = feed_on_a_port
    await feed.place(*SOME)

    async with streamed(feed) as one:
        await one.message()
        messages = [await one.message() for _ in SOME]

    assert [each["data"].encode() for each in messages] == [body_of(subject, pad="") for subject in SOME]
    page = await feed.get(f"/events?after={messages[0]['id']}")
    assert [event["subject"] for event in page.json()["events"]] == list(SOME[1:])


async def test_a_stream_goes_on_after_the_last_id(feed_on_a_port: ServedFeed) -> None:
    feed = feed_on_a_port
    await feed.place(*SOME)
    async with streamed(feed) as one:
        assert [await one.subject() for _ in range(2)] == list(SOME[:2])
        beginning = (await feed.get("/events?limit=1")).json()["cursor"]

    header = {"Last-Event-ID": one.last_id}
    for query, headers in (("", header), (f"?after={one.last_id}", {}), (f"?after={beginning}", header)):
        async with streamed(feed, query, **headers) as two:
            assert await two.subject() == SOME[2]


async def test_a_stream_has_only_what_its_token_and_its_request_name(feed_on_a_port: ServedFeed) -> None:
    feed = feed_on_a_port
    async with streamed(feed, "?subjects=innovation", "province") as one:
        await feed.place("innovation/far", region="64.71")
        await feed.place("obligation/here", "innovation/here")
        await feed.place("innovation/city", region="61.71")

        assert [await one.subject(), await one.subject()] == ["innovation/here", "innovation/city"]


async def test_a_silent_stream_sends_a_comment(feed_on_a_port: ServedFeed, monkeypatch: pytest.MonkeyPatch) -> None:
    feed = feed_on_a_port
    monkeypatch.setattr(stream, "HEARTBEAT", 0.01)
    async with streamed(feed) as one:
        messages = [await one.message() for _ in range(3)]
        await feed.place("innovation/a")
        subject = await one.subject()

    assert [set(each) for each in messages] == [{"", "retry"}, {""}, {""}]
    assert subject == "innovation/a"


def test_a_proxy_sees_something_every_fifteen_seconds() -> None:
    assert HEARTBEAT_OF_PRODUCTION == 15


HEARTBEAT_OF_PRODUCTION = stream.HEARTBEAT


async def test_a_stream_ends_with_its_token(feed_on_a_port: ServedFeed) -> None:
    feed = feed_on_a_port
    feed.accounts["everywhere"] = replace(feed.accounts["everywhere"], expires=machine_ms() // 1000 + 1)
    began = machine_seconds()
    async with streamed(feed) as one:
        assert await one.to_the_end() == []

    assert machine_seconds() - began < 5
    assert feed.places.held == 0


async def test_a_stream_ends_when_its_token_is_revoked(
    feed_on_a_port: ServedFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = feed_on_a_port
    monkeypatch.setattr(lapse, "ASK_AGAIN", 0.01)
    async with streamed(feed) as one, streamed(feed, who="region") as other:
        await feed.waiting(2)
        del feed.accounts["everywhere"]
        assert await one.to_the_end() == []
        await feed.place("innovation/a")
        assert await other.subject() == "innovation/a"


async def test_a_stream_ends_at_once_and_whole_when_the_process_stops(feed_on_a_port: ServedFeed) -> None:
    feed = feed_on_a_port
    await feed.place("innovation/a")
    async with streamed(feed) as one:
        assert await one.subject() == "innovation/a"
        began = machine_seconds()
        assert feed.server is not None
        stopping = asyncio.create_task(feed.server.end())
        assert await one.to_the_end() == []
        await stopping

    assert machine_seconds() - began < 1.5


async def test_a_stream_ends_when_the_feed_begins_anew_and_the_client_is_told(feed_on_a_port: ServedFeed) -> None:
    feed = feed_on_a_port
    await feed.place("innovation/a")
    async with streamed(feed) as one:
        assert await one.subject() == "innovation/a"
        await feed.waiting(1)
        await feed.marks.rebuild()
        assert await one.to_the_end() == []

    assert (await feed.get("/stream", **{"Last-Event-ID": one.last_id})).status_code == 410


async def test_a_client_that_goes_away_gives_its_place_back(feed_on_a_port: ServedFeed) -> None:
    feed = feed_on_a_port
    async with streamed(feed) as one:
        await one.message()
        assert feed.places.held == 1

    await feed.waiting(0)


@asynccontextmanager
async def not_reading(feed: ServedFeed) -> AsyncIterator[socket.socket]:
    """A client that has asked for a stream, and reads nothing."""
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.setblocking(False)  # noqa: FBT003 - the socket's own
        loop = asyncio.get_running_loop()
        assert feed.server is not None
        await loop.sock_connect(client, ("127.0.0.1", feed.server.port))
        head = b"GET /feed/v1/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer everywhere\r\n\r\n"
        await loop.sock_sendall(client, head)
        await feed.waiting(1)
        yield client


async def test_a_client_that_does_not_read_loses_its_place(
    feed_on_a_port: ServedFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = feed_on_a_port
    monkeypatch.setattr(event_stream, "STALLED", 0.05)
    monkeypatch.setattr(stream, "HEARTBEAT", 0.05)
    async with not_reading(feed):
        subjects = [f"innovation/{number}" for number in range(MANY)]
        await asyncio.gather(*(feed.place(subject, pad=10_000) for subject in subjects))
        await feed.waiting(0)


async def test_a_slow_client_is_closed_and_reads_on_from_its_last_id(
    feed_on_a_port: ServedFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = feed_on_a_port
    monkeypatch.setattr(watcher, "BUFFER", 16)
    subjects = [f"innovation/{number}" for number in range(MANY)]
    async with not_reading(feed) as client:
        await asyncio.gather(*(feed.place(subject, pad=10_000) for subject in subjects))
        loop, received = asyncio.get_running_loop(), bytearray()
        async with asyncio.timeout(10):
            while not received.endswith(b"\r\n0\r\n\r\n"):
                part = await loop.sock_recv(client, 1 << 20)
                assert part, "the stream ended without its end"
                received += part

    last = received.rpartition(b"id: ")[2].partition(b"\n")[0].decode()
    streamed_subjects = {subject for subject in subjects if f'"{subject}"'.encode() in received}
    assert 0 < len(streamed_subjects) < MANY
    left: list[str] = []
    while True:
        page = (await feed.get(f"/events?limit=500&after={last}")).json()
        left += [event["subject"] for event in page["events"]]
        last = page["cursor"]
        if not page["more"]:
            break
    assert streamed_subjects | set(left) == set(subjects)
    assert feed.places.held == 0
