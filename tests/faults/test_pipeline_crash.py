"""SIGKILL between any two steps from outbox to ack: the end state is the same as without it."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from shared.observability.failpoints import Failpoint
from tests.support.forks.process import environment_with, output_of
from tests.support.pipeline import opened_bus, opened_store, parked_of
from tests.support.pipeline_process import CHANGES, DOCUMENTS

STEPS = (
    Failpoint.CHANGE_COMMITTED,
    Failpoint.RELAY_CLAIMED,
    Failpoint.RELAY_PUBLISHED,
    Failpoint.RELAY_SETTLED,
    Failpoint.DELIVERY_TAKEN,
    Failpoint.DELIVERY_HANDLED,
    Failpoint.DELIVERY_ACKED,
)


async def run(folder: Path, moment: str, nth: int) -> int:
    done = await output_of(
        "tests.support.pipeline_process", str(folder), moment, str(nth), environment=environment_with({})
    )
    print(done.err)
    return done.status


@pytest.mark.sampled(3)
@pytest.mark.parametrize("moment", STEPS)
async def test_a_kill_loses_nothing_and_swaps_nothing(moment: Failpoint, tmp_path: Path) -> None:
    for nth in (1, 5):
        assert await run(tmp_path, moment, nth) == -signal.SIGKILL

    assert await run(tmp_path, "never", 0) == 0

    async with opened_store(tmp_path, "source") as source, opened_store(tmp_path, "seen") as seen:
        for number in range(DOCUMENTS):
            truth = await source.get("agency", str(number))
            copy = await seen.get("seen", f"agency/{number}")
            assert truth is not None
            assert copy is not None
            assert truth.state == {"count": CHANGES}
            assert copy.state["sequence_seen"] == truth.sequence
            assert copy.state["data"]["name"] == f"Dinas {CHANGES}"
        assert await source.owed_depth() == 0
    async with opened_bus(tmp_path) as bus:
        assert await parked_of(bus) == []
