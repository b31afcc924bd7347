"""`satu subscriber`: other systems that read events from a queue of their own. An administrator runs it."""

from __future__ import annotations

import json as json_
import secrets
import sys
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer

from shared.auth import keys
from shared.auth.policy import Role
from shared.cli.console import do, say, settings_for_command
from shared.contracts.topology import SUBSCRIBER, Topology, subscriber
from shared.faults import Flaw, Invalid, Misconfigured, NotFound
from shared.ports.subscribers import Subscribers, SubscriberState
from shared.runtime.servers import subscribers_of
from shared.settings import Settings, variable

_PASSWORD_BYTES = 24

Name = Annotated[str, typer.Argument(help="The subscriber: lower-case letters, digits and hyphens.")]
Json = Annotated[bool, typer.Option("--json", help="As one JSON document.")]


def commands(app: typer.Typer) -> None:
    """Add `subscriber add`, `list`, `rotate`, `pause`, `resume` and `remove`."""
    group = typer.Typer(help="Other systems that read events from a queue of their own.", no_args_is_help=True)
    app.add_typer(group, name="subscriber")

    @group.command()
    def add(
        name: Name,
        *,
        subjects: Annotated[str, typer.Option(help="The kinds of subject to read, such as innovation,obligation.")],
        region: Annotated[str | None, typer.Option(help="Of this region only, such as 61.12.")] = None,
        province: Annotated[str | None, typer.Option(help="Of all regions of a province only, such as 61.")] = None,
        json: Json = False,
    ) -> None:
        """Create a user and a bounded queue, and print the password, which is shown only now; with the operator's key
        at hand, also a token for the feed."""
        settings, broker = settings_for_command(), _broker()
        kinds = tuple(sorted({each.strip() for each in subjects.split(",") if each.strip()}))
        state = SubscriberState(name, kinds, region or "", province or "")
        password = secrets.token_urlsafe(_PASSWORD_BYTES)
        do(broker.add(_wanted(state), password))
        _hand_out(settings, state, password, json=json)

    @group.command("list")
    def list_(*, json: Json = False) -> None:
        """Print a line for each subscriber, as the broker has it; the figures are up to some seconds old."""
        found = do(_broker().all())
        if json:
            say(json_.dumps([asdict(each) for each in found]))
            return
        for each in found:
            say(f"{each.name}  {each.figures}  ({each.scope})")

    @group.command()
    def rotate(name: Name, *, json: Json = False) -> None:
        """Replace the password and print it, then close the connections that were opened with the former one."""
        settings, broker = settings_for_command(), _broker()
        state = do(_found(broker, name))
        password = secrets.token_urlsafe(_PASSWORD_BYTES)
        closed = do(broker.rotate(name, password))
        sys.stderr.write(f"{closed} connections closed; a former feed token ends with: satu token revoke JTI\n")
        _hand_out(settings, state, password, json=json)

    @group.command()
    def pause(name: Name) -> None:
        """Stop it from reading, and close its connections. Its queue stays, and drops its oldest when it is full."""
        say(f"{name}: paused, {do(_broker().pause(name))} connections closed; satu subscriber resume {name}")

    @group.command()
    def resume(name: Name) -> None:
        """Let a paused subscriber read again."""
        do(_broker().resume(name))
        say(f"{name}: may read again")

    @group.command()
    def remove(name: Name) -> None:
        """Delete its user and its queue with all that is in it, and close its connections."""
        closed = do(_broker().remove(name))
        say(f"{name}: removed, {closed} connections closed; its feed token ends with: satu token revoke JTI")


def _broker() -> Subscribers:
    """Raises Misconfigured where no broker is, or where its administrator's secret is not."""
    if url := variable("RABBITMQ_MANAGEMENT_URL"):
        return subscribers_of(url)
    if settings_for_command().bus_url.startswith("amqp"):
        fix = "only the administrator's container may; run: docker compose run --rm topology subscriber …"
        raise Misconfigured([Flaw("subscriber", "not-here", fix)])
    fix = (
        "the embedded bus has no queues for other systems; they read the feed over HTTP, for which each has a token: "
        "satu token issue --role subscriber --account NAME --subjects innovation,obligation"
    )
    raise Misconfigured([Flaw("subscriber", "embedded", fix)])


def _wanted(state: SubscriberState) -> Topology:
    """Raises Invalid."""
    try:
        return subscriber(state.name, state.subjects, region=state.region or None, province=state.province or None)
    except ValueError as error:
        raise Invalid([Flaw("subscriber", "invalid", str(error))]) from error


async def _found(broker: Subscribers, name: str) -> SubscriberState:
    for each in await broker.all():
        if each.name == name:
            return each
    raise NotFound(f"there is no subscriber {name}: satu subscriber list")


def _hand_out(settings: Settings, state: SubscriberState, password: str, *, json: bool) -> None:
    """Print what its owner needs; on standard error, what else is to be done."""
    user = f"{SUBSCRIBER}.{state.name}"
    given = {"user": user, "password": password, "queue": user, "subjects": state.scope}
    account = f"--account {user} --subjects {','.join(state.subjects)}"
    where = f" --region {state.region}" if state.region else ""
    where = f" --province {state.province}" if state.province else where
    if keys.private_path(settings.root).exists():
        grant = keys.Grant(user, Role.SUBSCRIBER, state.region or None, (), state.subjects, state.province or None)
        given["feed token"] = keys.issue(settings.root, grant, timedelta(days=keys.LONGEST.days))
    else:
        sys.stderr.write(f"a token for the feed: satu token issue --role subscriber {account}{where} --days 366\n")
    if json:
        say(json_.dumps(given))
        return
    for label, value in given.items():
        say(f"{label}: {value}")
