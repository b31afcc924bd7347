"""The recap as a workbook: the agencies with last year beside this year, every innovation, and the totals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from services.notifications.recap.recap import Recap, RecapLine, RecapTotals
from services.notifications.recap.words import (
    FACTS_ONLY,
    commitment_words,
    deadline_words,
    decree_words,
    filter_words,
    innovation_status,
    innovation_words,
    kind_words,
    status_words,
    time_words,
)
from shared.contracts.vocabulary import ObligationStatus
from shared.exports.text import local_day
from shared.indonesian import day
from shared.tables.cells import Value
from shared.tables.workbook import Book, Sheet

_HEADS = (
    "No", "Perangkat daerah", "Jenis", "Status", "Ketepatan waktu", "Hari terlambat", "Dihitung", "Minimum", "Inovasi",
    "Jumlah inovasi", "Skor klaim", "Skor terverifikasi", "SK pengecualian",
    "Perjanjian inovasi",
)  # fmt: skip
_BEFORE = ("Status", "Ketepatan waktu", "Inovasi", "Skor terverifikasi")
_WIDTHS = (5, 40, 14, 24, 18, 10, 10, 10, 48, 10, 12, 14, 34, 40, 24, 18, 40, 14)
_INNOVATION_HEADS = (
    "Tahun", "Perangkat daerah", "Jenis", "Inovasi", "Status", "Dihitung", "Pertama diajukan", "Tepat waktu",
    "Diverifikasi", "Skor klaim", "Skor terverifikasi", "Dari",
)  # fmt: skip
_INNOVATION_WIDTHS = (8, 40, 14, 48, 16, 10, 22, 12, 22, 12, 16, 8)


def write_sheet(recap: Recap, zone: str, path: Path) -> None:
    """Write the file. zone: of the region."""
    with Book(path) as book:
        top = list(_notes(recap))
        sheet = book.sheet(f"Rekap {recap.year}", _WIDTHS, frozen=(len(top) + 2, 2))
        sheet.note(*top)
        sheet.blank()
        sheet.heads([*_HEADS, *(f"{recap.year - 1}: {head}" for head in _BEFORE)], filtered=True)
        sheet.rows(_row(number, line) for number, line in enumerate(recap.lines, start=1))
        innovations = book.sheet("Inovasi", _INNOVATION_WIDTHS, frozen=(1, 2))
        innovations.heads(_INNOVATION_HEADS, filtered=True)
        innovations.rows(row for line in recap.lines for row in _innovations(line, zone))
        _totals(book.sheet("Jumlah", (40, 14, 14)), recap)


def _notes(recap: Recap) -> Iterator[str]:
    yield f"Rekapitulasi kewajiban inovasi daerah {recap.region_name} tahun {recap.year}"
    yield f"Keadaan per {day(recap.as_of)}. Tenggat {recap.year}: {deadline_words(recap.deadline)}."
    if chosen := filter_words(recap):
        yield f"Hanya: {chosen}"
    yield f"Skor adalah milik inovasi yang disebut pertama. {FACTS_ONLY}"


def _row(number: int, line: RecapLine) -> list[Value]:
    duty, before = line.duty, line.before
    owes = duty.status not in (None, ObligationStatus.EXEMPTED)
    return [
        number,
        line.agency_name,
        kind_words(line.kind),
        status_words(duty),
        time_words(duty),
        duty.days_late,
        duty.counted if owes else None,
        duty.minimum if owes else None,
        "; ".join(innovation_words(each) for each in duty.innovations),
        len(duty.innovations),
        duty.claimed,
        duty.verified,
        decree_words(duty.decree),
        commitment_words(duty.commitment),
        status_words(before),
        time_words(before),
        "; ".join(innovation_words(each) for each in before.innovations) if before else "",
        before.verified if before else None,
    ]


def _innovations(line: RecapLine, zone: str) -> Iterator[list[Value]]:
    for duty in (line.duty, *([line.before] if line.before else [])):
        for each in duty.innovations:
            yield [
                duty.year,
                line.agency_name,
                kind_words(line.kind),
                each.name or "(draf)",
                innovation_status(each.status),
                each.counts,
                local_day(each.first_submitted_at, zone) if each.first_submitted_at else None,
                each.in_time,
                local_day(each.verified_at, zone) if each.verified_at else None,
                each.claimed,
                each.verified,
                each.most,
            ]


def total_rows(totals: RecapTotals) -> list[tuple[str, Value]]:
    """The totals of a year, by name."""
    return [
        ("Perangkat daerah", totals.agencies),
        ("Wajib", totals.obliged),
        ("Terpenuhi", totals.fulfilled),
        ("Terpenuhi tepat waktu", totals.in_time),
        ("Terpenuhi terlambat", totals.late),
        ("Lewat tenggat", totals.overdue),
        ("Belum terpenuhi", totals.open),
        ("di antaranya menunggu verifikasi", totals.waiting),
        ("Dikecualikan atau tidak wajib", totals.exempted),
        ("Terpenuhi tanpa wajib", totals.voluntary),
        ("Belum ada tenggat", totals.without_deadline),
        ("Terpenuhi dari yang wajib (%)", totals.percent),
        ("Inovasi diajukan", totals.innovations),
        ("Inovasi terverifikasi", totals.verified),
        ("Perjanjian inovasi ditandatangani", totals.commitments),
    ]


def _totals(sheet: Sheet, recap: Recap) -> None:
    sheet.heads(["", str(recap.year), str(recap.year - 1)])
    for (name, value), (_, before) in zip(total_rows(recap.totals), total_rows(recap.totals_before), strict=True):
        sheet.rows([[name, value, before]])
