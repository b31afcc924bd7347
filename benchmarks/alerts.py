"""Alerts: a burst of persons with one alert each, from due to handed over, beside bare aiosmtplib on as many
connections, ``python -m benchmarks.alerts [PERSONS] [FOLDER]`` (default 5,000).

A burst at the end of quiet hours is written ahead, so that only the sender works then: the sender alone. The store is
the embedded default (SQLite, full sync); the SMTP server is aiosmtpd in a process of its own. Sweep and
sender run as the service's loops do, at the same time. Compare the ratio, never times of different runs or machines.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid5

from pydantic import SecretStr

from benchmarks.email import _serve, bare_rate
from services.notifications.application import Notifications
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.directory import ContactDirectory
from services.notifications.contacts.repositories import contact_repository
from services.notifications.kinds import KINDS, MESSAGE
from services.notifications.messages.repositories import message_repository
from services.notifications.metrics import RECORD_SECONDS
from services.notifications.reminders.mode import MODE_ID, AlertingMode, Mode
from services.notifications.reminders.repositories import alerting_repository
from services.notifications.sending.channel import HandOver
from services.notifications.settings import MailSettings
from services.notifications.state import replaced
from shared.adapters.folder import FolderFiles
from shared.adapters.sqlite.bus import SqliteBus
from shared.adapters.sqlite.commits import SWITCH_INTERVAL
from shared.adapters.sqlite.store import SqliteStore
from shared.clock import Clock, machine_ms, machine_seconds
from shared.contracts import event_types as contracts
from shared.contracts.agency import AGENCY_REGISTERED, AgencyRegistered
from shared.contracts.contract import AnyContract, Origin, Payload, draft
from shared.contracts.event import Event
from shared.contracts.region import REGION_REGISTERED, Deadline, PolicyRevision, RegionRegistered
from shared.contracts.vocabulary import AgencyKind, Zone
from shared.observability import logs
from shared.runtime.gc_tuning import collect_seldom
from shared.runtime.service import Resources
from shared.settings import Settings
from shared.storage.batches import in_parallel

CODE = "61.12"
BEFORE = datetime(2026, 10, 30, 1, tzinfo=UTC)  # nothing is due yet
DUE = datetime(2026, 11, 2, 1, tzinfo=UTC)  # Monday, 08.00 in Pontianak: 60 days before the deadline
TURNS = 3


class FixedClock(Clock):
    """Business time stands still."""

    at = BEFORE

    def now(self) -> datetime:
        return self.at


def event(contract: AnyContract, payload: Payload, id: str, sequence: int) -> tuple[Event, Payload]:
    """As a consumer receives it."""
    return contracts.decode_event(
        draft(contract, payload, CODE, Origin(BEFORE)).stamp(contract.subject, id, sequence).encode()
    )


async def fill(parts: Notifications, store: SqliteStore, persons: int) -> None:
    """A region, and as many agencies with one contact each."""
    policy = PolicyRevision(revision=1, from_year=2000, obliged_kinds=(AgencyKind.DINAS,))
    deadline = Deadline(year=2026, revision=1, date=date(2026, 12, 31), set_at=datetime(2026, 1, 5, tzinfo=UTC))
    region = RegionRegistered(
        code=CODE,
        name="Kabupaten Kubu Raya",
        zone=Zone.WIB_PONTIANAK,
        catalogue="2026.1",
        policies=(policy,),
        deadlines=(deadline,),
    )
    await parts.handlers.region(*event(REGION_REGISTERED, region, CODE, 1))  # type: ignore[arg-type]
    contacts, directory = contact_repository(store), ContactDirectory(store)

    async def one(number: int) -> None:
        agency = str(uuid5(UUID(int=1), str(number)))
        registered = AgencyRegistered(id=agency, region=CODE, name=f"Dinas Contoh {number}", kind=AgencyKind.DINAS)
        await parts.handlers.agency(*event(AGENCY_REGISTERED, registered, agency, number + 2))  # type: ignore[arg-type]
        person = str(uuid5(UUID(int=3), str(number)))
        contact = Contact.of(
            region=CODE, agencies=[agency], name=f"Pengelola {number}", email=f"opd{number}@dinas.example"
        )
        contact = replaced(contact, email_confirmed=True)
        await directory.register(person, contact)
        await contacts.change(person, lambda _: (contact, None))

    await in_parallel(range(persons), one)


async def burst(parts: Notifications, persons: int) -> tuple[float, float]:
    """Sweep and send at the same time; seconds until all messages are written, and until all are handed over."""
    begun, written, used = machine_seconds(), 0.0, time.process_time()

    async def sweep() -> None:
        nonlocal written
        await parts.sweep.run()
        written = machine_seconds() - begun

    sweeping = asyncio.create_task(sweep())
    sent = 0
    while sent < persons:
        await parts.messages_due.wait()
        parts.messages_due.clear()
        sent += await parts.sender.run()
        if sweeping.done():
            parts.messages_due.set()
        await asyncio.sleep(0.01)
    await sweeping
    took = machine_seconds() - begun
    print(
        f"CPU of a message, sweep and sender together         {(time.process_time() - used) / persons * 1000:8.2f} ms"
    )
    return written, took


async def delays(store: SqliteStore, begun: int) -> list[float]:
    """Seconds from the beginning of the burst to each hand-over, sorted."""
    rows = store.scan(MESSAGE.name, {}, ("attempts",))
    return sorted([(row["attempts"][0]["closed_at"] - begun) / 1000 async for row in rows])


def window(*parts: float) -> list[str]:
    """For each part of the attempts so far: the bound of the time from the provider's answer to our record, within
    which a crash would repeat the hand-over."""
    samples = [each for metric in RECORD_SECONDS.collect() for each in metric.samples if each.name.endswith("_bucket")]
    count = max(each.value for each in samples)
    return [f"{next(each.labels['le'] for each in samples if each.value >= part * count)} s" for part in parts]


async def main(persons: int, folder: Path) -> None:
    """Print the figures."""
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(there,), daemon=True)
    server.start()
    port = here.recv()
    store, clock = SqliteStore(folder / "notifications.sqlite"), FixedClock()
    settings = MailSettings(
        smtp_url=SecretStr(f"smtp://127.0.0.1:{port}"),
        mail_from="Satu Inovasi <satu@kuburaya.example>",
        mail_reply_to="kurator@kuburaya.example",
        public_url="https://inovasi.kuburaya.example",
    )
    world = Resources(
        store=store,
        files=FolderFiles(folder / "files"),
        bus=SqliteBus(folder / "bus.sqlite"),
        clock=clock,
        settings=Settings(services=(settings,)),
    )
    parts = Notifications(world)
    try:
        await store.open(KINDS)
        await alerting_repository(store).change(MODE_ID, lambda _: (AlertingMode(mode=Mode.LIVE), None))
        begun = machine_seconds()
        await fill(parts, store, persons)
        print(f"filling the store with {persons} agencies and contacts   {machine_seconds() - begun:8.2f} s")
        await parts.sweep.run()
        clock.at = DUE
        began_ms = machine_ms()
        written, handed = await burst(parts, persons)
        found = await delays(store, began_ms)
        late = sum(each > 10 for each in found)
        print(f"all messages written after                          {written:8.2f} s")
        print(f"all handed over after                               {handed:8.2f} s   {persons / handed:6.0f}/s")
        half, most, last = found[len(found) // 2], found[int(len(found) * 0.99) - 1], found[-1]
        print(f"half / 99 % / last of the burst                     {half:8.2f} / {most:.2f} / {last:.2f} s")
        print(f"within 10 s of the beginning                        {1 - late / len(found):8.2%}")
        print(f"answer to our record, at most for half / 99 %       {'/'.join(window(0.5, 0.99)):>8}")
        await compare(parts, store, port, persons / handed)
    finally:
        await parts.close()
        await store.close()
        server.terminate()


async def compare(parts: Notifications, store: SqliteStore, port: int, burst_rate: float) -> None:
    """The sender alone, on messages that are written, beside bare aiosmtplib with the same mails."""
    ids = [row.id async for row in store.scan(MESSAGE.name, {}, ())]

    async def again(id: str) -> None:
        def reset(state: dict | None) -> tuple[dict, None]:  # type: ignore[type-arg]
            assert state is not None
            return {**state, "status": "waiting", "due": machine_ms(), "attempts": [], "trying_since": None}, None

        await store.change(MESSAGE.name, id, reset)

    alone, ours = 0.0, 0.0
    for _ in range(TURNS):  # the best one, as of bare aiosmtplib
        await in_parallel(ids, again)
        begun, used = machine_seconds(), time.process_time()
        sent = await parts.sender.run()
        rate = sent / (machine_seconds() - begun)
        if rate > alone:
            alone, ours = rate, (time.process_time() - used) / sent * 1000
    page = await message_repository(store).list({}, limit=200, after=None)
    mails: list[HandOver] = []
    for each in await parts.preparation.batch(page.items):
        content = each.render(each.channels[0], None)
        mails.append(HandOver(f"{each.found.id}/1", content.to, content.name, content, 3600))
    used = time.process_time()
    bare = max([await bare_rate(port, mails * 10) for _ in range(TURNS)])
    theirs = (time.process_time() - used) / (len(mails) * 10 * TURNS) * 1000
    print(f"bare aiosmtplib, mails composed before              {bare:8.0f}/s")
    print(f"the sender alone                                    {alone:8.0f}/s   {alone / bare:6.0%} of bare")
    print(f"all handed over after, had they been written ahead  {len(ids) / alone:8.2f} s")
    print(f"CPU of a message, sender / bare                     {ours:8.2f} / {theirs:.2f} ms")
    print(f"sweep and sender together                           {burst_rate:8.0f}/s   {burst_rate / bare:6.0%} of bare")


if __name__ == "__main__":
    sys.setswitchinterval(SWITCH_INTERVAL)
    collect_seldom()
    logs.configure("json", "error")
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as scratch:
        asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000, Path(scratch)))
