"""Decides whether an innovation has the age that the national round of a year takes.

The round takes innovations applied inside the window, or applied before it and developed, with a date, inside it (2026:
1 January 2024 to 31 December 2025).
"""

from __future__ import annotations

from datetime import date

from services.scoring.catalogue.constants import Window
from shared.contracts.contract import Payload
from shared.indonesian import day


class Eligibility(Payload):
    """eligible: None where the year's window is unknown; why: in Bahasa Indonesia."""

    eligible: bool | None
    why: str


def inside(window: Window, applied_on: date | None, developed_on: date | None) -> bool:
    """Whether these dates are inside the window."""
    if applied_on is None or applied_on > window.last:
        return False
    return applied_on >= window.first or (developed_on is not None and window.first <= developed_on <= window.last)


def eligibility(window: Window | None, year: int, applied_on: date | None, developed_on: date | None) -> Eligibility:
    """The decision for the round of `year`, with its reason."""
    if window is None:
        return Eligibility(eligible=None, why=f"Jendela umur inovasi untuk penjaringan {year} tidak diketahui.")
    span = f"jendela penjaringan {year} ({day(window.first)} s.d. {day(window.last)})"
    eligible = inside(window, applied_on, developed_on)
    if applied_on is None:
        why = f"Tanggal penerapan belum diisi; diperlukan untuk {span}."
    elif applied_on > window.last:
        why = f"Diterapkan {day(applied_on)}, sesudah {span}."
    elif applied_on >= window.first:
        why = f"Diterapkan {day(applied_on)}, di dalam {span}."
    elif eligible and developed_on is not None:
        why = f"Diterapkan {day(applied_on)} dan dikembangkan {day(developed_on)}, di dalam {span}."
    elif developed_on is not None:
        why = f"Diterapkan {day(applied_on)} dan dikembangkan {day(developed_on)}, keduanya di luar {span}."
    else:
        why = f"Diterapkan {day(applied_on)}, sebelum {span}, tanpa pengembangan bertanggal di dalamnya."
    return Eligibility(eligible=eligible, why=why)
