"""The years for whose duty an innovation may be submitted. (Rules of this system; no public source states any.)"""

from __future__ import annotations

from datetime import datetime

from services.registry.agencies.agency import Agency, owes
from services.registry.regions.region import Region
from shared.faults import Flaw


class CountMissing(Exception):
    """The decision needs the number of the agency's innovations for that year, which was not read."""


def local_year(region: Region, moment: datetime) -> int:
    """The calendar year in the region's time zone."""
    return region.local(moment).year


def implausible(region: Region, year: int, moment: datetime) -> list[Flaw]:
    """What is wrong with `year` for a draft: it is for the region's current year, for the next one, or for an earlier
    one that has a deadline."""
    current = local_year(region, moment)
    if current <= year <= current + 1 or (year < current and region.deadline(year) is not None):
        return []
    why = f"pilih tahun {current}, tahun {current + 1}, atau tahun sebelumnya yang mempunyai batas waktu"
    return [Flaw("year", "implausible", why)]


def blocking(region: Region, agency: Agency, year: int, moment: datetime, counted: int | None) -> list[Flaw]:
    """What is wrong with `year` for a first submission made at `moment`.

    It must be the region's current year, or an earlier one that has a deadline, for which the agency owes, and for
    which it has fewer submitted or verified innovations than the minimum. After the deadline it counts as late; whether
    the duty is overdue or exempted is not asked. counted: how many it has for that year, None: not read. Raises
    CountMissing when it is needed.
    """
    today = region.today(moment)
    if year == today.year:
        return []
    if year > today.year:
        return [Flaw("year", "too-early", f"tahun {year} belum dimulai; pilih tahun {today.year}")]
    policy = region.policy(year)
    deadline = region.deadline(year)
    if policy is None or deadline is None:
        return [Flaw("year", "no-duty", f"tahun {year} tidak mempunyai batas waktu; pilih tahun {today.year}")]
    if not owes(agency.obliged_from, agency.retired_on, deadline):
        why = f"perangkat daerah ini tidak wajib berinovasi untuk tahun {year}; pilih tahun {today.year}"
        return [Flaw("year", "not-obliged", why)]
    if counted is None:
        raise CountMissing
    if counted >= policy.minimum_of(agency.kind):
        why = f"kewajiban tahun {year} sudah dipenuhi dengan {counted} inovasi; pilih tahun {today.year}"
        return [Flaw("year", "already-met", why)]
    return []
