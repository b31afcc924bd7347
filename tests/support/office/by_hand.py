"""The recap of 2026, with 2025 beside it, as the office worked it out by hand on 15 June 2026 from what is in
`innovations.py` and `people.py`: deadlines on 31 December 2025 and 29 May 2026, what is verified counts, one innovation
is owed by sekretariat, inspektorat, badan, dinas, RSUD and kecamatan; Kecamatan Terentang was exempted by decree, and
the promise *Halo Pimpinan* was kept.

Days: from 29 May to 15 June 17, from 31 December to 15 June 166. Points: see LEVELS.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).with_name("recap_2026.csv")
"""In the recap's order. code: L: overdue, T: fulfilled, with the days that it was late; M: waits for the curator; S:
fulfilled though nothing is owed; B: nothing is owed; D: exempted by decree; a dash: the agency did not exist. ` + `
stands for the semicolon of the recap."""

_WORDS = {
    "L": "Lewat tenggat",
    "T": "Terpenuhi",
    "M": "Menunggu verifikasi",
    "S": "Terpenuhi (tidak wajib)",
    "B": "Tidak wajib",
    "D": "Dikecualikan (SK)",
    "–": "–",
}

TOTALS: dict[str, tuple[float, float]] = {
    "Perangkat daerah": (30, 30),
    "Wajib": (24, 24),
    "Terpenuhi": (13, 17),
    "Terpenuhi tepat waktu": (11, 15),
    "Terpenuhi terlambat": (2, 2),
    "Lewat tenggat": (8, 6),
    "Belum terpenuhi": (3, 1),
    "di antaranya menunggu verifikasi": (3, 1),
    "Dikecualikan atau tidak wajib": (4, 6),
    "Terpenuhi tanpa wajib": (2, 0),
    "Belum ada tenggat": (0, 0),
    "Terpenuhi dari yang wajib (%)": (54.2, 70.8),
    "Inovasi diajukan": (23, 21),
    "Inovasi terverifikasi": (16, 18),
    "Perjanjian inovasi ditandatangani": (5, 1),
}
"""Name → 2026 and 2025."""


@dataclass(frozen=True)
class HandLine:
    """A line of the recap. counted, claimed, verified, verified_before: None: empty."""

    agency: str
    kind: str
    code: str
    counted: int | None
    innovations: str
    claimed: int | None
    verified: int | None
    decree: str
    commitment: str
    code_before: str
    innovations_before: str
    verified_before: int | None

    @property
    def days_late(self) -> int | None:
        """This year's."""
        return int(self.code[1:]) if self.code[1:] else None


def status_words(code: str) -> str:
    """The status in the words of the recap."""
    return _WORDS[code[0]]


def time_words(code: str) -> str:
    """Whether it was in time, in the words of the recap."""
    if code[1:]:
        return f"Terlambat {code[1:]} hari"
    return "Tepat waktu" if code[0] == "T" else ""


_FIGURES = ("counted", "claimed", "verified", "verified_before")


def _read() -> tuple[HandLine, ...]:
    found = []
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            texts = {key: cell.replace(" + ", "; ") for key, cell in row.items() if key not in _FIGURES}
            figures = {key: int(row[key]) if row[key] else None for key in _FIGURES}
            found.append(HandLine(**texts, **figures))  # type: ignore[arg-type]
    return tuple(found)


BY_HAND = _read()
