"""The life of a process: one service (`serve`) or all of them (`up`); in a test or a demonstration, inside another.

HTTP answers from the first moment; a service that still waits for its store says so. Nothing here knows which engines
there are.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Collection, Iterator
from dataclasses import dataclass, field

import structlog
from starlette.types import ASGIApp

from shared.auth.gates import gate_of
from shared.backoff import backoff
from shared.clock import Clock
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.faults import BusAway
from shared.observability import logs
from shared.ports.bus import Bus, SelfProvisioning
from shared.runtime.engines import Engines
from shared.runtime.host import Host
from shared.runtime.installed import chosen, composer
from shared.runtime.process_app import process_app
from shared.runtime.service import Service, World
from shared.settings import Settings, load
from shared.web.server import Server

log = structlog.get_logger("process")


@dataclass
class Running:
    """A process at work. url: where it answers; worlds, services: by name; over: set when it must end, `failure` says
    why (None: it was asked to)."""

    url: str
    port: int
    settings: Settings
    clock: Clock
    hosts: dict[str, Host]
    over: asyncio.Event = field(default_factory=asyncio.Event)
    failure: BaseException | None = None

    @property
    def worlds(self) -> dict[str, World]:
        """What each service was given."""
        return {name: host.world for name, host in self.hosts.items()}

    @property
    def services(self) -> dict[str, Service]:
        """The services as they were composed."""
        return {name: host.service for name, host in self.hosts.items()}

    def fail(self, error: BaseException) -> None:
        """End the process with this error."""
        if not self.over.is_set():
            self.failure = error
            self.over.set()


@contextlib.asynccontextmanager
async def running(
    settings: Settings,
    services: Collection[str] = (),
    *,
    clock: Clock | None = None,
    front: ASGIApp | None = None,
    wait: bool = True,
) -> AsyncIterator[Running]:
    """Run services in this process and loop until the block ends; then take them down in order.

    services: names, none for all that are installed; clock: of the whole process; front: answers what no service does
    (a demonstration's page); wait: give the block only when every service is open. Raises Misconfigured.
    """
    clock = clock or Clock(settings.business_time)
    engines = Engines(settings)
    hosts = {name: _host(name, engines, clock, settings) for name in chosen(services)}
    engines.tune(hosts)
    with contextlib.ExitStack() as claims:
        for name in hosts:
            claims.enter_context(engines.claim(name))
        async with _working(hosts, settings, clock, front, wait=wait) as process:
            yield process


@contextlib.asynccontextmanager
async def _working(
    hosts: dict[str, Host], settings: Settings, clock: Clock, front: ASGIApp | None, *, wait: bool
) -> AsyncIterator[Running]:
    app = process_app(list(hosts.values()), gate_of(settings), front)
    server = Server(app, settings.host, settings.port, stop_seconds=settings.stop_seconds / 2)
    process = Running(server.url, server.port, settings, clock, hosts)
    await server.begin()
    log.info("process.started", url=server.url, services=list(hosts))
    starting = asyncio.create_task(_start(process), name="start")
    try:
        if wait:
            await starting
        yield process
    finally:
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        await server.end()
        await asyncio.gather(*(host.end() for host in hosts.values()))
        for world in process.worlds.values():
            await world.bus.close()
            await world.files.close()
        log.info("process.ended")


async def _start(process: Running) -> None:
    """Open all, then let each go to work as soon as it may."""

    async def start(host: Host) -> None:
        await host.open()
        await ready_bus(host.world.bus)
        host.begin(process.fail)

    try:
        async with asyncio.TaskGroup() as group:
            for host in process.hosts.values():
                group.create_task(start(host), name=f"start {host.service.name}")
    except BaseExceptionGroup as errors:
        first = errors.exceptions[0]
        process.fail(first)
        raise first from None


async def ready_bus(bus: Bus) -> None:
    """Open the bus; one that can make its own queues makes them. Any other that is away is opened again by whoever
    needs it, as often as it takes."""
    if not isinstance(bus, SelfProvisioning):
        with contextlib.suppress(BusAway):
            await bus.open()
        return
    for wait in backoff():
        try:
            await bus.open()
            await bus.apply(SUBSCRIPTIONS)
        except BusAway as fault:
            log.warning("process.waits", part="bus", reason=fault.detail, seconds=wait)
            await asyncio.sleep(wait)
        else:
            return


def compose(name: str, engines: Engines, clock: Clock, settings: Settings) -> tuple[World, Service]:
    """A service with its world, nothing open. Raises Misconfigured."""
    build = composer(name)
    world = World(engines.store(name), engines.files(name), engines.bus(name), clock, settings)
    return world, build(world)


def _host(name: str, engines: Engines, clock: Clock, settings: Settings) -> Host:
    world, service = compose(name, engines, clock, settings)
    return Host(service, world)


@contextlib.asynccontextmanager
async def opened(name: str, settings: Settings | None = None) -> AsyncIterator[World]:
    """For a command: a service's world with its store open, nothing else. Raises Misconfigured, StoreAway."""
    async with opened_service(name, settings) as (world, _):
        yield world


@contextlib.asynccontextmanager
async def opened_service(name: str, settings: Settings | None = None) -> AsyncIterator[tuple[World, Service]]:
    """As `opened`, with the service as it was composed."""
    settings = settings or load()
    world, service = compose(name, Engines(settings), Clock(settings.business_time), settings)
    await world.store.open(service.kinds)
    try:
        yield world, service
    finally:
        await world.store.close()


async def run(settings: Settings, services: Collection[str] = ()) -> None:
    """Run until SIGTERM or SIGINT, or until something fails that must not; that is then raised."""
    logs.configure(settings.log_format, settings.log_level)
    with signalled() as asked:
        async with running(settings, services, wait=False) as process:
            waits = [asyncio.create_task(event.wait()) for event in (asked, process.over)]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for each in waits:
                each.cancel()
            log.info("process.ending", asked=asked.is_set())
    if process.failure is not None:
        raise process.failure


@contextlib.contextmanager
def signalled() -> Iterator[asyncio.Event]:
    """An event that is set by SIGTERM or SIGINT."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    caught = (signal.SIGTERM, signal.SIGINT)
    for each in caught:
        loop.add_signal_handler(each, asked.set)
    try:
        yield asked
    finally:
        for each in caught:
            loop.remove_signal_handler(each)
