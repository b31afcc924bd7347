"""Runs services in a process: one (`serve`), all (`up`), or inside a test or the demo.

HTTP answers from the first moment; a service whose store is not open yet answers 503. Which engines are used is decided
in `engines`.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import structlog
from starlette.types import ASGIApp

from shared.auth.gates import gate_of
from shared.backoff import until_available
from shared.clock import Clock
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.faults import Away, BusAway, Misconfigured
from shared.observability import logs
from shared.ports.bus import Bus, SelfProvisioning
from shared.runtime.admin_app import admin_app
from shared.runtime.engines import Engines
from shared.runtime.filling import Filler, fillers
from shared.runtime.health import Health
from shared.runtime.installed import chosen, composer
from shared.runtime.process_app import process_app
from shared.runtime.service import Resources, Service
from shared.runtime.service_runner import ServiceRunner
from shared.settings import Settings, load
from shared.web.connections import ConnectionLimits
from shared.web.server import Server

LIMITS = ConnectionLimits()
_FILLER_SECONDS = 5.0  # for the step of a filling that is under way when the process ends

log = structlog.get_logger("process")


@dataclass
class Running:
    """A running process. url: where it answers; admin_url: where it answers operators; runners: by service; over: set
    when it must end; failure: the error that ends it (None: it was asked to end)."""

    url: str
    admin_url: str
    port: int
    settings: Settings
    clock: Clock
    runners: dict[str, ServiceRunner]
    over: asyncio.Event = field(default_factory=asyncio.Event)
    failure: BaseException | None = None

    @property
    def resources(self) -> dict[str, Resources]:
        """The resources of each service."""
        return {name: runner.resources for name, runner in self.runners.items()}

    @property
    def services(self) -> dict[str, Service]:
        """The services as they were composed."""
        return {name: runner.service for name, runner in self.runners.items()}

    def fail(self, error: BaseException) -> None:
        """End the process with this error; the first one counts."""
        if not self.over.is_set():
            self.failure = error
            self.over.set()


@contextlib.asynccontextmanager
async def running(
    settings: Settings,
    services: Collection[str] = (),
    *,
    clock: Clock | None = None,
    beside: Mapping[str, ASGIApp] | None = None,
    wait: bool = True,
) -> AsyncIterator[Running]:
    """Run services in this process until the block ends, then stop them in order.

    services: names, none for all that are installed; clock: of the whole process; front: an application for the paths
    that no service has, instead of a service's pages; wait: enter the block only when every service is open. Raises
    Misconfigured.
    """
    clock = clock or Clock(settings.business_time)
    engines = Engines(settings)
    runners = {name: _runner(name, engines, clock, settings) for name in chosen(services)}
    engines.tune(runners)
    with contextlib.ExitStack() as claims:
        for name in runners:
            claims.enter_context(engines.claim(name))
        async with _serving(runners, settings, clock, beside or {}, wait=wait) as process:
            yield process


@contextlib.asynccontextmanager
async def _serving(
    runners: dict[str, ServiceRunner], settings: Settings, clock: Clock, beside: Mapping[str, ASGIApp], *, wait: bool
) -> AsyncIterator[Running]:
    server, admin = _servers(list(runners.values()), settings, beside)
    process = Running(server.url, admin.url, server.port, settings, clock, runners)
    await asyncio.gather(server.begin(), admin.begin())
    for each in process.services.values():
        if each.listening is not None:
            each.listening(server.url)
    log.info("process.started", url=server.url, admin=admin.url, services=list(runners))
    starting = asyncio.create_task(_start(process), name="start")
    those = fillers(runners)
    filling = asyncio.create_task(_fill(those, starting), name="filling")
    try:
        if wait:
            await starting
        yield process
    finally:
        starting.cancel()
        await asyncio.gather(*(each.stop(_FILLER_SECONDS) for each in those))
        filling.cancel()
        await asyncio.gather(starting, filling, return_exceptions=True)
        for service in process.services.values():
            if service.stopping is not None:
                service.stopping()
        await asyncio.gather(server.end(), admin.end())
        await asyncio.gather(*(runner.end() for runner in runners.values()))
        for resources in process.resources.values():
            await resources.bus.close()
            await resources.files.close()
        log.info("process.ended")


def _servers(
    runners: Sequence[ServiceRunner], settings: Settings, beside: Mapping[str, ASGIApp]
) -> tuple[Server, Server]:
    """The public server and the operators' server, both bound. Raises Misconfigured when one of the ports is in use."""
    health, stop = Health(runners), settings.stop_seconds / 2
    app = process_app(runners, gate_of(settings), health, beside)
    limits = replace(LIMITS, most=settings.max_connections)
    server = Server(
        app,
        settings.host,
        settings.port,
        stop_seconds=stop,
        trusted_proxies=settings.trusted_proxies,
        limits=limits,
    )
    try:
        return server, Server(admin_app(health), *settings.admin, stop_seconds=stop, setting="ADMIN_ADDRESS")
    except Misconfigured:
        server.release()
        raise


async def _start(process: Running) -> None:
    """Open all services at once; each starts its workers as soon as it is open."""

    async def start(runner: ServiceRunner) -> None:
        await runner.open()
        await open_bus(runner.resources.bus)
        runner.begin(process.fail)

    try:
        async with asyncio.TaskGroup() as group:
            for runner in process.runners.values():
                group.create_task(start(runner), name=f"start {runner.service.name}")
    except BaseExceptionGroup as errors:
        first = errors.exceptions[0]
        process.fail(first)
        raise first from None


async def _fill(those: Sequence[Filler], starting: asyncio.Task[None]) -> None:
    """Once all services are open, keep those filled that need others for it, if all these are in this process."""
    await asyncio.shield(starting)
    async with asyncio.TaskGroup() as group:
        for filler in those:
            group.create_task(filler.run(), name=filler.name)


async def open_bus(bus: Bus) -> None:
    """Open the bus; create its queues if this process may. A broker that is away is not waited for: relay and consumers
    open it again as often as it takes."""
    if not isinstance(bus, SelfProvisioning):
        with contextlib.suppress(BusAway):
            await bus.open()
        return

    async def provision() -> None:
        await bus.open()
        await bus.apply(SUBSCRIPTIONS)

    def waits(fault: Away, seconds: float) -> None:
        log.warning("process.waits", part="bus", reason=fault.detail, seconds=seconds)

    await until_available(provision, waits)


def compose(name: str, engines: Engines, clock: Clock, settings: Settings) -> tuple[Resources, Service]:
    """A service with its resources; nothing is open. Raises Misconfigured."""
    build = composer(name)
    resources = Resources(engines.store(name), engines.files(name), engines.bus(name), clock, settings)
    return resources, build(resources)


def _runner(name: str, engines: Engines, clock: Clock, settings: Settings) -> ServiceRunner:
    resources, service = compose(name, engines, clock, settings)
    return ServiceRunner(service, resources)


@contextlib.asynccontextmanager
async def opened(name: str, settings: Settings | None = None) -> AsyncIterator[Resources]:
    """For a command: a service's resources with only the store open. Raises Misconfigured, StoreAway."""
    async with opened_service(name, settings) as (resources, _):
        yield resources


@contextlib.asynccontextmanager
async def opened_service(name: str, settings: Settings | None = None) -> AsyncIterator[tuple[Resources, Service]]:
    """As `opened`, with the service as it was composed."""
    settings = settings or load()
    resources, service = compose(name, Engines(settings), Clock(settings.business_time), settings)
    await resources.store.open(service.kinds)
    try:
        yield resources, service
    finally:
        await resources.store.close()


async def run(settings: Settings, services: Collection[str] = ()) -> None:
    """Run until SIGTERM or SIGINT, or until an error that ends the process; that error is raised."""
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
