"""The checks of `satu doctor`. Each problem is named with the command or the step that solves it.

A service adds checks of its own: `services/<name>/doctor.py` has a function ``checks(settings) -> list[Check]``.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass
from pathlib import Path

import structlog

from shared.auth import keys
from shared.auth.gates import read_keys
from shared.auth.revoked import NAME as REVOKED
from shared.auth.revoked import read_revoked
from shared.clock import Clock
from shared.contracts.subscriptions import SUBSCRIPTIONS, Subscription
from shared.faults import Away, Fault, Misconfigured, QueueMissing
from shared.ports.subscribers import SubscriberState
from shared.runtime.installed import optional_module
from shared.runtime.servers import subscribers_of
from shared.runtime.service import Resources, Service
from shared.settings import Settings, variable
from shared.storage.erasures.list import ErasureList

TIMEOUT = 5.0  # seconds for each check
_LEAST_FREE = 512 * 1024 * 1024  # bytes; one evening of uploads may fill less
_MOST_LAG = 60.0  # seconds
_MOST_SKEW = 5.0  # seconds between this clock and another

log = structlog.get_logger("doctor")


@dataclass(frozen=True)
class Check:
    """The result of one check. part: what was checked; found: a sentence; fix: what to do, empty when it passed."""

    part: str
    passed: bool
    found: str
    fix: str = ""


async def examine(settings: Settings, parts: list[tuple[Resources, Service]]) -> list[Check]:
    """Run every check. `parts` are not open yet; what is opened here is closed again, and nothing is changed. A check
    that itself fails is one line of the result, and the others go on."""
    done = [
        *(await _carried_out("keys", _keys(settings)) if parts or settings.keys.exists() else ()),
        *await _carried_out("disk", _disk(settings.root)),
        *await _carried_out("erasures", _erasures(settings, parts)),
        *await _carried_out("OIDC issuer", _oidc(settings)),
        *await _carried_out("subscribers", _subscribers(variable("RABBITMQ_MANAGEMENT_URL"))),
    ]
    try:
        for resources, service in parts:
            done += await _carried_out(f"{service.name} store", _store(resources, service))
            done += await _carried_out(f"{service.name} bus", _bus(resources, service))
            if (module := optional_module(service.name, "doctor")) is not None:
                done += await _carried_out(f"{service.name} doctor", module.checks(settings))
    finally:
        for resources, _ in parts:
            await resources.store.close()
            await resources.bus.close()
    return done


async def _carried_out(part: str, checks: Awaitable[list[Check]]) -> list[Check]:
    try:
        return await checks
    except PermissionError as error:
        found = f"may not read {error.filename}" if error.filename else str(error)
        fix = "run doctor as the user who owns it, or as the user of the server"
    except Exception as error:
        found, fix = (
            f"the check itself failed: {type(error).__name__}: {error}",
            "run doctor again with LOG_LEVEL=debug",
        )
        log.debug("doctor.check-failed", part=part, exc_info=error)
    return [Check(part, passed=False, found=found, fix=fix)]


async def _keys(settings: Settings) -> list[Check]:
    return [*_public_keys(settings), *_private_key(settings)]


def _public_keys(settings: Settings) -> Iterator[Check]:
    known, unusable = read_keys(settings.keys)
    for name, reason in unusable.items():
        yield Check(f"key {name}", passed=False, found=reason, fix=f"remove {settings.keys / name}")
    if not known and not settings.oidc_issuer:
        yield Check("keys", passed=False, found=f"no public key in {settings.keys}", fix="satu token init")
    else:
        yield Check("keys", passed=True, found=f"{len(known)} public keys in {settings.keys}")
    try:
        unreadable = read_revoked(settings.keys)[1]
    except OSError as error:
        unreadable = [error.strerror or str(error)]
    for reason in unreadable:
        file = settings.keys / REVOKED
        yield Check("revoked tokens", passed=False, found=f"{file}: {reason}", fix=f"correct the line in {file}")


def _private_key(settings: Settings) -> Iterator[Check]:
    private = keys.private_path(settings.root)
    try:
        mode = private.stat().st_mode
    except FileNotFoundError:
        return
    except PermissionError:  # the folder is its owner's alone, as it should be, and this user is another
        yield Check("private key", passed=True, found=f"{private.parent} is readable by its owner only")
        return
    if mode & 0o077:
        found = f"other users may read {private}"
        yield Check("private key", passed=False, found=found, fix=f"chmod 600 {private}")


async def _erasures(settings: Settings, parts: list[tuple[Resources, Service]]) -> list[Check]:
    """Whether the list of erasures can be read; without it no backup can be restored."""
    listed = ErasureList(settings.erasures)
    if all(service.personal_data is None for _, service in parts):
        return []
    if not listed.exists():
        found = f"no list of erasures at {listed.path}: a service begins it when it starts"
        return [Check("erasures", passed=True, found=found)]
    try:
        count = len(listed.read().entries)
    except Misconfigured as fault:
        fix = "put a copy of the file back, or correct the line"
        return [Check("erasures", passed=False, found=fault.detail, fix=fix)]
    return [Check("erasures", passed=True, found=f"{count} erasures in {listed.path}; keep a copy beside the keys")]


async def _disk(root: Path) -> list[Check]:
    place = root
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    found = f"{free // 1024 // 1024} MiB free at {place}"
    if free < _LEAST_FREE:
        return [Check("disk", passed=False, found=found, fix="free some space, or move DATA_DIR to a larger disk")]
    return [Check("disk", passed=True, found=found)]


async def _oidc(settings: Settings) -> list[Check]:
    """Whether the OIDC issuer answers."""
    if not settings.oidc_issuer:
        return []
    import httpx2  # noqa: PLC0415 - slow to import; only where an issuer is configured

    try:
        async with httpx2.AsyncClient(timeout=TIMEOUT) as client:
            answer = await client.get(f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration")
            answer.raise_for_status()
    except httpx2.HTTPError as error:
        found = f"{settings.oidc_issuer}: {type(error).__name__}"
        fix = "check that the issuer runs, or correct OIDC_ISSUER"
        return [Check("OIDC issuer", passed=False, found=found, fix=fix)]
    return [Check("OIDC issuer", passed=True, found=f"{settings.oidc_issuer} answers")]


async def _subscribers(url: str) -> list[Check]:
    """Other systems' queues. url: of the broker's management API, empty where its administrator's secret is not."""
    return [_subscriber(each) for each in await subscribers_of(url).all()] if url else []


def _subscriber(state: SubscriberState) -> Check:
    part = f"subscriber {state.name}"
    if state.incomplete:
        fix = f"satu subscriber remove {state.name}, then satu subscriber add {state.name} …"
        return Check(part, passed=False, found="its queue or its user is missing", fix=fix)
    if state.full:
        fix = f"tell its owner: the feed has what it drops; or satu subscriber remove {state.name}"
        return Check(part, passed=False, found=state.figures, fix=fix)
    return Check(part, passed=True, found=state.figures)


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
        return Check(part, passed=False, found="it does not exist", fix=subscription.cure)
    except Away as fault:
        return Check(part, passed=False, found=fault.detail, fix="run doctor again")
    if state.parked:
        fix = f"satu parked list --subscription {subscription.name}; solve what it names, then satu parked replay"
        return Check(part, passed=False, found=f"{state.parked} parked messages", fix=fix)
    lag = 0.0 if state.oldest is None else (Clock.machine() - state.oldest).total_seconds()
    if lag > _MOST_LAG:
        found = f"{state.ready} messages wait, the oldest for {int(lag)} seconds"
        fix = f"check that {subscription.service} runs: /health/ready at its ADMIN_ADDRESS says why not"
        return Check(part, passed=False, found=found, fix=fix)
    return Check(part, passed=True, found=f"{state.ready} messages wait")
