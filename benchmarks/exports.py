"""Export files of a large region: seconds and memory of each, requested over HTTP in one process.

    python -m benchmarks.exports [INNOVATIONS]

Made up, and so labelled (default 1,000 innovations). The simplest file, JSON, is the reference: compare the ratios,
never seconds of different machines.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

import httpx2

from benchmarks.rescore import fill, opened, peak
from services.scoring.api.exports import ExportRoutes
from services.scoring.catalogue.files import SHIPPED, read_catalogue
from services.scoring.kinds import SCORECARD
from services.scoring.ranking.live import LiveRankings
from services.scoring.ranking.version import RankingVersions
from shared.auth.policy import Principal, Role
from shared.clock import Clock, machine_seconds
from shared.observability import logs
from shared.observability.tracing import of_request
from shared.runtime.gc_tuning import collect_seldom
from shared.web.app import service_app


class Curator:
    """Every token is the curator's."""

    async def enter(self, token: str) -> Principal:
        del token
        return Principal("curator", Role.CURATOR, "61.12")


async def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    catalogue = read_catalogue(SHIPPED / "2026.1.yaml")
    with tempfile.TemporaryDirectory() as folder, of_request(None, None):
        file = Path(folder) / "scoring.sqlite"
        await fill(file, catalogue, range(count), region="61.12")
        async with opened(file) as store:
            catalogues, clock = {catalogue.name: catalogue}, Clock()
            routes = ExportRoutes(store, catalogues, clock, LiveRankings(store, catalogues, RankingVersions(store)))
            app = service_app("scoring", routes.router(), Curator())
            headers = {"Authorization": "Bearer x"}
            async with httpx2.AsyncClient(
                transport=httpx2.ASGITransport(app=app), base_url="http://bench", headers=headers, timeout=600
            ) as client:
                first = (await anext(store.scan(SCORECARD.name, {}, ()))).id
                region = "region=61.12&year=2026"
                paths = [f"scorecards.{each}?{region}" for each in ("json", "csv", "xlsx")]
                paths += [f"rankings.{each}?{region}&measure=claimed" for each in ("json", "csv", "xlsx")]
                paths += [f"scorecards/{first}.{each}" for each in ("xlsx", "pdf")]
                reference = 0.0
                for path in paths:
                    before, began, size = peak(), machine_seconds(), 0
                    async with client.stream("GET", f"/exports/{path}") as answer:
                        answer.raise_for_status()
                        async for chunk in answer.aiter_bytes():
                            size += len(chunk)
                    seconds = machine_seconds() - began
                    reference = reference or seconds
                    name = path.partition("?")[0].replace(first, "<one>")
                    took = f"{seconds:6.2f} s  ×{seconds / reference:5.2f}"
                    print(f"{name:22} {took}  {size / 1024:8,.0f} KiB  peak {peak():.0f} MiB, {peak() - before:+.0f}")


if __name__ == "__main__":
    logs.configure("console", "warning")
    collect_seldom()  # as every process of the system does
    asyncio.run(main())
