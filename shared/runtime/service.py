"""The parts of a service, as its composition root declares them.

Each `services/<name>/main.py` has one function ``compose(resources) -> Service``; `shared/runtime/process.py` opens the
engines, runs what the Service declares, and stops it again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from fastapi import APIRouter
from starlette.types import ASGIApp

from shared.clock import Clock
from shared.contracts.subscriptions import Subscription
from shared.messaging.handlers import Handler, RawHandler
from shared.observability.readiness import Readiness
from shared.ports.audit import AUDIT_KINDS
from shared.ports.bus import Bus
from shared.ports.files import Files
from shared.ports.store import Kind, ScanRow, Store
from shared.runtime.personal_data import PersonalData
from shared.runtime.regional import Regional
from shared.settings import Settings

CLOSED_KEY = "satu.closed"
"""The key in the scope of a request for pages of the reason why their service is not open. Absent when it is."""


@dataclass(frozen=True)
class Resources:
    """What every service is given: its own store, its files, the bus, the clock and the settings. Nothing is open
    yet."""

    store: Store
    files: Files
    bus: Bus
    clock: Clock
    settings: Settings


@dataclass(frozen=True)
class Loop:
    """A function that is run again and again. every: seconds from the end of one run to the next; wake: an event that,
    when set, starts the next run at once; the runner clears it."""

    name: str
    every: float
    run: Callable[[], Awaitable[None]]
    wake: asyncio.Event | None = None


@dataclass(frozen=True)
class RestoreFacts:
    """What a service must know after a restore from a backup. backup_at, restored_at: machine time; ledger_kept: its
    ledgers survived and were merged, so what was sent since the backup is known; False after the loss of a disk: what
    was sent between the two times is unknown. region: the code, of a backup of one region; None: of everything."""

    backup_at: datetime
    restored_at: datetime
    ledger_kept: bool
    region: str | None = None


@dataclass(frozen=True)
class Reference:
    """Where documents of one kind name subjects of another kind, of the same service or of another's events. After a
    restore these subjects must exist.

    kind: of the documents; subject: the kind that they name (`innovation`); fields: what `ids` reads; ids: the ids that
    a document names.
    """

    kind: str
    subject: str
    ids: Callable[[ScanRow], Iterable[str]]
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filling:
    """How a service comes to have what only others can give it again.

    subscription: that brings it; wanted: what lacks something, empty when nothing does: another text
    than before is filled at once, the same one after a while; done: called when the last events of all
    others have been handled.
    """

    subscription: Subscription
    wanted: Callable[[], Awaitable[str]]
    done: Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Service:
    """The parts of one service.

    name: `registry`; kinds: of its documents; router: its HTTP routes below `/<name>/v1`; handlers: by purpose of its
    subscriptions, event type → handler (for every type of the subscription); raw_handlers: by purpose of those
    subscriptions whose events are handled by envelope and bytes alone; before_taking: by purpose, awaited each time
    before messages are taken from the queue (it raises nothing); start: runs once the store is open and before
    anything else (it raises Misconfigured to refuse the start); stop: runs once the loops have ended and before the
    store is closed; stopping: called first when the process ends, so that those who wait go on; readiness: parts of
    its own, by name, for `/health/ready`; resyncable: the kinds whose documents have events, by default all;
    ledger_kinds: records of what left the system, which a restore merges and never rolls back; after_restore: runs
    when a restore has written the documents, before the service starts again; references: what its documents name
    that a restore must find; rebuilt_kinds: left out of backups and erased by a restore, for `filling` brings them
    back; personal_data: what it holds of persons, None for nothing (its kinds include ERASURE_KINDS); regional: what
    belongs to one region; pages: an application of HTML pages for all paths that no service and no `/health` has, at
    most one service has one (while the service is not open, requests have CLOSED_KEY in their scope); listening: called
    with the address of this process, once it listens.
    """

    name: str
    kinds: tuple[Kind, ...]
    router: APIRouter
    handlers: Mapping[str, Mapping[str, Handler]] = field(default_factory=dict)
    raw_handlers: Mapping[str, RawHandler] = field(default_factory=dict)
    before_taking: Mapping[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)
    loops: tuple[Loop, ...] = ()
    start: Callable[[], Awaitable[None]] | None = None
    stop: Callable[[], Awaitable[None]] | None = None
    stopping: Callable[[], None] | None = None
    readiness: Callable[[], Awaitable[Mapping[str, Readiness]]] | None = None
    resyncable: tuple[str, ...] = ()
    ledger_kinds: tuple[str, ...] = ()
    after_restore: Callable[[RestoreFacts], Awaitable[None]] | None = None
    references: tuple[Reference, ...] = ()
    rebuilt_kinds: tuple[str, ...] = ()
    filling: Filling | None = None
    personal_data: PersonalData | None = None
    regional: Regional = field(default_factory=Regional)
    pages: ASGIApp | None = None
    listening: Callable[[str], None] | None = None

    @property
    def resynced(self) -> tuple[str, ...]:
        """The kinds whose documents have events."""
        without = {*self.rebuilt_kinds, *(each.name for each in AUDIT_KINDS)}
        return self.resyncable or tuple(each.name for each in self.kinds if each.name not in without)

    def handlers_of(self, purpose: str) -> Mapping[str, Handler] | RawHandler:
        """What handles the events of one of its subscriptions. Raises KeyError when nothing does."""
        raw = self.raw_handlers.get(purpose)
        return self.handlers[purpose] if raw is None else raw
