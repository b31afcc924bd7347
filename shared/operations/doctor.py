"""The checks of `satu doctor`. Each problem is named with the command or the step that solves it.

A service adds checks of its own: `services/<name>/doctor.py` has a function ``checks(settings) -> list[Check]``.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from shared.auth import keys
from shared.auth.gates import read_keys
from shared.clock import Clock
from shared.contracts.subscriptions import SUBSCRIPTIONS, Subscription
from shared.faults import Away, Fault, QueueMissing
from shared.runtime.installed import optional_module
from shared.runtime.service import Resources, Service
from shared.settings import Settings

TIMEOUT = 5.0  # seconds for each check
_LEAST_FREE = 512 * 1024 * 1024  # bytes; one evening of uploads may fill less
_MOST_LAG = 60.0  # seconds
_MOST_SKEW = 5.0  # seconds between this clock and another


@dataclass(frozen=True)
class Check:
    """The result of one check. part: what was checked; found: a sentence; fix: what to do, empty when it passed."""

    part: str
    passed: bool
    found: str
    fix: str = ""


async def examine(settings: Settings, parts: list[tuple[Resources, Service]]) -> list[Check]:
    """Run every check. `parts` are not open yet; what is opened here is closed again, and nothing is changed."""
    done = [*_keys(settings), _disk(settings.root), *await _oidc(settings)]
    try:
        for resources, service in parts:
            done += [*await _store(resources, service), *await _bus(resources, service)]
            if (module := optional_module(service.name, "doctor")) is not None:
                done += cast("list[Check]", await module.checks(settings))
    finally:
        for resources, _ in parts:
            await resources.store.close()
            await resources.bus.close()
    return done


def _keys(settings: Settings) -> Iterator[Check]:
    known, unusable = read_keys(settings.keys)
    for name, reason in unusable.items():
        yield Check(f"key {name}", passed=False, found=reason, fix=f"remove {settings.keys / name}")
    if not known and not settings.oidc_issuer:
        yield Check("keys", passed=False, found=f"no public key in {settings.keys}", fix="satu token init")
    else:
        yield Check("keys", passed=True, found=f"{len(known)} public keys in {settings.keys}")
    private = keys.private_path(settings.root)
    if private.exists() and private.stat().st_mode & 0o077:
        found = f"other users may read {private}"
        yield Check("private key", passed=False, found=found, fix=f"chmod 600 {private}")


def _disk(root: Path) -> Check:
    place = root
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    found = f"{free // 1024 // 1024} MiB free at {place}"
    if free < _LEAST_FREE:
        return Check("disk", passed=False, found=found, fix="free some space, or move DATA_DIR to a larger disk")
    return Check("disk", passed=True, found=found)


async def _oidc(settings: Settings) -> list[Check]:
    """Whether the OIDC issuer answers."""
    if not settings.oidc_issuer:
        return []
    import httpx  # noqa: PLC0415 - slow to import; only where an issuer is configured

    try:
        async with httpx.AsyncClient(timeout=TIMEOUT) as client:
            answer = await client.get(f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration")
            answer.raise_for_status()
    except httpx.HTTPError as error:
        found = f"{settings.oidc_issuer}: {type(error).__name__}"
        fix = "check that the issuer runs, or correct OIDC_ISSUER"
        return [Check("OIDC issuer", passed=False, found=found, fix=fix)]
    return [Check("OIDC issuer", passed=True, found=f"{settings.oidc_issuer} answers")]


async def _store(resources: Resources, service: Service) -> list[Check]:
    part = f"{service.name} store"
    try:
        async with asyncio.timeout(TIMEOUT * 2):
            await resources.store.open(service.kinds)
            oldest = await resources.store.oldest_owed()
    except (Fault, TimeoutError) as error:
        fix = "start the database, or correct STORE_URL (satu config shows it)"
        return [Check(part, passed=False, found=str(error) or "no answer in time", fix=fix)]
    lag = 0.0 if oldest is None else (Clock.machine() - oldest).total_seconds()
    done = [Check(part, passed=True, found="answers")]
    if lag > _MOST_LAG:
        found = f"an event has waited {int(lag)} seconds to be published"
        fix = "check that the service and the bus run"
        done.append(Check(f"{service.name} outbox", passed=False, found=found, fix=fix))
    if lag < -_MOST_SKEW:
        found = f"an event is dated {int(-lag)} seconds in the future"
        done.append(Check("clock", passed=False, found=found, fix="set this machine's clock (NTP)"))
    return done


async def _bus(resources: Resources, service: Service) -> list[Check]:
    part = f"{service.name} bus"
    try:
        async with asyncio.timeout(TIMEOUT):
            await resources.bus.open()
            await resources.bus.ping()
    except (Away, TimeoutError) as error:
        fix = "start the broker, or correct BUS_URL (satu config shows it)"
        return [Check(part, passed=False, found=str(error) or "no answer in time", fix=fix)]
    queues = [await _queue(resources, each) for each in SUBSCRIPTIONS if each.service == service.name]
    return [Check(part, passed=True, found="answers"), *queues]


async def _queue(resources: Resources, subscription: Subscription) -> Check:
    part = f"queue {subscription.name}"
    try:
        state = await resources.bus.state(subscription)
    except QueueMissing:
        fix = "satu topology apply, then satu resync registry"
        return Check(part, passed=False, found="it does not exist", fix=fix)
    except Away as fault:
        return Check(part, passed=False, found=fault.detail, fix="run doctor again")
    if state.parked:
        fix = f"satu parked list --subscription {subscription.name}; solve what it names, then satu parked replay"
        return Check(part, passed=False, found=f"{state.parked} parked messages", fix=fix)
    lag = 0.0 if state.oldest is None else (Clock.machine() - state.oldest).total_seconds()
    if lag > _MOST_LAG:
        found = f"{state.ready} messages wait, the oldest for {int(lag)} seconds"
        fix = f"check that {subscription.service} runs: /health/ready says why not"
        return Check(part, passed=False, found=found, fix=fix)
    return Check(part, passed=True, found=f"{state.ready} messages wait")
