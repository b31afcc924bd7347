"""What an event about an innovation costs the ledger of obligations, by how many innovations its agency has already;
and what it costs to look at many obligations.

``python -m benchmarks.ledger [INNOVATIONS] [EVENTS] [AGENCIES]`` (default 2,000, 400 and 20,000): events handled per
second, one at a time and 16 at once, processor time and SQL statements per event, for agencies with 2 and with that
many innovations, in one run; then the full check at start and the look of every second over that many agencies.
Compare ratios, never rates of different runs. One at a time, every event waits for the disk twice.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from sqlite3 import Connection
from time import process_time

from services.notifications.contacts.succession.watch import ContactSuccessions
from services.notifications.handlers import Handlers
from services.notifications.kinds import KINDS
from services.notifications.known import KnownFacts
from services.notifications.known_commitments import KnownCommitments
from services.notifications.known_endpoints import KnownEndpoints
from services.notifications.obligations.catching_up import CatchingUp
from services.notifications.obligations.entering import Entering
from services.notifications.obligations.entries import EntryRepository
from services.notifications.obligations.ledger import Ledger
from services.notifications.obligations.reconcile import Reconciliation
from services.notifications.questions.ideas import IdeaRepository
from services.notifications.questions.known import QuestionRepository
from services.notifications.reminders.queue import SweepQueue
from shared.adapters.sqlite.commits import SWITCH_INTERVAL
from shared.adapters.sqlite.store import SqliteStore
from shared.clock import Clock, machine_seconds
from shared.contracts.agency import AGENCY_REGISTERED, AgencyRegistered
from shared.contracts.contract import AnyContract, Origin, Payload, draft
from shared.contracts.innovation import INNOVATION_SUBMITTED, Assignment, InnovationSubmitted
from shared.contracts.region import REGION_REGISTERED, Deadline, PolicyRevision, RegionRegistered
from shared.contracts.vocabulary import (
    AgencyKind,
    Classification,
    Form,
    Initiator,
    InnovationStatus,
    Nature,
    Stage,
    Zone,
)

NOW = datetime(2026, 6, 1, tzinfo=UTC)
REGION, YEAR = "61.12", 2026
AT_ONCE = 16
FEW = 2


class Bench:
    """The ledger on an empty file, without HTTP, bus and relay."""

    def __init__(self, file: Path) -> None:
        self.store = SqliteStore(file)
        clock, known_facts = Clock(NOW), KnownFacts(self.store)
        ledger = Ledger(self.store, known_facts, clock, lambda _: None)
        entering = Entering(EntryRepository(self.store), known_facts, ledger, lambda _: None)
        self.reconciliation = Reconciliation(self.store, known_facts, ledger, clock)
        self.catching_up = CatchingUp(known_facts, ledger, lambda: None)
        by_purpose = Handlers(
            known_facts,
            KnownEndpoints(self.store),
            ledger,
            entering,
            questions=QuestionRepository(self.store),
            ideas=IdeaRepository(self.store),
            successions=ContactSuccessions(self.store, known_facts, clock, SweepQueue()),
            commitments=KnownCommitments(self.store),
            facts_changed=self.catching_up.event.set,
            wake_region=lambda _: None,
        ).by_purpose()
        self._handlers = {type: handler for each in by_purpose.values() for type, handler in each.items()}
        self._sequence = 0

    async def hear(self, contract: AnyContract, id: str, payload: Payload) -> None:
        """Handle an event, newer than all before."""
        self._sequence += 1
        event = draft(contract, payload, REGION, Origin(NOW)).stamp(contract.subject, id, self._sequence)
        await self._handlers[event.type](event, payload)

    async def submit(self, agency: str, number: int, again: int = 0) -> None:
        """An innovation is submitted, for the n-th time."""
        id = f"{agency}-{number}"
        first = NOW + timedelta(minutes=number)
        await self.hear(
            INNOVATION_SUBMITTED,
            id,
            InnovationSubmitted(
                id=id,
                region=REGION,
                agency=agency,
                year=YEAR,
                assignments=(Assignment(agency=agency, year=YEAR, present=True),),
                status=InnovationStatus.SUBMITTED,
                name=f"Inovasi {number}",
                stage=Stage.PENERAPAN,
                initiator=Initiator.OPD,
                classification=Classification.PERANGKAT_DAERAH,
                nature=Nature.DIGITAL,
                form=Form.PELAYANAN_PUBLIK,
                main_affair="kesehatan",
                first_submitted_at=first,
                submitted_at=first + timedelta(hours=again),
                turn=1 + 2 * again,
                status_since=first + timedelta(hours=again),
            ),
        )

    async def begin(self, agencies: int) -> None:
        """Agencies, and then their region with a deadline."""
        await self.store.open(KINDS)
        for start in range(0, agencies, AT_ONCE):
            ids = [f"a{number:06}" for number in range(start, min(start + AT_ONCE, agencies))]
            made = [AgencyRegistered(id=id, region=REGION, name=id, kind=AgencyKind.DINAS) for id in ids]
            await asyncio.gather(*(self.hear(AGENCY_REGISTERED, each.id, each) for each in made))
        await self.decree(date(YEAR, 12, 31))
        await self.catching_up.run()

    async def decree(self, *deadlines: date) -> None:
        """The region's event with a deadline, moved so often."""
        policy = PolicyRevision(revision=1, from_year=2000, obliged_kinds=(AgencyKind.DINAS,))
        region = RegionRegistered(
            code=REGION,
            name="Kubu Raya",
            zone=Zone.WIB,
            catalogue="2026.1",
            policies=(policy,),
            deadlines=tuple(
                Deadline(year=YEAR, revision=number, date=day, set_at=NOW) for number, day in enumerate(deadlines, 1)
            ),
        )
        await self.hear(REGION_REGISTERED, REGION, region)

    def count(self, seen: list[str] | None) -> None:
        """Collect the statements on the file in `seen`, or no more."""
        for connection in (self.store._reader, self.store._commits._connection):  # noqa: SLF001 - nobody else counts
            assert isinstance(connection, Connection)
            connection.set_trace_callback(seen.append if seen is not None else None)


async def per_agency(folder: Path, innovations: int, events: int) -> tuple[float, float, float, float]:
    """Events per second one at a time, and 16 at once, milliseconds of processor time of the latter and statements of
    the former per event: half of them about new innovations, half about known ones that are submitted again."""
    bench = Bench(folder / f"{innovations}.sqlite")
    await bench.begin(1)
    for start in range(0, innovations, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, innovations))
        await asyncio.gather(*(bench.submit("a000000", number) for number in numbers))

    def work(place: int, round: int) -> tuple[int, int]:
        return (place % innovations, round) if place % 2 else (innovations + round * events + place, 0)

    seen: list[str] = []
    bench.count(seen)
    began = machine_seconds()
    for place in range(events):
        await bench.submit("a000000", *work(place, 1))
    single = events / (machine_seconds() - began)
    bench.count(None)
    began, cpu = machine_seconds(), process_time()
    for start in range(0, events, AT_ONCE):
        places = range(start, min(start + AT_ONCE, events))
        await asyncio.gather(*(bench.submit("a000000", *work(place, 2)) for place in places))
    parallel = events / (machine_seconds() - began)
    milliseconds = (process_time() - cpu) / events * 1000
    await bench.store.close()
    return single, parallel, milliseconds, len(seen) / events


async def looks(folder: Path, agencies: int) -> None:
    """A region's obligations: recomputed for a moved deadline, then looked at."""
    bench = Bench(folder / "looks.sqlite")
    await bench.begin(agencies)
    began, cpu = machine_seconds(), process_time()
    await bench.decree(date(YEAR, 12, 31), date(YEAR, 11, 30))
    handled, used = machine_seconds() - began, process_time() - cpu
    print(f"deadline moved: the handler {handled * 1000:8.1f} ms   of the processor {used * 1000:.1f} ms")
    began, cpu = machine_seconds(), process_time()
    await bench.catching_up.run()
    made, used = machine_seconds() - began, process_time() - cpu
    print(f"{agencies} obligations caught up {made:6.1f} s   of the processor {used:.1f} s   {agencies / made:.0f}/s")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = machine_seconds()
    await bench.reconciliation.check_everything()
    checked = machine_seconds() - began
    await bench.reconciliation.run()
    began = machine_seconds()
    for _ in range(100):
        await bench.reconciliation.run()
    looked = (machine_seconds() - began) / 100
    await bench.store.close()
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"check of everything         {checked:8.2f} s   peak memory {before:.0f} MB before, {after:.0f} MB after")
    print(f"look of every second        {looked * 1000:8.2f} ms")


async def main(innovations: int, events: int, agencies: int, folder: Path) -> None:
    print(f"{'innovations':>12} {'one by one/s':>13} {'16 at once/s':>13} {'cpu ms':>8} {'statements':>11}")
    figures = [await per_agency(folder, count, events) for count in (FEW, innovations)]
    for count, (single, parallel, cpu, statements) in zip((FEW, innovations), figures, strict=True):
        print(f"{count:>12} {single:>13.0f} {parallel:>13.0f} {cpu:>8.2f} {statements:>11.2f}")
    ratios = [many / few for few, many in zip(*figures, strict=True)]
    print(f"{'ratio':>12} {ratios[0]:>13.2f} {ratios[1]:>13.2f} {ratios[2]:>8.2f} {ratios[3]:>11.2f}")
    if agencies:
        await looks(folder, agencies)


if __name__ == "__main__":
    sys.setswitchinterval(SWITCH_INTERVAL)
    given = [int(each) for each in sys.argv[1:]]
    with tempfile.TemporaryDirectory() as scratch:
        innovations, events, agencies = (given + [2_000, 400, 20_000][len(given) :])[:3]
        asyncio.run(main(innovations, events, agencies, Path(scratch)))
