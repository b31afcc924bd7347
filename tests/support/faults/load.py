"""Load for a fault test: many agencies submit at once while others do not, and the outcome is checked.

Clients retry while the system is away, so every submission is acknowledged at some time. Answers are checked on the
way: while the system is away it must answer with a proper problem document.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx2
from typing_extensions import override

from shared.auth.keys import Grant
from tests.servers.smtp import Mailbox
from tests.support.client import Api, Issue, Regency, eventually
from tests.support.faults.scenario import YEAR, about_duties, reminded_of, reminders_to
from tests.support.registry_samples import valid_profile

PASSED = date(2026, 6, 10)
CLAIM: dict[str, dict[str, Any]] = {
    "16": {"level": 2, "links": ["https://bukti.satu.example/1"]},
    "32": {"value": 4, "unit": "bulan", "links": ["https://bukti.satu.example/2"]},
}
SCORE = 2 * 3 + 3 * 2
"""By the 2026 catalogue: 16 at level 2 × 3, 32 with 4 months at level 3 × 2."""


@dataclass
class Answers:
    """Counts of answers by status. improper: failures that are no proper problem document."""

    statuses: Counter[int] = field(default_factory=Counter)
    improper: list[str] = field(default_factory=list)

    async def note(self, response: httpx2.Response) -> None:
        """An httpx2 response hook."""
        self.statuses[response.status_code] += 1
        if response.status_code >= 500:
            await response.aread()
            self.improper += improper(response)


def improper(response: httpx2.Response) -> list[str]:
    """A line when this failure is not a 503 problem document with Retry-After, else nothing."""
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


class WatchedRegency(Regency):
    """A regency whose clients record all answers."""

    def __init__(self, base_url: str, issue: Issue, *, patience: float = 90.0) -> None:
        super().__init__(base_url, issue, patience=patience)
        self.answers = Answers()

    @override
    def _as(self, grant: Grant) -> Api:
        api = super()._as(grant)
        if self.answers.note not in api._http.event_hooks["response"]:
            api._http.event_hooks = {"request": [], "response": [self.answers.note]}
        return api

    def check_answers(self) -> None:
        """Every failure so far was a proper one."""
        assert not self.answers.improper, self.answers.improper


class Load:
    """`size` agencies that submit, and `owing` agencies with a mail address that never do."""

    def __init__(self, regency: WatchedRegency, size: int, *, owing: int = 3) -> None:
        self.regency = regency
        self.size = size
        self.submitted: dict[str, str] = {}  # agency -> innovation, acknowledged
        self.owing: dict[str, str] = {}  # agency -> its mail address
        self._owing = owing
        self._progress = asyncio.Condition()

    async def prepare(self) -> None:
        """Let alerts leave; register the region and the agencies that will not submit. There is no deadline yet."""
        await self.regency.go_live()
        await self.regency.found()
        for number in range(self._owing):
            address = f"lalai-{number}-{self.regency.code}@satu.example"
            self.owing[await self.regency.agency(f"Dinas Lalai {number}", mail=address)] = address

    async def run(self, *, at_once: int = 4) -> None:
        """Set the deadline to a past day; then all other agencies register, draft and submit."""
        await self.regency.deadline(YEAR, PASSED)
        places = asyncio.Semaphore(at_once)

        async def one(number: int) -> None:
            async with places:
                await self.submit_one(f"Dinas Rajin {number}")

        async with asyncio.TaskGroup() as group:
            for number in range(self.size):
                group.create_task(one(number))

    async def submit_one(self, name: str) -> str:
        """One more agency submits; returns the id of its innovation once that is acknowledged."""
        agency = await self.regency.agency(name)
        innovation = await self.regency.draft(agency, valid_profile(applied_on="2026-05-05"), CLAIM)
        await self.regency.submit(innovation, agency)
        async with self._progress:
            self.submitted[agency] = innovation
            self._progress.notify_all()
        return innovation

    async def wait_for(self, count: int) -> None:
        """Wait until that many submissions are acknowledged."""
        async with asyncio.timeout(90), self._progress:
            await self._progress.wait_for(lambda: len(self.submitted) >= count)

    async def check_outcome(self, mailbox: Mailbox, *, within: float = 90.0) -> list[dict[str, Any]]:
        """Nothing acknowledged is lost, every scorecard and obligation is right, every agency that owes has its mail.
        Returns the messages as the curator sees them."""
        curator, code = self.regency.curator, self.regency.code

        async def cards() -> dict[str, Any]:
            each = await curator.every("/scoring/v1/scorecards", region=code)
            return {card["innovation"]: (card["maturity"] or {}).get("claimed") for card in each}

        async def obligations() -> dict[str, tuple[str, tuple[str, ...]]]:
            each = await curator.every("/notifications/v1/obligations", region=code, year=YEAR)
            return {one["agency"]: (one["status"], tuple(one["counted"])) for one in each}

        async def messages() -> list[dict[str, Any]]:
            return about_duties(await curator.every("/notifications/v1/messages", region=code))

        kept = await curator.every("/registry/v1/innovations", region=code)
        assert {each["id"]: each["status"] for each in kept} == dict.fromkeys(self.submitted.values(), "submitted")
        wanted_cards = dict.fromkeys(self.submitted.values(), SCORE)
        await eventually(cards, lambda now: now == wanted_cards, within=within)
        wanted: dict[str, tuple[str, tuple[str, ...]]] = {
            agency: ("fulfilled", (innovation,)) for agency, innovation in self.submitted.items()
        }
        wanted |= dict.fromkeys(self.owing, ("overdue", ()))
        await eventually(obligations, lambda now: now == wanted, within=within)
        sent = await eventually(
            messages,
            lambda now: len(now) == len(self.owing) and {each["status"] for each in now} == {"sent"},
            within=within,
        )
        assert sorted(agency for each in sent for agency in reminded_of(each)) == sorted(self.owing)
        self._check_mails(sent, mailbox)
        self.regency.check_answers()
        return sent

    def _check_mails(self, messages: list[dict[str, Any]], mailbox: Mailbox) -> None:
        """No mail came twice, except one whose attempt was open at a kill: then the same mail, marked as repeated."""
        message_of = {agency: each for each in messages for agency in reminded_of(each)}
        for agency, address in self.owing.items():
            mails = reminders_to(address, mailbox)
            assert len({mail.message_id for mail in mails}) == 1, (address, len(mails))
            lost = [each for each in message_of[agency]["attempts"] if each["closed_at"] is None]
            assert 1 <= len(mails) <= 1 + len(lost), (address, len(mails), message_of[agency])
            assert message_of[agency]["possibly_repeated"] is bool(lost), message_of[agency]
