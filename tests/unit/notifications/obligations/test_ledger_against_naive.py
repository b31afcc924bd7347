"""The ledger, fed shuffled and repeated events, against a naive recomputation of every duty."""

from __future__ import annotations

import asyncio
import os
import random
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.notifications.application import Notifications
from services.notifications.obligations.document import ObligationDocument
from services.notifications.obligations.exemption import Exemption
from services.notifications.obligations.repositories import exemption_repository
from shared.storage.steps import without_event
from tests.support.notifications_service import (
    REGION,
    NotificationsService,
    agency_id,
    notifications_service,
)
from tests.unit.notifications.obligations.histories import AGENCIES, BEGAN, YEARS, History, random_history
from tests.unit.notifications.obligations.naive import Decreed, Expected, World

MORE = 5 if os.environ.get("SOAK_SECONDS") else 1


def shown(obligation: ObligationDocument) -> Expected | None:
    public = obligation.public
    if public is None:
        return None
    return Expected(
        status=public.status.value,
        waiting=public.waiting,
        ground=public.ground,
        on_time=public.on_time,
        fulfilled_at=public.fulfilled_at,
        counted=public.counted,
        progress=obligation.progress.value,
        spell=obligation.spell,
        spell_since=obligation.spell_since,
    )


async def decree(service: NotificationsService, history: History) -> list[Decreed]:
    """Exemptions that are granted and lifted at random."""
    dice, done = history.dice, list[Decreed]()
    for name in AGENCIES:
        for year in YEARS:
            if dice.random() < 0.7:
                continue
            lifted = [dice.choice([None, "lift"]) for _ in range(dice.randrange(1, 4))]
            moments: list[datetime | None] = []
            span = (history.now - BEGAN).total_seconds()
            for what in lifted:
                id = f"{agency_id(name)}/{year}"
                grant = Exemption(
                    agency=agency_id(name), region=REGION, year=year, decree="1", reason="Baru.", by="account-c"
                )
                await exemption_repository(service.store).change(id, without_event(grant.granted))
                moments.append(None)
                if what:
                    at = datetime.fromtimestamp(BEGAN.timestamp() + dice.random() * span, UTC)
                    at = max([at, *(each for each in moments if each)])
                    lift = without_event(partial(Exemption.lifted, by="account-c", at=at))
                    await exemption_repository(service.store).amend(id, None, lift)
                    moments.append(at)
                await service.parts.ledger.recompute(agency_id(name), year)
            shorter = [each for place, each in enumerate(moments) if each or place == len(moments) - 1]
            done.append(Decreed(agency_id(name), year, tuple(shorter)))
    return done


async def compare(dice: random.Random, *, ledgers: int, at_once: int) -> None:
    history = random_history(dice)
    world = World(list(history.said))
    log = [*history.said, *dice.choices(history.said, k=dice.randrange(len(history.said)))]
    dice.shuffle(log)
    with tempfile.TemporaryDirectory() as folder:
        async with notifications_service(Path(folder), at=history.now) as service:
            parts = [service.parts, *(Notifications(service.world) for _ in range(ledgers - 1))]
            world.decrees = await decree(service, history)
            for start in range(0, len(log), at_once):
                batch = log[start : start + at_once]
                await asyncio.gather(
                    *(service.receive(payload, sequence, parts=dice.choice(parts)) for payload, sequence in batch)
                )
            await service.parts.reconciliation.check_deadlines()

            obligations = await service.obligations()
            for name in AGENCIES:
                for year in YEARS:
                    expected = world.expected(agency_id(name), year, history.now)
                    found = obligations.get(f"{agency_id(name)}/{year}")
                    assert (shown(found) if found else None) == expected, (name, year, history.said)

            # and a check of everything finds nothing to mend
            before = await service.obligations()
            await service.parts.reconciliation.check_everything()
            assert await service.obligations() == before


@settings(max_examples=20 * MORE, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(min_value=0, max_value=2**32))
def test_every_duty_is_as_a_naive_recomputation_says(seed: int) -> None:
    asyncio.run(compare(random.Random(seed), ledgers=1, at_once=1))


@settings(max_examples=10 * MORE, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(min_value=0, max_value=2**32))
def test_two_ledgers_that_work_at_the_same_time_end_in_the_same_state(seed: int) -> None:
    asyncio.run(compare(random.Random(seed), ledgers=2, at_once=8))
