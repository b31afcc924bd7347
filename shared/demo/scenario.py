"""The steps of the demo, over HTTP with tokens of their own. Each step is checked and counted.

The days are working days: quiet hours and holidays are in force, as in a real installation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.clock import Clock
from shared.demo.client import Client
from shared.demo.context import Say, ScenarioContext, Tokens
from shared.demo.result import ScenarioResult
from shared.demo.sample import Sample
from shared.demo.sandboxes import Sandboxes
from shared.demo.steps import alerting, deadlines, innovations, new_year, proof, registration

BEGIN = datetime(2025, 10, 1, 9)  # noqa: DTZ001 - local, as all of these: sixty days before the first deadline
SUBMITTED = datetime(2025, 10, 20, 9)  # noqa: DTZ001
DECIDED = datetime(2025, 10, 22, 9)  # noqa: DTZ001
THIRTY_DAYS = datetime(2025, 10, 31, 9)  # noqa: DTZ001
SUBMITTED_AGAIN = datetime(2025, 11, 3, 9)  # noqa: DTZ001
MOVED = datetime(2025, 11, 10, 9)  # noqa: DTZ001
THIRTY_DAYS_AGAIN = datetime(2025, 12, 1, 9)  # noqa: DTZ001
MIDNIGHT = datetime(2026, 1, 1, 0, 5)  # noqa: DTZ001
HOLIDAY = datetime(2026, 1, 1, 9)  # noqa: DTZ001
MORNING_AFTER = datetime(2026, 1, 2, 9)  # noqa: DTZ001
LATE = datetime(2026, 1, 2, 14)  # noqa: DTZ001
WEEKLY_LIST = datetime(2026, 1, 5, 9)  # noqa: DTZ001 - it is made as soon as the day begins, so nothing else happens on it


@dataclass(frozen=True)
class Scenario:
    """One run. address: of the services; tokens: makes a token; say: prints a line."""

    sample: Sample
    address: str
    tokens: Tokens
    clock: Clock
    sandboxes: Sandboxes
    say: Say

    async def run(self) -> ScenarioResult:
        """All steps, in order."""
        region = self.sample.region.code
        async with (
            Client(self.address, self.tokens("operator", None, ())) as operator,
            Client(self.address, self.tokens("curator", region, ())) as curator,
        ):
            context = ScenarioContext(
                self.sample, self.address, self.tokens, self.clock, self.sandboxes, self.say, operator, curator
            )
            await self._autumn(context)
            await self._deadline(context)
        return context.result

    @staticmethod
    async def _autumn(context: ScenarioContext) -> None:
        context.move_to(BEGIN)
        await registration.register(context)
        await registration.enter_contacts(context)
        await alerting.go_live(context)
        context.move_to(SUBMITTED)
        await innovations.submit_all(context)
        context.move_to(DECIDED)
        await innovations.return_one(context)
        await innovations.verify_one(context)
        context.move_to(THIRTY_DAYS)
        await deadlines.remind(context, context.sample.region.deadline, 30)
        context.move_to(SUBMITTED_AGAIN)
        await innovations.submit_again(context)

    @staticmethod
    async def _deadline(context: ScenarioContext) -> None:
        context.move_to(MOVED)
        await deadlines.move(context)
        context.move_to(THIRTY_DAYS_AGAIN)
        await deadlines.remind(context, context.sample.region.moved_deadline, 30)
        context.move_to(MIDNIGHT)
        await new_year.wait_for_proof(context)
        context.move_to(HOLIDAY)
        await new_year.keep_the_holiday(context)
        context.move_to(MORNING_AFTER)
        await new_year.tell_the_overdue(context)
        context.move_to(LATE)
        await new_year.submit_late(context)
        context.move_to(WEEKLY_LIST)
        await new_year.report(context)
        await proof.compare(context)
