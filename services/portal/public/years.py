"""The years of duties that a page offers. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from services.portal.model.views.region import RegionView
from shared.contracts.vocabulary import Zone


def duty_years(regions: Iterable[RegionView | None], now: datetime, zone: Zone = Zone.WIB) -> tuple[int, ...]:
    """The years that have a deadline in one of the regions, and the present local one; the newest first."""
    local = now.astimezone(ZoneInfo(zone)).year
    return tuple(sorted({local, *(year for each in regions if each for year in each.years)}, reverse=True))


def present_year(years: Sequence[int], now: datetime, region: RegionView | None = None) -> int:
    """The year that a page shows when none is asked for: the newest until now that has a deadline, else the present
    one. years: as `duty_years` gives them."""
    zone = region.zone if region else Zone.WIB
    local = now.astimezone(ZoneInfo(zone)).year
    due = region.years if region else years
    return next((year for year in due if year <= local), local)


def ranked_year(verified: Sequence[int], present: int) -> int:
    """The year of which a ranking is shown when none is asked for: the newest until now that has verified innovations.
    verified: the years that have some, the newest first."""
    return next((year for year in verified if year <= present), present)


def year_options(years: Sequence[int]) -> list[tuple[str, str]]:
    """For a choice in a form."""
    return [(str(year), str(year)) for year in years]
