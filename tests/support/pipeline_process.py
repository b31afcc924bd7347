"""A process with a store, a bus, a relay and a consumer that kills itself at the NTH time that a failpoint is reached:
``python -m tests.support.pipeline_process FOLDER FAILPOINT NTH``. With FAILPOINT `never` it ends when no work is left.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from functools import partial
from pathlib import Path

from shared.adapters.sqlite.bus import SqliteBus
from shared.contracts.contract import Payload
from shared.contracts.event import Event
from shared.messaging.consumer import Consumer
from shared.messaging.relay import Relay
from shared.observability import failpoints
from shared.ports.store import Decision, State
from tests.support.events import agency_draft
from tests.support.pipeline import AGENCIES, LADDER, eventually, keep_newer, opened_bus, opened_store, running

DOCUMENTS = 8
CHANGES = 3  # of each


def die_at(moment: failpoints.Failpoint, nth: int) -> None:
    passed = 0

    def listener(now: failpoints.Failpoint, _what: str) -> None:
        nonlocal passed
        passed += now is moment
        if passed == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    failpoints.listen(listener)


def counted(id: str, upto: int, state: State | None) -> Decision:
    """A change that may run again: it raises the document's count by one, at most to `upto`."""
    count = (state or {"count": 0})["count"]
    if count >= upto:
        return None
    return {"count": count + 1}, agency_draft(id, f"Dinas {count + 1}")


async def main(folder: Path) -> None:
    async with (
        opened_store(folder, "source") as source,
        opened_store(folder, "seen") as seen,
        opened_bus(folder) as bus,
    ):

        async def handle(event: Event, payload: Payload) -> None:
            await seen.change("seen", event.subject, keep_newer(event, payload))

        consumer = Consumer(bus, AGENCIES, dict.fromkeys(AGENCIES.types, handle), seen, ladder=LADDER, prefetch=4)
        relay = Relay(source, bus, mandatory=AGENCIES.types)
        async with running(relay), running(consumer):
            for upto in range(1, CHANGES + 1):
                for number in range(DOCUMENTS):
                    await source.change("agency", str(number), partial(counted, str(number), upto))

            async def nothing_left() -> bool:
                return await source.owed_depth() == 0 and await _is_empty(bus)

            await eventually(nothing_left)


async def _is_empty(bus: SqliteBus) -> bool:
    state = await bus.state(AGENCIES)
    return state.ready == 0 and not state.held


if __name__ == "__main__":
    where, nth = sys.argv[2], int(sys.argv[3])
    if where != "never":
        die_at(failpoints.Failpoint(where), nth)
    asyncio.run(main(Path(sys.argv[1])))
