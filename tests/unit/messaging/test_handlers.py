from __future__ import annotations

import pytest

from shared.contracts.agency import AGENCY_REGISTERED, AgencyRegistered
from shared.contracts.contract import Payload
from shared.contracts.event import Event
from shared.contracts.event_types import decode_event
from shared.messaging.handlers import on
from tests.support.events import agency_event


async def test_a_handler_gets_the_event_with_its_payload_in_the_contract_s_class() -> None:
    received: list[tuple[Event, str]] = []

    async def handle(event: Event, agency: AgencyRegistered) -> None:
        received.append((event, agency.name))

    event_type, handler = on(AGENCY_REGISTERED, handle)
    event, payload = decode_event(agency_event("a1", name="Dinas Sosial").encode())
    await handler(event, payload)

    assert event_type == "agency.registered"
    assert received == [(event, "Dinas Sosial")]


async def test_a_payload_of_another_contract_is_an_error() -> None:
    class Other(Payload):
        pass

    async def handle(event: Event, agency: AgencyRegistered) -> None:
        raise AssertionError("must not be called")

    _, handler = on(AGENCY_REGISTERED, handle)

    with pytest.raises(TypeError, match=r"agency\.registered carries Other"):
        await handler(agency_event("a1"), Other())


async def test_what_the_handler_raises_is_not_swallowed() -> None:
    async def handle(event: Event, agency: AgencyRegistered) -> None:
        raise LookupError(agency.id)

    _, handler = on(AGENCY_REGISTERED, handle)
    event, payload = decode_event(agency_event("a1").encode())

    with pytest.raises(LookupError, match="a1"):
        await handler(event, payload)
