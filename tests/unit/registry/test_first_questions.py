"""First questions do not come all at once after an upgrade or an import."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from uuid import UUID, uuid5

import pytest

from services.registry.continuation.follow_up import SOONEST, SPREAD, first_day
from services.registry.continuation.rules import FollowUpRules

RULES = FollowUpRules()
TODAY = date(2026, 11, 30)
AGENCIES = [f"perangkat-{number}" for number in range(31)]
INNOVATIONS = [str(uuid5(UUID(int=9), str(number))) for number in range(40)]


def days(*, verified_on: date = date(2023, 5, 1), imported: bool = False) -> dict[str, list[date]]:
    """Agency → the days on which it is asked about its innovations."""
    return {
        agency: [
            first_day(verified_on, RULES, TODAY, agency=agency, innovation=f"{agency}{each}", imported=imported)
            for each in INNOVATIONS
        ]
        for agency in AGENCIES
    }


@pytest.mark.parametrize("found", [days(), days(verified_on=TODAY, imported=True)], ids=["overdue", "imported"])
def test_an_agency_is_asked_on_one_weekday_and_its_innovations_over_a_quarter(found: dict[str, list[date]]) -> None:
    for asked in found.values():
        assert len({each.weekday() for each in asked}) == 1
        assert max(asked) - min(asked) < timedelta(weeks=SPREAD)
        assert max(Counter(asked).values()) <= len(INNOVATIONS) // 3


def test_a_region_s_questions_are_spread_over_all_days() -> None:
    by_day = Counter(day for asked in days().values() for day in asked)
    first = TODAY + timedelta(days=SOONEST)

    assert min(by_day) >= first
    assert max(by_day) < first + timedelta(weeks=SPREAD)
    assert len(by_day) > SPREAD * 5
    assert max(by_day.values()) < len(AGENCIES) * len(INNOVATIONS) // 20


def test_what_is_verified_here_is_asked_about_after_the_region_s_months_to_the_day() -> None:
    asked = first_day(date(2026, 10, 5), RULES, TODAY, agency="a", innovation="i")

    assert asked == date(2027, 4, 5)


def test_a_region_that_asks_every_month_spreads_over_a_month() -> None:
    rules = FollowUpRules(every_months=1)
    asked = [first_day(date(2020, 1, 1), rules, TODAY, agency="a", innovation=each) for each in INNOVATIONS]

    assert max(asked) - min(asked) < timedelta(weeks=4)


def test_it_is_the_same_day_however_often_it_is_asked() -> None:
    assert days() == days()
