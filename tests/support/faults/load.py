"""Load for a fault test: many agencies hand in at once while others owe, and in the end all of it must have come true.

Whoever acts tries again while the system is away, so everything is acknowledged in the end; what is checked on the way
is how the system says that it is away.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

import httpx
from typing_extensions import override

from shared.auth.keys import Grant
from tests.servers.smtp import Mailbox
from tests.support.client import Api, Issue, Regency, eventually
from tests.support.faults.scenario import YEAR
from tests.support.registry_samples import valid_profile

PASSED = date(2026, 6, 10)
CLAIM: dict[str, dict[str, Any]] = {
    "16": {"level": 2, "links": ["https://bukti.satu.example/1"]},
    "32": {"value": 4, "unit": "bulan", "links": ["https://bukti.satu.example/2"]},
}
SCORE = 2 * 3 + 3 * 2
"""By the 2026 catalogue: 16 at level 2 × 3, 32 with 4 months at level 3 × 2."""


@dataclass
class Manner:
    """How the system answered. improper: what no client could have understood."""

    statuses: Counter[int] = field(default_factory=Counter)
    improper: list[str] = field(default_factory=list)

    async def note(self, response: httpx.Response) -> None:
        """An httpx hook."""
        self.statuses[response.status_code] += 1
        if response.status_code >= 500:
            await response.aread()
            self.improper += improper(response)


def improper(response: httpx.Response) -> list[str]:
    """Why this failure is not one that says clearly: the system is away for now, come again then."""
    proper = (
        response.status_code == 503
        and response.headers.get("content-type", "").startswith("application/problem+json")
        and response.headers.get("retry-after", "").isdigit()
        and response.json()["status"] == 503
        and response.json()["detail"]
    )
    return (
        []
        if proper
        else [f"{response.request.method} {response.url.path}: {response.status_code} {response.text[:300]}"]
    )


class Watched(Regency):
    """A regency whose people note how they are answered."""

    def __init__(self, base_url: str, issue: Issue, *, patience: float = 90.0) -> None:
        super().__init__(base_url, issue, patience=patience)
        self.manner = Manner()

    @override
    def _as(self, grant: Grant) -> Api:
        api = super()._as(grant)
        if self.manner.note not in api._http.event_hooks["response"]:
            api._http.event_hooks = {"request": [], "response": [self.manner.note]}
        return api

    async def away(self) -> Self:
        """Nothing but proper answers so far."""
        assert not self.manner.improper, self.manner.improper
        return self


class Load:
    """`size` agencies that hand in, and as many, up to `owing`, that never do and can be told."""

    def __init__(self, regency: Watched, size: int, *, owing: int = 3) -> None:
        self.regency = regency
        self.size = size
        self.handed: dict[str, str] = {}  # agency -> innovation, acknowledged
        self.owing: dict[str, str] = {}  # agency -> where it is told
        self._owing = owing
        self._progress = asyncio.Condition()

    async def prepare(self) -> None:
        """Found the region, and those who will owe. There is no deadline, so nobody owes yet."""
        await self.regency.found()
        for number in range(self._owing):
            address = f"lalai-{number}-{self.regency.code}@satu.example"
            self.owing[await self.regency.agency(f"Dinas Lalai {number}", mail=address)] = address

    async def run(self, *, at_once: int = 4) -> None:
        """The deadline is set to a day that has passed; then everybody else registers, drafts and hands in."""
        await self.regency.deadline(YEAR, PASSED)
        places = asyncio.Semaphore(at_once)

        async def one(number: int) -> None:
            async with places:
                await self.hand_in(f"Dinas Rajin {number}")

        async with asyncio.TaskGroup() as group:
            for number in range(self.size):
                group.create_task(one(number))

    async def hand_in(self, name: str) -> str:
        """One more agency with its innovation; the innovation's id, acknowledged."""
        agency = await self.regency.agency(name)
        innovation = await self.regency.draft(agency, valid_profile(applied_on="2026-05-05"), CLAIM)
        await self.regency.submit(innovation, agency)
        async with self._progress:
            self.handed[agency] = innovation
            self._progress.notify_all()
        return innovation

    async def reached(self, count: int) -> None:
        """Wait until so many have been acknowledged."""
        async with asyncio.timeout(90), self._progress:
            await self._progress.wait_for(lambda: len(self.handed) >= count)

    async def comes_true(self, mailbox: Mailbox, *, within: float = 90.0) -> list[dict[str, Any]]:
        """Nothing acknowledged is lost, every scorecard is right, every duty is known, everybody who owes is told; the
        messages as the curator sees them."""
        curator, code = self.regency.curator, self.regency.code

        async def cards() -> dict[str, Any]:
            each = await curator.every("/scoring/v1/scorecards", region=code)
            return {card["innovation"]: (card["maturity"] or {}).get("claimed") for card in each}

        async def duties() -> dict[str, tuple[str, tuple[str, ...]]]:
            each = await curator.every("/notifications/v1/obligations", region=code, year=YEAR)
            return {duty["agency"]: (duty["status"], tuple(duty["counted"])) for duty in each}

        async def told() -> list[dict[str, Any]]:
            return await curator.every("/notifications/v1/messages", region=code)

        kept = await curator.every("/registry/v1/innovations", region=code)
        assert {each["id"]: each["status"] for each in kept} == dict.fromkeys(self.handed.values(), "submitted")
        wanted_cards = dict.fromkeys(self.handed.values(), SCORE)
        await eventually(cards, lambda now: now == wanted_cards, within=within)
        wanted = {agency: ("fulfilled", (innovation,)) for agency, innovation in self.handed.items()}
        wanted |= dict.fromkeys(self.owing, ("overdue", ()))
        await eventually(duties, lambda now: now == wanted, within=within)
        messages = await eventually(
            told,
            lambda now: len(now) == len(self.owing) and {each["status"] for each in now} == {"sent"},
            within=within,
        )
        assert sorted(alert["agency"] for each in messages for alert in each["alerts"]) == sorted(self.owing)
        self._each_was_told_once(messages, mailbox)
        await self.regency.away()
        return messages

    def _each_was_told_once(self, messages: list[dict[str, Any]], mailbox: Mailbox) -> None:
        """No mail came twice, except one whose attempt was open at a kill: the same one, marked."""
        tells = {alert["agency"]: each for each in messages for alert in each["alerts"]}
        for agency, address in self.owing.items():
            mails = [mail for mail in mailbox.mails if mail.to == address]
            assert len({mail.message_id for mail in mails}) == 1, (address, len(mails))
            lost = [each for each in tells[agency]["attempts"] if each["closed_at"] is None]
            assert 1 <= len(mails) <= 1 + len(lost), (address, len(mails), tells[agency])
            assert tells[agency]["possibly_repeated"] is bool(lost), tells[agency]
