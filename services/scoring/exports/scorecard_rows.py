"""A scorecard as rows of a table, in the order of the national form: what was filled in, what it scored, what is
missing, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from services.scoring.catalogue.indicators import Indicator
from services.scoring.catalogue.library import Catalogues
from services.scoring.exports.text import word
from services.scoring.known import AgencySummary
from services.scoring.scorecard.document import ScorecardDocument
from services.scoring.scorecard.rows import RowScore
from services.scoring.views.scorecards import ScorecardAnswer, ScorecardSummary, scorecard_answer, scorecard_summary
from shared import indonesian
from shared.contracts.innovation import InnovationState, RowEvidence
from shared.tables.cells import Value

WAITING = "Menunggu data daerah atau katalog; belum dinilai."
TRANSCRIBED = (
    "Katalog ini disalin dari sumber publik dan belum dicocokkan dengan surat resmi; gunakan sebagai perkiraan."
)


@dataclass(frozen=True)
class Card:
    """A stored scorecard with further data for its export. agency: None while it is not known. Answers are made of it
    only where a file shows them: of a region's many rows they would cost as much as reading the rows."""

    document: ScorecardDocument
    catalogues: Catalogues
    agency: AgencySummary | None

    @cached_property
    def summary(self) -> ScorecardSummary:
        """The answer of a list."""
        return scorecard_summary(self.document, self.catalogues)

    def answer(self) -> ScorecardAnswer:
        """The whole answer."""
        return scorecard_answer(self.document, self.catalogues)

    @property
    def innovation(self) -> InnovationState:
        """The innovation that was scored."""
        return self.document.innovation

    @property
    def rows(self) -> Sequence[RowScore]:
        """The rows of the form; empty while it is not scored."""
        return self.document.scorecard.rows if self.document.scorecard else ()

    @property
    def hints(self) -> Sequence[str]:
        """The card's hints, and the innovation's."""
        return self.document.hints

    @property
    def agency_name(self) -> str:
        """The agency's name, or its id while it is not known."""
        return self.agency.name if self.agency else self.document.agency

    @cached_property
    def evidence(self) -> dict[str, RowEvidence]:
        """The entries by row; of a repeated row the first, which is the one that is scored."""
        return {each.row: each for each in reversed(self.innovation.evidence)}

    def indicator(self, row: RowScore) -> Indicator | None:
        """The catalogue's row; None when this process does not have the catalogue."""
        return self._indicators.get(row.row)

    @cached_property
    def _indicators(self) -> Mapping[str, Indicator]:
        card = self.document.scorecard
        catalogue = self.catalogues.get(card.catalogue) if card else None
        return catalogue.by_number if catalogue else {}


def form_row(card: Card, row: RowScore) -> list[Value]:
    """One row of the form, by `columns.HEADS`."""
    filled, indicator = card.evidence.get(row.row), card.indicator(row)
    return [
        int(row.row) if row.row.isdigit() else row.row,
        indicator.variable if indicator else None,
        row.name,
        row.weight,
        row.mandatory,
        filled.level if filled else None,
        filled.value if filled else None,
        filled.unit if filled else None,
        filled.basis if filled else None,
        row.proofs,
        indonesian.day(filled.dated) if filled and filled.dated else None,
        row.level,
        row.points,
        row.verified_level if row.verified else None,
        row.verified_points if row.verified else None,
        indicator.evidence if indicator else None,
        gaps(card, row),
        step(row),
        row.why,
    ]


def gaps(card: Card, row: RowScore) -> str:
    """What is missing or contradicts; empty when nothing is."""
    scorecard = card.document.scorecard
    faults = scorecard.faults if scorecard else ()
    found = [
        *(["Wajib, belum terpenuhi."] if row.row in card.summary.missing_mandatory else []),
        *(["Belum ada data pendukung."] if row.proofs == 0 else []),
        *(f"{fault.message.capitalize()}." for fault in faults if fault.row == row.row),
    ]
    return " ".join(found)


def step(row: RowScore) -> str:
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
    answer, innovation = card.summary, card.innovation
    maturity = answer.maturity
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
