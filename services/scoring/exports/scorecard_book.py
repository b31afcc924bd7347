"""Scorecards as workbooks: one innovation's, which `satu score` reads back, and a region's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from services.scoring.exports import columns
from services.scoring.exports.scorecard_rows import (
    SUMMARY_HEADS,
    TRANSCRIBED,
    WAITING,
    Card,
    form_row,
    summary_row,
)
from services.scoring.exports.text import word
from shared.contracts.vocabulary import Nature
from shared.tables.workbook import Book, Sheet

_FORM_WIDTHS = (5, 22, 36, 7, 7, 8, 10, 12, 7, 10, 18, 7, 7, 12, 12, 50, 40, 50, 60)
_SUMMARY_WIDTHS = (5, 30, 40, 16, 8, 14, 22, 12, 28, 10, 12, 12, 12, 10, 24, 50)


def one(card: Card, path: Path) -> None:
    """The workbook of one innovation: head, the form's rows, totals, hints."""
    with Book(path) as book:
        sheet = book.sheet(columns.SHEET, _FORM_WIDTHS)
        answer = card.summary
        sheet.note("KARTU SKOR KEMATANGAN INOVASI DAERAH")
        sheet.pair(columns.NAME, answer.name)
        sheet.pair(columns.NATURE, columns.DIGITAL if card.innovation.nature is Nature.DIGITAL else columns.NON_DIGITAL)
        sheet.pair("Perangkat daerah", card.agency_name)
        sheet.pair("Tahun", answer.year)
        sheet.pair("Status", word(answer.status))
        sheet.pair("Bentuk", word(card.innovation.form))
        sheet.pair("Urusan utama", word(card.innovation.main_affair))
        if answer.catalogue is None or answer.maturity is None:
            sheet.note(WAITING)
        else:
            sheet.pair("Katalog", answer.catalogue.name)
            if answer.catalogue.notice:
                sheet.pair("Catatan", answer.catalogue.notice)
            sheet.pair("Kematangan (klaim)", answer.maturity.claimed)
            sheet.pair("Kematangan (terverifikasi)", answer.maturity.verified)
            sheet.pair("Maksimum", answer.maturity.of)
        if answer.eligibility:
            sheet.pair("Penjaringan nasional", answer.eligibility.why)
        sheet.blank()
        sheet.heads(columns.HEADS)
        sheet.rows(form_row(card, row) for row in card.rows)
        for hint in card.hints:
            sheet.pair("Catatan", hint)


class RegionBook:
    """The workbook of many innovations: a summary, the rows of the form with evidence and gaps, and for each catalogue
    the levels side by side."""

    def __init__(self, title: str, path: Path) -> None:
        self._book = Book(path)
        self._summary = self._book.sheet("Ringkasan", _SUMMARY_WIDTHS, frozen=(3, 2))
        self._summary.note(title, TRANSCRIBED)
        self._summary.heads(SUMMARY_HEADS)
        self._form = self._book.sheet("Rincian", (30, 40, *_FORM_WIDTHS), frozen=(1, 4), long=True)
        self._form.heads(("Inovasi", "Perangkat daerah", *columns.HEADS))
        self._levels: dict[str, Sheet] = {}
        self._count = 0

    def add(self, cards: Sequence[Card]) -> None:
        """Add innovations."""
        for card in cards:
            self._count += 1
            answer, name = card.summary, card.agency_name
            self._summary.rows([summary_row(self._count, card)])
            self._form.rows([answer.name, name, *form_row(card, row)] for row in card.rows)
            if answer.catalogue is not None and (points := answer.maturity) is not None:
                levels = [row.level for row in card.rows]
                self._sheet_of(card, answer.catalogue.name).rows(
                    [[answer.name, name, *levels, points.claimed, points.verified]]
                )

    def save(self) -> None:
        """Complete the file."""
        self._book.save()

    def close(self) -> None:
        """Release the files; without `save` before, what is written is no workbook."""
        self._book.close()

    def _sheet_of(self, card: Card, catalogue: str) -> Sheet:
        if catalogue not in self._levels:
            made = self._book.sheet(f"Level {catalogue}", (30, 40), frozen=(1, 2))
            made.heads(("Inovasi", "Perangkat daerah", *(row.row for row in card.rows), "Klaim", "Terverifikasi"))
            self._levels[catalogue] = made
        return self._levels[catalogue]
