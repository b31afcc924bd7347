from __future__ import annotations

import asyncio
import random
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.notifications.obligations.document import ObligationDocument
from shared.contracts.contract import Payload
from shared.contracts.vocabulary import AgencyKind, CountsWhen, InnovationStatus
from tests.support.notifications_service import (
    AFTER,
    agency,
    agency_id,
    deadline,
    innovation,
    innovation_id,
    notifications_service,
    passed,
    region,
)

OLD_YEAR = deadline(deadline().date.replace(year=2025), year=2025)
SPIRIT_WAS_AT = ("Dinas Kesehatan", "Dinas Sosial")
HISTORY: list[tuple[Payload, int]] = [
    (region(deadline()), 1),
    (agency("Dinas Kesehatan"), 1),
    (agency("Dinas Sosial"), 2),
    (agency("Desa Kubu", AgencyKind.DESA), 3),
    (innovation("Spirit", status=InnovationStatus.DRAFT), 10),
    (innovation("Spirit"), 11),
    (region(deadline(), OLD_YEAR, counts_when=CountsWhen.VERIFIED), 2),
    (innovation("Spirit", status=InnovationStatus.RETURNED), 12),
    (innovation("Spirit"), 13),
    (innovation("Gestur", by="Dinas Sosial", year=2025), 20),
    (innovation("Spirit", by="Dinas Sosial", formerly=[("Dinas Kesehatan", 2026)]), 14),
    (innovation("Gestur", by="Dinas Sosial", year=2025, status=InnovationStatus.WITHDRAWN), 21),
    (agency("Dinas Sosial", retired=True, retired_on=deadline().date), 30),
    (
        innovation(
            "Spirit",
            by="Dinas Sosial",
            formerly=[("Dinas Kesehatan", 2026)],
            status=InnovationStatus.VERIFIED,
            verified=AFTER,
        ),
        15,
    ),
    (innovation("Tanpa Tenggat", by="Dinas Kesehatan", year=2030), 40),
    (passed("Spirit"), 50),
    (passed("Spirit", submitted={agency_id(each): (innovation_id("Spirit"),) for each in SPIRIT_WAS_AT}), 51),
    (passed("Gestur", by="Dinas Sosial", year=2025, date=OLD_YEAR.date), 52),
]


async def _result(log: list[tuple[Payload, int]]) -> dict[str, ObligationDocument]:
    with tempfile.TemporaryDirectory() as folder:
        async with notifications_service(Path(folder), at=AFTER) as service:
            for payload, sequence in log:
                await service.receive(payload, sequence)
            await service.parts.sweep.run()
            return await service.obligations()


IN_ORDER = asyncio.run(_result(HISTORY))


def test_the_history_in_order_has_the_expected_result() -> None:
    phases = {(each.agency, each.year): each.phase for each in IN_ORDER.values()}
    assert len(IN_ORDER) == 7  # three agencies, two years with a deadline, and one innovation of a year without
    assert sorted(phases.values()) == [
        "exempted",
        "exempted",
        "fulfilled",  # by an agency that has retired
        "overdue",
        "overdue",
        "overdue",
        "unknown",
    ]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_any_order_with_any_repetition_of_the_events_has_the_same_result(dice: random.Random) -> None:
    log = [*HISTORY, *dice.choices(HISTORY, k=dice.randrange(len(HISTORY)))]
    dice.shuffle(log)
    assert asyncio.run(_result(log)) == IN_ORDER


async def test_an_innovation_that_is_a_draft_again_after_a_restore_no_longer_counts(tmp_path: Path) -> None:
    async with notifications_service(tmp_path, at=AFTER) as service:
        for payload, sequence in ((region(deadline()), 1), (agency(), 1), (innovation(), 11), (passed(), 1)):
            await service.receive(payload, sequence)
        (fulfilled,) = (await service.obligations()).values()

        await service.receive(innovation(status=InnovationStatus.DRAFT), 12)
        await service.receive(innovation(), 11)

        (duty,) = (await service.obligations()).values()
    assert (fulfilled.phase, duty.phase) == ("fulfilled", "overdue")
    assert duty.public is not None
    assert duty.public.counted == ()
