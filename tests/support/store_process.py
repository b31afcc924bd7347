"""A process that changes documents and prints each acknowledged change, until it is killed.

``python -m tests.support.store_process <engine> <where> write|claim|occasional``
"""

from __future__ import annotations

import asyncio
import sys
from itertools import count
from typing import cast

from shared.ports.store import LONGEST_LEASE
from tests.support.store_engines import KINDS, EngineName, store_at
from tests.support.store_samples import counted

WRITERS = 8
PER_DOCUMENT = 20  # changes, so that no document owes fifty events


async def main() -> None:
    name, where, task = sys.argv[1:]
    store = store_at(cast("EngineName", name), where)
    await store.open(KINDS)

    async def write(writer: int) -> None:
        for number in count():
            for _ in range(PER_DOCUMENT):
                new = await store.change("thing", f"{writer}-{number}", counted())
                print(new.id, new.state["n"], new.sequence, flush=True)

    if task == "write":
        await asyncio.gather(*(write(writer) for writer in range(WRITERS)))
    elif task == "claim":
        await store.change("thing", "a", counted())
        print(len(await store.claim_owed(10, LONGEST_LEASE)), flush=True)
        await asyncio.Event().wait()
    else:
        for _ in range(10):
            new = await store.change("thing", "shared", counted(owes=False))
            print(new.state["n"], flush=True)
        await store.close()


if __name__ == "__main__":
    asyncio.run(main())
