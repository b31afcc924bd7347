"""Chooses the engines by the schemes of their URLs: the only switch between embedded and distributed.

An adapter is imported in the method that needs it, so that an embedded process never loads a broker's client.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Collection
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from urllib.parse import unquote, urlsplit

from shared.adapters.sqlite.server_lock import claimed
from shared.contracts.subscriptions import SUBSCRIPTIONS, Subscription
from shared.ports.bus import Bus, SelfProvisioning
from shared.ports.files import Files
from shared.ports.store import Store
from shared.settings import Settings

_PREFETCH = 100
_SILENCE = 2.0  # seconds without a message after which a queue counts as empty


class Engines:
    """The engines of one process. Services with the same URL share a bus and files; every service has a store of its
    own. Nothing is open yet."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._buses: dict[str, Bus] = {}
        self._files: dict[str, Files] = {}

    def store(self, service: str) -> Store:
        """A service's store."""
        url = self._settings.store_of(service)
        if url.startswith("mongodb"):
            from shared.adapters.mongo.store import MongoStore  # noqa: PLC0415 - see above

            return MongoStore(url, driver=self._settings.mongo_driver)
        from shared.adapters.sqlite.store import SqliteStore  # noqa: PLC0415 - see above

        return SqliteStore(store_file(url, service))

    def bus(self, service: str) -> Bus:
        """The bus that a service uses."""
        url = self._settings.bus_of(service)
        if url not in self._buses:
            self._buses[url] = self._new_bus(url)
        return self._buses[url]

    def files(self, service: str) -> Files:
        """A service's evidence files."""
        url = self._settings.files_of(service)
        key = self._settings.store_of(service) if url == "gridfs:" else url
        if key not in self._files:
            self._files[key] = self._new_files(url, service)
        return self._files[key]

    def claim(self, service: str) -> AbstractContextManager[None]:
        """Lock the service's embedded store against other server processes; a distributed one needs no lock. Raises
        Misconfigured when another process has it."""
        url = self._settings.store_of(service)
        return nullcontext() if url.startswith("mongodb") else claimed(store_file(url, service))

    def tune(self, services: Collection[str]) -> None:
        """Set up the interpreter for the engines of these services: with an embedded one, a busy event loop must not
        starve the thread that commits."""
        settings = self._settings
        urls = [url for name in services for url in (settings.store_of(name), settings.bus_of(name))]
        if any(url.startswith("sqlite") for url in urls):
            from shared.adapters.sqlite.commits import SWITCH_INTERVAL  # noqa: PLC0415 - see above

            sys.setswitchinterval(SWITCH_INTERVAL)

    async def forget_events(self, services: Collection[str]) -> None:
        """Drop the messages to these services, which a restore has made obsolete; those to other services stay. On the
        embedded bus also retries and parked messages go; on a broker what waits on a rung is delivered later. Raises
        BusAway, QueueMissing."""
        queues: dict[str, list[Subscription]] = {}
        for each in SUBSCRIPTIONS:
            if each.service in services:
                queues.setdefault(self._settings.bus_of(each.service), []).append(each)
        await asyncio.gather(*(self._empty(url, them) for url, them in queues.items()))

    async def _empty(self, url: str, queues: list[Subscription]) -> None:
        bus = self._new_bus(url)
        await bus.open()
        try:
            if isinstance(bus, SelfProvisioning):
                await bus.empty(queues)
            else:
                await asyncio.gather(*(_drain(bus, each) for each in queues))
        finally:
            await bus.close()

    @staticmethod
    def _new_bus(url: str) -> Bus:
        if url.startswith("amqp"):
            from shared.adapters.rabbit.bus import RabbitBus  # noqa: PLC0415 - see above

            return RabbitBus(url)
        from shared.adapters.sqlite.bus import SqliteBus  # noqa: PLC0415 - see above

        return SqliteBus(sqlite_path(url))

    def _new_files(self, url: str, service: str) -> Files:
        if url.startswith("gridfs"):
            from shared.adapters.mongo.gridfs import MongoFiles  # noqa: PLC0415 - see above

            store = self._settings.store_of(service) if url == "gridfs:" else f"mongodb{url.removeprefix('gridfs')}"
            return MongoFiles(store, driver=self._settings.mongo_driver)
        from shared.adapters.folder import FolderFiles  # noqa: PLC0415 - see above

        return FolderFiles(Path(unquote(urlsplit(url).path)))


async def _drain(bus: Bus, subscription: Subscription) -> None:
    receiver = await bus.receive(subscription, prefetch=_PREFETCH)
    try:
        while True:
            async with asyncio.timeout(_SILENCE):
                delivery = await receiver.take()
            await receiver.ack(delivery)
    except TimeoutError:
        return  # nothing more came
    finally:
        await receiver.close()


def sqlite_path(url: str) -> Path:
    """The path in `sqlite:///relative` or `sqlite:////absolute` (as SQLAlchemy reads them)."""
    return Path(unquote(url.removeprefix("sqlite:///")))


def store_file(url: str, service: str) -> Path:
    """The file of a service's embedded store."""
    return sqlite_path(url) / f"{service}.sqlite"
