"""`satu topology`: what must stand on the broker, and the users of broker and database. Run by an administrator."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated
from urllib.parse import unquote, urlsplit

import typer

from shared.adapters.rabbit.comparison import ProvisionReport
from shared.adapters.rabbit.management import Management
from shared.adapters.rabbit.provision import apply, check
from shared.cli.console import do, say, settings_for_command
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.contracts.topology import topology
from shared.faults import Flaw, Misconfigured, QueueMissing
from shared.ports.bus import AppliesItself, Bus
from shared.runtime.engines import Engines
from shared.runtime.installed import KNOWN
from shared.settings import Settings, variable

_PATIENCE = 60.0  # seconds that a broker which is still starting is waited for

Patience = Annotated[float, typer.Option(help="Seconds to wait for a broker that is still starting.")]


def commands(app: typer.Typer) -> None:
    """Brings `topology show`, `apply` and `check`."""
    room = typer.Typer(help="Exchanges, queues, bindings and users.", no_args_is_help=True)
    app.add_typer(room, name="topology")

    @room.command()
    def show() -> None:
        """Print the topology as RabbitMQ's definitions, as it is committed in deploy/topology."""
        typer.echo(topology().document(), nl=False)

    @room.command("apply")
    def apply_(patience: Patience = _PATIENCE) -> None:
        """Put it in place, with users and their rights; changes only what differs, and says what.

        RABBITMQ_MANAGEMENT_URL, MONGODB_URL and SECRETS_DIR say where; the administrator is `admin` unless the URL
        names another. Without them, the embedded bus gets its queues.
        """
        if not do(_apply(settings_for_command(), patience)):
            raise typer.Exit(1)

    @room.command("check")
    def check_(patience: Patience = 0.0) -> None:
        """Say what `apply` would do, and do nothing; exit status 1 when something differs."""
        if not do(_check(settings_for_command(), patience)):
            raise typer.Exit(1)


async def _apply(settings: Settings, patience: float) -> bool:
    url, mongo = variable("RABBITMQ_MANAGEMENT_URL"), variable("MONGODB_URL")
    if not url and not mongo:
        return await _apply_embedded(settings)
    fine, wanted = True, topology()
    # All secrets before the first step: what is missing is said before anything has been changed.
    for_broker = read_secrets(_secrets(), (user.name for user in wanted.users), prefix="rabbitmq_") if url else {}
    passwords = read_secrets(_secrets(), ("admin", *KNOWN), prefix="mongodb_") if mongo else {}
    if url:
        fine = _tell(await apply(_management(url), wanted, for_broker, patience=patience), "done")
    if mongo:
        from shared.adapters.mongo.users import apply_users  # noqa: PLC0415 - the driver only where there is a database

        admin = passwords.pop("admin")
        for change in await apply_users(mongo, admin, passwords, driver=settings.mongo_driver, patience=patience):
            say(f"done: {change}")
    return fine


async def _apply_embedded(settings: Settings) -> bool:
    async with _embedded(settings) as (_, queues):
        await queues.apply(SUBSCRIPTIONS)
    say("done: the queues of the embedded bus")
    return True


async def _check_embedded(settings: Settings) -> bool:
    missing: list[str] = []
    async with _embedded(settings) as (bus, _):
        for subscription in SUBSCRIPTIONS:
            try:
                await bus.state(subscription)
            except QueueMissing:
                missing.append(subscription.name)
    for name in missing:
        say(f"to do: queue {name}")
    if not missing:
        say("all in place")
    return not missing


@asynccontextmanager
async def _embedded(settings: Settings) -> AsyncIterator[tuple[Bus, AppliesItself]]:
    bus = Engines(settings).bus("tail")
    if not isinstance(bus, AppliesItself):
        raise Misconfigured([Flaw("RABBITMQ_MANAGEMENT_URL", "missing", "where the broker's management API is")])
    await bus.open()
    try:
        yield bus, bus
    finally:
        await bus.close()


async def _check(settings: Settings, patience: float) -> bool:
    url = variable("RABBITMQ_MANAGEMENT_URL")
    if not url:
        return await _check_embedded(settings)
    wanted = topology()
    folder = variable("SECRETS_DIR")
    passwords = None
    if folder:
        passwords = read_secrets(Path(folder), (user.name for user in wanted.users), prefix="rabbitmq_")
    return _tell(await check(_management(url), wanted, passwords, patience=patience), "to do")


def _tell(report: ProvisionReport, done: str) -> bool:
    for change in report.changes:
        say(f"{done}: {change}")
    for fault in report.faults:
        say(f"fault: {fault}")
    if report.in_place:
        say("all in place")
    return not report.faults and (done == "done" or not report.changes)


def _secrets() -> Path:
    folder = variable("SECRETS_DIR")
    if not folder:
        raise Misconfigured([Flaw("SECRETS_DIR", "missing", "the folder of the secret files; `make secrets` makes it")])
    return Path(folder)


def _management(url: str) -> Management:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Misconfigured([Flaw("RABBITMQ_MANAGEMENT_URL", "malformed", "must be http://host:port")])
    password = unquote(parts.password) if parts.password else ""
    if not password:
        password = read_secrets(_secrets(), ("admin",), prefix="rabbitmq_")["admin"]
    place = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    return Management(place, unquote(parts.username or "admin"), password)


def read_secrets(folder: Path, names: Iterable[str], *, prefix: str) -> dict[str, str]:
    """The passwords in the files `<folder>/<prefix><name>`, without line ends, by name; prefix: `rabbitmq_` or
    `mongodb_`. Raises Misconfigured with a flaw for each file that is missing or empty."""
    found: dict[str, str] = {}
    flaws: list[Flaw] = []
    for name in names:
        file = folder / f"{prefix}{name}"
        try:
            found[name] = file.read_text().strip()
        except OSError as error:
            flaws.append(
                Flaw(str(file), "secret-missing", f"cannot be read: {error.strerror}; `make secrets` makes it")
            )
            continue
        if not found[name]:
            flaws.append(Flaw(str(file), "secret-empty", "is empty; `make secrets` makes it"))
    if flaws:
        raise Misconfigured(flaws)
    return found
