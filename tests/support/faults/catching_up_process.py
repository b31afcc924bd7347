"""A process in which a region's deadline is moved, and which may kill itself:
``python -m tests.support.faults.catching_up_process FOLDER WHERE``.

WHERE is as in `killed_process`. With `never` it does not handle the event, but only what is left to do.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import date
from pathlib import Path

from services.notifications.obligations import catching_up
from tests.support.faults.killed_process import kill_at
from tests.support.notifications_service import deadline, notifications_service, region

PAGE = 10
MOVED_TO = date(2027, 1, 31)


async def main(folder: Path, *, handle: bool) -> None:
    """The handler of the region's event, and then the loop."""
    vars(catching_up)["_PAGE"] = PAGE
    async with notifications_service(folder) as service:
        if handle:
            moved = region(deadline(), deadline(MOVED_TO, revision=2))
            await service.receive(moved, 1_000, catch_up=False)
        await service.parts.catching_up.run()


if __name__ == "__main__":
    if sys.argv[2] != "never":
        kill_at(sys.argv[2])
    asyncio.run(main(Path(sys.argv[1]), handle=sys.argv[2] != "never"))
