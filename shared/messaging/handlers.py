"""Event handlers, each typed by the contract of its event."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from shared.contracts.contract import Contract, Payload
from shared.contracts.event import Event

P = TypeVar("P", bound=Payload)

Handler = Callable[[Event, Payload], Awaitable[None]]
"""Handles one decoded event. It may run any number of times for one event; `shared/messaging/verdict.py` decides what
an exception means."""


def on(contract: Contract[P], handle: Callable[[Event, P], Awaitable[None]]) -> tuple[str, Handler]:
    """An entry of a handler table: the event type, and `handle` with its payload in the contract's class."""

    async def typed(event: Event, payload: Payload) -> None:
        if not isinstance(payload, contract.payload):
            raise TypeError(f"{contract.type} carries {type(payload).__name__}")
        await handle(event, payload)

    return contract.type, typed
