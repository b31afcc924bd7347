"""A served feed with an empty embedded store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from services.feed.api import poll
from services.feed.kinds import KINDS
from shared.adapters.sqlite.store import SqliteStore
from tests.contract.feed.served_feed import ServedFeed, served


@pytest.fixture(autouse=True)
def _polls_collect_shortly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poll, "COLLECT", 0.02)


@pytest.fixture
async def feed(tmp_path: Path) -> AsyncIterator[ServedFeed]:
    """Called in memory."""
    async with _feed(tmp_path, on_a_port=False) as feed:
        yield feed


@pytest.fixture
async def feed_on_a_port(tmp_path: Path) -> AsyncIterator[ServedFeed]:
    """Served by the real server."""
    async with _feed(tmp_path, on_a_port=True) as feed:
        yield feed


@asynccontextmanager
async def _feed(folder: Path, *, on_a_port: bool) -> AsyncIterator[ServedFeed]:
    store = SqliteStore(folder / "feed.sqlite")
    await store.open(KINDS)
    async with served(store, on_a_port=on_a_port) as feed:
        yield feed
    await store.close()
