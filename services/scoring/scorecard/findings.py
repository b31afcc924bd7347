"""What a reader must know about a row besides its score: faults that contradict, and hints."""

from __future__ import annotations

from collections.abc import Iterator

from services.scoring.catalogue.indicators import Indicator
from services.scoring.scorecard.entry import RowEntry
from services.scoring.scorecard.levels import RowLevels, Source, ValueProblem
from shared.contracts.contract import Payload


class RowFault(Payload):
    """A row whose claim contradicts its value or the catalogue. code: a stable slug; message: in Bahasa Indonesia."""

    row: str
    code: str
    message: str


def faults_of(row: Indicator, entry: RowEntry, levels: RowLevels) -> Iterator[RowFault]:
    """What contradicts in the entry."""
    shown = levels.shown
    if shown.problem is not None:
        yield RowFault(row=row.number, code=shown.problem.value, message=problem_message(row, entry, shown.problem))
    if shown.source is Source.VALUE and entry.level is not None and entry.level != shown.level:
        message = f"level {entry.level} dinyatakan, tetapi nilainya menunjukkan level {shown.level}"
        yield RowFault(row=row.number, code="level-differs", message=message)
    if entry.value is not None and not row.takes_value:
        message = "indikator ini tidak ditentukan oleh angka; nilai diabaikan"
        yield RowFault(row=row.number, code="value-not-expected", message=message)
    if entry.basis is not None and row.bases is None:
        yield RowFault(row=row.number, code="basis-not-expected", message="indikator ini tidak memiliki basis")
    if entry.value is None and entry.basis is not None and row.bases and entry.basis not in row.bases:
        problem = ValueProblem.BASIS_UNKNOWN
        yield RowFault(row=row.number, code=problem.value, message=problem_message(row, entry, problem))
    if entry.verified_level and entry.proofs == 0:
        message = f"kurator menetapkan level {entry.verified_level} tanpa data pendukung"
        yield RowFault(row=row.number, code="verified-without-evidence", message=message)


def hints_of(row: Indicator, entry: RowEntry, levels: RowLevels) -> Iterator[str]:
    """What a reader should know although nothing contradicts."""
    name, shown = f"Indikator {row.number}", levels.shown
    reading = shown.reading
    if reading is not None and reading.hole is not None:
        ours = " (tafsiran kami)" if reading.hole.inferred else ""
        yield f"{name}: {reading.hole.note}; dihitung level {reading.hole.level}{ours}."
    if reading is not None and reading.tied:
        yield f"{name}: nilai tepat pada batas dua level di sumber; dipakai level yang lebih baik."
    if entry.proofs == 0 and shown.level > 0:
        yield f"{name}: level {shown.level} belum dihitung karena belum ada data pendukung."
    if row.bases is not None and shown.source is Source.CLAIM and entry.basis is None:
        yield f"{name}: sebutkan basis yang dipilih ({', '.join(row.bases)}) beserta nilainya."


def problem_message(row: Indicator, entry: RowEntry, problem: ValueProblem) -> str:
    """Why the value cannot be read, in Bahasa Indonesia."""
    if problem is ValueProblem.BASIS_MISSING:
        return f"pilih tepat satu basis: {', '.join(row.bases or ())}"
    if problem is ValueProblem.BASIS_UNKNOWN:
        return f"basis {entry.basis!r} tidak ada: {', '.join(row.bases or ())}"
    scale = row.scale_for(entry.basis)
    return f"satuan {entry.unit!r} bukan {scale.unit if scale else ''!r}"


def unknown_row(row: str, catalogue: str) -> RowFault:
    """Evidence for a row that the catalogue does not have."""
    return RowFault(row=row, code="row-unknown", message=f"indikator {row} tidak ada pada katalog {catalogue}")


def repeated_row(row: str) -> RowFault:
    """A second entry for a row."""
    message = "indikator ini diisi lebih dari sekali; isian pertama yang dipakai"
    return RowFault(row=row, code="row-repeated", message=message)
