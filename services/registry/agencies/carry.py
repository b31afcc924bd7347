"""Brings the agencies of earlier releases into the present form at start: the fields that queries use. Owes no events.
What a crash cuts off is taken up at the next start."""

from __future__ import annotations

from functools import partial

import structlog

from services.registry.agencies.agency import Agency
from services.registry.kinds import AGENCY
from shared.ports.store import State, Store
from shared.storage.batches import in_parallel
from shared.storage.steps import without_event

log = structlog.get_logger("agencies")

_FORMER = {"key": None}  # every agency has its name's key since schema 4
_PAGE = 100


async def carry_agencies(store: Store) -> int:
    """Returns how many were carried. One query when there are none. Raises StoreAway."""
    carried = 0
    while former := (await store.find(AGENCY.name, _FORMER, limit=_PAGE)).documents:
        await in_parallel([each.id for each in former], partial(_carry, store))
        carried += len(former)
    if carried:
        log.info("agencies.carried", count=carried)
    return carried


async def _carry(store: Store, id: str) -> None:
    await store.change(AGENCY.name, id, without_event(_present_form))


def _present_form(state: State | None) -> State | None:
    return None if state is None else Agency.model_validate(state).model_dump(mode="json")
