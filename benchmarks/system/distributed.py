"""Registry, scoring and notifications as three processes on RabbitMQ and a server that speaks MongoDB's protocol."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.load.job import Post, Queue
from benchmarks.peers.drafts import write
from benchmarks.system.child import Child, child, free_port
from benchmarks.system.drafts import REGION_CODE, Heard, Registry
from benchmarks.system.embedded import curator_token
from benchmarks.system.measuring import System
from benchmarks.system.mongo import Mongo
from benchmarks.system.rabbit import Broker
from shared.contracts.topology import EVENTS
from shared.runtime.process import running
from shared.settings import Settings, load
from tests.servers.mongo import fresh_database
from tests.servers.rabbit import Vhost

SERVICES = ("registry", "scoring", "notifications")
AGENCIES = 40


@dataclass(frozen=True)
class Servers:
    """The servers that all systems of a run share."""

    mongo: Mongo
    broker: Broker

    @property
    def pids(self) -> dict[str, int | None]:
        """Name → process."""
        return {"store": self.mongo.pid, "broker": self.broker.pid}


class Distributed:
    """Our services on databases and a virtual host of their own. folder: for keys and logs; driver: `motor` or
    `pymongo`."""

    name = "satu inovasi"

    def __init__(self, servers: Servers, folder: Path, driver: str = "motor") -> None:
        self._servers, self._folder, self._driver = servers, folder, driver
        self._vhost: Vhost = asyncio.run(servers.broker.fresh_vhost())
        self._store = f"{fresh_database(servers.mongo.url)}_{{service}}"
        self.token = curator_token(self._settings())

    def _settings(self) -> Settings:
        """For one process with all three services, which fills the store."""
        parts = urlsplit(self._vhost.url)
        bus = f"amqp://{{service}}:test-{{service}}@{parts.hostname}:{parts.port}{parts.path}"
        return load({}, data_dir=self._folder, port=0, store_url=self._store, bus_url=bus, mongo_driver=self._driver)

    async def prepared(self, names: dict[str, int]) -> dict[str, list[Post]]:
        """A region, and drafts: by name, how many. Returns what is to be submitted, by name."""
        async with running(self._settings()) as process:
            heard, book = Heard(), Registry(process.resources["registry"])
            ids = await book.region(REGION_CODE, AGENCIES)
            posts = {name: await book.drafts(REGION_CODE, ids, name, count) for name, count in names.items()}
            await heard.all(process, sum(names.values()))
        return posts

    @contextlib.contextmanager
    def running(self, *, scoring: int = 1, counts: Path | None = None) -> Iterator[System]:
        """The services, ready, until the block ends. scoring: its replicas; counts: a folder where each process, told
        to by SIGUSR1, writes its statements."""
        with contextlib.ExitStack() as stack:
            names = ["registry", *(["scoring"] * scoring), "notifications"]
            children: dict[str, Child] = {}
            for number, service in enumerate(names):
                name = service if service not in children else f"{service} {number}"
                children[name] = stack.enter_context(self._service(service, name, counts))
            yield System(
                self.name,
                children["registry"].url,
                self.token,
                {name: each.pid for name, each in children.items()} | self._servers.pids,
                Queue(self._vhost.url, EVENTS),
                {name: each.ready_after for name, each in children.items()},
            )

    def _service(self, service: str, name: str, counts: Path | None) -> contextlib.AbstractContextManager[Child]:
        port, admin = free_port(), free_port()
        module = ["shared.cli"] if counts is None else ["benchmarks.counted", str(counts / f"{name}.json")]
        environment = {
            "DATA_DIR": str(self._folder),
            "ADMIN_ADDRESS": f"127.0.0.1:{admin}",
            "LOG_FORMAT": "json",
            "STORE_URL": self._store,
            "BUS_URL": self._vhost.url_of(service),
            "FILES_URL": "",
            "MONGO_DRIVER": self._driver,
        }
        command = [sys.executable, "-m", *module, "serve", service, "--port", str(port)]
        return child(name, command, port, self._folder / f"{name}.log", environment, ready="/health/ready")


class Peer:
    """A peer's services on databases and a virtual host of their own. package: below `benchmarks.peers`; python: the
    interpreter of their environment."""

    def __init__(self, servers: Servers, folder: Path, package: str, python: Path, services: Sequence[str]) -> None:
        self.name = package
        self._servers, self._folder, self._python, self._services = servers, folder, python, services
        self._vhost: Vhost = asyncio.run(servers.broker.fresh_vhost(applied=False))
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
