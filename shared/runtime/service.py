"""The parts of a service, as its composition root declares them.

Each `services/<name>/main.py` has one function ``compose(world) -> Service``; `shared/runtime/process.py` opens the
adapters, runs what the Service declares and stops it again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from fastapi import APIRouter

from shared.clock import Clock
from shared.messaging.handlers import Handler
from shared.ports.bus import Bus
from shared.ports.files import Files
from shared.ports.store import Kind, Store
from shared.settings import Settings


@dataclass(frozen=True)
class World:
    """What every service is given: its own store, the bus, the files, the clock and the settings. Nothing is open
    yet."""

    store: Store
    files: Files
    bus: Bus
    clock: Clock
    settings: Settings


@dataclass(frozen=True)
class Loop:
    """A question asked again and again. every: seconds between the end of one run and the next; wake (if given):
    setting it makes the next run begin at once; the runner clears it."""

    name: str
    every: float
    run: Callable[[], Awaitable[None]]
    wake: asyncio.Event | None = None


@dataclass(frozen=True)
class RestoreFacts:
    """What a service must know after its documents were put back from a backup. backup_at, restored_at: machine time;
    ledger_kept: its ledgers were still there and were merged, so that what happened since the backup is known; False
    after the loss of a disk: what was sent between the two times is unknown."""

    backup_at: datetime
    restored_at: datetime
    ledger_kept: bool


@dataclass(frozen=True)
class Service:
    """name: `registry`; kinds: its documents; router: its HTTP routes below `/<name>/v1`; handlers: for each
    subscription's purpose, event type → handler (every type of the subscription must be there); start: runs once the
    store is open and before anything else (checks that refuse to start raise Misconfigured); resyncable: the kinds
    whose documents owe events, none: all kinds (a document that never owed one is passed over); ledger_kinds: records
    of what left the system, which a restore merges and never rolls back; after_restore: runs when a restore has put
    the documents in place, before the service starts again."""

    name: str
    kinds: tuple[Kind, ...]
    router: APIRouter
    handlers: Mapping[str, Mapping[str, Handler]] = field(default_factory=dict)
    loops: tuple[Loop, ...] = ()
    start: Callable[[], Awaitable[None]] | None = None
    resyncable: tuple[str, ...] = ()
    ledger_kinds: tuple[str, ...] = ()
    after_restore: Callable[[RestoreFacts], Awaitable[None]] | None = None
