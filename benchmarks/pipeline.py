"""Innovations submitted over HTTP and scored per second on the embedded default, as a ratio of what the store alone
writes in the same run; and the memory of the process.

``python -m benchmarks.pipeline [INNOVATIONS]`` (default 200). The client runs in the same process, so the figures are
lower bounds.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

from shared.adapters.sqlite.store import SqliteStore
from shared.auth import keys
from shared.auth.policy import Role
from shared.clock import machine_seconds
from shared.demo.client import Client
from shared.observability import logs
from shared.ports.store import Kind, State
from shared.runtime.process import running
from shared.settings import load

AT_ONCE = 16
DESIGN = "kata " * 320


def peak() -> float:
    """Peak memory of this process, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def store_alone(folder: Path, count: int) -> float:
    """New documents of the size of an innovation written per second, `AT_ONCE` at a time."""
    store = SqliteStore(folder / "alone.sqlite")
    await store.open((Kind("thing"),))
    state: State = {"text": DESIGN}
    began = machine_seconds()
    for start in range(0, count, AT_ONCE):
        batch = range(start, min(start + AT_ONCE, count))
        await asyncio.gather(*(store.change("thing", str(each), lambda _: (state, None)) for each in batch))
    took = machine_seconds() - began
    await store.close()
    return count / took


async def drafted(client: Client, agency: str, number: int) -> str:
    """Create a draft with one row of evidence; returns its path."""
    profile = {
        "name": f"Inovasi {number}",
        "stage": "penerapan",
        "initiator": "opd",
        "initiator_name": "Tim (sintetis)",
        "classification": "perangkat_daerah",
        "nature": "digital",
        "form": "pelayanan_publik",
        "main_affair": "kesehatan",
        "applied_on": (date.today() - timedelta(days=200)).isoformat(),  # noqa: DTZ011 - any day long past
        "design": DESIGN,
        "purpose": "Tujuan.",
        "benefit": "Manfaat.",
        "outcome": "Hasil.",
    }
    made = await client.create("/registry/v1/innovations", {"agency": agency, "profile": profile}, f"draft {number}")
    place = f"/registry/v1/innovations/{made['id']}"
    claim = {"level": 2, "links": ["https://bukti.example/16"]}
    await client.change("PUT", f"{place}/evidence/16", claim, place)
    return place


async def measure(folder: Path, count: int) -> None:
    """Create all drafts, then submit them and wait until the last is scored."""
    settings = load({}, data_dir=folder, port=0)
    keys.init(settings.root, settings.keys)

    def token(role: Role, region: str | None = None) -> str:
        return keys.issue(settings.root, keys.Grant(f"bench-{role}", role, region), timedelta(days=1))

    async with running(settings) as process:
        alone = await store_alone(folder, max(count, 500))
        rest = peak()
        async with (
            Client(process.url, token(Role.OPERATOR)) as operator,
            Client(process.url, token(Role.CURATOR, "61.12")) as curator,
        ):
            region = {"code": "61.12", "name": "Kubu Raya", "zone": "Asia/Pontianak", "catalogue": "2026.1"}
            await operator.create("/registry/v1/regions", {**region, "policy": {"obliged_kinds": ["dinas"]}}, "region")
            agency = await curator.create(
                "/registry/v1/agencies", {"region": "61.12", "name": "Dinas", "kind": "dinas"}, "agency"
            )
            gate = asyncio.Semaphore(AT_ONCE)

            async def one(number: int) -> str:
                async with gate:
                    return await drafted(curator, agency["id"], number)

            places = await asyncio.gather(*(one(number) for number in range(count)))
            began = machine_seconds()

            async def submit(place: str) -> None:
                async with gate:
                    await curator.change("POST", f"{place}/submit", None, place)

            await asyncio.gather(*(submit(place) for place in places))
            accepted = machine_seconds() - began
            while len(await curator.every("/scoring/v1/scorecards", region="61.12")) < count:  # noqa: ASYNC110 - over HTTP
                await asyncio.sleep(0.02)
            scored = machine_seconds() - began
    print(f"store alone                 {alone:8.0f} changes/s")
    print(
        f"submitted (GET and POST)    {count / accepted:8.0f} innovations/s   {count / accepted / alone:6.1%} of alone"
    )
    print(f"submitted and scored        {count / scored:8.0f} innovations/s   {count / scored / alone:6.1%} of alone")
    print(f"last one scored             {(scored - accepted) * 1000:8.0f} ms after the last was accepted")
    print(f"peak memory                 {rest:8.0f} MB at rest, {peak():.0f} MB after (with the client)")


if __name__ == "__main__":
    logs.configure("json", "warning")
    with tempfile.TemporaryDirectory() as scratch:
        asyncio.run(measure(Path(scratch), int(sys.argv[1]) if len(sys.argv) > 1 else 200))
