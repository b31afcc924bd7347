"""A feed with many subjects, filled through its own handler, and a newcomer that reads all of them over HTTP."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from statistics import median
from time import monotonic

from benchmarks.load.connection import Connection

_CURSOR = re.compile(rb'"cursor": ?"([^"]+)"')
_MORE = re.compile(rb'"more": ?true')
_EVENT = b'"specversion"'
_OK = 200


@dataclass(frozen=True)
class Read:
    """subjects: how many; seconds: for all of them; median, slowest: of a page, seconds."""

    subjects: int
    seconds: float
    median: float
    slowest: float


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
