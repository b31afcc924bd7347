from __future__ import annotations

import pytest

from shared.contracts.agency import AGENCY_REGISTERED, AgencyRegistered
from shared.contracts.contract import Payload
from shared.contracts.event import Event
from shared.contracts.event_types import decode_event
from shared.faults import Unreadable
from shared.messaging.handlers import briefs, on
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


class InBrief(Payload):
    id: str


async def test_a_handler_that_asks_for_a_brief_is_given_no_more() -> None:
    received: list[str] = []

    async def handle(_: Event, agency: AgencyRegistered | InBrief) -> None:
        received.append(f"{type(agency).__name__} {agency.id}")

    handlers = dict([on(AGENCY_REGISTERED, handle, InBrief)])
    event = agency_event("a1")
    bad = event.model_copy(update={"data": {**event.data, "kind": "unknown"}})  # not looked at
    for body in (event.encode(), bad.encode()):
        await handlers[event.type](*decode_event(body, briefs(handlers)))
    await handlers[event.type](*decode_event(event.encode()))

    assert received == ["InBrief a1", "InBrief a1", "AgencyRegistered a1"]
    with pytest.raises(Unreadable, match="id"):
        decode_event(event.model_copy(update={"data": {"kind": "dinas"}}).encode(), briefs(handlers))


def test_handlers_without_briefs_want_the_whole_payload() -> None:
    async def handle(_: Event, agency: AgencyRegistered) -> None:
        raise AssertionError(agency)

    async def plain(_: Event, payload: Payload) -> None:
        raise AssertionError(payload)

    assert briefs({**dict([on(AGENCY_REGISTERED, handle)]), "other": plain}) == {}
