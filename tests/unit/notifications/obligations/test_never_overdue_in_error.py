"""Whatever is delayed, parked, repeated or overtaken at a deadline: who submitted in time is never found overdue."""

from __future__ import annotations

import asyncio
import os
import random
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.notifications.application import Notifications
from shared.contracts.contract import Payload
from shared.contracts.vocabulary import CountsWhen
from tests.support.notifications_service import (
    BEFORE,
    YEAR,
    agency,
    agency_id,
    innovation,
    innovation_id,
    notifications_service,
    passed,
    region,
)

LAST_SECOND = datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)
PUNCTUAL, LATE, IDLE = ("Tepat", "Tepat Sekali", "Ketiga"), ("Terlambat",), ("Diam",)
MORE = 5 if os.environ.get("SOAK_SECONDS") else 1
AFTERWARDS = timedelta(hours=10)


def facts(dice: random.Random) -> list[tuple[Payload, int]]:
    """What the registry said around the deadline."""
    firsts = [BEFORE, LAST_SECOND - timedelta(minutes=dice.randrange(60))]
    named = {agency_id(name): (innovation_id(name),) for name in PUNCTUAL}
    return [
        (region(counts_when=dice.choice([CountsWhen.SUBMITTED, CountsWhen.VERIFIED])), 1),
        *((agency(name), place) for place, name in enumerate((*PUNCTUAL, *LATE, *IDLE), start=1)),
        (innovation("Tepat", by="Tepat", first=dice.choice(firsts), turn=1, since=LAST_SECOND), 20),
        (innovation("Tepat Sekali", by="Tepat Sekali", first=LAST_SECOND, turn=1, since=LAST_SECOND), 21),
        (innovation("Ketiga", by="Ketiga", first=LAST_SECOND, turn=1, since=LAST_SECOND), 22),
        (innovation("Terlambat", by="Terlambat", first=LAST_SECOND + timedelta(seconds=1), turn=1), 23),
        (passed(submitted=named), 30),
    ]


async def deliver(dice: random.Random) -> None:
    said = facts(dice)
    log = [*said, *dice.choices(said, k=len(said))]
    dice.shuffle(log)
    with tempfile.TemporaryDirectory() as folder:
        async with notifications_service(Path(folder), at=LAST_SECOND - timedelta(hours=1)) as service:
            parts = [service.parts, Notifications(service.world)]
            overdue: set[str] = set()
            for payload, sequence in log:
                # between two deliveries an hour may pass, and either process may look at the deadlines
                service.clock.move_to(service.clock.now() + timedelta(minutes=dice.choice([0, 0, 30, 120])))
                who = dice.choice(parts)
                await asyncio.gather(
                    service.receive(payload, sequence, parts=who), dice.choice(parts).reconciliation.check_deadlines()
                )
                overdue |= {each.agency for each in (await service.obligations()).values() if each.phase == "overdue"}
            service.clock.move_to(LAST_SECOND + AFTERWARDS)
            await service.parts.reconciliation.check_deadlines()

            obligations = await service.obligations()
            events = [each for each in await service.owed_events() if each.type == "obligation.overdue"]
    said_overdue = {str(each.subject).split("/")[1] for each in events} | overdue
    assert said_overdue.isdisjoint({agency_id(name) for name in PUNCTUAL})
    assert obligations[f"{agency_id('Diam')}/{YEAR}"].phase == "overdue"
    for name in PUNCTUAL:
        duty = obligations[f"{agency_id(name)}/{YEAR}"]
        assert (duty.phase, duty.late) in {("fulfilled", False), ("waiting", False)}


@settings(max_examples=15 * MORE, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(min_value=0, max_value=2**32))
def test_who_submitted_in_time_is_never_overdue_and_who_did_not_is_in_the_end(seed: int) -> None:
    asyncio.run(deliver(random.Random(seed)))
