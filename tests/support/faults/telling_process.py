"""A process that tells decisions, lapsed questions, ideas and what a curator asks for, and may kill itself:
``python -m tests.support.faults.telling_process FOLDER WHERE``.

Each message goes to a person of its own, by e-mail. WHERE is as in `killed_process`. The provider counts what it takes
in the file `accepted`. Every run hears the same events again and goes through all phases, at the same machine times.
"""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.role import ContactRole
from services.notifications.reminders.asked.asking import Wanted
from services.notifications.sending import lane
from shared import clock
from shared.contracts.continuation import ContinuationState, RightExpiry, RightsKind, Use
from shared.contracts.contract import Payload
from shared.contracts.idea import IdeaChanged, IdeaStatus
from shared.contracts.innovation import WithdrawalState, WithdrawalStep
from shared.contracts.vocabulary import InnovationStatus
from shared.storage.stored import Fingerprint
from tests.support.fake_channel import MachineTime
from tests.support.faults.killed_process import kill_at
from tests.support.faults.sending_process import CountingChannel
from tests.support.notifications_service import (
    REGION,
    YEAR,
    NotificationsService,
    agency,
    agency_id,
    innovation,
    notifications_service,
    region,
)

NOW = datetime(2026, 9, 8, 3, tzinfo=UTC)  # a Tuesday, 10.00 in Pontianak, on which no duty tells anything
TODAY = NOW.date()
CURATOR = "Kurator"


def _innovation(
    what: str,
    withdrawal: WithdrawalStep | None = None,
    status: InnovationStatus = InnovationStatus.VERIFIED,
    **known: Any,  # noqa: ANN401 - fields by name
) -> Payload:
    payload = innovation(what, by=f"Dinas {what}", status=status, verified=NOW - timedelta(days=90))
    asked = WithdrawalState(number=1, step=withdrawal, since=NOW) if withdrawal else None
    continuation = ContinuationState(**known) if known else None
    return payload.model_copy(update={"withdrawal": asked, "continuation": continuation})


def _idea(id: str, status: IdeaStatus, received: datetime, to: str | None = None) -> IdeaChanged:
    return IdeaChanged(
        id=id,
        region=REGION,
        status=status,
        received_at=received,
        since=received,
        agency=agency_id(f"Dinas {to}") if to else None,
        handed_over=1 if to else 0,
    )


HEARD: dict[str, Payload] = {
    "follow-up": _innovation("follow-up", follow_up=1, follow_up_on=TODAY, follow_up_until=TODAY + timedelta(days=30)),
    "follow-up-lapsed": _innovation("follow-up-lapsed", use=Use.DORMANT, lapsed=1, lapsed_on=TODAY),
    "right-ends": _innovation(
        "right-ends",
        rights=(RightExpiry(number=1, kind=RightsKind.TRADEMARK, expires_on=TODAY + timedelta(days=90)),),
    ),
    "staff-leaves": _innovation("staff-leaves", staffed_until=TODAY + timedelta(days=20), staffing=1),
    "withdrawal-declined": _innovation("withdrawal-declined", WithdrawalStep.DECLINED),
    "withdrawn": _innovation("withdrawn", WithdrawalStep.DECIDED, InnovationStatus.WITHDRAWN),
    "idea-handed-over": _idea("handed-over", IdeaStatus.HANDED_OVER, NOW, "idea-handed-over"),
}
"""What the agency `Dinas <what>` is told, and the event that says so."""

BY_HAND = "on-request"
"""What the agency `Dinas on-request` is told because a curator asks for it, with the same key in every run."""

FOR_CURATORS: dict[str, Payload] = {
    "withdrawal-asked": _innovation("withdrawal-asked", WithdrawalStep.ASKED),
    "ideas-received": _idea("new", IdeaStatus.NEW, NOW - timedelta(days=1)),
}


async def main(folder: Path) -> None:
    """All phases."""
    begun = folder / "begun"
    if not begun.exists():
        begun.write_text(str(time.time_ns()), encoding="ascii")
    start = int(begun.read_text(encoding="ascii"))
    machine = MachineTime()
    setattr(clock, "time", machine)  # noqa: B010 - not exported: the tests' own clock
    email = CountingChannel(ChannelName.EMAIL, folder, has_receipts=False)
    machine.move_to(start)
    async with notifications_service(folder, at=NOW, channels={ChannelName.EMAIL: email}) as service:
        await tell(service)
        for minutes in (1, 5, 9):  # sent, repeated after a crash
            machine.move_to(start + round(minutes * 60e9))
            await service.parts.sender.run()


async def tell(service: NotificationsService) -> None:
    """Everything is heard, and put into messages."""
    await service.receive(region(), 1)
    everything = {**HEARD, **FOR_CURATORS}
    for number, what in enumerate((*everything, BY_HAND)):
        await service.receive(agency(f"Dinas {what}"), 10 + number)
        if what not in FOR_CURATORS and not await service.knows(what):
            await service.set_contact(what, of=[f"Dinas {what}"], email=f"{what}@dinas.example")
    if not await service.knows(CURATOR):
        await service.set_contact(CURATOR, of=(), email="kurator@kuburaya.example", role=ContactRole.CURATOR)
    for number, payload in enumerate(everything.values()):
        await service.receive(payload, 100 + number)
    wanted = Wanted(REGION, YEAR, (agency_id(f"Dinas {BY_HAND}"),))
    await service.parts.reminders.asking.ask("by-hand", wanted, "account-c", Fingerprint("body", "body"))
    for _ in range(2):  # what was being written when the last process ended is put aside first
        await service.parts.sweep.run()


if __name__ == "__main__":
    lane.MOST_OPEN = 1  # one message after the other, so that a kill catches one of them only
    if sys.argv[2] != "never":
        kill_at(sys.argv[2])
    asyncio.run(main(Path(sys.argv[1])))
