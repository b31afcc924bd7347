"""When an answer that takes long must end: with its token, with the process, or with the client."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, cast

from starlette.requests import Request
from starlette.types import Receive

from shared.auth.policy import Gate, Principal, bearer_of
from shared.backoff import rest
from shared.clock import machine_ms
from shared.faults import Fault
from shared.web.connections import STOPPING_KEY

ASK_AGAIN = 2.5
"""Seconds between two looks at a token. With the 2 seconds for which a gate remembers it, a revoked one has ended its
answers before 5 seconds are over."""


async def lapsed(request: Request, who: Principal) -> None:
    """Return when the caller's token ends or is revoked, or when the process stops."""
    gate: Gate = request.app.state.gate
    token = bearer_of(request.headers.get("authorization")) or ""
    stopping = cast("asyncio.Event | None", request.scope.get(STOPPING_KEY)) or asyncio.Event()
    while not stopping.is_set():
        left = _seconds_left(who)
        if left <= 0:
            return
        await rest(min(left, ASK_AGAIN), stopping)
        try:
            await gate.enter(token)
        except Fault:  # also Away: a token that nobody can check any more opens nothing
            return


def _seconds_left(who: Principal) -> float:
    return float("inf") if who.expires is None else who.expires - machine_ms() / 1000


async def gone(receive: Receive) -> None:
    """Return when the client has closed its connection. Reads and drops what it still sends."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def first_of(*ways: Coroutine[Any, Any, object]) -> int:
    """Run all of them until one returns, cancel the others, and return the number of the one. Raises what it raises."""
    tasks = [asyncio.ensure_future(each) for each in ways]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        number = next(number for number, task in enumerate(tasks) if task in done)
        tasks[number].result()
        return number
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
