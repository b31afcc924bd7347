"""Bounded concurrency: enough changes in flight to share a commit, and few enough that other work is not delayed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import TypeVar

AT_ONCE = 16

Item = TypeVar("Item")
Result = TypeVar("Result")


async def in_parallel(
    items: Iterable[Item], work: Callable[[Item], Awaitable[Result]], *, at_once: int = AT_ONCE
) -> list[Result]:
    """Call `work` on every item, `at_once` at a time. Returns the results in the order of the items. After a failure
    the running calls finish, no others start, and the first exception is raised."""
    results: list[Result] = []
    pending = list(items)
    for start in range(0, len(pending), at_once):
        done = await asyncio.gather(*(work(item) for item in pending[start : start + at_once]), return_exceptions=True)
        for each in done:
            if isinstance(each, BaseException):
                raise each
            results.append(each)
    return results


async def in_batches(items: AsyncIterator[Item]) -> AsyncIterator[list[Item]]:
    """The items of a stream in lists of at most AT_ONCE."""
    batch: list[Item] = []
    async for item in items:
        batch.append(item)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch
