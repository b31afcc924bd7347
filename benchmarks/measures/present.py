"""A feed with many subjects, filled through its own handler, and a newcomer that reads all of them over HTTP."""

from __future__ import annotations

import asyncio
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import monotonic

from benchmarks.load.connection import Connection
from benchmarks.system.data import kept_file
from benchmarks.system.drafts import REGION_CODE, id_of
from benchmarks.system.embedded import settings_of
from services.feed.latest.mark import Marks
from services.feed.latest.placing import Arrived
from services.feed.latest.writer import LatestWriter
from shared.runtime.process import opened_service

_CURSOR = re.compile(rb'"cursor": ?"([^"]+)"')
_MORE = re.compile(rb'"more": ?true')
_EVENT = b'"specversion"'
_OK = 200
_AT_ONCE = 100  # events that wait for their places, as many as a consumer holds
_SAMPLE = Path(__file__).parent.parent.parent / "tests" / "museum" / "innovation.scored.2.json"


@dataclass(frozen=True)
class Read:
    """subjects: how many; seconds: for all of them; median, slowest: of a page, seconds."""

    subjects: int
    seconds: float
    median: float
    slowest: float


async def filled_feed(folder: Path, count: int) -> float | None:
    """Make a data folder whose feed is complete and has so many subjects, from the cache if it was made before; else
    the seconds that placing them took."""
    kept = kept_file(f"feed-{count}")
    seconds = None
    if not (kept / "complete").exists():
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        seconds = await _fill(kept / "data", count)
        (kept / "complete").touch()
    shutil.copytree(kept / "data", folder)
    return seconds


async def _fill(folder: Path, count: int) -> float:
    sample = _SAMPLE.read_text(encoding="utf-8")
    numbers = iter(range(count))
    async with opened_service("feed", settings_of(folder)) as (resources, _):
        marks = Marks(resources.store)
        writer = LatestWriter(resources.store, marks)

        async def place() -> None:
            for number in numbers:
                subject = f"scorecard/{id_of('feed', number)}"
                await writer.place(
                    Arrived(subject, "innovation.scored", REGION_CODE, sample, number + 1, may_repeat=False)
                )

        began = monotonic()
        await asyncio.gather(*(place() for _ in range(_AT_ONCE)))
        seconds = monotonic() - began
        await writer.stop()
        await marks.fill()
    return seconds


def read_present(url: str, token: str) -> Read:
    """Read the feed from the beginning, in pages of 500. Raises RuntimeError when a page is refused."""
    return asyncio.run(_read(url, token))


async def _read(url: str, token: str) -> Read:
    connection, after, subjects, pages = Connection(url, token), "", 0, list[float]()
    began, more = monotonic(), True
    while more:
        sent = monotonic()
        status, body = await connection.request("GET", f"/feed/v1/events?limit=500{after}")
        if status != _OK:
            raise RuntimeError(f"the feed answered {status}: {body[:500]!r}")
        pages.append(monotonic() - sent)
        subjects += body.count(_EVENT)
        found = _CURSOR.search(body)
        assert found is not None
        after, more = f"&after={found[1].decode()}", _MORE.search(body) is not None
    connection.close()
    return Read(subjects, monotonic() - began, median(pages), max(pages))
