"""Registry, scoring and notifications as three processes on RabbitMQ and a server that speaks MongoDB's protocol."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import aio_pika
from aio_pika.abc import AbstractChannel

from benchmarks.load.job import Post, Queue
from benchmarks.peers.drafts import write
from benchmarks.system.child import Child, child, free_port
from benchmarks.system.data import AGENCIES, EMPTY, Stock, agency_ids, placed
from benchmarks.system.drafts import REGION_CODE, Heard, Registry, id_of
from benchmarks.system.embedded import curator_token
from benchmarks.system.measuring import System
from benchmarks.system.mongo import Mongo
from benchmarks.system.rabbit import Broker
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.contracts.topology import EVENTS, RUNGS, topology
from shared.runtime.process import running
from shared.settings import Settings, load
from tests.servers.mongo import fresh_database
from tests.servers.rabbit import Vhost

SERVICES = ("registry", "scoring", "notifications")


@dataclass(frozen=True)
class Servers:
    """The servers that all systems of a run share. together: our services run in one process, which is faster to start
    and enough to see that a benchmark runs."""

    mongo: Mongo
    broker: Broker
    together: bool = False

    @property
    def pids(self) -> dict[str, int | None]:
        """Name → process."""
        return {"store": self.mongo.pid, "broker": self.broker.pid}


class Distributed:
    """Our services on databases and a virtual host of their own, with the queues of these services only: one that
    nobody reads would only grow. folder: for keys and logs; driver: `motor` or `pymongo`; stock: innovations that are
    there already."""

    name = "satu inovasi"

    def __init__(self, servers: Servers, folder: Path, driver: str = "motor", stock: Stock = EMPTY) -> None:
        self._servers, self._folder, self._driver, self._stock = servers, folder, driver, stock
        self._names = () if servers.together else SERVICES
        subscriptions = [each for each in SUBSCRIPTIONS if servers.together or each.service in SERVICES]
        wanted = topology(subscriptions, RUNGS)
        self._vhost: Vhost = asyncio.run(servers.broker.rabbit.fresh_vhost(wanted=wanted))
        self._store = f"{fresh_database(servers.mongo.url)}_{{service}}"
        parts = urlsplit(self._vhost.url)
        self._bus = f"amqp://{{service}}:test-{{service}}@{parts.hostname}:{parts.port}{parts.path}"
        self.token = curator_token(self._settings())

    def _settings(self) -> Settings:
        """For one process with all three services, which fills the store."""
        return load(
            {}, data_dir=self._folder, port=0, store_url=self._store, bus_url=self._bus, mongo_driver=self._driver
        )

    async def prepared(self, names: dict[str, int]) -> dict[str, list[Post]]:
        """A region with what is in stock, and drafts: by name, how many. Returns what is to be submitted, by name."""
        stock = self._stock
        async with running(self._settings(), self._names) as process:
            heard, book = Heard(), Registry(process.resources["registry"])
            there = await book.submitted(await placed(book, stock), "stock")
            writers = agency_ids(stock)
            posts = {name: await book.drafts(REGION_CODE, writers, name, count) for name, count in names.items()}
            await heard.all(process, there + sum(names.values()))
        return posts

    async def backlog(self, count: int) -> None:
        """Hand in so many innovations with the registry alone, so that their events wait for the others."""
        async with running(self._settings(), ("registry",)) as process:
            registry = process.resources["registry"]
            ids = [id_of("agency", REGION_CODE, number) for number in range(AGENCIES)]
            await Registry(registry).submitted(((REGION_CODE, ids[n % AGENCIES]) for n in range(count)), "backlog")
            while await registry.store.owed_depth():  # noqa: ASYNC110 - a store has no event for it
                await asyncio.sleep(0.1)

    async def waiting(self, queue: str) -> int:
        """How many messages of a queue wait."""
        async with await aio_pika.connect(self._vhost.url) as connection:
            return await _ready(await connection.channel(), queue)

    async def drained(self, queue: str, patience: float) -> None:
        """Return when no message of a queue waits any more. patience: seconds."""
        async with asyncio.timeout(patience), await aio_pika.connect(self._vhost.url) as connection:
            channel = await connection.channel()
            while await _ready(channel, queue):  # noqa: ASYNC110 - nor has a broker
                await asyncio.sleep(0.1)

    @contextlib.contextmanager
    def running(self, *, scoring: int = 1, counts: Path | None = None, backlog: bool = False) -> Iterator[System]:
        """The services, ready, until the block ends. scoring: its replicas; counts: a folder where each process, told
        to by SIGUSR1, writes its statements; backlog: what waits for them is to be measured; else it is worked off."""
        with contextlib.ExitStack() as stack:
            names = ["registry", *(["scoring"] * scoring), "notifications"]
            if self._servers.together:
                names = ["", *(["scoring"] * (scoring - 1))]
            children: dict[str, Child] = {}
            for number, service in enumerate(names):
                name = (service or "registry") if service not in children else f"{service} {number}"
                children[name] = stack.enter_context(self._service(service, name, counts))
            system = System(
                self.name,
                children["registry"].url,
                self.token,
                {name: each.pid for name, each in children.items()} | self._servers.pids,
                Queue(self._vhost.url, EVENTS),
                {name: each.ready_after for name, each in children.items()},
                {name: each.url for name, each in children.items()},
            )
            if not backlog:
                system.settle()
            yield system

    def _service(self, service: str, name: str, counts: Path | None) -> contextlib.AbstractContextManager[Child]:
        """A process with the service; empty: with all."""
        port, admin = free_port(), free_port()
        module = ["shared.cli"] if counts is None else ["benchmarks.counted", str(counts / f"{name}.json")]
        environment = {
            "DATA_DIR": str(self._folder),
            "ADMIN_ADDRESS": f"127.0.0.1:{admin}",
            "LOG_FORMAT": "json",
            "STORE_URL": self._store,
            "BUS_URL": self._bus,
            "FILES_URL": "",
            "MONGO_DRIVER": self._driver,
        }
        verb = ["serve", service] if service else ["up"]
        command = [sys.executable, "-m", *module, *verb, "--port", str(port)]
        return child(name, command, port, self._folder / f"{name}.log", environment, ready="/health/ready")


async def _ready(channel: AbstractChannel, queue: str) -> int:
    declared = await channel.declare_queue(queue, passive=True)
    return declared.declaration_result.message_count or 0


class Peer:
    """A peer's services on databases and a virtual host of their own. package: below `benchmarks.peers`; python: the
    interpreter of their environment."""

    def __init__(self, servers: Servers, folder: Path, package: str, python: Path, services: Sequence[str]) -> None:
        self.name = package
        self._servers, self._folder, self._python, self._services = servers, folder, python, services
        self._vhost: Vhost = asyncio.run(servers.broker.rabbit.fresh_vhost(applied=False))
        url = fresh_database(servers.mongo.url)
        self._url, _, self._database = url.rpartition("/")

    async def prepared(self, names: dict[str, int]) -> dict[str, list[Post]]:
        """The same drafts as ours, written straight into its store."""
        return {
            name: write(f"{self._url}/", f"{self._database}_registry", AGENCIES, name, count)
            for name, count in names.items()
        }

    @contextlib.contextmanager
    def running(self) -> Iterator[System]:
        """Its services, ready, until the block ends."""
        with contextlib.ExitStack() as stack:
            children = {name: stack.enter_context(self._service(name)) for name in self._services}
            yield System(
                self.name,
                children["registry"].url,
                "none",
                {name: each.pid for name, each in children.items()} | self._servers.pids,
                Queue(self._vhost.url, EVENTS),
                {name: each.ready_after for name, each in children.items()},
            )

    def _service(self, service: str) -> contextlib.AbstractContextManager[Child]:
        port = free_port()
        app = f"benchmarks.peers.{self.name}.{service}:app"
        command = [str(self._python), "-m", "uvicorn", app, "--port", str(port), "--no-access-log"]
        environment = {
            "PEER_MONGODB_URL": f"{self._url}/",
            "PEER_DATABASE": self._database,
            "PEER_AMQP_URL": self._vhost.url,
        }
        return child(service, command, port, self._folder / f"{self.name}-{service}.log", environment, ready="/health")
