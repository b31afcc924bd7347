"""`satu topology`: the exchanges, queues and bindings of the bus, and the users of broker and database. An
administrator runs it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import typer

from shared.cli.console import do, say, settings_for_command
from shared.contracts.subscriptions import SUBSCRIPTIONS, Subscription
from shared.contracts.topology import topology
from shared.faults import Flaw, Misconfigured, QueueMissing
from shared.ports.bus import Bus, SelfProvisioning
from shared.runtime.engines import Engines
from shared.runtime.installed import KNOWN
from shared.runtime.servers import (
    ServerReport,
    apply_to_broker,
    apply_to_database,
    check_broker,
    read_secrets,
    secrets_folder,
)
from shared.settings import Settings, variable

_PATIENCE = 60.0  # seconds to wait for a broker that is still starting

Without = Annotated[
    list[str] | None,
    typer.Option(help="A service that is not run here, such as `feed`: it gets neither a user nor queues."),
]
Patience = Annotated[float, typer.Option(help="Seconds to wait for a broker that is still starting.")]


def commands(app: typer.Typer) -> None:
    """Add `topology show`, `apply` and `check`."""
    group = typer.Typer(help="Exchanges, queues, bindings and users.", no_args_is_help=True)
    app.add_typer(group, name="topology")

    @group.command()
    def show() -> None:
        """Print the topology as RabbitMQ's definitions, as committed in deploy/topology."""
        typer.echo(topology().document(), nl=False)

    @group.command("apply")
    def apply_(patience: Patience = _PATIENCE, without: Without = None) -> None:
        """Apply the topology, with users and their rights; changes only what differs, and prints each change.

        RABBITMQ_MANAGEMENT_URL, MONGODB_URL and SECRETS_DIR say where; the administrator is `admin` unless the URL
        names another. Without them, the queues of the embedded bus are created. What the broker already has of a
        service that is left out by --without stays as it is, and so do the queues and users of subscribers.
        """
        if not do(_apply(settings_for_command(), patience, without or [])):
            raise typer.Exit(1)

    @group.command("check")
    def check_(patience: Patience = 0.0, without: Without = None) -> None:
        """Print what `apply` would change, and change nothing; exit status 1 when something differs."""
        if not do(_check(settings_for_command(), patience, without or [])):
            raise typer.Exit(1)


def _left_out(names: list[str]) -> tuple[str, ...]:
    """Raises Misconfigured for a service that others need, or that does not exist."""
    optional = sorted({each.service for each in SUBSCRIPTIONS if each.rebuilt})
    if unknown := sorted(set(names) - set(optional)):
        raise Misconfigured([Flaw("--without", "unknown", f"{unknown[0]!r} is not one of {', '.join(optional)}")])
    return tuple(names)


async def _apply(settings: Settings, patience: float, names: list[str]) -> bool:
    without = _left_out(names)
    url, mongo = variable("RABBITMQ_MANAGEMENT_URL"), variable("MONGODB_URL")
    if not url and not mongo:
        return await _apply_embedded(settings, without)
    fine, wanted = True, topology(without=without)
    # All secrets are read before the first change: a missing one must not leave half of it done.
    for_broker = read_secrets(secrets_folder(), (user.name for user in wanted.users), prefix="rabbitmq_") if url else {}
    stores = ("admin", *(name for name in KNOWN if name not in without))
    for_mongo = read_secrets(secrets_folder(), stores, prefix="mongodb_") if mongo else {}
    if url:
        report = await apply_to_broker(url, wanted, for_broker, patience=patience)
        fine = _print(report, "done")
        for line in _next_steps(report.changes):
            say(line)
    if mongo:
        for change in (await apply_to_database(mongo, for_mongo, settings, patience=patience)).changes:
            say(f"done: {change}")
    return fine


def _next_steps(changes: Collection[str]) -> list[str]:
    """The commands that fill what a new queue only keeps up to date from now on."""
    new = [each for each in SUBSCRIPTIONS if each.rebuilt and f"queue {each.name}" in changes]
    steps: list[str] = []
    for each in new:
        steps.append(f"next: {each.name} is new. Once the services run, fill it with what was before:")
        steps += [f"  docker compose exec {service} {command}" for service, command in each.refill]
    return steps


async def _apply_embedded(settings: Settings, without: tuple[str, ...]) -> bool:
    async with _embedded(settings) as (_, queues):
        await queues.apply(_subscriptions(without))
    say("done: the queues of the embedded bus")
    return True


async def _check(settings: Settings, patience: float, names: list[str]) -> bool:
    without, url = _left_out(names), variable("RABBITMQ_MANAGEMENT_URL")
    if not url:
        return await _check_embedded(settings, without)
    wanted = topology(without=without)
    folder = variable("SECRETS_DIR")
    passwords = None
    if folder:
        passwords = read_secrets(Path(folder), (user.name for user in wanted.users), prefix="rabbitmq_")
    return _print(await check_broker(url, wanted, passwords, patience=patience), "to do")


async def _check_embedded(settings: Settings, without: tuple[str, ...]) -> bool:
    missing: list[str] = []
    async with _embedded(settings) as (bus, _):
        for subscription in _subscriptions(without):
            try:
                await bus.state(subscription)
            except QueueMissing:
                missing.append(subscription.name)
    for name in missing:
        say(f"to do: queue {name}")
    if not missing:
        say("nothing differs")
    return not missing


def _subscriptions(without: tuple[str, ...]) -> tuple[Subscription, ...]:
    return tuple(each for each in SUBSCRIPTIONS if each.service not in without)


@asynccontextmanager
async def _embedded(settings: Settings) -> AsyncIterator[tuple[Bus, SelfProvisioning]]:
    bus = Engines(settings).bus("tail")
    if not isinstance(bus, SelfProvisioning):
        raise Misconfigured([Flaw("RABBITMQ_MANAGEMENT_URL", "missing", "the URL of the broker's management API")])
    await bus.open()
    try:
        yield bus, bus
    finally:
        await bus.close()


def _print(report: ServerReport, done: str) -> bool:
    """Print the report; whether all is well. done: `done` or `to do`."""
    for change in report.changes:
        say(f"{done}: {change}")
    for fault in report.faults:
        say(f"fault: {fault}")
    if not report.changes and not report.faults:
        say("nothing differs")
    return not report.faults and (done == "done" or not report.changes)
