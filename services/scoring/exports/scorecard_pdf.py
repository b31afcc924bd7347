"""Prints a scorecard: A4 portrait, the form's rows with level, points, what is missing and the next step."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table, TableStyle

from services.scoring.exports.scorecard_rows import WAITING, Card, gaps, step
from services.scoring.exports.text import word
from services.scoring.views.catalogues import CatalogueRef
from services.scoring.views.scorecards import Maturity
from shared.exports.paper import BOLD, FAINT, MARGIN, PLAIN, RULE, build, para, styles
from shared.indonesian import number

TITLE = "Kartu Skor Kematangan Inovasi Daerah"
_WIDTHS = tuple(each * mm for each in (9, 45, 11, 11, 13, 23, 68))
_HEADS = (
    "No",
    "Indikator",
    "Bobot",
    "Level",
    "Poin",
    "Terverifikasi",
    "Data pendukung, kekurangan, langkah berikutnya",
)


def print_scorecard(card: Card, path: Path, *, region: str | None, printed_on: str) -> None:
    """Write the file. region: its name, None while it is not known; printed_on: `3 Desember 2026`."""
    answer = card.summary
    foot = f"Satu Inovasi · {answer.innovation} · dicetak {printed_on}"
    build(path, list(_story(card, region)), title=f"{TITLE}: {answer.name}", foot=foot)


def _story(card: Card, region: str | None) -> Iterator[Flowable]:
    style, answer = styles(), card.summary
    yield para(TITLE, style.title)
    yield _about(card, region)
    if answer.catalogue is None or answer.maturity is None:
        yield para(WAITING, style.warning)
        return
    if answer.catalogue.notice:
        yield para(answer.catalogue.notice, style.warning)
    yield Spacer(1, 2 * mm)
    yield _totals(answer.maturity, answer.catalogue)
    if answer.missing_mandatory:
        rows = ", ".join(answer.missing_mandatory)
        yield para(f"Indikator wajib yang belum terpenuhi: {rows}.", style.warning)
    if answer.eligibility:
        yield para(f"Penjaringan nasional: {answer.eligibility.why}", style.plain)
    yield Spacer(1, 3 * mm)
    yield _rows(card)
    yield Spacer(1, 2 * mm)
    for hint in card.hints:
        yield para(f"Catatan: {hint}", style.small)


def _about(card: Card, region: str | None) -> Table:
    style, answer = styles(), card.summary
    pairs = (
        ("Inovasi", answer.name),
        ("Perangkat daerah", card.agency_name),
        ("Daerah", region or answer.region),
        ("Tahun kewajiban", str(answer.year)),
        ("Status", word(answer.status)),
        ("Bentuk dan jenis", f"{word(card.innovation.form)}; {word(card.innovation.nature).lower()}"),
        ("Urusan utama", word(card.innovation.main_affair)),
    )
    cells = [[para(name, style.small), para(value, style.plain)] for name, value in pairs]
    table = Table(cells, colWidths=(38 * mm, A4[0] - 2 * MARGIN - 38 * mm))
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("BOTTOMPADDING", (0, 0), (-1, -1), 1)]))
    return table


def _totals(maturity: Maturity, catalogue: CatalogueRef) -> Table:
    shown = [
        ("Klaim", maturity.claimed),
        ("Terverifikasi", maturity.verified),
        *([("Dapat dibuktikan", maturity.provable)] if maturity.provable is not None else []),
    ]
    top = [f"{number(points)} dari {number(maturity.of)}" for _, points in shown] + [catalogue.name]
    names = [f"Kematangan: {name.lower()}" for name, _ in shown] + ["Katalog"]
    table = Table([top, names], colWidths=[(A4[0] - 2 * MARGIN) / len(top)] * len(top))
    table.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, 0), BOLD, 13),
                ("FONT", (0, 1), (-1, 1), PLAIN, 7),
                ("TEXTCOLOR", (0, 1), (-1, 1), FAINT),
                ("ALIGN", (0, 0), (-1, -1), "CENTER"),
                ("BOX", (0, 0), (-1, -1), 0.5, RULE),
                ("BOTTOMPADDING", (0, 0), (-1, 0), 6),
            ]
        )
    )
    return table


def _rows(card: Card) -> Table:
    style = styles()
    cells: list[list[Flowable]] = [[para(head, style.head) for head in _HEADS]]
    for row in card.rows:
        found = f"{row.proofs} data pendukung." if row.proofs else ""
        remarks = " ".join(text for text in (found, gaps(card, row), step(row)) if text)
        verified = f"{row.verified_level} ({number(row.verified_points)})" if row.verified else "–"
        texts = (
            row.row,
            f"{row.name}{' *' if row.mandatory else ''}",
            number(row.weight),
            str(row.level),
            number(row.points),
            verified,
            remarks,
        )
        cells.append([para(text, style.small) for text in texts])
    table = Table(cells, colWidths=_WIDTHS, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, 0), 0.8, RULE),
                ("LINEBELOW", (0, 1), (-1, -1), 0.3, RULE),
                ("LEFTPADDING", (0, 0), (-1, -1), 2),
                ("RIGHTPADDING", (0, 0), (-1, -1), 2),
                ("TOPPADDING", (0, 0), (-1, -1), 1.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ]
        )
    )
    return table
