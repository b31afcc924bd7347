"""A scorecard as rows of a table, in the order of the national form: what was filled in, what it scored, what is
missing, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass

from services.scoring.catalogue.library import Catalogues
from services.scoring.exports.text import Value, word
from services.scoring.known import AgencySummary
from services.scoring.scorecard.document import ScorecardDocument
from services.scoring.views.scorecards import RowAnswer, ScorecardAnswer, scorecard_answer
from shared import indonesian
from shared.contracts.innovation import InnovationState, RowEvidence

WAITING = "Menunggu data daerah atau katalog; belum dinilai."
TRANSCRIBED = (
    "Katalog ini disalin dari sumber publik dan belum dicocokkan dengan surat resmi; gunakan sebagai perkiraan."
)


@dataclass(frozen=True)
class Card:
    """A scorecard with further data for its export. agency: None while it is not known."""

    answer: ScorecardAnswer
    innovation: InnovationState
    agency: AgencySummary | None

    @property
    def agency_name(self) -> str:
        """The agency's name, or its id while it is not known."""
        return self.agency.name if self.agency else self.answer.agency

    @property
    def evidence(self) -> dict[str, RowEvidence]:
        """The entries by row; of a repeated row the first, which is the one that is scored."""
        return {each.row: each for each in reversed(self.innovation.evidence)}


def card_of(document: ScorecardDocument, catalogues: Catalogues, agency: AgencySummary | None) -> Card:
    """The card of a stored scorecard."""
    return Card(scorecard_answer(document, catalogues), document.innovation, agency)


def form_row(card: Card, row: RowAnswer) -> list[Value]:
    """One row of the form, by `columns.HEADS`."""
    filled = card.evidence.get(row.row)
    return [
        int(row.row) if row.row.isdigit() else row.row,
        row.variable,
        row.name,
        row.weight,
        row.mandatory,
        filled.level if filled else None,
        filled.value if filled else None,
        filled.unit if filled else None,
        filled.basis if filled else None,
        row.evidence.found,
        indonesian.day(filled.dated) if filled and filled.dated else None,
        row.level,
        row.points,
        row.verified_level if row.verified else None,
        row.verified_points if row.verified else None,
        row.evidence.asked,
        gaps(card, row),
        step(row),
        row.why,
    ]


def gaps(card: Card, row: RowAnswer) -> str:
    """What is missing or contradicts; empty when nothing is."""
    found = [
        *(["Wajib, belum terpenuhi."] if row.row in card.answer.missing_mandatory else []),
        *(["Belum ada data pendukung."] if row.evidence.missing else []),
        *(f"{fault.message.capitalize()}." for fault in card.answer.faults if fault.row == row.row),
    ]
    return " ".join(found)


def step(row: RowAnswer) -> str:
    """What the next level needs and brings; empty at the top."""
    return f"{row.next.needs} (+{indonesian.number(row.next.brings)} poin)" if row.next else ""


SUMMARY_HEADS: tuple[str, ...] = (
    "No",
    "Inovasi",
    "Perangkat daerah",
    "Jenis perangkat daerah",
    "Tahun",
    "Status",
    "Bentuk",
    "Jenis inovasi",
    "Urusan utama",
    "Katalog",
    "Kematangan (klaim)",
    "Kematangan (terverifikasi)",
    "Kematangan (dapat dibuktikan)",
    "Maksimum",
    "Indikator wajib yang belum terpenuhi",
    "Penjaringan nasional",
)


def summary_row(number: int, card: Card) -> list[Value]:
    """One innovation, by `SUMMARY_HEADS`."""
    answer, innovation, maturity = card.answer, card.innovation, card.answer.maturity
    return [
        number,
        answer.name,
        card.agency_name,
        word(card.agency.kind if card.agency else None),
        answer.year,
        word(answer.status),
        word(innovation.form),
        word(innovation.nature),
        word(innovation.main_affair),
        answer.catalogue.name if answer.catalogue else None,
        maturity.claimed if maturity else None,
        maturity.verified if maturity else None,
        maturity.provable if maturity else None,
        maturity.of if maturity else None,
        ", ".join(answer.missing_mandatory) if maturity else WAITING,
        answer.eligibility.why if answer.eligibility else None,
    ]
