"""An answer that takes long ends with its token, with the process, or with the client."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.requests import Request

from services.feed.api import lapse
from services.feed.api.lapse import first_of, gone, lapsed
from shared.auth.policy import Principal, Role
from shared.clock import machine_ms
from shared.faults import Away, Fault, Unauthenticated
from shared.web.connections import STOPPING_KEY


class Gate:
    """Accepts every token until `fault` is set."""

    fault: Fault | None = None

    def __init__(self) -> None:
        self.asked = 0
        self.thrice = asyncio.Event()

    async def enter(self, token: str) -> Principal:
        assert token == "t"
        self.asked += 1
        if self.asked == 3:
            self.thrice.set()
        if self.fault is not None:
            raise self.fault
        return who()


class Application:
    def __init__(self, gate: Gate) -> None:
        self.state = self
        self.gate = gate


def who(expires: float | None = None) -> Principal:
    return Principal("a", Role.SUBSCRIBER, expires=None if expires is None else int(expires))


def request(gate: Gate, **scope: Any) -> Request:  # noqa: ANN401 - ASGI's
    headers = [(b"authorization", b"Bearer t")]
    return Request({"type": "http", "headers": headers, "app": Application(gate), **scope})


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lapse, "ASK_AGAIN", 0.002)


async def test_it_ends_with_the_token() -> None:
    async with asyncio.timeout(5):
        await lapsed(request(Gate()), who(machine_ms() / 1000 - 1))
        await lapsed(request(Gate()), who(machine_ms() / 1000 + 1))  # rounded down: less than a second


@pytest.mark.parametrize("fault", [Unauthenticated(), Away()], ids=lambda fault: type(fault).__name__)
async def test_it_ends_when_the_token_is_not_accepted_any_more(fault: Fault) -> None:
    gate = Gate()
    ending = asyncio.create_task(lapsed(request(gate), who()))
    async with asyncio.timeout(5):
        await gate.thrice.wait()
        assert not ending.done()
        gate.fault = fault
        await ending


async def test_it_ends_when_the_process_stops_without_waiting_for_the_next_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lapse, "ASK_AGAIN", 60.0)
    stopping = asyncio.Event()
    ending = asyncio.create_task(lapsed(request(Gate(), **{STOPPING_KEY: stopping}), who()))
    await asyncio.sleep(0)
    stopping.set()

    async with asyncio.timeout(5):
        await ending


def test_a_revoked_token_ends_its_answers_within_five_seconds() -> None:
    """The gate reads the list of revoked tokens at the first question after 2 seconds."""
    from shared.auth.gates import _RELOAD_AFTER  # noqa: PLC0415 - only here

    assert _RELOAD_AFTER + _asked_every() < 5


def _asked_every(original: float = lapse.ASK_AGAIN) -> float:
    return original


async def test_a_client_is_gone_when_it_has_disconnected_and_not_before() -> None:
    messages = [{"type": "http.request"}, {"type": "http.request"}, {"type": "http.disconnect"}]

    async def receive() -> dict[str, str]:
        return messages.pop(0)

    await gone(receive)

    assert messages == []


async def test_the_first_way_counts_and_the_others_are_cancelled() -> None:
    cancelled: list[str] = []

    async def forever(name: str) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.append(name)

    async def at_once() -> None:
        await asyncio.sleep(0)

    async def broken() -> None:
        await asyncio.sleep(0)
        raise ValueError

    assert await first_of(forever("a"), at_once(), forever("b")) == 1
    assert sorted(cancelled) == ["a", "b"]
    with pytest.raises(ValueError):  # noqa: PT011 - its own
        await first_of(forever("c"), broken())
    assert "c" in cancelled
