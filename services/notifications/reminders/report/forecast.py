"""What the coming days are expected to bring: the stages that begin, for whom, and what that costs. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.messages.texts.details import Forecast
from services.notifications.obligations.obligation import ObligationPhase
from services.notifications.obligations.summary import ObligationSummary
from services.notifications.reminders.ladder import OPENED_AGAIN, rungs
from services.notifications.reminders.policy.alert_policy import AlertPolicy
from services.notifications.reminders.reasons import opened_on, projected
from services.notifications.reminders.report.prices import price_on
from services.notifications.reminders.who.recipients import Person, choose_role
from shared.contracts.vocabulary import Zone

DAYS = 7


def stages_to_come(
    duty: ObligationSummary, policy: AlertPolicy, zone: Zone, today: date, days: int = DAYS
) -> list[tuple[date, str]]:
    """The stages of a duty that begin in the `days` days after today, if nobody does anything."""
    if duty.phase not in (ObligationPhase.OPEN, ObligationPhase.OVERDUE):
        return []
    ladder = rungs(policy, duty.deadline, opened_on(duty, zone))
    return [
        (rung.first, rung.stage)
        for rung in ladder
        if today < rung.first <= today + timedelta(days=days)
        and rung.stage != OPENED_AGAIN
        and rung.phase is projected(duty, rung.first).phase
    ]


class Forecasting:
    """Counts the messages to come: one for each person and day, through the channel that is tried first."""

    def __init__(self, policy: AlertPolicy) -> None:
        self._policy = policy
        self._messages: dict[tuple[str, date], ChannelName] = {}
        self._stages: Counter[str] = Counter()

    def add(self, stages: Iterable[tuple[date, str]], people: Iterable[Person]) -> None:
        """The stages of one duty, and the agency's people."""
        known = list(people)
        for day, stage in stages:
            self._stages[stage] += 1
            for person in choose_role(self._policy.roles, known, day):
                self._messages.setdefault((person.id, day), person.contact.channels(day)[0])

    @property
    def stages(self) -> Mapping[str, int]:
        """Stage → duties for which it begins."""
        return self._stages

    def forecast(self, folder: Path | None = None) -> Forecast:
        """What it comes to. folder: of the prices, by default those of this release."""
        cost: Decimal | None = Decimal(0)
        currencies: set[str] = set()
        for (_, day), channel in self._messages.items():
            if channel is ChannelName.EMAIL:
                continue  # the region's own mail server
            price = price_on(channel, day, folder) if folder else price_on(channel, day)
            if price is None or cost is None:
                cost = None
                break
            cost += price.price
            currencies.add(price.currency)
        known = cost is not None and len(currencies) <= 1
        return Forecast(
            days=DAYS,
            messages=len(self._messages),
            persons=len({person for person, _ in self._messages}),
            cost=cost if known else None,
            currency=next(iter(currencies), "IDR") if known else "IDR",
        )
