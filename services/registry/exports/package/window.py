"""Which age of innovations and of evidence the national round of a year takes."""

from __future__ import annotations

from datetime import date

from services.registry.evidence.form import FORM, Window
from services.registry.evidence.window import BY_PLANNED_YEAR, window_of
from services.registry.exports.package.finding import PackageFinding, error, hint
from shared.indonesian import day

_REGULATION = "16"


def age_window(year: int) -> Window:
    """The days of application or development that the round takes. Where no source states them they follow from the
    rule that the round of 2026 shows (`domain.md` §1, inferred): the two calendar years before the year of
    assessment, T-2 and T-1."""
    return FORM.windows.get(year) or Window(date(year - 2, 1, 1), date(year - 1, 12, 31))


def is_stated(year: int) -> bool:
    """Whether a source states the window of that year's round."""
    return year in FORM.windows


def takes(window: Window, applied_on: date | None, developed_on: date | None) -> bool:
    """Whether the round takes an innovation of these dates: applied in the window, or before it and developed in it."""
    if applied_on is None or applied_on > window.last:
        return False
    return applied_on >= window.first or (developed_on is not None and window.first <= developed_on <= window.last)


def of_letter(
    row: str, dated: date, year: int, *, level: int | None, applied_on: date | None, file: str = ""
) -> PackageFinding | None:
    """What the date of a letter says against it, for the round of `year`."""
    if row == _REGULATION:
        return _of_regulation(dated, year, level=level, applied_on=applied_on, file=file)
    window = window_of(row, year)
    if window is None:
        return None
    first = window.first - 1 if row in BY_PLANNED_YEAR else window.first  # a plan is signed in the year before
    span = f"tahun {window.first} sampai {window.last}"
    if dated.year < first:
        return error("older-than-window", f"surat tanggal {day(dated)} lebih tua daripada {span}", row=row, file=file)
    if dated.year > window.last:
        return hint("newer-than-window", f"surat tanggal {day(dated)} sesudah {span}", row=row, file=file)
    return None


def _of_regulation(
    dated: date, year: int, *, level: int | None, applied_on: date | None, file: str
) -> PackageFinding | None:
    """Row 16: an SK (level 1) is of the year of application; Perkada and Perda were issued before the year of
    assessment, and being in force is not told by a date."""
    if level == 1 and applied_on is not None and dated.year != applied_on.year:
        why = f"SK tanggal {day(dated)} tidak bertanggal pada tahun penerapan, {applied_on.year}"
        return error(
            "older-than-window" if dated < applied_on else "newer-than-window", why, row=_REGULATION, file=file
        )
    if level in {2, 3} and dated.year >= year:
        why = f"peraturan tanggal {day(dated)} tidak terbit sebelum {year}"
        return error("newer-than-window", why, row=_REGULATION, file=file)
    return None
