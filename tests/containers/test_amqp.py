"""Other systems at the broker: TLS on one port, a queue of their own, and nothing else."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aio_pika
import pytest_asyncio
from aio_pika.abc import AbstractConnection
from aiormq.abc import AbstractChannel
from aiormq.exceptions import ChannelAccessRefused

from tests.containers.compose import Compose
from tests.support.client import Regency
from tests.support.registry_samples import valid_evidence, valid_profile

PORTS = {"AMQP": 5672, "management": 15672, "Prometheus": 15692, "Erlang": 25672, "epmd": 4369, "TLS": 5671}


def subscriber(system: Compose, *words: str) -> Any:  # noqa: ANN401 - a JSON document
    """`satu subscriber …` in the one-shot container that has the administrator's secret."""
    done = system("run", "--rm", "--no-deps", "-T", "topology", "subscriber", *words)
    return json.loads(done.stdout) if "--json" in words else done.stdout


async def connected(system: Compose, given: dict[str, str]) -> AbstractConnection:
    """A connection with TLS that trusts the authority of `make secrets`."""
    context = ssl.create_default_context(cafile=str(system.secrets / "amqp_authority.pem"))
    url = f"amqps://{given['user']}:{given['password']}@127.0.0.1:{system.amqp_port}/"
    return await aio_pika.connect(url, ssl_context=context, timeout=20)


@pytest_asyncio.fixture
async def given(system: Compose, regency: Regency) -> AsyncIterator[dict[str, str]]:
    """A subscriber of the innovations of the test's region: its user, password and queue."""
    name = f"dasbor-{regency.code.replace('.', '-')}"
    words = ("add", name, "--subjects", "innovation", "--region", regency.code, "--json")
    yield await asyncio.to_thread(subscriber, system, *words)
    await asyncio.to_thread(subscriber, system, "remove", name)


async def test_a_subscriber_follows_its_region_and_can_do_nothing_else(
    system: Compose, regency: Regency, given: dict[str, str]
) -> None:
    agency = await regency.agency()
    innovation = await regency.draft(agency, valid_profile(), valid_evidence())
    await regency.submit(innovation, agency)

    async with await connected(system, given) as connection:
        channel = await connection.channel()
        queue = await channel.get_queue(given["queue"], ensure=False)
        types: list[str] = []
        async with asyncio.timeout(30), queue.iterator() as messages:
            async for message in messages:
                event = json.loads(message.body)
                assert (event["subject"], event["region"]) == (f"innovation/{innovation}", regency.code)
                types.append(event["type"])
                await message.ack()
                if event["type"] == "innovation.submitted":
                    break
        assert types[0] == "innovation.drafted"
        await refused(connection, given["queue"])


async def refused(connection: AbstractConnection, queue: str) -> None:
    """It may not declare, bind, publish, delete, or read what is another's."""
    attempts: list[Callable[[AbstractChannel], Awaitable[object]]] = [
        lambda it: it.queue_declare(f"{queue}.more", durable=True, arguments={"x-queue-type": "quorum"}),
        lambda it: it.exchange_declare(exchange="mine"),
        lambda it: it.queue_bind(queue, "innovation.events", "#"),
        lambda it: it.basic_publish(b"{}", routing_key="scoring.innovations"),
        lambda it: it.basic_publish(b"{}", exchange="innovation.events", routing_key="agency.retired"),
        lambda it: it.queue_delete(queue),
        lambda it: it.basic_get("scoring.innovations"),
    ]
    done: list[int] = []
    for number, attempt in enumerate(attempts):
        channel = await connection.channel(publisher_confirms=True)
        try:
            await attempt(await channel.get_underlay_channel())
        except ChannelAccessRefused:
            continue
        done.append(number)
    assert done == []


async def test_whoever_does_not_log_in_within_five_seconds_is_closed(system: Compose) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", system.amqp_port)

    async with asyncio.timeout(8):
        assert await reader.read() == b""
    writer.close()


def test_strangers_reach_nothing_of_the_broker_but_tls(system: Compose) -> None:
    networks = system.inspect(system.containers("rabbitmq")[0])[0]["NetworkSettings"]["Networks"]

    def open_at(network: str) -> set[str]:
        address = networks[f"{system.name}_{network}"]["IPAddress"]
        return {name for name, port in PORTS.items() if _answers(address, port)}

    assert open_at("subscribers") == {"TLS"}
    assert open_at("back") == PORTS.keys()


def _answers(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), timeout=5).close()
    except OSError:
        return False
    return True


def test_the_file_for_subscribers_raises_the_limit_of_open_files(system: Compose) -> None:
    files = ("-f", "docker-compose.yml", "-f", "docker-compose.amqp.yml")
    deployed = json.loads(system(*files, "config", "--format", "json").stdout)["services"]["rabbitmq"]

    assert deployed["ulimits"]["nofile"] == {"soft": 65536, "hard": 65536}
    assert [port["target"] for port in deployed["ports"]] == [5671]
