"""The sweep over many obligations: at rest, at a start, and in the morning on which a stage begins for some of them.

``python -m benchmarks.reminders [OBLIGATIONS] [FOLDER]`` (default 100,000). Each agency has one officer; a region has
200 agencies. At rest nothing is due, so the time is what a running service pays each second, and its memory must not
grow with the number of obligations.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import tempfile
import time
import tracemalloc
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from services.notifications.contacts.contact import Contact
from services.notifications.contacts.directory import ContactDirectory
from services.notifications.contacts.importing import ContactImporter
from services.notifications.contacts.repositories import contact_repository
from services.notifications.kinds import CONTACT, KINDS, KNOWN_AGENCY, KNOWN_REGION, MEMBERSHIP, OBLIGATION
from services.notifications.known import KnownFacts
from services.notifications.obligations.catching_up import CatchingUp
from services.notifications.obligations.ledger import Ledger
from services.notifications.obligations.reconcile import Reconciliation
from services.notifications.reminders.composition import Reminders
from services.notifications.reminders.mode import Mode
from services.notifications.reminders.queue import SweepQueue
from services.notifications.state import replaced
from shared.adapters.sqlite.commits import SWITCH_INTERVAL
from shared.adapters.sqlite.store import SqliteStore
from shared.clock import Clock, machine_seconds
from shared.contracts.agency import AgencyRegistered
from shared.contracts.region import Deadline, PolicyRevision, RegionRegistered
from shared.contracts.vocabulary import AgencyKind, Zone
from shared.ports.store import State
from shared.runtime.gc_tuning import collect_seldom

AGENCIES = 200  # of a region
TOLD = 5_000  # persons for whom a stage begins
YEAR, DEADLINE, SOONER = 2026, date(2026, 12, 31), date(2026, 10, 31)
SUNDAY = datetime(2026, 8, 30, 3, tzinfo=UTC)
MONDAY, TUESDAY = SUNDAY + timedelta(days=1), SUNDAY + timedelta(days=2)  # `before-60` of SOONER begins on that Tuesday


def region(code: str, deadline: date) -> RegionRegistered:
    """A region with one deadline."""
    policy = PolicyRevision(revision=1, from_year=2000, obliged_kinds=(AgencyKind.DINAS,))
    set_ = Deadline(year=YEAR, revision=1, date=deadline, set_at=SUNDAY)
    return RegionRegistered(
        code=code, name="Daerah", zone=Zone.WIB, catalogue="2026.1", policies=(policy,), deadlines=(set_,)
    )


class Running:
    """One process on the store."""

    def __init__(self, store: SqliteStore, clock: Clock) -> None:
        facts = KnownFacts(store)
        queue = SweepQueue()
        self.ledger = Ledger(store, facts, clock, lambda _: queue.nudge())
        self.facts = facts
        reconciliation = Reconciliation(store, facts, self.ledger, clock)
        reconciliation._checked_at = machine_seconds()  # noqa: SLF001 - what the ledger checks hourly is not measured here
        self.catching_up = CatchingUp(facts, self.ledger, queue.nudge)
        self.reminders = Reminders(
            store,
            facts,
            clock,
            ledger=self.ledger,
            catching_up=self.catching_up,
            reconciliation=reconciliation,
            importer=ContactImporter(store, facts, queue),
            queue=queue,
            messages_due=asyncio.Event(),
            log_only=False,
            has_channels=True,
            public_url="https://inovasi.example",
        )

    async def sweep(self) -> float:
        """One round of the loop; its seconds."""
        self.reminders.sweep._took = 0.0  # noqa: SLF001 - without the rest after a long sweep
        began = machine_seconds()
        await self.reminders.sweep.run_if_needed()
        return machine_seconds() - began

    async def timed(self, what: str) -> float:
        """One round of the loop, said on a line: seconds, and those of the processor, on a machine that others use."""
        cpu = time.process_time()
        seconds = await self.sweep()
        print(f"{what}: {seconds:.1f} s, of the processor {time.process_time() - cpu:.1f} s, peak {peak()} MiB")
        return seconds


async def fill(store: SqliteStore, clock: Clock, number: int) -> None:
    """Regions, agencies, obligations and contacts: one agency is made by the service, the others are copies of it."""
    running = Running(store, clock)
    contact = replaced(
        Contact.of(region="R0000", agencies=["A0000000"], name="Pengelola", email="p@dinas.example"),
        email_confirmed=True,
    )
    agency = AgencyRegistered(id="A0000000", region="R0000", name="Dinas", kind=AgencyKind.DINAS)
    await running.facts.keep_region(region("R0000", DEADLINE), 2)
    await running.facts.keep_agency(agency, 1)
    await running.ledger.recompute("A0000000", YEAR)
    await ContactDirectory(store).register("P0000000", contact)
    await contact_repository(store).change("P0000000", lambda _: (contact, None))
    for kind in (KNOWN_AGENCY, OBLIGATION, MEMBERSHIP, CONTACT):
        (sample,) = [each async for each in store.dump(kind.name)]
        async for batch in copies(sample, number):
            await store.load(kind.name, batch)
    for each in range((number + AGENCIES - 1) // AGENCIES):
        sooner = (each + 1) * AGENCIES > number - TOLD
        await running.facts.keep_region(region(f"R{each:04}", SOONER if sooner else DEADLINE), 2)
    (sample,) = [each async for each in store.dump(KNOWN_REGION.name) if each["_id"] == "R0000"]
    assert sample["_id"] == "R0000"
    await running.catching_up.run()


async def copies(sample: State, number: int) -> AsyncIterator[list[State]]:
    """The sample under other ids, and with another deadline for the last TOLD agencies."""
    text, batch = repr(sample), list[State]()
    for each in range(number):
        copy = text.replace("A0000000", f"A{each:07}").replace("P0000000", f"P{each:07}")
        copy = copy.replace("R0000", f"R{each // AGENCIES:04}").replace("p@dinas", f"p{each}@dinas")
        if (each // AGENCIES + 1) * AGENCIES > number - TOLD:
            copy = copy.replace(DEADLINE.isoformat(), SOONER.isoformat())
        batch.append({**eval(copy), "outbox": [], "outbox_since": None})
        if len(batch) == 1_000:
            yield batch
            batch = []
    if batch:
        yield batch


def peak() -> int:
    """Of the process, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


async def main(number: int, folder: Path) -> None:
    store, clock = SqliteStore(folder / "benchmark.sqlite"), Clock(SUNDAY)
    await store.open(KINDS)
    began = machine_seconds()
    await fill(store, clock, number)
    print(f"{number} obligations, agencies and officers made in {machine_seconds() - began:.0f} s")

    running = Running(store, clock)
    await running.reminders.alerting.set_mode(Mode.LIVE, (), "benchmark")
    await running.timed("start, every obligation is looked at for the first time")
    running = Running(store, clock)
    await running.timed("start of another process, everything is checked")

    tracemalloc.start()
    times = sorted([await running.sweep() for _ in range(20)])
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"at rest: {times[10] * 1000:.1f} ms, worst {times[-1] * 1000:.1f} ms, takes {most / 1024:.0f} KiB meanwhile")

    clock.move_to(MONDAY)
    await running.timed("a new day on which nothing is due")
    clock.move_to(TUESDAY)
    seconds = await running.timed("a morning on which a stage begins")
    messages = len((await store.find("message", {}, limit=TOLD + 1)).documents)
    print(f"that were {messages} messages, {messages / seconds:.0f} a second")
    times = sorted([await running.sweep() for _ in range(20)])
    print(f"at rest afterwards: {times[10] * 1000:.1f} ms")
    await Running(store, clock).timed(f"start of another process while a stage of {messages} is due")
    await store.close()


if __name__ == "__main__":
    sys.setswitchinterval(SWITCH_INTERVAL)
    collect_seldom()
    with tempfile.TemporaryDirectory() as scratch:
        asyncio.run(
            main(
                int(sys.argv[1]) if len(sys.argv) > 1 else 100_000,
                Path(sys.argv[2]) if len(sys.argv) > 2 else Path(scratch),
            )
        )
