from __future__ import annotations

import asyncio
import random
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.contracts.contract import Payload
from shared.contracts.vocabulary import AgencyKind, CountsWhen, InnovationStatus
from tests.support.notifications_service import AFTER, agency, deadline, innovation, region, town

OLD_YEAR = deadline(deadline().date.replace(year=2025), year=2025)
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
]


async def _end(log: list[tuple[Payload, int]]) -> dict[str, dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        async with town(Path(folder), at=AFTER) as it:
            for payload, sequence in log:
                await it.hear(payload, sequence)
            await it.rooms.sweep.run()
            return await it.obligations()


IN_ORDER = asyncio.run(_end(HISTORY))


def test_the_history_in_order_ends_as_told() -> None:
    ends = {(state["agency"][:4], state["year"]): state["stands"] for state in IN_ORDER.values()}
    assert len(IN_ORDER) == 7  # three agencies, two years with a deadline, and one innovation of a year without
    assert sorted(ends.values()) == [
        "exempted",
        "exempted",
        "exempted",
        "overdue",
        "overdue",
        "overdue",
        "unknown",
    ]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_any_shuffle_with_any_duplication_of_the_events_ends_in_the_same_state(dice: random.Random) -> None:
    log = [*HISTORY, *dice.choices(HISTORY, k=dice.randrange(len(HISTORY)))]
    dice.shuffle(log)
    assert asyncio.run(_end(log)) == IN_ORDER
