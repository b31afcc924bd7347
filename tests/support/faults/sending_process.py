"""A process that sends, and may kill itself: ``python -m tests.support.faults.sending_process FOLDER WHERE``.

It tells three overdue agencies: by WhatsApp, without any receipt; after 16 minutes by e-mail; then the receipts of all
hand-overs arrive, one of which is a bounce. WHERE is as in `killed_process`. Both providers count what they take in the
file `accepted` (durable, one line for each), so that nothing is forgotten when the process is killed. Every run goes
through all phases, at the same machine times.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.messages.answer import Answer
from services.notifications.messages.receipt import Receipt
from services.notifications.sending import lane
from services.notifications.sending.channel import HandOver
from shared import clock
from tests.support.fake_channel import FakeChannel, MachineTime
from tests.support.faults.killed_process import kill_at
from tests.support.notifications_service import NotificationsService, agency, notifications_service, passed, region
from tests.unit.notifications.sending.conftest import NOON

PEOPLE = ("Budi", "Sari", "Tono")
BOUNCED = "Tono"
ACCEPTED = "accepted"


class CountingChannel(FakeChannel):
    """Counts in a file what it takes."""

    def __init__(self, name: ChannelName, folder: Path, *, has_receipts: bool) -> None:
        super().__init__(name, has_receipts=has_receipts, at_once=1)
        self._file = folder / ACCEPTED

    async def hand_over(self, message: HandOver) -> Answer:
        """Count durably, then answer."""
        with self._file.open("a", encoding="ascii") as file:
            file.write(f"{self.name} {message.attempt}\n")
            file.flush()
            os.fsync(file.fileno())
        return await super().hand_over(message)


def taken(folder: Path) -> list[tuple[str, str]]:
    """(channel, attempt) of everything that the providers took, in order."""
    lines = (folder / ACCEPTED).read_text(encoding="ascii").splitlines()
    return [(channel, attempt) for channel, _, attempt in (line.partition(" ") for line in lines)]


async def main(folder: Path) -> None:
    """All phases."""
    begun = folder / "begun"
    if not begun.exists():
        begun.write_text(str(time.time_ns()), encoding="ascii")
    start = int(begun.read_text(encoding="ascii"))
    machine = MachineTime()
    setattr(clock, "time", machine)  # noqa: B010 - not exported: the tests' own clock

    def at(minutes: float) -> None:
        machine.move_to(start + round(minutes * 60e9))

    whatsapp = CountingChannel(ChannelName.WHATSAPP, folder, has_receipts=True)
    email = CountingChannel(ChannelName.EMAIL, folder, has_receipts=False)
    channels = {ChannelName.WHATSAPP: whatsapp, ChannelName.EMAIL: email}
    at(0)
    async with notifications_service(folder, at=NOON, channels=channels) as service:
        await tell(service)
        for minutes in (1, 5, 17, 21, 25):  # sent, repeated after a crash, by e-mail, repeated
            at(minutes)
            await service.parts.sender.run()
        await report(service, folder)
        at(30)
        await service.parts.sender.run()


async def tell(service: NotificationsService) -> None:
    """Three overdue agencies with one person each."""
    await service.receive(region(), 1)
    await service.receive(passed(), 2)
    for number, name in enumerate(PEOPLE):
        of = f"Dinas {name}"
        await service.receive(agency(of), 10 + number)
        if not await service.knows(name):
            await service.set_contact(
                name,
                of=[of],
                email=f"{name.lower()}@dinas.example",
                phone=f"+6281234567{number:03}",
                preferred=ChannelName.WHATSAPP,
                consent_whatsapp="1",
            )
    await service.parts.sweep.run()


async def report(service: NotificationsService, folder: Path) -> None:
    """WhatsApp reports all as delivered, but one number as wrong, whose mail comes back too."""
    receipts: list[Receipt] = []
    for message in await service.messages():
        name = await service.name_of(message.value.person)
        for attempt in message.value.attempts:
            wrong = name == BOUNCED
            state = {"state": "failed", "code": "131026", "answer": "recipient"} if wrong else {"state": "delivered"}
            if attempt.channel == "email" and not wrong:
                continue
            id = f"{message.id}/{attempt.number}"
            about = {"id": id, "channel": attempt.channel, "attempt": id, "at": 1}
            receipts.append(Receipt.model_validate(about | state))
    await service.parts.receipts.keep(receipts)
    await service.parts.apply_receipts()


if __name__ == "__main__":
    lane.MOST_OPEN = 1  # one message after the other, so that a kill catches one of them only
    if sys.argv[2] != "never":
        kill_at(sys.argv[2])
    asyncio.run(main(Path(sys.argv[1])))
