"""Event handlers, each typed by the contract of its event."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from shared.contracts.contract import Contract, Payload
from shared.contracts.event import Event
from shared.ports.bus import Delivery

P = TypeVar("P", bound=Payload)
B = TypeVar("B", bound=Payload)

_BRIEF = "__brief__"

Handler = Callable[[Event, Payload], Awaitable[None]]
"""Handles one decoded event. It may run any number of times for one event; `shared/messaging/verdict.py` decides what
an exception means."""


RawHandler = Callable[[Event, Delivery], Awaitable[None]]
"""Handles one event of any type and version of a subscription, by its envelope and its bytes (`Delivery.body`); the
event's `data` are empty. It may run any number of times for one event; `Delivery.redelivered` tells when it may have
run before."""


def on(
    contract: Contract[P], handle: Callable[[Event, P | B], Awaitable[None]], brief: type[B] | None = None
) -> tuple[str, Handler]:
    """An entry of a handler table: the event type, and `handle` with its payload in the contract's class. brief: a
    class with those of its fields that `handle` uses, which a consumer reads instead."""
    classes = contract.payload if brief is None else (contract.payload, brief)

    async def typed(event: Event, payload: Payload) -> None:
        if not isinstance(payload, classes):
            raise TypeError(f"{contract.type} carries {type(payload).__name__}")
        await handle(event, payload)

    if brief is not None:
        setattr(typed, _BRIEF, brief)
    return contract.type, typed


def briefs(handlers: Mapping[str, Handler]) -> dict[str, type[Payload]]:
    """Event type → the class that its handler wants to be read, of those that want one."""
    wanted = {type: getattr(handler, _BRIEF, None) for type, handler in handlers.items()}
    return {type: brief for type, brief in wanted.items() if brief is not None}
