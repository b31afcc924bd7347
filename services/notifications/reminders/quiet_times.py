"""When a region may be disturbed, from what is stored. Fails closed: what is not known defers, nothing is dropped."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from services.notifications.known import KnownFacts
from services.notifications.obligations.deadlines import local_date
from services.notifications.reminders.policy.alert_policy import AlertPolicies, AlertPolicy
from services.notifications.reminders.policy.holidays import BrokenHolidays, days_of
from services.notifications.reminders.policy.quiet import next_allowed
from services.notifications.reminders.repositories import alert_policy_repository
from shared.contracts.vocabulary import Zone
from shared.ports.store import Store

ASK_AGAIN = timedelta(hours=1)  # when it is not known
CATCHES_UP = timedelta(seconds=2)  # when obligations do not follow the region's newest policy yet
AHEAD = timedelta(minutes=2)
"""How long before the end of quiet times alerts are put into messages, which are sent when it comes: writing the
messages of a morning takes as long as handing over half of them. What becomes due within it is another message."""

log = structlog.get_logger("notifications")


class QuietTimes:
    """Answers for one store."""

    def __init__(self, store: Store, known_facts: KnownFacts) -> None:
        self._policies = alert_policy_repository(store)
        self._known_facts = known_facts

    async def policies(self, region: str) -> AlertPolicies:
        """The region's alert policies; without revisions when it has set none."""
        found = await self._policies.find(region)
        return found.value if found else AlertPolicies(region=region)

    async def next_allowed(self, region: str, moment: datetime) -> datetime:
        """The first moment, from `moment` on, at which persons of the region may be disturbed: `moment` itself outside
        quiet times. An unknown region, or a file of holidays that cannot be read, gives `moment` and an hour; while the
        region's obligations are behind, it is `moment` and a little more."""
        if await self._known_facts.is_behind(region):
            return moment + CATCHES_UP
        known = await self._known_facts.region(region)
        if known is None:
            return moment + ASK_AGAIN
        policy = (await self.policies(region)).in_force(local_date(moment, known.value.zone))
        return allowed_from(policy, known.value.zone, moment)


def allowed_from(policy: AlertPolicy, zone: Zone, moment: datetime) -> datetime:
    """As `QuietTimes.next_allowed`, for a policy."""
    year = local_date(moment, zone).year
    try:
        holidays = days_of(year) | days_of(year + 1)
        found = next_allowed(policy, holidays, ZoneInfo(zone), moment)
    except (BrokenHolidays, OSError) as error:
        log.exception("holidays.broken", error=str(error))
        return moment + ASK_AGAIN
    return found or moment + ASK_AGAIN


def may_be_written(policy: AlertPolicy, zone: Zone, moment: datetime) -> bool:
    """Whether alerts may be put into messages: persons may be disturbed, or may be soon on the same local day."""
    allowed = allowed_from(policy, zone, moment)
    return allowed - moment <= AHEAD and local_date(allowed, zone) == local_date(moment, zone)
