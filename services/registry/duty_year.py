"""The years for whose duty an innovation may be submitted. (A rule of this system; no public source states one.)"""

from __future__ import annotations

from datetime import datetime

from services.registry.region import Region
from shared import indonesian
from shared.faults import Flaw


def local_year(region: Region, moment: datetime) -> int:
    """The calendar year in the region's time zone."""
    return region.local(moment).year


def blocking(region: Region, year: int, moment: datetime) -> list[Flaw]:
    """What is wrong with `year` for a first submission made at `moment`. It must be the region's current year, or an
    earlier one whose deadline has not passed. The whole local day of the deadline still counts."""
    today = region.today(moment)
    if year == today.year:
        return []
    if year > today.year:
        return [Flaw("year", "too-early", f"tahun {year} belum dimulai; pilih tahun {today.year}")]
    deadline = region.deadline(year)
    if deadline is None:
        return [Flaw("year", "no-duty", f"tahun {year} tidak mempunyai batas waktu; pilih tahun {today.year}")]
    if today > deadline.date:
        passed = f"batas waktu tahun {year}, {indonesian.day(deadline.date)}, sudah lewat; pilih tahun {today.year}"
        return [Flaw("year", "deadline-passed", passed)]
    return []
