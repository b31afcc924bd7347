"""The lists in the package, as CSV that a spreadsheet opens: of one innovation's evidence, of all innovations."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from services.registry.evidence.evidence import ROWS, Evidence
from services.registry.evidence.form import FORM
from services.registry.exports.package.finding import PackageFinding
from services.registry.exports.package.naming import file_name
from services.registry.innovation.innovation import Innovation
from shared import indonesian
from shared.tables.disarming import disarmed
from shared.tables.sheets.innovations import ROW_NAMES

_EVIDENCE = (
    *("Nomor", "Indikator", "Wajib", "Parameter", "Nilai", "Satuan", "Basis", "Parameter terverifikasi"),
    *("Berkas atau tautan", "Nomor surat", "Tanggal surat", "Tentang"),
)
INNOVATION_HEADS = (
    *("Nomor", "Folder", "Perangkat daerah", "Nama inovasi", "Tahun kewajiban", "ID"),
    *("Berkas", "Ukuran (byte)", "Kesalahan", "Perhatian", "Keterangan"),
)


def csv_of(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    """UTF-8 with a byte order mark; text that a spreadsheet would run is disarmed."""
    text = StringIO()
    text.write("\ufeff")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(heads)
    for row in rows:
        writer.writerow(["" if cell is None else disarmed(str(cell)) for cell in row])
    return text.getvalue().encode()


def evidence_list(innovation: Innovation) -> bytes:
    """All rows of the national form in its order, also empty ones; a line for each file and link."""
    return csv_of(_EVIDENCE, _evidence_rows(innovation))


def check_text(findings: Iterable[PackageFinding]) -> bytes:
    """What the check says, a line each."""
    return ("\ufeff" + "".join(f"{each.line}\r\n" for each in findings)).encode()


def _evidence_rows(innovation: Innovation) -> Iterator[tuple[object, ...]]:
    evidence = innovation.last_submitted.evidence
    for row in ROWS:
        each = evidence.get(row, Evidence())
        head = (
            *(row, ROW_NAMES[row], "Ya" if row in FORM.mandatory else "Tidak", each.level),
            *(None if each.value is None else indonesian.number(each.value), each.unit, each.basis),
            innovation.verified_levels.get(row),
        )
        lines = [*_files(row, each), *((link, None, None, None) for link in each.links)]
        if each.files == () and (each.number or each.dated or each.subject):
            lines = [(each.links[0] if each.links else None, each.number, each.dated, each.subject), *lines[1:]]
        for line in lines or [(None, None, None, None)]:
            yield (*head, *line)


def _files(row: str, evidence: Evidence) -> Iterator[tuple[object, ...]]:
    for position, file in enumerate(evidence.files, start=1):
        letter = evidence.letter(file)
        name = file_name(row, position, letter.number, file.media_type)
        yield name, letter.number, letter.dated, letter.subject
