"""The doctor: asks every part, and names each trouble with the command that mends it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from shared.auth import keys
from shared.auth.gates import read_keys
from shared.clock import Clock
from shared.contracts.subscriptions import SUBSCRIPTIONS, Subscription
from shared.faults import Away, Fault, QueueMissing
from shared.runtime.service import Service, World
from shared.settings import Settings

_PATIENCE = 5.0  # seconds for each question
_LEAST_FREE = 512 * 1024 * 1024  # bytes: below, an evening of uploads may fill the disk
_MOST_LAG = 60.0  # seconds
_MOST_SKEW = 5.0  # seconds between this clock and another
_PORTS = {"smtp": 25, "starttls": 587, "smtps": 465}


@dataclass(frozen=True)
class Finding:
    """One question and its answer. cure: empty when it is well."""

    part: str
    well: bool
    says: str
    cure: str = ""


async def examine(settings: Settings, parts: list[tuple[World, Service]]) -> list[Finding]:
    """All that can be asked from here. Nothing is open yet; what is opened is closed again, and nothing is changed."""
    found = [*_keys(settings), _disk(settings.root), await _smtp(settings), await _oidc(settings)]
    try:
        for world, service in parts:
            found += [*await _store(world, service), *await _bus(world, service)]
    finally:
        for world, _ in parts:
            await world.store.close()
            await world.bus.close()
    return [each for each in found if each is not None]


def _keys(settings: Settings) -> Iterator[Finding]:
    known, unusable = read_keys(settings.keys)
    for name, reason in unusable.items():
        yield Finding(f"key {name}", well=False, says=reason, cure=f"remove {settings.keys / name}")
    if not known and not settings.oidc_issuer:
        yield Finding("keys", well=False, says=f"no public key in {settings.keys}", cure="satu token init")
    else:
        yield Finding("keys", well=True, says=f"{len(known)} public keys in {settings.keys}")
    private = keys.private_path(settings.root)
    if private.exists() and private.stat().st_mode & 0o077:
        yield Finding("private key", well=False, says=f"{private} is open to others", cure=f"chmod 600 {private}")


def _disk(root: Path) -> Finding:
    place = root
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    says = f"{free // 1024 // 1024} MiB free at {place}"
    if free < _LEAST_FREE:
        return Finding("disk", well=False, says=says, cure="make room, or move DATA_DIR to a larger disk")
    return Finding("disk", well=True, says=says)


async def _smtp(settings: Settings) -> Finding | None:
    url = settings.smtp_url.get_secret_value()
    if not url:
        return None
    parts = urlsplit(url)
    host, port = str(parts.hostname), parts.port or _PORTS[parts.scheme]
    try:
        async with asyncio.timeout(_PATIENCE):
            _, writer = await asyncio.open_connection(host, port)
            writer.close()
    except (OSError, TimeoutError) as error:
        says = f"{host}:{port} does not answer: {type(error).__name__}"
        return Finding("SMTP", well=False, says=says, cure="see that the mail server runs, or correct SMTP_URL")
    return Finding("SMTP", well=True, says=f"{host}:{port} answers")


async def _oidc(settings: Settings) -> Finding | None:
    """The issuer answers, and its clock and ours agree: tokens hold by the clock."""
    if not settings.oidc_issuer:
        return None
    try:
        async with httpx.AsyncClient(timeout=_PATIENCE) as client:
            answer = await client.get(f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration")
            answer.raise_for_status()
    except httpx.HTTPError as error:
        says = f"{settings.oidc_issuer}: {type(error).__name__}"
        return Finding("OIDC issuer", well=False, says=says, cure="see that it runs, or correct OIDC_ISSUER")
    return Finding("OIDC issuer", well=True, says=f"{settings.oidc_issuer} answers")


async def _store(world: World, service: Service) -> list[Finding]:
    part = f"{service.name} store"
    try:
        async with asyncio.timeout(_PATIENCE * 2):
            await world.store.open(service.kinds)
            oldest = await world.store.oldest_owed()
    except (Fault, TimeoutError) as error:
        cure = "start the database, or correct STORE_URL (satu config shows it)"
        return [Finding(part, well=False, says=str(error) or "no answer in time", cure=cure)]
    lag = 0.0 if oldest is None else (Clock.machine() - oldest).total_seconds()
    found = [Finding(part, well=True, says="answers")]
    if lag > _MOST_LAG:
        says = f"an event has been owed for {int(lag)} seconds"
        found.append(Finding(f"{service.name} outbox", well=False, says=says, cure="see that the service and bus run"))
    if lag < -_MOST_SKEW:
        says = f"an event is owed since {int(-lag)} seconds from now"
        found.append(Finding("clock", well=False, says=says, cure="set this machine's clock (NTP)"))
    return found


async def _bus(world: World, service: Service) -> list[Finding]:
    part = f"{service.name} bus"
    try:
        async with asyncio.timeout(_PATIENCE):
            await world.bus.open()
            await world.bus.ping()
    except (Away, TimeoutError) as error:
        cure = "start the broker, or correct BUS_URL (satu config shows it)"
        return [Finding(part, well=False, says=str(error) or "no answer in time", cure=cure)]
    queues = [await _queue(world, each) for each in SUBSCRIPTIONS if each.service == service.name]
    return [Finding(part, well=True, says="answers"), *queues]


async def _queue(world: World, subscription: Subscription) -> Finding:
    part = f"queue {subscription.name}"
    try:
        state = await world.bus.state(subscription)
    except QueueMissing:
        cure = "satu topology apply, then satu resync registry"
        return Finding(part, well=False, says="it does not exist", cure=cure)
    except Away as fault:
        return Finding(part, well=False, says=fault.detail, cure="run doctor again")
    if state.parked:
        cure = f"satu parked list --subscription {subscription.name}; mend what it names, then satu parked replay"
        return Finding(part, well=False, says=f"{state.parked} parked messages", cure=cure)
    lag = 0.0 if state.oldest is None else (Clock.machine() - state.oldest).total_seconds()
    if lag > _MOST_LAG:
        says = f"{state.ready} wait, the oldest for {int(lag)} seconds"
        return Finding(
            part, well=False, says=says, cure=f"see that {subscription.service} runs: /health/ready says why"
        )
    return Finding(part, well=True, says=f"{state.ready} wait")
