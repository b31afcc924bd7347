"""Many changes of different documents at once: enough in flight to share a commit, never so many that others wait."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import TypeVar

AT_ONCE = 16

Item = TypeVar("Item")
Answer = TypeVar("Answer")


async def in_parallel(items: Iterable[Item], work: Callable[[Item], Awaitable[Answer]]) -> list[Answer]:
    """Do `work` on every item, AT_ONCE at a time; answers in the order of items. When one fails, those under way end,
    no further ones begin, and the first fault is raised."""
    answers: list[Answer] = []
    waiting = list(items)
    for start in range(0, len(waiting), AT_ONCE):
        done = await asyncio.gather(*(work(item) for item in waiting[start : start + AT_ONCE]), return_exceptions=True)
        for each in done:
            if isinstance(each, BaseException):
                raise each
            answers.append(each)
    return answers


async def in_batches(items: AsyncIterator[Item]) -> AsyncIterator[list[Item]]:
    """A stream in lists of at most AT_ONCE."""
    batch: list[Item] = []
    async for item in items:
        batch.append(item)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch
