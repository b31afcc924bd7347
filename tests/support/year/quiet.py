"""The alert policy of a day, and whether messages may leave at a moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from tests.support.year.facts import AlertPolicySaid, RegionSaid
from tests.support.year.known import Known
from tests.support.year.local import local

DEFAULT = AlertPolicySaid(at=datetime.min.replace(tzinfo=UTC), region="", from_day=date.min)


def alert_policy(known: Known, region: str, day: date) -> AlertPolicySaid:
    """The revision with the latest first day that has begun, of these the newest."""
    begun = [(each.from_day, number, each) for number, each in enumerate(known.policies.get(region, ()))]
    return max((each for each in begun if each[0] <= day), default=(date.min, 0, DEFAULT))[2]


def may_send(known: Known, region: RegionSaid, now: datetime, holidays: frozenset[date]) -> bool:
    """Issue 9 §2.2: "Quiet hours, holidays, local time zones; fail closed, defer, never drop"; §1.3: "Messages about it
    leave from 07.00 local"."""
    there = local(now, region.zone)
    policy = alert_policy(known, region.region, there.date())
    silent = there.date() in holidays or there.isoweekday() in policy.quiet_days
    return not silent and opens(policy) <= there.time() < closes(policy)


def opens(policy: AlertPolicySaid) -> time:
    """The local time from which messages leave."""
    return policy.quiet[1]


def closes(policy: AlertPolicySaid) -> time:
    """The local time from which none leaves."""
    return policy.quiet[0]
