"""To whom a hand-over connects: to an address that was checked for this very attempt, and to the host that the URL
names."""

from __future__ import annotations

import asyncio
import ssl
import time
from pathlib import Path

import pytest

from services.feed.endpoints import target
from services.feed.endpoints.addresses import networks_of
from services.feed.endpoints.connection import WebhookClient
from services.feed.endpoints.outcome import Failure, Outcome
from services.feed.endpoints.resolving import Resolve
from tests.support.webhooks.certificates import Authority
from tests.support.webhooks.feed import filled_feed
from tests.support.webhooks.receiver import receiving

HOST = "dasbor.kuburaya.example"
GLOBAL = "8.8.8.8"
LOOPBACK = "127.0.0.1"
A = "innovation/a"


def resolving(*answers: list[str]) -> Resolve:
    """A name server that says these in turn, then the last one for ever."""
    left = list(answers)

    async def resolve(_host: str, _port: int) -> list[str]:
        return left.pop(0) if len(left) > 1 else left[0]

    return resolve


async def posted(port: int, trust: ssl.SSLContext | None, host: str = HOST, seconds: float = 5.0) -> Outcome:
    client = WebhookClient(networks_of(LOOPBACK), resolve=resolving([LOOPBACK]), trust=trust, seconds=seconds)
    return await client.post(f"https://{host}:{port}/hook", {"webhook-id": "evt_1"}, b"{}")


# --- DNS rebinding ---


@pytest.mark.parametrize("later", [[LOOPBACK], [GLOBAL, LOOPBACK], ["::ffff:127.0.0.1"], []])
async def test_a_name_that_moves_to_a_private_address_is_refused_at_the_attempt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, later: list[str]
) -> None:
    async with (
        receiving() as receiver,
        filled_feed(tmp_path, resolve=resolving([GLOBAL], later), networks="") as feed,
    ):
        monkeypatch.setattr(target, "USUAL_PORTS", (receiver.port,))
        await feed.endpoint(f"https://{HOST}:{receiver.port}/hook")
        await feed.put(A)
        await feed.serve()
        progress, log = await feed.progress(), await feed.log()
    assert [(each.failure, each.status) for each in log] == [("not-allowed", None)]
    assert (progress.cursor, progress.failures) == ("", 1)
    assert receiver.connections == 0


async def test_each_attempt_resolves_the_name_once_and_connects_to_what_it_was_told(tmp_path: Path) -> None:
    asked: list[tuple[str, int]] = []

    async def resolve(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return ["127.0.0.2", LOOPBACK]  # nobody listens on the first

    async with receiving() as receiver, filled_feed(tmp_path, resolve=resolve) as feed:
        await feed.endpoint(f"http://{HOST}:{receiver.port}/hook")
        asked.clear()
        await feed.put(A)
        await feed.serve()
        log = await feed.log()
    assert [each.status for each in log] == [204]
    assert receiver.requests[0].headers["host"] == f"{HOST}:{receiver.port}"
    assert asked == [(HOST, receiver.port)]


# --- TLS ---


async def test_the_urls_name_is_sent_as_sni_and_host_and_its_certificate_is_required(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    server, named = authority.server(HOST), []
    server.sni_callback = lambda _socket, name, _context: named.append(name)  # type: ignore[assignment]
    async with receiving(tls=server) as receiver:
        outcome = await posted(receiver.port, authority.client)
        other = await posted(receiver.port, authority.client, host="lain.kuburaya.example")
        unknown = await posted(receiver.port, None)
    assert (outcome.status, outcome.failure) == (204, None)
    assert [each.headers["host"] for each in receiver.requests] == [f"{HOST}:{receiver.port}"]
    assert named == [HOST, "lain.kuburaya.example", HOST]
    assert [(each.status, each.failure) for each in (other, unknown)] == [(None, Failure.TLS)] * 2


async def test_a_slow_handshake_ends_within_the_limit_and_leaves_no_connection(tmp_path: Path) -> None:
    left = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(1_000):
            pass
        left.set()
        writer.close()

    silence = await asyncio.start_server(silent, LOOPBACK, 0)
    async with silence:
        began = time.monotonic()
        outcome = await posted(silence.sockets[0].getsockname()[1], Authority(tmp_path).client, seconds=0.2)
        took = time.monotonic() - began
        async with asyncio.timeout(2):
            await left.wait()
    assert outcome.failure is Failure.TIMEOUT
    assert took < 1
