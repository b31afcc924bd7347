"""Which year a page shows when none is asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime

from services.portal.model.views.region import RegionView
from services.portal.public.years import duty_years, present_year, ranked_year
from shared.contracts.region import Deadline
from shared.contracts.vocabulary import Zone

NEW_YEAR = datetime(2025, 12, 31, 17, 30, tzinfo=UTC)  # 00.30 on 1 January 2026 in WIB


def region(*years: int) -> RegionView:
    deadlines = tuple(Deadline(year=year, revision=1, date=date(year, 11, 30), set_at=NEW_YEAR) for year in years)
    return RegionView("61.12", "Kubu Raya", Zone.WIB, "2026.1", (), deadlines, 1)


def test_the_local_year_begins_at_the_region_s_midnight() -> None:
    assert duty_years((region(2025),), NEW_YEAR) == (2026, 2025)


def test_a_year_without_a_deadline_is_not_shown_while_an_earlier_one_has_one() -> None:
    assert present_year((2026, 2025), NEW_YEAR, region(2025)) == 2025
    assert present_year((2026, 2025), NEW_YEAR, region(2025, 2026, 2027)) == 2026
    assert present_year((2026,), NEW_YEAR, region()) == 2026


def test_a_ranking_is_of_the_newest_year_that_has_one() -> None:
    assert ranked_year((2027, 2025, 2024), 2026) == 2025
    assert ranked_year((), 2026) == 2026
