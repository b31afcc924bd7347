"""What the demo's steps share: the sample, who acts, business time, what has arrived, and the result."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from shared import indonesian
from shared.clock import Clock, machine_seconds
from shared.demo.client import Client
from shared.demo.result import ScenarioResult
from shared.demo.sample import Sample
from shared.demo.sandboxes import Expected, Mark, Sandboxes

TIMEOUT = 60.0  # seconds after which a step that waits for an event has failed; it takes a fraction of one

Answer = TypeVar("Answer")

Say = Callable[[str], None]
Tokens = Callable[[str, str | None, tuple[str, ...]], str]
"""role, region, agencies → a token."""


@dataclass
class ScenarioContext:
    """address: of the services; tokens: makes a token; say: prints a line; operator, curator: clients with their
    tokens; innovations: name → path in the registry; today: what had arrived when the day began."""

    sample: Sample
    address: str
    tokens: Tokens
    clock: Clock
    sandboxes: Sandboxes
    say: Say
    operator: Client
    curator: Client
    result: ScenarioResult = field(default_factory=ScenarioResult)
    innovations: dict[str, str] = field(default_factory=dict)
    today: Mark = Mark()  # noqa: RUF009 - frozen

    @property
    def region(self) -> str:
        """The region's code."""
        return self.sample.region.code

    @property
    def year(self) -> int:
        """Of the duty."""
        return self.sample.region.deadline.year

    def agency_client(self, key: str) -> Client:
        """A client of one agency's account."""
        return Client(self.address, self.tokens("agency", self.region, (self.result.agencies[key],)))

    def move_to(self, moment: datetime) -> None:
        """Set business time. moment: local, without a zone."""
        self.today = self.sandboxes.mark
        self.clock.move_to(moment.replace(tzinfo=ZoneInfo(self.sample.region.zone)))
        self.say(f"— {indonesian.day(moment.date())}, {moment:%H.%M} WIB —")

    async def told(self, step: str, expected: Expected, since: Mark) -> None:
        """Count the step if everything expected arrives."""
        missing = await self.sandboxes.lacking(expected, since, TIMEOUT)
        self.result.expect(not missing, f"{step}: not arrived: {'; '.join(missing[:5])} ({len(missing)})")

    async def duties(self, complete: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        """The obligations of the year, once they are complete or the time is over."""
        return await until(
            lambda: self.curator.every("/notifications/v1/obligations", region=self.region, year=self.year), complete
        )


async def until(ask: Callable[[], Awaitable[Answer]], complete: Callable[[Answer], bool]) -> Answer:
    """Ask again until the answer is complete or the time is over: HTTP does not tell when an event was processed."""
    deadline = machine_seconds() + TIMEOUT
    while True:
        answer = await ask()
        if complete(answer) or machine_seconds() > deadline:
            return answer
        await asyncio.sleep(0.1)
